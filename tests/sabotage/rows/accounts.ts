import { found, onHost, type Sabotage } from "../sabotage.ts";

const accountFiles = [
  "/etc/passwd",
  "/etc/shadow",
  "/etc/group",
  "/etc/gshadow",
  "/etc/subuid",
  "/etc/subgid",
];
const aliasFiles = ["/etc/aliases", "/etc/aliases.db"];

/** Accounts, aliases and mailboxes. */
export const accountRows: readonly Sabotage[] = [
  found(
    onHost("account-missing", {
      on: "host1",
      title: { en: "user1 does not exist", ja: "user1がない" },
      keeps: accountFiles,
      does: "pkill -u user1 || :\nuserdel user1",
    }),
    "host1",
    ["6.05/account", "account-missing"],
  ),
  found(
    onHost("account-locked", {
      on: "host2",
      title: { en: "user2 is locked (passwd -l)", ja: "user2がロックされている（passwd -l）" },
      keeps: ["/etc/shadow"],
      does: "passwd -l user2",
    }),
    "host2",
    ["6.05/account", "account-locked"],
  ),
  found(
    onHost("account-expired", {
      on: "host1",
      title: { en: "user1 has expired (chage -E)", ja: "user1が期限切れ（chage -E）" },
      keeps: ["/etc/shadow"],
      does: "chage -E 2020-01-01 user1",
    }),
    "host1",
    ["6.05/account", "account-expired"],
  ),
  found(
    onHost("shell-nologin", {
      on: "host2",
      title: { en: "user2's shell is nologin", ja: "user2のシェルがnologin" },
      keeps: ["/etc/passwd"],
      does: "usermod -s /usr/sbin/nologin user2",
    }),
    "host2",
    ["6.05/account", "account-shell"],
  ),
  found(
    onHost("home-missing", {
      on: "host1",
      title: { en: "user1's home is gone", ja: "user1のホームディレクトリがない" },
      does: "mv /home/user1 /home/user1.away",
      mends: "rm -rf /home/user1\nmv /home/user1.away /home/user1",
    }),
    "host1",
    ["6.05/account", "home-missing"],
  ),
  found(
    onHost("password-changed", {
      on: "host2",
      title: { en: "user2 has another password than the lab's", ja: "user2のパスワードがラボのものと違う" },
      keeps: ["/etc/shadow"],
      does: "echo 'user2:another-word' | chpasswd",
    }),
    "host2",
    ["6.05/account", "password-not-the-labs"],
  ),
  found(
    onHost("password-none", {
      on: "host1",
      title: { en: "user1 has no password (useradd alone)", ja: "user1にパスワードがない（useraddだけ）" },
      keeps: ["/etc/shadow"],
      does: "usermod -p '!' user1",
    }),
    "host1",
    ["6.05/account", "password-not-the-labs"],
  ),
  found(
    onHost("alias-file-broken", {
      on: "host2",
      title: { en: "/etc/aliases has a line without a colon", ja: "/etc/aliasesにコロンのない行がある" },
      keeps: aliasFiles,
      does: "printf 'webmaster root\\n' >>/etc/aliases\nnewaliases || :",
    }),
    "host2",
    ["6.05/aliases", "alias-file-broken"],
  ),
  found(
    onHost("alias-database-missing", {
      on: "host1",
      title: { en: "/etc/aliases.db is missing", ja: "/etc/aliases.dbがない" },
      keeps: aliasFiles,
      does: "rm /etc/aliases.db\nrestart postfix",
      mends: "restart postfix",
    }),
    "host1",
    ["6.05/aliases", "alias-database-missing"],
  ),
  found(
    onHost("alias-database-old", {
      on: "host2",
      title: {
        en: "/etc/aliases changed, newaliases not run",
        ja: "/etc/aliasesを変えたがnewaliasesを実行していない",
      },
      keeps: aliasFiles,
      does: "printf 'webmaster: root\\n' >>/etc/aliases",
    }),
    "host2",
    ["6.05/aliases", "alias-database-old"],
  ),
  found(
    onHost("alias-takes-mail", {
      on: "host1",
      title: { en: "An alias gives user1's mail to root", ja: "エイリアスによりuser1宛のメールがrootに届く" },
      keeps: aliasFiles,
      does: "printf 'user1: root\\n' >>/etc/aliases\nnewaliases",
    }),
    "host1",
    ["6.05/aliases", "alias-takes-mail"],
  ),
  found(
    onHost("mailbox-owner", {
      on: "host2",
      title: { en: "user2's mailbox belongs to root", ja: "user2のメールボックスの所有者がroot" },
      keeps: ["/var/mail/user2"],
      does: "touch /var/mail/user2\nchown root:root /var/mail/user2\nchmod 600 /var/mail/user2",
    }),
    "host2",
    ["6.07/mailbox", "mailbox-owner"],
  ),
  found(
    onHost("mailbox-mode", {
      on: "host1",
      title: {
        en: "Nobody may read user1's mailbox (mode 000)",
        ja: "user1のメールボックスをだれも読めない（モード000）",
      },
      keeps: ["/var/mail/user1"],
      does: "touch /var/mail/user1\nchown user1:mail /var/mail/user1\nchmod 000 /var/mail/user1",
    }),
    "host1",
    ["6.07/mailbox", "mailbox-mode"],
  ),
  found(
    onHost("mailbox-open-to-all", {
      on: "host2",
      title: {
        en: "Everybody may read user2's mailbox (mode 666)",
        ja: "user2のメールボックスをだれでも読める（モード666）",
      },
      keeps: ["/var/mail/user2"],
      does: "touch /var/mail/user2\nchown user2:mail /var/mail/user2\nchmod 666 /var/mail/user2",
    }),
    "host2",
    ["6.07/mailbox", "mailbox-mode"],
  ),
  found(
    onHost("mailbox-no-file", {
      on: "host1",
      title: { en: "user1's mailbox is a folder", ja: "user1のメールボックスがディレクトリになっている" },
      keeps: ["/var/mail/user1"],
      does: "rm -f /var/mail/user1\nmkdir /var/mail/user1",
    }),
    "host1",
    ["6.07/mailbox", "mailbox-no-file"],
  ),
  found(
    onHost("mailbox-gone", {
      on: "host2",
      title: {
        en: "user2 had mail, and the mailbox is gone",
        ja: "user2にメールが届いていたのに、メールボックスがない",
      },
      keeps: ["/var/mail/user2", "/var/log/mail.log"],
      does: `printf 'Subject: kept\\n\\nkept\\n' | runuser -u user2 -- sendmail user2@example2.test
wait_until 'grep -q "^Subject: kept" /var/mail/user2'
wait_until 'grep -q "to=<user2@example2.test>.*delivered to mailbox" /var/log/mail.log'
rm /var/mail/user2`,
      mends: "systemctl restart rsyslog.service",
    }),
    "host2",
    ["6.07/mailbox", "mailbox-gone"],
  ),
  found(
    onHost("mail-name-wrong", {
      on: "host1",
      title: {
        en: "/etc/mailname has the other host's domain",
        ja: "/etc/mailnameがもう一方のホストのドメイン",
      },
      keeps: ["/etc/mailname"],
      does: "echo example2.test >/etc/mailname\nrestart postfix",
      mends: "restart postfix",
    }),
    "host1",
    ["6.01/mailname", "value-of-other-host"],
  ),
  found(
    onHost("mail-name-missing", {
      on: "host2",
      title: { en: "/etc/mailname is missing", ja: "/etc/mailnameがない" },
      keeps: ["/etc/mailname"],
      does: "rm /etc/mailname",
    }),
    "host2",
    ["6.01/mailname", "mail-name-wrong"],
  ),
  found(
    onHost("mail-program-away", {
      on: "host1",
      title: { en: "The mail command is gone", ja: "mailコマンドがない" },
      does: "mv /etc/alternatives/mail /root/mail.away",
      mends: "mv /root/mail.away /etc/alternatives/mail",
    }),
    "host1",
    ["6.06/mailutils", "program-missing"],
  ),
  found(
    onHost("mailutils-removed", {
      on: "host2",
      title: { en: "mailutils is not installed", ja: "mailutilsがインストールされていない" },
      does: "dpkg --remove --force-depends mailutils",
      mends: "DEBIAN_FRONTEND=noninteractive apt-get install -y mailutils </dev/null",
    }),
    "host2",
    ["6.06/mailutils", "package-missing"],
  ),
  found(
    onHost("imap-package-removed", {
      on: "host1",
      title: { en: "dovecot-imapd is not installed", ja: "dovecot-imapdがインストールされていない" },
      does: "dpkg --remove --force-depends dovecot-imapd\nrestart dovecot",
      mends: "DEBIAN_FRONTEND=noninteractive apt-get install -y dovecot-imapd </dev/null\nrestart dovecot",
    }),
    "host1",
    ["6.01/packages", "package-missing"],
  ),
];
