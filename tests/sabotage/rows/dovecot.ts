import type { Text } from "../../../src/model/text.ts";
import {
  dovecotFile,
  found,
  onHost,
  type HostName,
  type IdAndCause,
  type Sabotage,
  withoutDovecot,
} from "../sabotage.ts";

/** Sets the active line of a setting to a value; an empty one takes the line away. */
function setLine(name: string, value: string): (path: string) => string {
  return (path) =>
    value === "" ? `sed -i '/^${name} *=/d' ${path}` : `sed -i 's|^${name} *=.*|${name} = ${value}|' ${path}`;
}

function setting(
  id: string,
  on: HostName,
  file: string,
  title: Text,
  does: (path: string) => string,
  ...finds: readonly IdAndCause[]
): Sabotage {
  const inFile = { en: `${file}: ${title.en}`, ja: `${file}: ${title.ja}` };
  return found(dovecotFile(id, file, { on, title: inFile, does }), on, ...finds);
}

const missing = (name: string): Text => ({ en: `no ${name}`, ja: `${name}がない` });
const same = (words: string): Text => ({ en: words, ja: words });

/** Dovecot's three files. */
export const dovecotRows: readonly Sabotage[] = [
  setting(
    "mail-location-missing",
    "host1",
    "10-mail.conf",
    missing("mail_location"),
    setLine("mail_location", ""),
    ["6.08/mail_location", "parameter-missing"],
  ),
  setting(
    "mail-location-elsewhere",
    "host2",
    "10-mail.conf",
    same("mail_location = maildir:~/Maildir"),
    setLine("mail_location", "maildir:~/Maildir"),
    ["6.08/mail_location", "mailbox-elsewhere"],
  ),
  setting(
    "mail-privileged-group-missing",
    "host2",
    "10-mail.conf",
    missing("mail_privileged_group"),
    setLine("mail_privileged_group", ""),
    ["6.08/mail_privileged_group", "parameter-missing"],
  ),
  setting(
    "mail-privileged-group-wrong",
    "host1",
    "10-mail.conf",
    same("mail_privileged_group = users"),
    setLine("mail_privileged_group", "users"),
    ["6.08/mail_privileged_group", "value-wrong"],
  ),
  setting(
    "mail-access-groups-missing",
    "host1",
    "10-mail.conf",
    missing("mail_access_groups"),
    setLine("mail_access_groups", ""),
    ["6.08/mail_access_groups", "parameter-missing"],
  ),
  setting(
    "mail-access-groups-wrong",
    "host2",
    "10-mail.conf",
    same("mail_access_groups = users"),
    setLine("mail_access_groups", "users"),
    ["6.08/mail_access_groups", "value-wrong"],
  ),
  setting(
    "plaintext-refused",
    "host1",
    "10-auth.conf",
    same("disable_plaintext_auth = yes"),
    setLine("disable_plaintext_auth", "yes"),
    ["6.09/disable_plaintext_auth", "plaintext-refused"],
  ),
  setting(
    "disable-plaintext-auth-missing",
    "host2",
    "10-auth.conf",
    missing("disable_plaintext_auth"),
    setLine("disable_plaintext_auth", ""),
    ["6.09/disable_plaintext_auth", "parameter-missing"],
  ),
  withoutDovecot(
    setting(
      "disable-plaintext-auth-misspelt",
      "host1",
      "10-auth.conf",
      { en: "disable_plaintext_auth misspelt", ja: "disable_plaintext_authの誤記" },
      (path) => `sed -i 's/^disable_plaintext_auth *=/disable_plaintex_auth =/' ${path}`,
      ["6.09/disable_plaintext_auth", "parameter-misspelt"],
    ),
  ),
  setting("ssl-required", "host2", "10-ssl.conf", same("ssl = required"), setLine("ssl", "required"), [
    "6.10/ssl",
    "ssl-required",
  ]),
  setting("ssl-still-on", "host1", "10-ssl.conf", same("ssl = yes"), setLine("ssl", "yes"), [
    "6.10/ssl",
    "value-default",
  ]),
  withoutDovecot(
    setting(
      "brace-left-open",
      "host2",
      "10-master.conf",
      { en: "a brace is not closed", ja: "波括弧が閉じていない" },
      (path) => `sed -i '$d' ${path}\nprintf 'service imap {\\n' >>${path}`,
      ["6.11/syntax", "configuration-unreadable"],
    ),
  ),
  setting(
    "passwords-of-nobody",
    "host1",
    "10-auth.conf",
    {
      en: "no passwords are looked up (auth-system.conf.ext)",
      ja: "パスワードを調べない（auth-system.conf.ext）",
    },
    (path) =>
      `sed -i 's/^!include auth-system/#&/' ${path}
printf 'passdb {\\n driver = static\\n args = password=none\\n}\\nuserdb {\\n driver = passwd\\n}\\n' >>${path}`,
    ["6.12/imap", "login-refused"],
    ["6.12/smtp-auth", "login-refused"],
  ),
  found(
    onHost("dovecot-not-restarted", {
      on: "host2",
      title: {
        en: "10-ssl.conf put right (ssl = required → no), Dovecot not restarted",
        ja: "10-ssl.confは直した（ssl = required → no）が、Dovecotを再起動していない",
      },
      keeps: ["/etc/dovecot/conf.d/10-ssl.conf"],
      does: `${setLine("ssl", "required")("/etc/dovecot/conf.d/10-ssl.conf")}
restart dovecot
${setLine("ssl", "no")("/etc/dovecot/conf.d/10-ssl.conf")}
touch -d '1 second' /etc/dovecot/conf.d/10-ssl.conf`,
      mends: "restart dovecot",
    }),
    "host2",
    ["6.11/restarted", "not-restarted"],
  ),
  found(
    onHost("imap-left-out", {
      on: "host1",
      title: { en: "dovecot.conf: protocols without imap", ja: "dovecot.conf: protocolsにimapがない" },
      keeps: ["/etc/dovecot/local.conf"],
      does: "printf 'protocols = pop3\\n' >/etc/dovecot/local.conf\nrestart dovecot",
      mends: "restart dovecot",
    }),
    "host1",
    ["6.12/imap", "not-listening"],
  ),
];
