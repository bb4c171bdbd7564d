/** What the image's record says, shortened. */
export const record = `@@ pristine-postconf-n
inet_interfaces = all
mydestination = $myhostname, localhost.localdomain, 6074af6801e0, localhost.localdomain, localhost
myhostname = 6074af6801e0
mynetworks = 127.0.0.0/8 [::1]/128
relayhost =
smtpd_banner = $myhostname ESMTP
@@ pristine-postconf-M
smtp       inet  n       -       y       -       -       smtpd
smtp       unix  -       -       y       -       -       smtp
@@ pristine-doveconf-n
# 2.3.19.1 (9b53102964): /etc/dovecot/dovecot.conf
mail_location = mbox:~/mail:INBOX=/var/mail/%u
mail_privileged_group = mail
namespace inbox {
  inbox = yes
  mailbox "Sent Messages" {
    special_use = \\Sent
  }
}
passdb {
  driver = pam
}
protocols = " imap pop3"
@@ pristine-doveconf-d
disable_plaintext_auth = yes
mail_access_groups =
ssl = yes
`;

/** A host on which the whole chapter was done by hand, by a student who writes lists in his own way. */
export const doneByHand = `@@ packages
dovecot-imapd installed
dovecot-pop3d installed
mailutils installed
postfix installed
@@ postconf-n
inet_interfaces = 192.168.1.12, localhost
mydestination = example1.test
mydomain = example1.test
myhostname = mail.example1.test
mynetworks = 127.0.0.0/8, 192.168.1.0/24
relayhost =
smtpd_banner = $myhostname ESMTP
smtpd_recipient_restrictions = permit_mynetworks permit_sasl_authenticated reject_unauth_destination
smtpd_sasl_auth_enable = yes
smtpd_sasl_path = private/auth
smtpd_sasl_type = dovecot
@@ postconf-complaints
@@ postconf-M
smtp       inet  n       -       y       -       -       smtpd
smtp       unix  -       -       y       -       -       smtp
@@ doveconf-n
# Hostname: host1example1test
disable_plaintext_auth = no
mail_access_groups = mail
mail_location = mbox:~/mail:INBOX=/var/mail/%u
mail_privileged_group = mail
namespace inbox {
  inbox = yes
  mailbox "Sent Messages" {
    special_use = \\Sent
  }
}
passdb {
  driver = pam
}
protocols = " imap pop3"
service auth {
  unix_listener /var/spool/postfix/private/auth {
    group = postfix
    mode = 0660
    user = postfix
  }
}
ssl = no
@@ doveconf-complaints
@@ services
postfix loaded active enabled
postfix@- loaded active enabled-runtime
dovecot loaded active enabled
@@ accounts
ubuntu /home/ubuntu /bin/bash
user1 /home/user1 /bin/bash
@@ passwords
ubuntu P 2026-11-24 0 99999 7 -1
user1 P 2026-11-24 0 99999 7 -1
@@ files
/etc/postfix/main.cf root:root 644
/etc/postfix/master.cf root:root 644
/etc/aliases root:root 644
/etc/aliases.db root:root 644
/etc/mailname root:root 644
/var/mail root:mail 2775
/etc/dovecot/dovecot.conf root:root 644
/etc/dovecot/conf.d/10-auth.conf root:root 644
/etc/dovecot/conf.d/10-mail.conf root:root 644
/etc/dovecot/conf.d/10-master.conf root:root 644
/etc/dovecot/conf.d/10-ssl.conf root:root 644
/var/mail/user1 user1:mail 600
@@ mailname
example1.test
@@ aliases
current
`;

/** A host where nothing was done yet. */
export const untouched = `@@ packages
@@ services
postfix not-found inactive
postfix@- not-found inactive
dovecot not-found inactive
@@ accounts
ubuntu /home/ubuntu /bin/bash
@@ passwords
ubuntu P 2026-11-24 0 99999 7 -1
@@ files
/var/mail root:mail 2775
@@ mailname
@@ aliases
missing
`;
