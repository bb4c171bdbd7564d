import { settingCheck } from "./setting.ts";

/** `mail_location`: Dovecot reads the mailboxes that Postfix writes. */
export const mailLocation = settingCheck({
  step: "6.08",
  name: "mail_location",
  title: { en: "Dovecot reads the mailboxes in /var/mail", ja: "mail_location（メールボックスの場所）" },
  file: "/etc/dovecot/conf.d/10-mail.conf",
  bookValue: "mbox:~/mail:INBOX=/var/mail/%u",
  judge: (value, { host, seen }) => {
    const user = host.users.find((candidate) => seen.dovecot?.inboxes[candidate] !== undefined);
    const inbox = (user === undefined ? "" : (seen.dovecot?.inboxes[user] ?? "")).replace(
      "/var/spool/mail/",
      "/var/mail/",
    );
    const homeMailbox = seen.postfix?.effective["home_mailbox"] ?? "";
    const isMbox = value.startsWith("mbox:") || value.startsWith("/");
    const isWhereMailGoes =
      user === undefined || inbox === ""
        ? isMbox && /INBOX=\/var\/(spool\/)?mail\/%(u|n|L?u)/.test(value)
        : homeMailbox === ""
          ? isMbox && inbox === `/var/mail/${user}`
          : value.startsWith("maildir:") === homeMailbox.endsWith("/") &&
            inbox.includes(homeMailbox.replace(/\/$/, ""));
    if (isWhereMailGoes) {
      return {
        isRight: true,
        note: {
          en: `${value} leads to the same mailbox; the book writes mbox:~/mail:INBOX=/var/mail/%u.`,
          ja: `${value} でも同じメールボックスになります。教科書では mbox:~/mail:INBOX=/var/mail/%u です。`,
        },
      };
    }
    return {
      isRight: false,
      cause: "mailbox-elsewhere",
      hint: {
        en: "Postfix delivers to /var/mail/USER as mbox; Dovecot would look elsewhere.",
        ja: "Postfixは /var/mail/ユーザー名 にmbox形式で配送します。この設定では別の場所を見てしまいます。",
      },
    };
  },
});
