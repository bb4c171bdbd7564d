import type { Check } from "../check.ts";
import { hasReadByClient, hasSentByClient, isAppliedByStage } from "../person.ts";
import { notYet, passed } from "../verdict.ts";

/** Somebody has read and sent mail with a mail client. */
export const clientByPerson: Check = {
  id: "6.12/by-person",
  title: { en: "somebody has read and sent with a mail client", ja: "メールクライアントで送受信した" },
  judge: (scene) => {
    if (isAppliedByStage(scene, "6.12")) return passed();
    const [hasRead, hasSent] = [hasReadByClient(scene), hasSentByClient(scene)];
    if (hasRead && hasSent) return passed();
    const user = scene.host.users[0] ?? "";
    const missing = {
      en: [hasRead ? [] : ["no login by IMAP or POP3 yet"], hasSent ? [] : ["no mail sent with a login yet"]]
        .flat()
        .join("; "),
      ja: [
        hasRead ? [] : ["IMAP・POP3でのログインがまだありません"],
        hasSent ? [] : ["SMTP認証で送ったメールがまだありません"],
      ]
        .flat()
        .join("、"),
    };
    return notYet({
      cause: "not-done-by-person",
      observed: missing,
      expected: {
        en: `${user} reads and sends with a mail client`,
        ja: `${user}がメールクライアントで受信・送信する`,
      },
      where: "sudo grep -e sasl_username -e imap-login /var/log/mail.log",
      hint: {
        en: `Set up the client: IMAP 127.0.0.1:${scene.host.ports.imap}, SMTP 127.0.0.1:${scene.host.ports.smtp}, no encryption, normal password.`,
        ja: `クライアントの設定: IMAP 127.0.0.1:${scene.host.ports.imap}、SMTP 127.0.0.1:${scene.host.ports.smtp}、接続の保護なし、通常のパスワード認証。`,
      },
    });
  },
};
