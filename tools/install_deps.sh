#!/usr/bin/env bash
# Installs what a target needs on Debian 12, by package name: install_deps.sh build|test|bench
# As root or with sudo; does nothing when everything is there. Safe to repeat.
set -euo pipefail

build=(g++ cmake ninja-build pkg-config python3 make tzdata ca-certificates
  libexpected-dev libfmt-dev libspdlog-dev libhowardhinnant-date-dev libcli11-dev libtomlplusplus-dev
  libboost1.81-dev libboost-json1.81-dev libsodium-dev libssl-dev libsqlite3-dev libpq-dev liblzma-dev zlib1g-dev)
test=(libgtest-dev libgmock-dev postgresql-15 chromium git xz-utils util-linux)
bench=(wrk)

wanted=("${build[@]}")
case "${1:-build}" in
  build) ;;
  test) wanted+=("${test[@]}") ;;
  bench) wanted+=("${bench[@]}") ;;
  lint) wanted+=(clang-format-19 clang-tidy-19) ;;
  fuzz) wanted+=(clang-19 libclang-rt-19-dev) ;;
  *) echo "usage: $0 build|test|bench|lint|fuzz" >&2; exit 2 ;;
esac

# The web build needs Node; a newer one than Debian's comes with the lockfile (tools/with_node.sh).
command -v node >/dev/null && command -v npm >/dev/null || wanted+=(nodejs npm)

missing=()
for package in "${wanted[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[ "${#missing[@]}" -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "Missing packages: ${missing[*]}. Install them as root, or install sudo." >&2; exit 1; }
  as_root=(sudo)
fi
echo "Installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
