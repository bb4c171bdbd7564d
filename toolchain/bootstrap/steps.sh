# shellcheck shell=sh disable=SC2154 # ./lab sets: root, cache, node, node_record, packages_stamp
# Read by ./lab: what it says, and the steps that it shows with their time.

log=$cache/bootstrap.log

# --- Words

case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in
  ja*) japanese=yes ;;
  *) japanese= ;;
esac

say() { # ENGLISH JAPANESE
  if [ "$japanese" ]; then printf '%s\n' "$2" >&2; else printf '%s\n' "$1" >&2; fi
}

word() { # ENGLISH JAPANESE: for a step's name
  if [ "$japanese" ]; then printf '%s' "$2"; else printf '%s' "$1"; fi
}

# --- Steps, each shown with its name and time; the log has the output of the last one

ticker=
expendable=
held_lock=
work=

clean_up() {
  [ -z "$ticker" ] || kill "$ticker" 2>/dev/null || :
  [ -z "$expendable" ] || kill -KILL "$expendable" 2>/dev/null || :
  [ -z "$work" ] || rm -rf "$work"
  [ -z "$held_lock" ] || rm -f "$held_lock"
}
trap clean_up EXIT
# A step's own stderr is the log: what is said when it is interrupted goes to the terminal all the same.
exec 3>&2
trap 'say "Interrupted; the next run goes on from here." "中断しました。次の実行で続きから始めます。" 2>&3; exit 130' INT
trap 'exit 143' TERM HUP

# An expendable step is one program that may be killed at any point: an interrupted npm would first take its
# half-done work back, which is long, and in vain.
step() { # [--expendable] NAME COMMAND...
  may_be_killed=
  if [ "$1" = --expendable ]; then
    may_be_killed=yes
    shift
  fi
  step_name=$1
  shift
  step_started=$(date +%s)
  if [ -t 2 ]; then
    (
      while :; do
        printf '\r\033[K… %s %s s' "$step_name" "$(($(date +%s) - step_started))" >&2
        sleep 1
      done
    ) &
    ticker=$!
  else
    printf '… %s\n' "$step_name" >&2
  fi
  step_status=0
  if [ "$may_be_killed" ]; then
    "$@" >"$log" 2>&1 </dev/null &
    expendable=$!
    wait "$expendable" || step_status=$?
    expendable=
  else
    "$@" >"$log" 2>&1 </dev/null || step_status=$?
  fi
  if [ "$ticker" ]; then
    kill "$ticker" 2>/dev/null || :
    wait "$ticker" 2>/dev/null || :
    ticker=
    printf '\r\033[K' >&2
  fi
  step_seconds=$(($(date +%s) - step_started))
  if [ "$step_status" = 0 ]; then
    printf '✓ %s (%s s)\n' "$step_name" "$step_seconds" >&2
  else
    printf '✗ %s (%s s)\n' "$step_name" "$step_seconds" >&2
  fi
  return "$step_status"
}

# The first and the last lines of the failed step: a package manager names the cause first and the remedy last.
show_log() {
  printf '%s:\n' "$log" >&2
  awk '
    { line[NR] = $0 }
    END { for (n = 1; n <= NR; n++) if (n <= 12 || n > NR - 12) print "  " line[n]; else if (n == 13) print "  …" }
  ' "$log" >&2
}

stop() { # ENGLISH JAPANESE
  say "lab: $1" "lab: $2"
  exit 5
}
