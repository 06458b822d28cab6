#!/usr/bin/env bash
# Formats the C++ sources, or with --check fails on the first that is not formatted.   format.sh [--check] [FILE ...]
set -euo pipefail
cd "$(dirname "$0")/.."
mode=(-i)
if [ "${1:-}" = --check ]; then mode=(--dry-run -Werror); shift; fi
command -v clang-format-19 >/dev/null || tools/install_deps.sh lint
if [ $# -gt 0 ]; then files=("$@"); else mapfile -t files < <(find src tests bench \( -name '*.h' -o -name '*.cpp' \) -not -path '*/node_modules/*' | LC_ALL=C sort); fi
printf '%s\0' "${files[@]}" | xargs -0 -P "$(nproc)" -n 20 clang-format-19 "${mode[@]}"
