import type { Check } from "../check.ts";
import { passed, wrong } from "../verdict.ts";

/** Postfix refuses mail below one and a half times the largest message (`message_size_limit`, postconf(5)). */
const spareFactor = 1.5;
const usualMessageBytes = 10_240_000;
const mebibyte = 1024 ** 2;
/** Each mail is a file while it is queued. */
const leastInodes = 100;

/** There is room for mail where it is queued and delivered, and for the log. */
export const disk: Check = {
  id: "foundation/disk",
  title: { en: "room for mail", ja: "メールを置くディスクの空き" },
  judge: ({ seen }) => {
    const largest = Number(seen.postfix?.effective["message_size_limit"] ?? usualMessageBytes);
    const neededBytes = (largest > 0 ? largest : usualMessageBytes) * spareFactor;
    const full = seen.disks.find(
      ({ path, freeBytes, freeInodes }) =>
        freeInodes < leastInodes || freeBytes < (path === "/var/log" ? mebibyte : neededBytes),
    );
    if (full === undefined) return passed();
    const free = `${Math.floor(full.freeBytes / mebibyte)} MiB, ${full.freeInodes} inodes`;
    return wrong({
      cause: "disk-full",
      observed: { en: `${full.path} has ${free} left`, ja: `${full.path} の空きは ${free}` },
      expected: {
        en: `${Math.ceil(neededBytes / mebibyte)} MiB free`,
        ja: `${Math.ceil(neededBytes / mebibyte)} MiB以上の空き`,
      },
      where: `df -h ${full.path}`,
      hint: {
        en: `See what fills it: sudo du -xh ${full.path} | sort -h | tail`,
        ja: `何が使っているか調べる: sudo du -xh ${full.path} | sort -h | tail`,
      },
    });
  },
};
