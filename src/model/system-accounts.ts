/**
 * Accounts and groups that Ubuntu 24.04 has from the start, or that the chapter's packages bring: adduser refuses
 * them, or a mail user would be one of the machine's own. `postmaster` is an alias of root's.
 */
const systemAccounts: ReadonlySet<string> = new Set(
  `root daemon bin sys adm tty disk lp mail news uucp man proxy kmem dialout fax voice cdrom floppy tape sudo audio
   dip www-data backup operator list irc src shadow utmp video sasl plugdev staff games users nogroup nobody sync
   systemd-journal systemd-network systemd-resolve systemd-timesync messagebus syslog crontab input sgx kvm render
   rdma netdev polkitd uuidd landscape tcpdump tss pollinate lxd sshd ubuntu admin ssl-cert postfix postdrop
   postmaster dovecot dovenull bind`.split(/\s+/),
);

/** Whether a host has an account or a group of that name by itself, so that no mail user can have it. */
export function isSystemAccount(name: string): boolean {
  return systemAccounts.has(name);
}
