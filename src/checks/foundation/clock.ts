import type { Check } from "../check.ts";
import { passed, wrong } from "../verdict.ts";

/** A clock that is off by more makes the times in logs and mails misleading. */
const mostOffsetMs = 5000;

/** The host's clock is right, and its time zone the lab's. */
export const clock: Check = {
  id: "foundation/clock",
  title: { en: "clock and time zone", ja: "時計とタイムゾーン" },
  judge: ({ seen }) => {
    const { file, offset } = seen.timeZone;
    const observed = `${file === "" ? "–" : file} (${offset})`;
    if (Math.abs(seen.clockOffsetMs) > mostOffsetMs) {
      return wrong({
        cause: "clock-wrong",
        observed: `${Math.round(seen.clockOffsetMs / 1000)} s`,
        expected: { en: "the machine's time", ja: "マシンの時刻と同じ" },
        where: "date",
        hint: {
          en: "The containers take the machine's clock: see the machine's time.",
          ja: "コンテナの時計はマシンと同じです。マシンの時刻を確認します。",
        },
      });
    }
    if (offset === "+0000" && file.endsWith("UTC")) return passed();
    if (file === "Asia/Tokyo" && offset === "+0900") {
      return passed({
        en: "Times are those of Asia/Tokyo; the book's are UTC.",
        ja: "時刻はAsia/Tokyo（日本時間）です。教科書の表示はUTCです。",
      });
    }
    return wrong({
      cause: "time-zone-wrong",
      observed,
      expected: { en: "Etc/UTC (or Asia/Tokyo)", ja: "Etc/UTC（Asia/Tokyoでもよい）" },
      where: "ls -l /etc/localtime",
      hint: {
        en: "sudo ln -sf /usr/share/zoneinfo/Etc/UTC /etc/localtime",
        ja: "sudo ln -sf /usr/share/zoneinfo/Etc/UTC /etc/localtime",
      },
    });
  },
};
