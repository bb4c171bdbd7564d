# Read before the lines of every deed of the sabotages.
set -eu
kept=/root/mail-lab-kept

# Copies files aside, or notes that they are not there.
keep() {
  mkdir -p "$kept/files"
  : >"$kept/absent"
  for path in "$@"; do
    if [ -e "$path" ] || [ -L "$path" ]; then
      (cd / && cp -a --parents "${path#/}" "$kept/files/")
    else
      printf '%s\n' "$path" >>"$kept/absent"
    fi
  done
}

# Puts back what keep has seen, with its owner, mode and time. A file that the engine mounts can only be written.
put_back() {
  [ -d "$kept" ] || return 0
  (cd "$kept/files" && find . ! -type d) | while IFS= read -r path; do
    if [ -d "/$path" ] && [ ! -L "/$path" ]; then rm -rf "/$path"; fi
    cp -a --remove-destination "$kept/files/$path" "/$path" 2>/dev/null || cp -a "$kept/files/$path" "/$path"
  done
  while IFS= read -r path; do rm -rf "$path"; done <"$kept/absent"
  rm -rf "$kept"
}

# Restarts services however often that was done in the last seconds.
restart() {
  for service in "$@"; do
    case $service in
    postfix) systemctl reset-failed postfix.service postfix@-.service ;;
    *) systemctl reset-failed "$service" ;;
    esac 2>/dev/null || :
    systemctl restart "$service"
  done
}

# Waits until a condition holds, 10 s at most.
wait_until() {
  turn=0
  until eval "$1"; do
    turn=$((turn + 1))
    [ "$turn" -le 100 ] || { echo "never: $1" >&2; return 1; }
    sleep 0.1
  done
}
