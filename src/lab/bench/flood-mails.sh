#!/bin/sh
# flood-mails.sh PREFIX HOST ADDRESS HOST ADDRESS MAILS
#
# Sends MAILS mails of 4 KB from the first host to the second one's user, as fast as the first host's
# Postfix takes them, and waits until they lie in the mailbox. Postfix's own load generator gives each
# mail a Message-Id that no other has.
#
# Prints "delivered SECONDS", from the first mail's sending to the last one's delivery, then the
# Message-Ids that lie in the mailbox, a line each. Mails that are missing after the deadline are
# missing in that list.

set -eu

prefix=$1 from_host=$2 from=$3 to_host=$4 to=$5 mails=$6
mailbox=/var/mail/${to%@*}
sessions=10
size_bytes=4096
# What is in a mailbox before, or comes from elsewhere, does not count.
origin=flood-$$
found="grep -o '^Message-Id: <.*@$origin>' $mailbox"
deadline_seconds=$((60 + mails / 10))

started=$(date +%s.%N)
docker exec "$prefix-$from_host" smtp-source -M "$origin" -s "$sessions" -m "$mails" \
    -l "$size_bytes" -f "$from" -t "$to" 127.0.0.1:25
# Counted five times a second: a closer look would take the processors from what it looks at.
docker exec "$prefix-$to_host" timeout "$deadline_seconds" \
    sh -c "until [ \$($found | wc -l) -ge $mails ]; do sleep 0.2; done" || :
echo "$started $(date +%s.%N)" | awk '{ printf "delivered %.3f\n", $2 - $1 }'
# A second copy would come out of a queue: both are empty before the mails are counted.
for host in "$from_host" "$to_host"; do
    docker exec "$prefix-$host" timeout 30 \
        sh -c 'until mailq | grep -q "queue is empty"; do sleep 0.2; done' || :
done
docker exec "$prefix-$to_host" sh -c "$found || :"
