#!/usr/bin/env bash
# Measures the release build (made by `make bench`) beside vim, cat and htop.
#
#   scripts/bench.sh [--quick] [--strict] [FOLDER] [ROW ...]      --help tells the rows
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
export CCTERM_ROOT=$root
export CCTERM_BIN=${CCTERM_BIN:-$root/.build/release}
swift build -c release --package-path "$root/Benchmarks" --product ccterm-bench >&2
swift build -c release --package-path "$root/Benchmarks" --product ccterm-bench-timer >&2
exec "$root/Benchmarks/.build/release/ccterm-bench" "$@"
