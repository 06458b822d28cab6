#!/usr/bin/env bash
# Packs a built program, the web front and the data into build/concord-VERSION-debian12-amd64.tar.gz.
#   make_tarball.sh build/release/concord        (make release)
# The same sources give the same bytes: files are sorted, times are the last commit's, nobody owns them.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=${1:?usage: $0 PROGRAM}
[ -f web/dist/index.html ] || { echo "web/dist is not built: run make release" >&2; exit 1; }

version=$("$binary" --version | awk '{print $2}')
name=concord-$version-debian12-$(dpkg --print-architecture)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/$name
share=$root/share/concord
mkdir -p "$root/bin" "$share/web"

install -m 755 "$binary" "$root/bin/concord"
strip --strip-unneeded "$root/bin/concord"

# Which Debian packages hold the libraries the program asks for. Theirs come with them.
needed() {
  local library path
  objdump -p "$root/bin/concord" | awk '$1 == "NEEDED" {print $2}' | while read -r library; do
    path=$(ldd "$root/bin/concord" | awk -v l="$library" '$1 == l {print $3}')
    [ -n "$path" ] || { case $library in ld-linux*) continue ;; *) echo "$library is not installed" >&2; exit 1 ;; esac; }
    path=$(realpath "$path")
    dpkg -S "$path" 2>/dev/null || dpkg -S "${path#/usr}"   # Debian records some below /lib
  done | cut -d: -f1
  echo tzdata   # time zones, read at run time
}
needed | LC_ALL=C sort -u > "$work/packages"
if ! diff -u packaging/runtime-packages.txt "$work/packages"; then
  echo "packaging/runtime-packages.txt is not what the program needs (+ is needed, - is not)" >&2
  exit 1
fi

for folder in migrations instruments rulesets pathways content; do
  [ -n "$(ls -A "$folder" 2>/dev/null)" ] || continue
  cp -r "$folder" "$share/"
done
cp -r web/dist "$share/web/dist"
rm -f "$share/web/dist/.built"
cp packaging/runtime-packages.txt packaging/concord.service "$share/"
cp -r docs "$root/docs"
cp LICENSE README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md concord.toml.example "$root/"
python3 packaging/notices.py > "$root/NOTICES"

# It must run from where it was unpacked, with what was packed.
( cd "$work" && env -i "$root/bin/concord" score phq-9 --answers 3,3,2,2,2,1,1,1,1 --json | grep -q '"total":16' ) ||
  { echo "the packed program does not score" >&2; exit 1; }
clinic=$PWD/tests/golden/csv/clinic   # reads rule set, pathways and decision aids too
( cd "$work" && env -i "$root/bin/concord" caseload --csv "$clinic" --as-of 2026-03-31 --json > /dev/null ) ||
  { echo "the packed program does not find its rule set, pathways or content" >&2; exit 1; }
( cd "$work" && env -i "$root/bin/concord" migrate --db "sqlite:$work/try.db" > /dev/null ) ||
  { echo "the packed program does not find its migrations" >&2; exit 1; }

time=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
mkdir -p build
tar --sort=name --mtime="@$time" --owner=0 --group=0 --numeric-owner --mode='u+rwX,go+rX,go-w' --format=gnu \
  -C "$work" -cf - "$name" | gzip -9n > "build/$name.tar.gz"
( cd build && sha256sum "$name.tar.gz" > "$name.tar.gz.sha256" )
echo "build/$name.tar.gz ($(du -h "build/$name.tar.gz" | cut -f1)), checksum beside it"
