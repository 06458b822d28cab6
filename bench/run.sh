#!/usr/bin/env bash
# make bench: SIZE=1000,10000,100000 (or one size; 1000000 takes some minutes to make, once), DB=postgres,
# SECONDS_PER_RUN=5, EPISODES=1000000 (figures of outcomes; made once, takes minutes), FHIR=folder with bundles. The databases stay in build/bench for the next run.
set -euo pipefail
cd "$(dirname "$0")/.."
sizes=${SIZE:-1000,10000,100000}
folder=build/bench
mkdir -p "$folder"
# The synthetic patients that lie beside the checkout, when they are there.
fhir=${FHIR:-}
if [ -z "$fhir" ] && [ -f ../shared/data/synthea-40-patients.tar.xz ]; then
  fhir=$folder/synthea
  [ -d "$fhir" ] || { mkdir -p "$fhir"; tar xf ../shared/data/synthea-40-patients.tar.xz -C "$fhir"; }
fi
echo "$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), $(nproc) cores, $(uname -r), $(date -u +%F)"
args=(--size "$sizes" --folder "$folder" --seconds "${SECONDS_PER_RUN:-5}" --episodes "${EPISODES:-1000000}")
[ -n "$fhir" ] && args+=(--fhir "$fhir")
if [ "${DB:-sqlite}" = postgres ]; then
  tools/with_postgres.sh --keep "$folder/postgres" sh -c 'exec build/release/concord bench "$@" --postgres "$CONCORD_POSTGRES_URL"' bench "${args[@]}"
else
  build/release/concord bench "${args[@]}"
fi
