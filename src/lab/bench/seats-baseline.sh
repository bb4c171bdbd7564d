#!/usr/bin/env bash
# seats-baseline.sh up|down FOLDER
#
# The labs of a class as a plain shell script makes them, for `./lab bench --seats` to compare with:
# for each seat its network and the same three containers from the same images, with the same
# capabilities, system call filter, ports and files. As many seats side by side as the settings say;
# the nodes of a seat one after the other, since none needs another one to boot.
#
# It ends when every mail host of every seat has booted as far as sshd: a connection to the port where
# its ssh is published on 127.0.0.1 is answered with the first letters of sshd's greeting, "SSH-". Where
# the images have Postfix, it waits for Postfix's "220" on the published port 25 as well. None of the
# chapter's steps is applied. Bash alone can ask a port without starting a program.
#
# FOLDER is written by seats-baseline-folder.ts:
#   settings     label, jobs, awaited ("NAME:PORT:GREETING ..."): shell variables
#   seats/SEAT/  what baseline.sh's folder has, for each seat
#
# up prints a line for each that it awaits, "NAME SECONDS", counted from the script's start. After a
# signal it begins nothing more and ends when what it was at has ended; what it made is removed by down.
# Exit codes: 0 good, 1 something failed, 130 and 143 after a signal.

# shellcheck disable=SC2154 # FOLDER's settings set the variables that nothing here does
set -eu

started=$(date +%s.%N)
task=$1 top=$2
here=${0%/*}
deadline_seconds=900
# shellcheck source=/dev/null # written for each run
. "$top/settings"
# shellcheck source=src/lab/bench/nodes.sh
. "$here/nodes.sh"
# There are no steps here that would start them.
# shellcheck disable=SC2034
hold=no

# Begins no further seat, lets those end that are being made, and ends.
stop() {
    trap '' INT TERM
    : >"$top/stopped"
    wait
    exit "$1"
}

up() {
    trap 'stop 130' INT
    trap 'stop 143' TERM
    printf '%s\n' "$top"/seats/* | xargs -P "$jobs" -n 1 "$0" seat "$top" &
    wait "$!"
    for wanted in $awaited; do
        IFS=: read -r what port greeting <<<"$wanted"
        await_everywhere "$port" "$greeting"
        echo "$started $(date +%s.%N)" | awk -v what="$what" '{ printf "%s %.3f\n", what, $2 - $1 }'
    done
}

# Makes one seat; 255 is xargs's word for beginning no other one.
make_seat() {
    [ ! -e "$top/stopped" ] || exit 255
    folder=$1
    # shellcheck source=/dev/null
    . "$folder/settings"
    make_network
    start dns "$dns_image"
    for host in $hosts; do
        start_host "$host"
    done
}

# await_everywhere PORT GREETING: until every host's published PORT answers with GREETING.
await_everywhere() {
    for folder in "$top"/seats/*; do
        # shellcheck source=/dev/null
        . "$folder/settings"
        for host in $hosts; do
            # shellcheck source=/dev/null
            . "$folder/$host/settings"
            for published in $publish; do
                [ "${published##*:}" != "$1" ] || await_greeting "${published%:*}" "$2"
            done
        done
    done
}

# await_greeting ADDRESS:PORT GREETING
await_greeting() {
    until answers "${1%:*}" "${1##*:}" "$2"; do
        [ "$SECONDS" -lt "$deadline_seconds" ] || {
            echo "no $2 from $1 after $deadline_seconds s" >&2
            exit 1
        }
        sleep 0.05
    done
}

# Docker's own proxy takes the connection before anybody in the container listens, and closes it again.
answers() {
    (exec 3<>"/dev/tcp/$1/$2" && IFS= read -r -t 2 -n "${#3}" said <&3 && [ "$said" = "$3" ]) 2>/dev/null
}

case $task in
up) up ;;
seat) make_seat "$3" ;;
down) remove_labelled ;;
esac
