#!/usr/bin/env bash
# Installs what a target needs on Debian 12, by package name: install_deps.sh build|test|bench|lint|fuzz
# As root or with sudo; does nothing when everything is there. Safe to repeat.
set -euo pipefail

build=(g++ cmake ninja-build pkg-config python3 make tzdata ca-certificates
  libexpected-dev libfmt-dev libspdlog-dev libhowardhinnant-date-dev libcli11-dev libtomlplusplus-dev
  libboost1.81-dev libboost-json1.81-dev libsodium-dev libssl-dev libsqlite3-dev libpq-dev liblzma-dev zlib1g-dev libcurl4-openssl-dev libfido2-dev liboath-dev libcmark-dev
  libxlsxwriter-dev)
test=(libgtest-dev libgmock-dev postgresql-15 chromium git xz-utils util-linux)
bench=(wrk)
lint=(clang-format-19 clang-tidy-19)
fuzz=(clang-19 libclang-rt-19-dev)

wanted=("${build[@]}")
case "${1:-build}" in
  build) ;;
  test) wanted+=("${test[@]}") ;;
  bench) wanted+=("${bench[@]}") ;;
  lint) wanted+=("${test[@]}" "${lint[@]}") ;;
  fuzz) wanted+=("${fuzz[@]}") ;;
  *) echo "usage: $0 build|test|bench|lint|fuzz" >&2; exit 2 ;;
esac

# The web build needs Node; a newer one than Debian's comes with the lockfile (tools/with_node.sh).
command -v node >/dev/null && command -v npm >/dev/null || wanted+=(nodejs npm)

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  echo "This is no Debian. Concord is built on Debian 12; these are the packages it wants there:" >&2
  echo "  ${wanted[*]}" >&2
  exit 1
fi

declare -A installed=()
while read -r package status; do
  [ "$status" = "installed" ] && installed[$package]=1
done < <(dpkg-query -W -f='${Package} ${db:Status-Status}\n')
missing=()
for package in "${wanted[@]}"; do
  [ -n "${installed[$package]:-}" ] || missing+=("$package")
done
[ "${#missing[@]}" -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "Some packages are missing. Install them as root, then run this again:" >&2
    echo "  apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

echo "Installing ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
quietly() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive "$@" > "$log" 2>&1 < /dev/null && return
  local code=$?
  tail -n 30 "$log" >&2
  echo "$* failed." >&2
  if grep -q 'Unable to locate package' "$log"; then
    echo "The names are Debian 12's (bookworm); this machine is $(. /etc/os-release; echo "${PRETTY_NAME:-another system}")." >&2
  fi
  exit "$code"
}
quietly apt-get update
quietly apt-get install -y --no-install-recommends "${missing[@]}"
