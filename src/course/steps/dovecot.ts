import type { Text } from "../../model/text.ts";
import type { Setting, Step } from "../step.ts";
import type { Place } from "../transcript.ts";
import { command, edit, editsOf, indented, perHost, settingLine } from "./writing.ts";

interface ConfigFile {
  readonly id: string;
  readonly name: string;
  readonly title: Text;
  readonly purpose: Text;
  readonly hint: Text;
  readonly settings: readonly Setting[];
  readonly placeOf: (name: string) => Place;
}

/** A step that sets lines of one of Dovecot's files. */
function configStep({ id, name, title, purpose, hint, settings, placeOf }: ConfigFile): Step {
  const file = `/etc/dovecot/conf.d/${name}`;
  const lines = indented(settings.map(settingLine));
  return {
    ...{ id, title, hint, where: "hosts" },
    task: () => ({
      ja: `${purpose.ja}\n${file}\n${lines}`,
      en: `${purpose.en}\n${file}\n${lines}`,
    }),
    actions: () => [{ kind: "settings", file, settings }],
    transcript: (topology) => perHost(topology, (host) => [edit(host, file, editsOf(settings, placeOf))]),
  };
}

/** The sections on Dovecot. */
export const dovecotSteps: readonly Step[] = [
  configStep({
    id: "6.08",
    name: "10-mail.conf",
    title: { ja: "Dovecot: メールボックス（10-mail.conf）", en: "Dovecot: mailboxes (10-mail.conf)" },
    purpose: {
      ja: "Postfixが配送する/var/mailのmbox形式のメールボックスを、mailグループの権限で読むようにします。",
      en: "Have Dovecot read the mbox files in /var/mail that Postfix delivers to, with the group mail's rights.",
    },
    hint: {
      ja: "Postfixと同じmbox形式で、/var/mailのメールボックスを読みます。",
      en: "Dovecot reads the mbox files in /var/mail that Postfix delivers to.",
    },
    settings: [
      ["mail_location", "mbox:~/mail:INBOX=/var/mail/%u"],
      ["mail_privileged_group", "mail"],
      ["mail_access_groups", "mail"],
    ],
    // Debian and Ubuntu have the first two as they should be; the textbook writes all three.
    placeOf: (name) =>
      name === "mail_access_groups" ? "below the commented line" : "instead of the active line",
  }),
  configStep({
    id: "6.09",
    name: "10-auth.conf",
    title: { ja: "Dovecot: 認証（10-auth.conf）", en: "Dovecot: authentication (10-auth.conf)" },
    purpose: {
      ja: "暗号化していない接続でも平文のパスワードを受け付けるようにします。",
      en: "Have Dovecot accept plain passwords on connections that are not encrypted.",
    },
    hint: {
      ja: "コメントになっている既定値yesの下に、noの行を加えます。",
      en: "The default, yes, stands in a comment; the line with no goes below it.",
    },
    settings: [["disable_plaintext_auth", "no"]],
    placeOf: () => "below the commented line",
  }),
  configStep({
    id: "6.10",
    name: "10-ssl.conf",
    title: { ja: "Dovecot: SSL/TLS（10-ssl.conf）", en: "Dovecot: SSL/TLS (10-ssl.conf)" },
    purpose: { ja: "SSL/TLSによる暗号化を使わないようにします。", en: "Turn SSL/TLS off." },
    hint: { ja: "実習では暗号化を使いません。", en: "The exercise does without encryption." },
    settings: [["ssl", "no"]],
    placeOf: () => "instead of the active line",
  }),
  {
    id: "6.11",
    title: { ja: "Dovecotの再起動と自動起動", en: "Restart Dovecot" },
    task: () => ({
      ja: "Dovecotを再起動して設定を有効にし、マシンの起動時にも自動で起動することを確認します。",
      en: "Restart Dovecot so that its settings take effect, and make sure that it also starts at boot.",
    }),
    hint: {
      ja: "設定の誤りは doveconf -n が行番号とともに示します。enabledでなければ sudo systemctl enable dovecot を実行します。",
      en: "doveconf -n names a mistake in the configuration with its line; where Dovecot is not enabled: sudo systemctl enable dovecot.",
    },
    where: "hosts",
    actions: () => [{ kind: "service", service: "dovecot" }],
    transcript: (topology) =>
      perHost(topology, (host) => [
        command(host, "sudo systemctl restart dovecot"),
        command(host, "sudo systemctl is-enabled dovecot"),
      ]),
  },
];
