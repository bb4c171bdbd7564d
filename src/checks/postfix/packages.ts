import type { Check } from "../check.ts";
import { judgePackages } from "../packages.ts";

/** Postfix and Dovecot are installed. */
export const serverPackages: Check = {
  id: "6.01/packages",
  title: { en: "Postfix and Dovecot are installed", ja: "PostfixとDovecotのインストール" },
  judge: (scene) =>
    judgePackages(
      scene,
      ["postfix", "dovecot-pop3d", "dovecot-imapd"],
      "sudo apt install postfix dovecot-pop3d dovecot-imapd",
    ),
};
