# shellcheck shell=sh disable=SC2154 # ./lab sets: root, cache, node, node_record, packages_stamp
# Read by ./lab: one run at a time, in the form that exclusive-lock.ts uses too.

# --- One run at a time: a symbolic link is made whole or not at all, and it names the process that holds it

lock() { # PATH
  lock_announced=
  until ln -s "pid-$$" "$1" 2>/dev/null; do
    holder=$(readlink "$1") || continue
    if kill -0 "${holder#pid-}" 2>/dev/null || [ -d "/proc/${holder#pid-}" ]; then
      if [ -z "$lock_announced" ]; then
        say "Waiting for another ./lab (process ${holder#pid-})." "別の ./lab（プロセス${holder#pid-}）を待っています。"
        lock_announced=yes
      fi
    elif mkdir "$1.stale" 2>/dev/null; then
      # Only the holder of this folder may remove a dead process's lock, and it looks again first.
      [ "$(readlink "$1" || :)" != "$holder" ] || rm -f "$1"
      rmdir "$1.stale"
      continue
    else
      find "$1.stale" -prune -mmin +1 -exec rmdir {} \; 2>/dev/null || :
    fi
    sleep 1
  done
  held_lock=$1
}

unlock() {
  rm -f "$held_lock"
  held_lock=
}
