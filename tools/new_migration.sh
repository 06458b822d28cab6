#!/usr/bin/env bash
# Starts a migration with the next number: new_migration.sh SLICE VERB_THING   (new_migration.sh contacts add_room)
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -eq 2 ] || { echo "usage: $0 SLICE VERB_THING" >&2; exit 2; }
[ -d "src/$1" ] || { echo "There is no slice src/$1." >&2; exit 1; }
[[ "$2" =~ ^[a-z][a-z0-9_]*$ ]] || { echo "VERB_THING is lower case words joined by _." >&2; exit 2; }
last=$(find migrations -name '[0-9][0-9][0-9][0-9]_*.sql' -printf '%f\n' | cut -c1-4 | sort -n | tail -1)
file=$(printf 'migrations/%04d_%s_%s.sql' "$((10#${last:-0} + 1))" "$1" "$2")
printf -- '-- What changes and why. Types: migrations/README.md. Never edit this file once it is released.\n' > "$file"
echo "$file"
