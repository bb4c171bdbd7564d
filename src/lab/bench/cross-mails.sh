#!/bin/sh
# cross-mails.sh PREFIX HOST ADDRESS HOST ADDRESS
#
# One mail each way between two hosts, whose containers are PREFIX-HOST: handed to Postfix as their
# users do. Looks every 50 ms, into a mailbox only where it isn't empty: each program that is started
# while many labs wait takes time from what they wait for. Ends when both lie in their mailboxes, or
# with an exit code after 60 s.

set -eu

prefix=$1
subject=crossing-$$

# send_and_await HOST ADDRESS TO_ADDRESS: one call a host, which sends its own mail and waits for the other's.
send_and_await() {
    printf 'Subject: %s\n\nOne of two that cross.\n' "$subject" |
        docker exec --interactive --user "${2%@*}" "$prefix-$1" timeout 60 sh -c "/usr/sbin/sendmail '$3'
            until [ -s /var/mail/${2%@*} ] && grep -qsx 'Subject: $subject' /var/mail/${2%@*}; do sleep 0.05; done"
}

send_and_await "$2" "$3" "$5" &
there=$!
send_and_await "$4" "$5" "$3" &
back=$!
wait "$there"
wait "$back"
