import { findingsOn, found, mainCf, onHost, type Sabotage } from "../sabotage.ts";

const localConf = "/etc/dovecot/local.conf";
const dpkgStatus = "/var/lib/dpkg/status";

/** What the chapter does not name, and what stops a mail, a login or an answer all the same. */
export const mailFlowRows: readonly Sabotage[] = [
  {
    id: "questions-blocked",
    title: {
      en: "A packet filter drops host1's questions to DNS",
      ja: "パケットフィルターがhost1のDNSの問い合わせを破棄する",
    },
    keeps: {},
    deeds: [
      {
        as: "network",
        on: "host1",
        lines: `nft add table inet sabotage
nft 'add chain inet sabotage output { type filter hook output priority -5; }'
nft add rule inet sabotage output oif != lo meta l4proto { tcp, udp } th dport 53 drop`,
      },
    ],
    mends: [{ as: "network", on: "host1", lines: "nft delete table inet sabotage" }],
    finds: findingsOn("host1", ["foundation/resolver", "resolver-no-answer"]),
  },
  found(
    onHost("package-broken", {
      on: "host2",
      title: {
        en: "The installation of dovecot-imapd was broken off",
        ja: "dovecot-imapdのインストールが途中で止まっている",
      },
      keeps: [dpkgStatus],
      does: `sed -i '/^Package: dovecot-imapd$/,/^$/s/^Status: .*/Status: install ok half-configured/' ${dpkgStatus}`,
    }),
    "host2",
    ["6.01/packages", "package-broken"],
  ),
  found(
    mainCf("parameter-unknown", {
      on: "host1",
      title: {
        en: "main.cf: the book's own mynetworkss, beside mynetworks",
        ja: "main.cf: 教科書の例の誤記mynetworkssが、mynetworksのほかにある",
      },
      does: "printf 'mynetworkss = 192.168.1.0/24 127.0.0.0/8\\n' >>/etc/postfix/main.cf",
    }),
    "host1",
    ["6.04/syntax", "unused-parameter"],
  ),
  found(
    mainCf("nobody-may-send", {
      on: "host2",
      title: {
        en: "main.cf: root alone may hand mail in (authorized_submit_users)",
        ja: "main.cf: root以外はメールを出せない（authorized_submit_users）",
      },
      does: "postconf -e authorized_submit_users=root",
    }),
    "host2",
    ["6.07/delivery", "mail-not-taken"],
  ),
  found(
    onHost("nobody-picks-up", {
      on: "host1",
      title: {
        en: "master.cf: the pickup line is a comment, and mail stays where it was put",
        ja: "master.cf: pickupの行がコメントで、出したメールが取り出されない",
      },
      keeps: ["/etc/postfix/master.cf"],
      does: "sed -i 's/^pickup/#&/' /etc/postfix/master.cf\nrestart postfix",
      mends: "restart postfix",
    }),
    "host1",
    ["6.07/delivery", "mail-stuck"],
  ),
  {
    ...mainCf("mail-thrown-away", {
      on: "host2",
      title: {
        en: "main.cf: what arrives is given to a program that throws it away (mailbox_command)",
        ja: "main.cf: 届いたメールを捨てるプログラムに渡している（mailbox_command）",
      },
      does: "postconf -e mailbox_command=/bin/true",
    }),
    finds: findingsOn("host1", ["6.07/delivery", "mail-lost"]),
  },
  found(
    mainCf("own-address-refused", {
      on: "host1",
      title: {
        en: "main.cf: who has logged in may not send with the own address (smtpd_sender_restrictions)",
        ja: "main.cf: 認証しても自分のアドレスで送れない（smtpd_sender_restrictions）",
      },
      does: "postconf -e smtpd_sender_restrictions=reject_authenticated_sender_login_mismatch",
    }),
    "host1",
    ["6.12/smtp-auth", "relay-refused"],
  ),
  found(
    onHost("imap-program-wrong", {
      on: "host2",
      title: {
        en: "local.conf: another program in IMAP's place; the login is taken, and then silence",
        ja: "local.conf: IMAPのプログラムが別物で、ログイン後に応答がない",
      },
      keeps: [localConf],
      does: `printf 'service imap {\\n executable = /bin/false\\n}\\n' >${localConf}\nrestart dovecot`,
      mends: "restart dovecot",
    }),
    "host2",
    ["6.12/imap", "no-answer"],
  ),
];
