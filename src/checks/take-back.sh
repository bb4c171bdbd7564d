# Waits until a mail of the check's own lies in a mailbox and takes it away again; all else in there stays as it is,
# byte for byte: sh -c SCRIPT take-back USER ID LOG_BYTES MAILBOX_BEFORE
#   MAILBOX_BEFORE  size, time of access and time of change before the mail came: "1234 1795519563.5 1795519563.5";
#                   "missing" where there was no mailbox
# Prints "found" or what else became of the mail, and the mail log from LOG_BYTES on.
user=$1 id=$2 log_bytes=$3 before=$4
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
mailbox=/var/mail/$user
home=$(getent passwd "$user" | cut -d: -f6)
cd "$(postconf -h queue_directory)" || exit 1

where() { grep -rlaF -e "$id" incoming active deferred hold 2>/dev/null | tail -n 1; }

# The dot lock is the one that Postfix, Dovecot and mail all heed (mailbox_delivery_lock, mbox_write_locks).
take_away() {
  perl -e '
    my ($mailbox, $id) = @ARGV;
    my $lock = "$mailbox.lock";
    my $mine = "$lock.$$";
    open my $made, ">", $mine or die "$mine: $!\n";
    close $made;
    my $held = 0;
    for (1 .. 400) { last if $held = link $mine, $lock; select undef, undef, undef, 0.02; }
    unlink $mine;
    die "$lock is held\n" unless $held;
    my $failed = do { local $@; eval { remove(); 1 } ? "" : $@ };
    unlink $lock;
    die $failed if $failed;
    sub remove {
      open my $file, "+<", $mailbox or die "$mailbox: $!\n";
      binmode $file;
      my $all = do { local $/; <$file> };
      $all =~ /^Message-ID: \Q$id\E\s*$/mi or die "not there\n";
      my $at = $-[0];
      my $from = rindex $all, "\n\nFrom ", $at;
      $from = $from < 0 ? 0 : $from + 2;
      my $next = index $all, "\n\nFrom ", $at;
      my $rest = $next < 0 ? "" : substr $all, $next + 2;
      seek $file, $from, 0;
      print $file $rest;
      truncate $file, $from + length $rest;
      close $file or die "$mailbox: $!\n";
    }' "$mailbox" "$id"
}

tries=0
state=waiting
while [ "$tries" -lt 90 ]; do
  if [ -f "$mailbox" ] && grep -qaF -e "$id" "$mailbox"; then state=found && break; fi
  maildir_file=$(grep -rlaF -e "$id" "$home/Maildir/new" 2>/dev/null | head -n 1)
  if [ -n "$maildir_file" ]; then state=maildir && break; fi
  case $(where) in
  deferred/*) state=deferred && break ;;
  hold/*) state=hold && break ;;
  esac
  tries=$((tries + 1))
  # The log knows at once where a mail does not come here at all.
  if [ "$tries" -gt 3 ] && tail -c "+$((log_bytes + 1))" /var/log/mail.log | grep -qaE 'status=(bounced|sent \(forwarded)' &&
    [ -z "$(where)" ] && ! grep -qaF -e "$id" "$mailbox" 2>/dev/null; then state=elsewhere && break; fi
  sleep 0.03
done
case $state in
found)
  if ! problem=$(take_away 2>&1); then state="kept $problem"; fi
  if [ "$before" = missing ]; then
    [ -s "$mailbox" ] || rm -f "$mailbox"
  elif set -- $before && [ "$(stat -c %s "$mailbox")" = "$1" ]; then
    touch -a -d "@$2" "$mailbox"
    touch -m -d "@$3" "$mailbox"
  fi
  ;;
maildir) rm -f "$maildir_file" ;;
*)
  # An alias may have given it to somebody else.
  for mailbox in $(grep -laF -e "$id" /var/mail/* 2>/dev/null); do
    is_new=$(find "$mailbox" -maxdepth 0 -newermt '-60 seconds' -size -3k)
    take_away >/dev/null 2>&1
    [ -s "$mailbox" ] || [ -z "$is_new" ] || rm -f "$mailbox"
  done
  ;;
esac
for file in $(grep -rlaF -e "$id" incoming active deferred hold 2>/dev/null); do
  postsuper -d "${file##*/}" >/dev/null 2>&1
done
printf '%s\n' "$state"
printf '\n-- log\n'
tail -c "+$((log_bytes + 1))" /var/log/mail.log 2>/dev/null
