import type { Text } from "../../model/text.ts";
import type { Cause } from "../cause.ts";
import type { Check } from "../check.ts";
import { passed, wrong } from "../verdict.ts";

const hints: Partial<Record<Cause, Text>> = {
  "container-stopped": { en: "./lab start", ja: "./lab start" },
  "sudo-refused": {
    en: "Set the administrator's password to the lab's (./lab passwords) and leave /etc/sudoers as it was.",
    ja: "管理者のパスワードをラボのもの（./lab passwords）に戻し、/etc/sudoersを元に戻します。",
  },
  "host-damaged": {
    en: "Programs of the host are broken: ./lab reset with its name makes it anew; what is in it is lost.",
    ja: "ホストのプログラムが壊れています。./lab reset にホスト名を付けて作り直します（中身は失われます）。",
  },
};

/** The lab can look at the host: by ssh with its own key, and as root. */
export const login: Check = {
  id: "foundation/login",
  title: { en: "the host can be looked at (ssh, sudo)", ja: "ホストに接続できる（ssh、sudo）" },
  isBlind: true,
  judge: ({ host, failure }) => {
    if (failure === undefined) return passed();
    return wrong({
      cause: failure.cause,
      observed: failure.observed,
      expected: { en: "a login with the lab's own key, and sudo", ja: "ラボの鍵でのログインとsudo" },
      where: `./lab ssh ubuntu@${host.name}`,
      hint: hints[failure.cause] ?? {
        en: "On the host: sudo systemctl restart ssh; the lab's key is in /etc/mail-lab/authorized_keys.",
        ja: "ホスト側で sudo systemctl restart ssh。ラボの鍵は /etc/mail-lab/authorized_keys にあります。",
      },
    });
  },
};
