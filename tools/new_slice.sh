#!/usr/bin/env bash
# Makes the rooms of a new slice: new_slice.sh NAME   (then list it in docs/slices.md)
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -eq 1 ] && [[ "$1" =~ ^[a-z][a-z0-9_]*$ ]] || { echo "usage: $0 NAME (lower case)" >&2; exit 2; }
name=$1 dir=src/$1
[ ! -e "$dir" ] || { echo "$dir exists." >&2; exit 1; }
mkdir -p "$dir/sql"
echo "concord_folder($name base json db http)" > "$dir/slice.cmake"
cat > "$dir/README.md" <<END
# $name

What it is for, in two sentences. Entry file: \`$name.h\`.

- Tables: none yet (\`tools/new_migration.sh $name create_...\`).
- Routes: none yet.
- Web folder: none yet.
END
cat > "$dir/$name.h" <<END
// What this is for. Read next: ${name}_store.h.
#pragma once

namespace concord::$name {

}  // namespace concord::$name
END
cat > "$dir/${name}_test.cpp" <<END
#include "$name/$name.h"

#include <gtest/gtest.h>
END
echo "$dir: write ${name}.h first (domain, pure), then sql/ and ${name}_store, then ${name}_api; add a line to docs/slices.md"
