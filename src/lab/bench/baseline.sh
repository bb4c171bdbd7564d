#!/bin/sh
# baseline.sh FOLDER [MAILS]
#
# The lab as a plain shell script makes it, for `./lab bench` to compare with: the network, the same
# three containers from the same images, all at once, the chapter's steps by one call a host, and one
# mail each way until both lie in their mailboxes; with MAILS that many more from host1 to host2.
# Everything is removed at the end, also after Ctrl-C.
#
# FOLDER is written by baseline-folder.ts from the lab's own configuration:
#   settings          name, images, addresses, what systemd needs: shell variables
#   seccomp.json      the hosts' system call filter
#   NODE/settings     dns, host1, host2: address, hostname, published ports, services that the steps start
#   NODE/files/       files that go into the container before its first start
#   HOST/steps.sh     the chapter's steps, one after the other
#   HOST/steps.in     the lines that the steps read: passwords
#
# Prints "crossed SECONDS", counted from the script's start, then what flood-mails.sh prints.
# Exit codes: 0 good, 1 something failed, 130 and 143 after a signal.

# shellcheck disable=SC2154 # FOLDER's settings set the variables that nothing here does
set -eu

started=$(date +%s.%N)
folder=$1 mails=${2:-0}
here=${0%/*}
# shellcheck source=/dev/null # written for each run
. "$folder/settings"
# shellcheck source=src/lab/bench/nodes.sh
. "$here/nodes.sh"
# shellcheck disable=SC2034 # nodes.sh marks with it what it makes
label=mail-lab.baseline=$name hold=yes

clean_up() {
    status=$?
    trap '' INT TERM
    # What is being made has to be there before it can be removed; every call below has a limit.
    wait
    remove_labelled
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# One call a host: it waits until the host has booted as far as a login needs it, then does all steps.
apply_steps() {
    booted='until systemctl is-active --quiet ssh 2>/dev/null; do sleep 0.05; done'
    timeout 60 docker exec --interactive "$name-$1" \
        sh -c "$booted; $(cat "$folder/$1/steps.sh")" <"$folder/$1/steps.in" >&2
}

make_network

start dns "$dns_image" &
work=$!
for host in $hosts; do
    { start_host "$host" && apply_steps "$host"; } &
    work="$work $!"
done
for job in $work; do
    wait "$job"
done

# shellcheck disable=SC2086 # each "HOST ADDRESS HOST ADDRESS"
"$here/cross-mails.sh" "$name" $correspondents
echo "$started $(date +%s.%N)" | awk '{ printf "crossed %.3f\n", $2 - $1 }'
# shellcheck disable=SC2086
[ "$mails" -eq 0 ] || "$here/flood-mails.sh" "$name" $correspondents "$mails"
