# Hands one mail of the check's own to this host's MTA as a user does, and waits until it has left the host or
# can't: sh -c SCRIPT send-across USER TO ID LOG_BYTES
# The sender is the null one, so that nobody is told of a mail that does not arrive. What has not left is taken out
# of the queue again. Prints what became of it, what sendmail said, and the mail log from LOG_BYTES on.
user=$1 to=$2 id=$3 log_bytes=$4
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
cd "$(postconf -h queue_directory)" || exit 1

# In the order in which a mail goes through them: one that moves meanwhile is met in the next.
where() { grep -rlaF -e "$id" maildrop incoming active deferred hold 2>/dev/null | tail -n 1; }

said=$(printf '%s\n' "From: $user" "To: $to" "Subject: mail-lab check" "Message-ID: $id" '' \
  'A mail of ./lab check, which takes it away again.' |
  timeout 10 runuser -u "$user" -- sendmail -i -f '<>' "$to" 2>&1)
taken=$?
tries=0
state=
while [ "$tries" -lt 90 ]; do
  place=$(where)
  case $place in
  deferred/* | hold/*) state=${place%%/*} && break ;;
  '') state=left && [ -z "$(where)" ] && break ;;
  esac
  state=waiting
  tries=$((tries + 1))
  sleep 0.04
done
for file in $(grep -rlaF -e "$id" maildrop incoming active deferred hold 2>/dev/null); do
  case $file in
  maildrop/*) rm -f "$file" ;;
  *) postsuper -d "${file##*/}" >/dev/null 2>&1 ;;
  esac
done
log() { tail -c "+$((log_bytes + 1))" /var/log/mail.log 2>/dev/null; }
# rsyslog may write a moment later than Postfix speaks.
is_logged() {
  case $state in
  left) log | grep -q "$id" && log | grep -q ': removed$' ;;
  deferred) log | grep -q 'status=deferred' ;;
  esac
}
tries=0
while [ "$tries" -lt 100 ] && ! is_logged; do
  tries=$((tries + 1))
  sleep 0.02
done
printf '%s %s\n%s\n' "$taken" "$state" "$said" | head -n 5
printf '\n-- log\n'
log
