#!/usr/bin/env bash
# Runs a command with a throw-away PostgreSQL cluster (private socket, unprivileged user, durable writes);
# its address is in CONCORD_POSTGRES_URL.   with_postgres.sh [--keep FOLDER] COMMAND [ARG ...]
set -euo pipefail
folder="" keep=""
if [ "${1:-}" = "--keep" ]; then keep=yes folder=$2; shift 2; fi
[ $# -gt 0 ] || { echo "usage: $0 [--keep FOLDER] COMMAND [ARG ...]" >&2; exit 2; }

bin=""
for candidate in /usr/lib/postgresql/*/bin "$(dirname "$(command -v initdb 2>/dev/null || echo /nowhere/x)")"; do
  [ -n "$bin" ] || { [ -x "$candidate/initdb" ] && bin=$candidate; } || true
done
[ -n "$bin" ] || { echo "PostgreSQL's server programs are missing (package postgresql-15)." >&2; exit 1; }

if [ -z "$folder" ]; then folder=$(mktemp -d); else mkdir -p "$folder"; folder=$(cd "$folder" && pwd); fi
socket=$(mktemp -d)
as_user=()
if [ "$(id -u)" -eq 0 ]; then  # PostgreSQL refuses to run as root
  user=postgres; id "$user" >/dev/null 2>&1 || user=nobody
  chown "$user" "$folder" "$socket"
  chmod o+x "$(dirname "$folder")" 2>/dev/null || true
  as_user=(setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups env HOME="$socket")
fi
cd /
stop() {
  "${as_user[@]}" "$bin/pg_ctl" -D "$folder/data" -m fast -w stop >/dev/null 2>&1 || true
  rm -rf "$socket"
  [ -n "$keep" ] || rm -rf "$folder"
}
trap stop EXIT
if [ ! -f "$folder/data/PG_VERSION" ]; then
  "${as_user[@]}" "$bin/initdb" -D "$folder/data" -U concord -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
fi
"${as_user[@]}" "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" \
  -o "-c listen_addresses='' -c unix_socket_directories='$socket' -c shared_buffers=512MB -c max_wal_size=4GB" start >/dev/null
"$bin/psql" -h "$socket" -U concord -d postgres -qAtc "SELECT 1 FROM pg_database WHERE datname = 'concord'" | grep -q 1 ||
  "$bin/createdb" -h "$socket" -U concord concord
export CONCORD_POSTGRES_URL="postgres://concord@/concord?host=$socket"
cd "$OLDPWD"
"$@"
