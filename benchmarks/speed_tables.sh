#!/usr/bin/env bash
# Writes the table of batches and precisions into docs/performance.md: perf's own sweep, program by program.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() {
    cat <<'HELP'
usage: bash benchmarks/speed_tables.sh [--batch LIST] [--threads LIST] [--precision LIST] [--duration S] [--print]

Runs `perf` of each network with batches 1, 4 and 8, one and two threads, in float32, bfloat16 and 8-bit integers, for
3 s each, on generated weights, and writes its rows between the markers in docs/performance.md; --print writes them to
standard output instead. The programs are those in BIN_DIR (default build/speed/examples, which it builds with what the
table needs, a few minutes). What disturbed the runs goes to standard error: measure on a quiet machine.
HELP
}

batch=1,4,8 threads=1,2 precision=force_float32,force_bfloat16,qint8_mixed_float32 duration=3
source "$repository/benchmarks/sweep.sh"
take_options "$@"

# program | its options
networks='mobilenet_v3|--variant small
mobilenet_v3|--variant large
efficientnet_lite|--variant lite0
resnet|--variant 50
bert|--variant base-cased --sequence 128
yolov5|--variant n'

if [ -z "${BIN_DIR:-}" ]; then
    BIN_DIR=$repository/build/speed/examples
    cmake -S "$repository" -B "$repository/build/speed" -G Ninja -DCMAKE_BUILD_TYPE=Release -DTAXON_BUILD_TESTS=OFF \
        -DTAXON_VARIANTS="small;large;lite0;50;base-cased;n" -DTAXON_SIZES=640 \
        -DTAXON_PRECISIONS="${precision//,/;}" >&2
    cmake --build "$repository/build/speed" >&2
fi

table=$(mktemp)
trap 'rm -f "$table"' EXIT
sweep "$table" <<<"$networks"
if [ -n "$print" ]; then cat "$table"; exit; fi
page=$repository/docs/performance.md
source "$repository/benchmarks/put_table.sh"
put_table speed "$table" "$page"
