import { dovecotFile, mainCf, onHost, variant, type Variant } from "../sabotage.ts";
import { postfixVariants } from "./postfix-variants.ts";

const mainCfFile = "/etc/postfix/main.cf";

/** Answers that a good student might give instead of the book's. */
export const variants: readonly Variant[] = [
  ...postfixVariants,
  variant(
    onHost("reloaded", {
      on: "host1",
      title: {
        en: "main.cf changed where a reload suffices, and reloaded",
        ja: "再読み込みで足りる変更をして、reloadだけをした",
      },
      keeps: [mainCfFile],
      does: "postconf -e mydestination=example1.test\nsystemctl reload postfix",
      mends: "systemctl reload postfix",
    }),
    "host1",
  ),
  variant(
    onHost("dovecot-local-conf", {
      on: "host2",
      title: {
        en: "Dovecot's settings in local.conf instead of conf.d",
        ja: "Dovecotの設定をconf.dではなくlocal.confに書いた",
      },
      keeps: [
        "/etc/dovecot/local.conf",
        "/etc/dovecot/conf.d/10-mail.conf",
        "/etc/dovecot/conf.d/10-auth.conf",
        "/etc/dovecot/conf.d/10-ssl.conf",
      ],
      does: `cd /etc/dovecot/conf.d
sed -i -e '/^mail_location/d' -e '/^mail_privileged_group/d' -e '/^mail_access_groups/d' 10-mail.conf
sed -i '/^disable_plaintext_auth/d' 10-auth.conf
sed -i 's/^ssl = no/ssl = yes/' 10-ssl.conf
printf '%s\\n' 'mail_location = mbox:~/mail:INBOX=/var/mail/%u' 'mail_privileged_group = mail' \\
  'mail_access_groups = mail' 'disable_plaintext_auth = no' 'ssl = no' >../local.conf
restart dovecot`,
      mends: "restart dovecot",
    }),
    "host2",
  ),
  variant(
    dovecotFile("mail-location-spelt-otherwise", "10-mail.conf", {
      on: "host1",
      title: {
        en: "mail_location = mbox:%h/mail:INBOX=/var/spool/mail/%n",
        ja: "mail_location = mbox:%h/mail:INBOX=/var/spool/mail/%n",
      },
      does: (path) =>
        `sed -i 's|^mail_location.*|mail_location = mbox:%h/mail:INBOX=/var/spool/mail/%n|' ${path}`,
    }),
    "host1",
    "6.08/mail_location",
  ),
  variant(
    onHost("socket-in-local-conf", {
      on: "host2",
      title: {
        en: "The socket for Postfix in local.conf, with mode 0666",
        ja: "Postfix用のソケットをlocal.confに、モード0666で書いた",
      },
      keeps: ["/etc/dovecot/local.conf", "/etc/dovecot/conf.d/10-master.conf"],
      does: `sed -i '/unix_listener \\/var\\/spool\\/postfix\\/private\\/auth {/,/}/s/^/#/' /etc/dovecot/conf.d/10-master.conf
printf 'service auth {\\n unix_listener /var/spool/postfix/private/auth {\\n mode = 0666\\n }\\n}\\n' >/etc/dovecot/local.conf
restart dovecot`,
      mends: "restart dovecot",
    }),
    "host2",
    "6.03/auth-socket",
  ),
  variant(
    onHost("account-by-useradd", {
      on: "host1",
      title: {
        en: "The account made by useradd -m, with a full name and another number",
        ja: "アカウントをuseradd -mで作り、氏名を入れ、番号も違う",
      },
      keeps: [
        "/var/mail/user1",
        "/etc/passwd",
        "/etc/shadow",
        "/etc/group",
        "/etc/gshadow",
        "/etc/subuid",
        "/etc/subgid",
      ],
      does: `hash=$(getent shadow user1 | cut -d: -f2)
mv /home/user1 /home/user1.away
userdel user1
useradd -m -u 1500 -c 'User One' -s /bin/sh -p "$hash" user1
[ ! -e /var/mail/user1 ] || chown user1 /var/mail/user1
# A running local(8) remembers an account's number.
postfix reload`,
      mends: "rm -rf /home/user1\nmv /home/user1.away /home/user1\npostfix reload",
    }),
    "host1",
  ),
  variant(
    onHost("more-accounts-and-aliases", {
      on: "host2",
      title: { en: "One more account, and more aliases", ja: "アカウントとエイリアスを追加した" },
      keeps: [
        ...["/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/subuid", "/etc/subgid"],
        ...["/etc/aliases", "/etc/aliases.db"],
      ],
      does: `useradd -m user9
printf 'webmaster: user2\\noffice: user2, user9\\n' >>/etc/aliases
newaliases`,
      mends: "rm -rf /home/user9 /var/mail/user9",
    }),
    "host2",
  ),
  variant(
    onHost("enabled-now", {
      on: "host1",
      title: {
        en: "Services stopped, disabled, and started by systemctl enable --now",
        ja: "サービスを止めて無効にし、systemctl enable --nowで起動した",
      },
      does: `systemctl disable --now dovecot
systemctl disable --now postfix
systemctl enable --now dovecot postfix`,
    }),
    "host1",
  ),
  variant(
    mainCf("host-name-as-mail-name", {
      on: "host2",
      title: { en: "myhostname = host2.example2.test", ja: "myhostname = host2.example2.test" },
      does: "postconf -e myhostname=host2.example2.test",
    }),
    "host2",
    "6.02/myhostname",
  ),
  variant(
    onHost("japanese-time", {
      on: "host1",
      title: { en: "The time zone Asia/Tokyo", ja: "タイムゾーンをAsia/Tokyoにした" },
      keeps: ["/etc/localtime", "/etc/timezone"],
      does: "ln -sf /usr/share/zoneinfo/Asia/Tokyo /etc/localtime\necho Asia/Tokyo >/etc/timezone",
    }),
    "host1",
    "foundation/clock",
  ),
  variant(
    onHost("second-resolver", {
      on: "host2",
      title: {
        en: "resolv.conf with a search line and a second server",
        ja: "resolv.confにsearch行と2つ目のサーバーがある",
      },
      keeps: ["/etc/resolv.conf"],
      does: "printf 'search example2.test\\nnameserver 192.168.1.11\\nnameserver 192.168.1.1\\n' >/etc/resolv.conf",
    }),
    "host2",
    "foundation/resolver",
  ),
  {
    id: "serial-not-raised",
    title: {
      en: "One more record in a zone, its serial number not raised",
      ja: "ゾーンにレコードを加え、シリアル番号を増やしていない",
    },
    keeps: { dns: ["/etc/bind/lab/db.example1.test"] },
    deeds: [
      {
        as: "engine",
        on: "dns",
        lines: "printf 'www\\tIN\\tA\\t192.168.1.12\\n' >>/etc/bind/lab/db.example1.test\nrndc reload",
      },
    ],
    mends: [{ as: "engine", on: "dns", lines: "touch /etc/bind/lab/db.example1.test\nrndc reload" }],
    notes: [],
  },
];
