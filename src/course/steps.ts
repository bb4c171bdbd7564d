import type { Step } from "./step.ts";

/** The packages of the chapter's first `apt install`, in its order. */
const serverPackages = ["postfix", "dovecot-pop3d", "dovecot-imapd"] as const;

const nothing = (): readonly [] => [];

/** The chapter, in its order: the one description of what is done to a host, from the packages to the client. */
export const steps: readonly Step[] = [
  {
    id: "6.01",
    title: { ja: "PostfixとDovecotのインストール", en: "Install Postfix and Dovecot" },
    hint: {
      ja: "設定のタイプは「Internet Site」、メール名はそのホストのドメインです。",
      en: "The configuration type is “Internet Site”; the mail name is the host's own domain.",
    },
    actions: ({ host }) => [
      {
        kind: "install",
        packages: serverPackages,
        answers: [
          "postfix postfix/main_mailer_type select Internet Site",
          `postfix postfix/mailname string ${host.domain}`,
        ],
      },
      { kind: "commands", lines: [`printf '%s\\n' ${host.domain} | sudo tee /etc/mailname >/dev/null`] },
    ],
  },
  {
    id: "6.02",
    title: { ja: "main.cfの設定", en: "Configure main.cf" },
    hint: {
      ja: "inet_interfacesにlocalhostを書き忘れると、自分自身からのメールを受け取れません。",
      en: "Without localhost in inet_interfaces the host does not accept its own mail.",
    },
    actions: ({ host, topology }) => [
      {
        kind: "main.cf",
        settings: [
          ["myhostname", host.mailName],
          ["mydomain", host.domain],
          ["inet_interfaces", `localhost, ${host.address}`],
          ["mydestination", "$mydomain"],
          ["mynetworks", `${topology.subnet} 127.0.0.0/8`],
        ],
      },
    ],
  },
  {
    id: "6.03",
    title: { ja: "SMTP認証と受信の制限", en: "SMTP authentication and recipient restrictions" },
    hint: {
      ja: "PostfixはパスワードをDovecotに確かめてもらいます。そのためのソケットは10-master.confに例があります。",
      en: "Postfix has Dovecot verify passwords; 10-master.conf has the socket for it as an example.",
    },
    actions: () => [
      {
        kind: "main.cf",
        settings: [
          ["smtpd_sasl_type", "dovecot"],
          ["smtpd_sasl_path", "private/auth"],
          ["smtpd_sasl_auth_enable", "yes"],
          [
            "smtpd_recipient_restrictions",
            "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination",
          ],
        ],
      },
      {
        kind: "block",
        file: "/etc/dovecot/conf.d/10-master.conf",
        head: "unix_listener /var/spool/postfix/private/auth",
        settings: [
          ["mode", "0660"],
          ["user", "postfix"],
          ["group", "postfix"],
        ],
      },
    ],
  },
  {
    id: "6.04",
    title: { ja: "main.cfの書式チェック", en: "Check the syntax of main.cf" },
    hint: {
      ja: "何も表示されなければ書式は正しいです。",
      en: "When nothing is printed, the syntax is right.",
    },
    actions: () => [{ kind: "commands", lines: ["sudo postfix check"] }],
  },
  {
    id: "6.05",
    title: { ja: "Postfixの再起動", en: "Restart Postfix" },
    hint: {
      ja: "inet_interfacesの変更は、再起動して初めて有効になります。",
      en: "A change of inet_interfaces takes effect only with a restart.",
    },
    actions: () => [{ kind: "commands", lines: ["sudo systemctl restart postfix"] }],
  },
  {
    id: "6.06",
    title: { ja: "Postfixの自動起動の確認", en: "Postfix starts at boot" },
    hint: {
      ja: "enabledでなければ sudo systemctl enable postfix を実行します。",
      en: "If it is not enabled: sudo systemctl enable postfix.",
    },
    actions: () => [{ kind: "commands", lines: ["systemctl is-enabled postfix"] }],
  },
  {
    id: "6.07",
    title: { ja: "アカウントの作成", en: "Make the accounts" },
    hint: {
      ja: "アカウント名@ドメイン名がメールアドレスになります。",
      en: "The account's name and the domain make the mail address.",
    },
    actions: ({ host }) => host.users.map((user) => ({ kind: "account", user })),
  },
  {
    id: "6.08",
    title: { ja: "メールエイリアスのデータベース", en: "Build the alias database" },
    hint: {
      ja: "/etc/aliasesを変えたときも、このコマンドで反映します。",
      en: "The same command takes over later changes of /etc/aliases.",
    },
    actions: () => [{ kind: "commands", lines: ["sudo newaliases"] }],
  },
  {
    id: "6.09",
    title: { ja: "mailutilsのインストール", en: "Install mailutils" },
    hint: { ja: "mailコマンドはこのパッケージに入っています。", en: "This package has the mail command." },
    actions: () => [{ kind: "install", packages: ["mailutils"], answers: [] }],
  },
  {
    id: "6.10",
    title: { ja: "mailコマンドで送受信", en: "Send and read with the mail command" },
    hint: {
      ja: "送信はuser1、受信はuser2でログインして行います。届かないときはsudo tail -f /var/log/mail.logを見ます。",
      en: "Log in as user1 to send and as user2 to read; sudo tail -f /var/log/mail.log shows what happens.",
    },
    actions: nothing,
  },
  {
    id: "6.11",
    title: { ja: "Dovecot: メールボックス（10-mail.conf）", en: "Dovecot: mailboxes (10-mail.conf)" },
    hint: {
      ja: "Postfixと同じmbox形式で、/var/mailのメールボックスを読みます。",
      en: "Dovecot reads the mbox files in /var/mail that Postfix delivers to.",
    },
    actions: () => [
      {
        kind: "settings",
        file: "/etc/dovecot/conf.d/10-mail.conf",
        settings: [
          ["mail_location", "mbox:~/mail:INBOX=/var/mail/%u"],
          ["mail_privileged_group", "mail"],
          ["mail_access_groups", "mail"],
        ],
      },
    ],
  },
  {
    id: "6.12",
    title: { ja: "Dovecot: 認証（10-auth.conf）", en: "Dovecot: authentication (10-auth.conf)" },
    hint: {
      ja: "暗号化していない接続でもパスワードを受け付けるようにします。",
      en: "Passwords are accepted on connections that are not encrypted.",
    },
    actions: () => [
      {
        kind: "settings",
        file: "/etc/dovecot/conf.d/10-auth.conf",
        settings: [["disable_plaintext_auth", "no"]],
      },
    ],
  },
  {
    id: "6.13",
    title: { ja: "Dovecot: SSL/TLS（10-ssl.conf）", en: "Dovecot: SSL/TLS (10-ssl.conf)" },
    hint: { ja: "実習では暗号化を使いません。", en: "The exercise does without encryption." },
    actions: () => [{ kind: "settings", file: "/etc/dovecot/conf.d/10-ssl.conf", settings: [["ssl", "no"]] }],
  },
  {
    id: "6.14",
    title: { ja: "Dovecotの再起動", en: "Restart Dovecot" },
    hint: {
      ja: "設定の誤りは doveconf -n が行番号とともに示します。",
      en: "doveconf -n names a mistake in the configuration with its line.",
    },
    actions: () => [{ kind: "commands", lines: ["sudo systemctl restart dovecot"] }],
  },
  {
    id: "6.15",
    title: { ja: "Dovecotの自動起動の確認", en: "Dovecot starts at boot" },
    hint: {
      ja: "enabledでなければ sudo systemctl enable dovecot を実行します。",
      en: "If it is not enabled: sudo systemctl enable dovecot.",
    },
    actions: () => [{ kind: "commands", lines: ["sudo systemctl is-enabled dovecot"] }],
  },
  {
    id: "6.16",
    title: { ja: "Thunderbirdの設定と送受信", en: "Set up Thunderbird, send and receive" },
    hint: {
      ja: "受信はIMAPの143番、送信は25番、どちらも接続の保護なし、通常のパスワード認証です。",
      en: "IMAP on port 143 and SMTP on port 25, both without connection security, normal password.",
    },
    actions: nothing,
  },
  {
    id: "6.17",
    title: { ja: "うまく動作しないとき", en: "When it does not work" },
    hint: {
      ja: "まずdigでDNSを、それから/var/log/mail.logを確かめます。",
      en: "First ask DNS with dig, then read /var/log/mail.log.",
    },
    actions: nothing,
  },
];
