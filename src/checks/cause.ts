/** Why a check has not passed: stable words, for programs and for the table of sabotages. */
export type Cause =
  // of the grader itself
  | "step-before" // a step that comes first is not done yet
  | "blocked" // another check, named beside, is the reason
  | "not-observed" // the host gave no answer to this question
  // foundation
  | "container-stopped"
  | "host-unreachable" // no ssh
  | "key-refused" // ssh does not take the lab's key
  | "host-key-changed"
  | "sudo-refused" // the administrator can't become root with the lab's password
  | "host-damaged" // programs that every Unix has do not run
  | "dns-no-answer"
  | "zone-not-loaded"
  | "zone-error" // the zone's file has an error; an older one is still served
  | "mx-missing"
  | "mx-wrong"
  | "address-record-missing"
  | "address-record-wrong"
  | "resolver-wrong" // resolv.conf
  | "resolver-no-answer"
  | "time-zone-wrong"
  | "clock-wrong"
  | "disk-full"
  | "port-blocked"
  // packages and programs
  | "package-missing"
  | "package-broken"
  | "program-missing"
  | "mail-name-wrong" // /etc/mailname
  // settings
  | "not-installed" // nothing to look at: the package is missing
  | "parameter-missing"
  | "parameter-misspelt"
  | "value-default" // still the package's
  | "value-of-other-host"
  | "value-wrong"
  | "localhost-missing"
  | "own-address-missing"
  | "own-domain-missing"
  | "network-missing"
  | "relay-open"
  | "authenticated-not-permitted"
  | "socket-missing" // Dovecot is not told to listen where Postfix asks
  | "socket-forbidden" // it is, and Postfix may not use it
  | "ssl-required"
  | "mailbox-elsewhere" // Dovecot reads another mailbox than Postfix writes
  | "unused-parameter"
  | "configuration-unreadable"
  // services
  | "service-stopped"
  | "service-failed"
  | "service-disabled"
  | "service-masked"
  | "not-restarted" // the configuration is newer than the running service
  | "not-listening"
  // accounts
  | "account-missing"
  | "account-locked"
  | "account-expired"
  | "account-shell" // nobody can log in with it
  | "home-missing"
  | "password-not-the-labs"
  | "alias-database-missing"
  | "alias-database-old"
  | "alias-file-broken"
  | "alias-takes-mail"
  // mail
  | "mailbox-gone"
  | "mailbox-owner"
  | "mailbox-mode"
  | "mailbox-no-file"
  | "mail-not-taken"
  | "mail-deferred"
  | "mail-bounced"
  | "mail-stuck"
  | "mail-lost"
  | "queue-stuck"
  | "no-answer"
  | "plaintext-refused"
  | "login-refused"
  | "login-not-offered"
  | "relay-refused" // a client that has logged in may not send on
  | "log-missing"
  // what a person does
  | "not-done-by-person";
