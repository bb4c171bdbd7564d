# Tells when something changes on a mail host that a look from outside would have to ask for again and again; an
# administrator runs it by ssh: sh -c SCRIPT
# Prints "path TAB inode size change-time" of each file that there is, then a line "."; anew when any of it differs.
# It ends when the login does: nothing tells a command without a terminal that nobody reads it any more.
LC_ALL=C
export LC_ALL
before=
while [ -d "/proc/$PPID" ]; do
  # A unit's file there is made anew with each start of the service, and goes with its stop.
  now=$(stat -c '%n	%i %s %.9Z' \
    /run/systemd/units/invocation:postfix.service /run/systemd/units/invocation:postfix@-.service \
    /run/systemd/units/invocation:dovecot.service /run/systemd/units/invocation:rsyslog.service \
    /run/systemd/units/invocation:ssh.service /run/systemd/units/invocation:ssh.socket \
    /var/spool/postfix/pid/master.pid \
    /var/mail/* /etc/passwd /etc/group /etc/aliases /etc/aliases.db /etc/mailname /etc/resolv.conf \
    /var/lib/dpkg/status /etc/postfix /etc/postfix/*.cf /etc/dovecot /etc/dovecot/*.conf \
    /etc/dovecot/conf.d /etc/dovecot/conf.d/*.conf 2>/dev/null)
  if [ "$now" != "$before" ]; then
    printf '%s\n.\n' "$now"
    before=$now
  fi
  sleep 1
done
