import type { MailHostPlan, Topology } from "../../model/topology.ts";
import type { Setting, Step } from "../step.ts";
import { enter } from "../transcript.ts";
import { command, edit, editsOf, indented, perHost, settingLine } from "./writing.ts";

/** The packages of the chapter's first `apt install`, in its order. */
const serverPackages = ["postfix", "dovecot-pop3d", "dovecot-imapd"] as const;

const mainCf = "/etc/postfix/main.cf";
const masterConf = "/etc/dovecot/conf.d/10-master.conf";

/** What is answered in Postfix's dialogs, as debconf has it. */
function dialogAnswers({ domain }: MailHostPlan): readonly string[] {
  return [
    "postfix postfix/main_mailer_type select Internet Site",
    `postfix postfix/mailname string ${domain}`,
  ];
}

/** The table of the section on main.cf, and mynetworks below it. */
function mainSettings(host: MailHostPlan, { subnet }: Topology): readonly Setting[] {
  return [
    ["myhostname", host.mailName],
    ["mydomain", host.domain],
    ["inet_interfaces", `localhost, ${host.address}`],
    ["mydestination", "$mydomain"],
    ["mynetworks", `${subnet} 127.0.0.0/8`],
  ];
}

/** Postfix asks Dovecot, and Dovecot listens where Postfix, in its chroot, sees it. */
const saslSettings: readonly Setting[] = [
  ["smtpd_sasl_type", "dovecot"],
  ["smtpd_sasl_path", "private/auth"],
  ["smtpd_sasl_auth_enable", "yes"],
  ["smtpd_recipient_restrictions", "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination"],
];
const authSocket = {
  head: "unix_listener /var/spool/postfix/private/auth",
  settings: [
    ["mode", "0660"],
    ["user", "postfix"],
    ["group", "postfix"],
  ],
} as const;
const authSocketLines = [`${authSocket.head} {`, ...authSocket.settings.map(settingLine), "}"];

/** The sections on Postfix itself, from the packages to its start. */
export const postfixSteps: readonly Step[] = [
  {
    id: "6.01",
    title: { ja: "PostfixとDovecotのインストール", en: "Install Postfix and Dovecot" },
    task: (topology) => {
      const names = indented(topology.hosts.map(({ name, domain }) => `${name}: ${domain}`));
      return {
        ja: `Postfixと、DovecotのPOP3サーバー・IMAPサーバーのパッケージをaptでインストールします（${serverPackages.join("、")}）。\nPostfixの設定のタイプには「Internet Site」を選び、システムメール名には各ホストのドメインを入力します。\n${names}`,
        en: `Install Postfix and Dovecot's POP3 and IMAP servers with apt (${serverPackages.join(", ")}).\nPostfix asks for a configuration type, choose “Internet Site”, and for the system mail name, type the host's domain:\n${names}`,
      };
    },
    hint: {
      ja: "設定のタイプは「Internet Site」、メール名はそのホストのドメインです。やり直すには sudo dpkg-reconfigure postfix を実行します。",
      en: "The configuration type is “Internet Site”, the mail name the host's own domain; sudo dpkg-reconfigure postfix asks again.",
    },
    where: "hosts",
    actions: ({ host }) => [
      { kind: "install", packages: serverPackages, answers: dialogAnswers(host) },
      { kind: "internet site", mailName: host.domain, answers: dialogAnswers(host) },
    ],
    transcript: (topology) =>
      perHost(topology, (host) => [
        command(host, `sudo apt install ${serverPackages.join(" ")}`, [
          { prompt: "Do you want to continue? [Y/n] ", typed: [enter] },
          { prompt: "<Ok>", typed: [{ key: "Tab" }, enter] },
          { prompt: "General mail configuration type:", typed: [enter] },
          { prompt: "System mail name:", typed: [{ key: "Rub out" }, host.domain, enter] },
        ]),
      ]),
  },
  {
    id: "6.02",
    title: { ja: "main.cfの設定", en: "Configure main.cf" },
    task: (topology) => {
      const table = topology.hosts
        .map((host) => `${host.name}:\n${indented(mainSettings(host, topology).map(settingLine))}`)
        .join("\n");
      return {
        ja: `${mainCf}の次のパラメータを、ホストごとの値にします。既にある行は書き換え、ないものは加えます。\n${table}`,
        en: `Give these parameters of ${mainCf} each host's values: change the lines that are there, add those that are not.\n${table}`,
      };
    },
    hint: {
      ja: "inet_interfacesにlocalhostを書き忘れると、自分自身からのメールを受け取れません。",
      en: "Without localhost in inet_interfaces the host does not accept its own mail.",
    },
    where: "hosts",
    actions: ({ host, topology }) => [{ kind: "main.cf", settings: mainSettings(host, topology) }],
    transcript: (topology) =>
      perHost(topology, (host) => [
        edit(
          host,
          mainCf,
          editsOf(mainSettings(host, topology), (name) =>
            name === "mydomain" ? "at the end" : "instead of the active line",
          ),
        ),
      ]),
  },
  {
    id: "6.03",
    title: { ja: "SMTP認証と受信の制限", en: "SMTP authentication and recipient restrictions" },
    task: () => ({
      ja: `SMTP認証を有効にし、認証した人と自分のネットワークにだけ中継を許します。\n先にDovecotの認証用ソケットを用意します。${masterConf}にある例のコメントを外して次のようにし、Dovecotを再起動します。\n${indented(authSocketLines)}\n続いて${mainCf}の最後に次の行を加えます。\n${indented(saslSettings.map(settingLine))}\nソケットがないまま認証を有効にすると、Postfixは25番ポートで応答できなくなります。`,
      en: `Turn SMTP authentication on, and relay only for the lab's own network and for whoever has authenticated.\nDovecot's socket for it comes first: take the comment signs off the example in ${masterConf}, make it this, and restart Dovecot.\n${indented(authSocketLines)}\nThen add these lines at the end of ${mainCf}.\n${indented(saslSettings.map(settingLine))}\nWith authentication on and no such socket, Postfix can't answer on port 25.`,
    }),
    hint: {
      ja: "PostfixはパスワードをDovecotに確かめてもらいます。そのためのソケットは10-master.confに例があり、Dovecotを再起動するとできます。",
      en: "Postfix has Dovecot verify passwords; 10-master.conf has the socket for it as an example, and a restart of Dovecot makes it.",
    },
    where: "hosts",
    // The socket first: an smtpd that starts in between would find no mechanism, and Postfix would hold it back a minute.
    actions: () => [
      { kind: "block", file: masterConf, head: authSocket.head, settings: authSocket.settings },
      { kind: "service", service: "dovecot" },
      { kind: "main.cf", settings: saslSettings },
    ],
    transcript: (topology) =>
      perHost(topology, (host) => [
        edit(host, masterConf, [{ kind: "block", ...authSocket }]),
        command(host, "sudo systemctl restart dovecot"),
        edit(
          host,
          mainCf,
          editsOf(saslSettings, () => "at the end"),
        ),
      ]),
  },
  {
    id: "6.04",
    title: { ja: "Postfixの起動", en: "Start Postfix" },
    task: () => ({
      ja: "main.cfの書式を確かめてからPostfixを再起動し、マシンの起動時にも自動で起動することを確認します。",
      en: "Check the syntax of main.cf, restart Postfix, and make sure that it also starts at boot.",
    }),
    hint: {
      ja: "postfix checkが何も表示しなければ書式は正しいです。inet_interfacesの変更は再起動して初めて有効になります。enabledでなければ sudo systemctl enable postfix を実行します。",
      en: "postfix check prints nothing when the syntax is right; a change of inet_interfaces takes effect only with a restart; where Postfix is not enabled: sudo systemctl enable postfix.",
    },
    where: "hosts",
    actions: () => [
      // While the boot still starts Postfix, that start and the check would both make its queue's folders, and one fail.
      // A new finished host's first boot leaves it alone, and keeps this link until it has been started.
      {
        kind: "commands",
        lines: [
          '[ -h /etc/mail-lab/first-boot/postfix.service ] || [ "$(systemctl is-active postfix@-)" != activating ] ||',
          "  systemctl start postfix@- || :",
          "sudo postfix check",
        ],
      },
      // Each start checks the same again, unless it finds this file, which it takes away.
      { kind: "commands", lines: ["sudo touch /var/spool/postfix/quick-start"] },
      { kind: "service", service: "postfix" },
    ],
    transcript: (topology) =>
      perHost(topology, (host) => [
        command(host, "sudo postfix check"),
        command(host, "sudo systemctl restart postfix"),
        command(host, "systemctl is-enabled postfix"),
      ]),
  },
];
