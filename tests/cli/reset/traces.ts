/** Something that a student leaves on a host: how it comes about, and how it is found; lines of a shell of root's. */
export interface Trace {
  readonly name: string;
  readonly plant: string;
  /** Ends well where the trace is there. */
  readonly look: string;
}

/** A mail into this host's own mailbox, as a line of the shell; it arrives a moment later. */
const mailToSelf =
  "printf 'Subject: trace in the mailbox\\n\\nhello\\n' | /usr/sbin/sendmail -oi user1@example1.test";

/** A mail that has to wait, since no host has its address. */
const mailToNobody =
  "printf 'Subject: trace in the queue\\n\\nhello\\n' | /usr/sbin/sendmail -oi user2@example2.test";

/** A package that nobody else has, made on the host. */
const ownPackage = [
  "mkdir -p /var/tmp/trace/DEBIAN",
  "printf 'Package: trace\\nVersion: 1\\nArchitecture: all\\nMaintainer: a\\nDescription: a\\n' >/var/tmp/trace/DEBIAN/control",
  "dpkg-deb -b /var/tmp/trace /var/tmp/trace.deb",
  "dpkg -i /var/tmp/trace.deb",
].join(" && ");

const unit = "/etc/systemd/system/trace.service";

/**
 * What can be left on a host that works, in this order: what mail and names need is broken at the end. A killed PID 1
 * and a host without /etc can't be looked at from inside; `reset.test.ts` has them.
 */
export const traces: readonly Trace[] = [
  { name: "a file in a home", plant: "echo mine >~ubuntu/notes", look: "test -e ~ubuntu/notes" },
  { name: "a file in a folder of its own", plant: "mkdir /srv/t; >/srv/t/f", look: "test -e /srv/t/f" },
  {
    name: "a program with its owner's rights",
    plant: "install -m 4755 /bin/sh /usr/local/bin/trace",
    look: "test -u /usr/local/bin/trace",
  },
  { name: "a program taken away", plant: "rm /usr/bin/vi", look: "! test -e /usr/bin/vi" },
  { name: "an account", plant: "useradd -m trace", look: "getent passwd trace" },
  { name: "a group", plant: "groupadd traces", look: "getent group traces" },
  {
    name: "another password",
    plant: "usermod -p '$6$trace$trace' user1",
    look: "grep -F 'user1:$6$trace$' /etc/shadow",
  },
  { name: "a package of one's own", plant: ownPackage, look: "dpkg -s trace | grep '^Status:.* installed'" },
  {
    name: "a package taken away",
    plant: "dpkg --remove --force-depends mailutils",
    look: "! dpkg -s mailutils | grep '^Status:.* installed'",
  },
  {
    name: "a unit that is enabled",
    plant: `printf '[Service]\\nExecStart=/bin/sleep 86397\\n[Install]\\nWantedBy=multi-user.target\\n' >${unit} && systemctl enable --now trace`,
    look: "systemctl is-enabled trace",
  },
  {
    name: "a program that runs",
    plant: "setsid sleep 86398 >/dev/null 2>&1 </dev/null &",
    look: "pgrep -fx 'sleep 86398'",
  },
  {
    name: "a table of cron's",
    plant: "mkdir -p /var/spool/cron/crontabs && echo '* * * * * true' >/var/spool/cron/crontabs/ubuntu",
    look: "test -e /var/spool/cron/crontabs/ubuntu",
  },
  {
    name: "a job of the system's cron",
    plant: "mkdir -p /etc/cron.d && echo '* * * * * root true' >/etc/cron.d/trace",
    look: "test -e /etc/cron.d/trace",
  },
  {
    name: "a setting of sshd",
    plant: "echo 'PermitRootLogin yes' >>/etc/ssh/sshd_config",
    look: "grep '^PermitRootLogin yes' /etc/ssh/sshd_config",
  },
  {
    name: "a host key of sshd's",
    plant: "ssh-keygen -q -t ecdsa -N '' -f /etc/ssh/ssh_host_trace_key",
    look: "test -e /etc/ssh/ssh_host_trace_key",
  },
  {
    name: "a key that may log in",
    plant: "mkdir -p ~root/.ssh && echo 'ssh-ed25519 AAAA trace' >>~root/.ssh/authorized_keys",
    look: "grep trace ~root/.ssh/authorized_keys",
  },
  {
    name: "a right of sudo's",
    plant: "echo 'user1 ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/trace",
    look: "test -e /etc/sudoers.d/trace",
  },
  {
    name: "the history of a shell",
    plant: "echo 'rm -rf trace' >>~ubuntu/.bash_history",
    look: "grep trace ~ubuntu/.bash_history",
  },
  {
    name: "a line in the journal",
    plant: "logger -t trace hello",
    look: "journalctl -q -t trace | grep hello",
  },
  {
    name: "a filled spool",
    plant: "head -c 60000000 /dev/zero >/var/spool/postfix/full",
    look: "test -s /var/spool/postfix/full",
  },
  {
    name: "rights on a file of passwords",
    plant: "chmod 0666 /etc/shadow",
    look: "find /etc/shadow -perm 666 | grep .",
  },
  {
    name: "a setting of Dovecot's",
    plant: "echo 'mail_debug = yes' >/etc/dovecot/local.conf",
    look: "test -e /etc/dovecot/local.conf",
  },
  {
    name: "an alias",
    plant: "echo 'trace: user1' >>/etc/aliases && newaliases",
    look: "postalias -q trace /etc/aliases",
  },
  { name: "mail in a mailbox", plant: mailToSelf, look: "grep 'trace in the mailbox' /var/mail/user1" },
  {
    name: "a setting of Postfix's, and mail in the queue",
    plant: `postconf -e defer_transports=smtp && postfix reload && ${mailToNobody}`,
    look: "postqueue -p | grep user2@example2.test",
  },
  { name: "a name of a host", plant: "echo 192.0.2.7 trace >>/etc/hosts", look: "getent hosts trace" },
  {
    name: "another DNS server",
    plant: "echo nameserver 192.0.2.1 >/etc/resolv.conf",
    look: "grep 192.0.2.1 /etc/resolv.conf",
  },
  {
    name: "a unit that is masked",
    plant: "systemctl mask --now dovecot",
    look: "systemctl is-enabled dovecot | grep masked",
  },
];

/** A line of the shell that plants all of them, and ends well where each one's own line did. */
export const plantAll = traces
  .map(
    ({ name, plant }) =>
      `{ ${plant.endsWith("&") ? plant : `${plant};`} } || { echo "${name}" >&2; exit 1; }`,
  )
  .join("\n");

/** A line of the shell that prints the name of each trace that is there. */
export const lookForAll = traces
  .map(({ name, look }) => `if { ${look}; } >/dev/null 2>&1; then echo "${name}"; fi`)
  .join("\n");
