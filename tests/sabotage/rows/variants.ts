import type { CheckId } from "../../../src/checks/check.ts";
import { dovecotFile, mainCf, onHost, type Change, type HostName, type Variant } from "../sabotage.ts";

function variant(change: Change, on: HostName, ...ids: CheckId[]): Variant {
  return { ...change, notes: ids.map((id) => ({ host: on, id })) };
}

const mainCfFile = "/etc/postfix/main.cf";
const chapterParameters =
  "myhostname mydomain inet_interfaces mydestination mynetworks smtpd_sasl_type smtpd_sasl_path smtpd_sasl_auth_enable smtpd_recipient_restrictions";

/** Answers that a good student might give instead of the book's. */
export const variants: readonly Variant[] = [
  variant(
    mainCf("all-interfaces", {
      on: "host1",
      title: { en: "inet_interfaces = all", ja: "inet_interfaces = all" },
      does: "postconf -e inet_interfaces=all",
    }),
    "host1",
    "6.02/inet_interfaces",
  ),
  variant(
    mainCf("loopback-by-address", {
      on: "host2",
      title: {
        en: "inet_interfaces = 192.168.1.13, 127.0.0.1",
        ja: "inet_interfaces = 192.168.1.13, 127.0.0.1",
      },
      does: "postconf -e 'inet_interfaces=192.168.1.13, 127.0.0.1'",
    }),
    "host2",
    "6.02/inet_interfaces",
  ),
  variant(
    mainCf("domain-written-out", {
      on: "host1",
      title: {
        en: "mydestination = example1.test (no $mydomain)",
        ja: "mydestination = example1.test（$mydomainを使わない）",
      },
      does: "postconf -e mydestination=example1.test",
    }),
    "host1",
  ),
  variant(
    mainCf("more-destinations", {
      on: "host2",
      title: {
        en: "mydestination = $myhostname, localhost, $mydomain",
        ja: "mydestination = $myhostname, localhost, $mydomain",
      },
      does: "postconf -e 'mydestination=$myhostname, localhost, $mydomain'",
    }),
    "host2",
    "6.02/mydestination",
  ),
  variant(
    mainCf("hostname-from-domain", {
      on: "host1",
      title: { en: "myhostname = mail.$mydomain", ja: "myhostname = mail.$mydomain" },
      does: "postconf -e 'myhostname=mail.$mydomain'",
    }),
    "host1",
  ),
  variant(
    mainCf("networks-in-other-order", {
      on: "host2",
      title: {
        en: "mynetworks = 127.0.0.0/8, 192.168.1.0/24 (other order, comma)",
        ja: "mynetworks = 127.0.0.0/8, 192.168.1.0/24（順序が逆でコンマ区切り）",
      },
      does: "postconf -e 'mynetworks=127.0.0.0/8, 192.168.1.0/24'",
    }),
    "host2",
  ),
  variant(
    mainCf("networks-with-ipv6", {
      on: "host1",
      title: {
        en: "mynetworks = 192.168.1.0/24 127.0.0.0/8 [::1]/128",
        ja: "mynetworks = 192.168.1.0/24 127.0.0.0/8 [::1]/128",
      },
      does: "postconf -e 'mynetworks=192.168.1.0/24 127.0.0.0/8 [::1]/128'",
    }),
    "host1",
    "6.02/mynetworks",
  ),
  variant(
    mainCf("comments-and-blank-lines", {
      on: "host2",
      title: { en: "main.cf with comments and blank lines between", ja: "main.cfにコメントや空行がある" },
      does: `sed -i 's/^[a-z].*=/# the next one was hard\\n\\n&/' ${mainCfFile}`,
    }),
    "host2",
  ),
  variant(
    mainCf("odd-white-space", {
      on: "host1",
      title: {
        en: "main.cf with odd white space and values over several lines",
        ja: "main.cfの空白が不揃いで、値が数行にわたる",
      },
      does: `sed -i -e 's/^\\([a-z_]*\\) = /\\1    =\\t/' -e 's/^\\(mynetworks.*\\t\\)\\([^ ]*\\) /\\1\\2\\n    /' -e 's/^\\(inet_interfaces.*\\t\\)/\\1\\n  /' ${mainCfFile}`,
    }),
    "host1",
  ),
  variant(
    mainCf("at-the-end", {
      on: "host2",
      title: {
        en: "main.cf: the chapter's parameters at the end of the file, in another order",
        ja: "main.cf: 本章のパラメータをファイルの最後に別の順で書いた",
      },
      does: `for name in ${chapterParameters}; do
  line=$(postconf -n "$name")
  postconf -X "$name"
  printf '%s\\n' "$line" >/root/line
  cat /root/line /root/lines >/root/more 2>/dev/null || cp /root/line /root/more
  mv /root/more /root/lines
done
cat /root/lines >>${mainCfFile}
rm /root/line /root/lines`,
    }),
    "host2",
  ),
  variant(
    mainCf("set-twice", {
      on: "host1",
      title: {
        en: "main.cf sets mydestination twice; the last line counts and is right",
        ja: "main.cfにmydestinationが2回あり、有効な後の行が正しい",
      },
      does: `sed -i '1i mydestination = localhost' ${mainCfFile}`,
    }),
    "host1",
    "6.04/syntax",
  ),
  variant(
    mainCf("more-restrictions", {
      on: "host2",
      title: {
        en: "smtpd_recipient_restrictions with more checks (reject_unknown_recipient_domain, …)",
        ja: "smtpd_recipient_restrictionsに条件を加えた（reject_unknown_recipient_domainなど）",
      },
      does: `postconf -e 'smtpd_recipient_restrictions=permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination, reject_unknown_recipient_domain, reject_non_fqdn_recipient'`,
    }),
    "host2",
    "6.03/smtpd_recipient_restrictions",
  ),
  variant(
    mainCf("authenticated-first", {
      on: "host1",
      title: {
        en: "smtpd_recipient_restrictions in another order",
        ja: "smtpd_recipient_restrictionsの順序が違う",
      },
      does: `postconf -e 'smtpd_recipient_restrictions=permit_sasl_authenticated permit_mynetworks reject_unauth_destination'`,
    }),
    "host1",
    "6.03/smtpd_recipient_restrictions",
  ),
  variant(
    mainCf("own-banner", {
      on: "host2",
      title: { en: "smtpd_banner without the program's name", ja: "smtpd_bannerからプログラム名を除いた" },
      does: "postconf -e 'smtpd_banner=$myhostname ESMTP'",
    }),
    "host2",
  ),
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
