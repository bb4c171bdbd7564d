# shellcheck shell=sh disable=SC2154 # ./lab sets: root, cache, node, node_record, packages_stamp
# Read by ./lab: the npm packages.

# --- The npm packages, exactly as package-lock.json has them

# npm writes its own record last, so one that is newer than the lock file is a finished install of it.
packages_were_installed_by_hand() {
  # shellcheck disable=SC3013 # as above
  [ "$root/node_modules/.package-lock.json" -nt "$root/package-lock.json" ]
}

# Becomes npm: by the Node.js in use where npm came with it.
npm_ci() {
  rm -f "$packages_stamp"
  cd "$root" || return 1
  npm_script=${node%/bin/node}/lib/node_modules/npm/bin/npm-cli.js
  if [ -f "$npm_script" ]; then
    PATH=${node%/*}:$PATH
    exec "$node" "$npm_script" ci --no-audit --no-fund --ignore-scripts
  fi
  exec npm ci --no-audit --no-fund --ignore-scripts
}

install_packages() {
  if packages_were_installed_by_hand; then
    cp "$root/package-lock.json" "$packages_stamp"
    return
  fi
  if ! [ -f "${node%/bin/node}/lib/node_modules/npm/bin/npm-cli.js" ] && ! has npm; then
    lock "$cache/node.lock"
    bring_node
    unlock
    printf '%s\n' "$node" >"$node_record"
  fi
  if ! step --expendable "$(word 'npm packages (npm ci)' 'npmパッケージ（npm ci）')" npm_ci; then
    show_log
    stop "npm ci failed; is the npm registry in reach? Repeat the command to try again." \
      "npm ci に失敗しました。npmレジストリに届くか確かめて、もう一度実行してください。"
  fi
  cp "$root/package-lock.json" "$packages_stamp"
}
