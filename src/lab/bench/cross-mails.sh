#!/bin/sh
# cross-mails.sh PREFIX HOST ADDRESS HOST ADDRESS
#
# One mail each way between two hosts, whose containers are PREFIX-HOST: handed to Postfix as their
# users do. Ends when both lie in their mailboxes, or with an exit code after 30 s.

set -eu

prefix=$1
subject=crossing-$$

# send FROM_HOST FROM_ADDRESS TO_HOST TO_ADDRESS
send() {
    printf 'Subject: %s\n\nOne of two that cross.\n' "$subject" |
        docker exec --interactive --user "${2%@*}" "$prefix-$1" /usr/sbin/sendmail "$4"
    docker exec "$prefix-$3" timeout 30 \
        sh -c "until grep -qsx 'Subject: $subject' /var/mail/${4%@*}; do sleep 0.05; done"
}

send "$2" "$3" "$4" "$5" &
there=$!
send "$4" "$5" "$2" "$3" &
back=$!
wait "$there"
wait "$back"
