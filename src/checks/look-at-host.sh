# Looks at a mail host and changes nothing; root runs it by ssh: sh -c SCRIPT look-at-host MARK USERS NAMES PEERS
#   MARK   begins the line before each section of the output; nobody can guess it
#   USERS  "user1 user3"
#   NAMES  dig's words for the questions: "example1.test MX mail.example1.test A"
#   PEERS  "host2=192.168.1.13 host3=192.168.1.14"
# On its standard input: a line "user:password" each, of which it says whether it is right.
# Every section stands alone: what a student has broken makes it empty, and the others go on.
mark=$1 users=$2 names=$3 peers=$4
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
umask 077

section() { printf '\n%s %s\n' "$mark" "$1"; }

scratch=$(mktemp -d /tmp/look.XXXXXX) || scratch=
trap '[ -z "$scratch" ] || rm -rf "$scratch"' EXIT

# What may have to wait for somebody else goes on beside the rest. No EDNS and no cookie: a student's own dig is
# told from this one in the DNS server's log.
ask_name() { dig +nocookie +noedns +time=2 +tries=2 +noall +comments +question +answer "$1" "$2"; }
ask_names() {
  set -- $names
  while [ $# -ge 2 ]; do
    if [ -n "$scratch" ]; then ask_name "$1" "$2" >"$scratch/name.$#" & else ask_name "$1" "$2"; fi
    shift 2
  done
  wait
  [ -z "$scratch" ] || cat "$scratch"/name.*
}
ask_peers() {
  for peer in $peers; do
    if said=$(timeout 2 bash -c ": < /dev/tcp/${peer#*=}/25" 2>&1); then said=open; else said="$? $said"; fi
    printf '%s %s\n' "${peer%%=*}" "$said" | tr '\n' ' '
    echo
  done
}
if [ -n "$scratch" ]; then
  ask_names >"$scratch/names" 2>/dev/null &
  names_job=$!
  ask_peers >"$scratch/peers" 2>/dev/null &
  peers_job=$!
fi

section now
date +%s.%N

section time-zone
readlink -f /etc/localtime
date +%z

section packages
dpkg-query -W -f '${Package} ${db:Status-Status}\n' \
  postfix dovecot-core dovecot-pop3d dovecot-imapd mailutils bsd-mailx s-nail 2>/dev/null

section mail-program
readlink -f "$(command -v mail)"

section mail-name
cat /etc/mailname 2>/dev/null

if command -v postconf >/dev/null; then
  section postconf-set
  complaints=$({ postconf -n >&3; } 2>&1) 3>&1
  section postconf-effective
  postconf -x myhostname mydomain myorigin inet_interfaces mydestination mynetworks smtpd_sasl_auth_enable \
    smtpd_sasl_type smtpd_sasl_path smtpd_recipient_restrictions smtpd_relay_restrictions alias_maps \
    home_mailbox mail_spool_directory queue_directory message_size_limit 2>/dev/null
  section postconf-complaints
  printf '%s\n' "$complaints"
  postconf -M 2>&1 >/dev/null | grep -v 'unused parameter'
  section main.cf
  grep -naE '^[A-Za-z0-9_]+[[:space:]]*=' /etc/postfix/main.cf
  section queue
  timeout 5 postqueue -j 2>/dev/null
fi

if command -v doveconf >/dev/null; then
  section doveconf
  complaints=$({ doveconf -n >&3; } 2>&1) 3>&1
  section doveconf-complaints
  printf '%s\n' "$complaints"
  section dovecot-files
  grep -HnaE '^[[:space:]]*[a-z0-9_]+[[:space:]]*=' /etc/dovecot/dovecot.conf /etc/dovecot/conf.d/*.conf \
    /etc/dovecot/local.conf 2>/dev/null
  section inboxes
  for user in $users; do
    printf '%s %s\n' "$user" "$(timeout 5 doveadm mailbox path -u "$user" -t mailbox INBOX 2>/dev/null)"
  done
fi

section services
systemctl show --property Id,ActiveState,UnitFileState \
  postfix.service postfix@-.service dovecot.service rsyslog.service

section processes
# A master writes its number when it starts: by the clock that files are stamped with, which the time since boot is
# not where the machine's clock is put right now and then.
for service in postfix:/var/spool/postfix/pid/master.pid dovecot:/run/dovecot/master.pid; do
  file=${service#*:}
  pid=$(tr -cd 0-9 <"$file") && printf '%s %s %s\n' "${service%%:*}" "$(stat -c %.9Y "$file")" "$(cat "/proc/$pid/comm")"
done 2>/dev/null

section files
stat -c '%.9Y %n' /etc/postfix/main.cf /etc/postfix/master.cf /etc/dovecot/dovecot.conf \
  /etc/dovecot/conf.d/*.conf /etc/dovecot/local.conf /etc/aliases /etc/aliases.db 2>/dev/null

section listeners
ss -H -ltn

section passwd
getent passwd root $users

section files-read
cat /etc/passwd | head -n 1

# Of a password's hash only this leaves the host: whether there is one and whether it is locked.
section shadow
for user in $users; do getent shadow "$user"; done | awk -F: '{
  state = $2 ~ /^!.*\$/ ? "locked" : $2 ~ /^[!*]/ || $2 == "" ? "none" : "set"
  print $1 ":" state ":" $3 ":" $5 ":" $8
}'

section passwords
perl -e '
  while (my $line = <STDIN>) {
    chomp $line;
    my ($user, $password) = split /:/, $line, 2;
    next unless defined $password;
    my $hash = (getpwnam $user)[1];
    next unless defined $hash && $hash =~ /^!*(\$.+)/;
    my $made = crypt $password, $1;
    print "$user ", defined $made && $made eq $1 ? "right" : "wrong", "\n";
  }'

section homes
for user in $users; do
  home=$(getent passwd "$user" | cut -d: -f6)
  [ -n "$home" ] && stat -c "$user %U %F" "$home" 2>/dev/null
done

section mailboxes
for user in $users; do
  printf '%s ' "$user"
  stat -c '%U %a %s %.9X %.9Y %F' "/var/mail/$user" 2>/dev/null || echo missing
done

section aliases
cat /etc/aliases 2>/dev/null

section postmaster
timeout 5 postalias -q postmaster hash:/etc/aliases 2>/dev/null

section resolv.conf
cat /etc/resolv.conf 2>/dev/null

section disks
for folder in /var/spool/postfix /var/mail /var/log; do
  [ -d "$folder" ] || continue
  printf '%s %s %s\n' "$folder" "$(df -Pk "$folder" | awk 'END { print $4 }')" \
    "$(df -Pi "$folder" | awk 'END { print $4 }')"
done

section mail-log-size
stat -c %s /var/log/mail.log 2>/dev/null
section mail-log
tail -c 8000000 /var/log/mail.log 2>/dev/null

if [ -n "$scratch" ]; then
  wait $names_job $peers_job
  section names
  cat "$scratch/names"
  section peers
  cat "$scratch/peers"
else
  section names
  ask_names 2>/dev/null
  section peers
  ask_peers 2>/dev/null
fi
section end
