import type { Check } from "../check.ts";
import { notYet, passed, wrong } from "../verdict.ts";
import { socketPathOf } from "./sasl-path.ts";

const file = "/etc/dovecot/conf.d/10-master.conf";

/** Dovecot is told to listen where Postfix asks, and lets Postfix in. */
export const authSocket: Check = {
  id: "6.03/auth-socket",
  title: {
    en: "Dovecot is set to answer Postfix at its socket",
    ja: "Dovecotの認証ソケット（10-master.conf）",
  },
  needs: ["6.11/syntax"],
  judge: ({ seen }) => {
    const path = socketPathOf(seen.postfix, "private/auth");
    const listener = seen.dovecot?.authListeners[path];
    const asked = socketPathOf(seen.postfix, seen.postfix?.effective["smtpd_sasl_path"] ?? "private/auth");
    const expected = `unix_listener ${path} { mode = 0660, user = postfix, group = postfix }`;
    if (
      seen.dovecot === undefined ||
      (listener === undefined && seen.dovecot.authListeners[asked] === undefined)
    ) {
      return notYet({
        cause: seen.dovecot === undefined ? "not-installed" : "socket-missing",
        observed: { en: `no listener at ${path}`, ja: `${path} のソケットがありません` },
        expected,
        where: file,
        hint: {
          en: `In ${file} the example “Postfix smtp-auth” only has to be uncommented, with user and group.`,
          ja: `${file} の「Postfix smtp-auth」の例の # を外し、userとgroupを書きます。`,
        },
      });
    }
    const {
      user = "root",
      group = "root",
      mode = "0600",
    } = listener ?? seen.dovecot.authListeners[asked] ?? {};
    const digits = mode.padStart(4, "0");
    const mayPostfix =
      isOpen(digits.at(-1)) ||
      (group === "postfix" && isOpen(digits.at(-2))) ||
      (user === "postfix" && isOpen(digits.at(-3)));
    const observed = `mode = ${mode}, user = ${user}, group = ${group}`;
    if (!mayPostfix) {
      return wrong({
        cause: "socket-forbidden",
        observed,
        expected,
        where: file,
        hint: { en: "Postfix may not use this socket.", ja: "この権限ではPostfixがソケットを使えません。" },
      });
    }
    return user === "postfix" && group === "postfix" && digits === "0660"
      ? passed()
      : passed({
          en: `${observed} lets Postfix in as well; the textbook's way is 0660, postfix, postfix.`,
          ja: `${observed} でもPostfixから使えます。例では 0660, postfix, postfix です。`,
        });
  },
};

/** Whether an octal digit lets read and write. */
function isOpen(digit: string | undefined): boolean {
  return digit === "6" || digit === "7";
}
