#!/usr/bin/env bash
# Writes the table of batches into docs/performance.md: what a sample costs in batches of several sizes, by perf.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() {
    cat <<'HELP'
usage: bash benchmarks/batch_table.sh [--batch LIST] [--threads LIST] [--precision LIST] [--duration S] [--print]

Runs `perf` of ResNet-50, VOLO-D2, BERT-base (128 tokens) and MobileNetV3-Small with batches from 1 to 192, one and two
threads, in float32, for 3 s each and at least one run, on generated weights, and writes milliseconds of wall clock per
sample between the markers in docs/performance.md; --print writes them to standard output instead. The programs are
those in BIN_DIR (default build/batch/examples, which it builds with what the table needs, a few minutes). What
disturbed the runs goes to standard error: measure on a quiet machine. The peers' times: benchmarks/peers.sh with
--batch 1,8,32.
HELP
}

batch=1,2,4,8,16,32,64,192 threads=1,2 precision=force_float32 duration=3
source "$repository/benchmarks/sweep.sh"
take_options "$@"

# program | its options
networks='resnet|--variant 50
volo|--variant d2
bert|--variant base-cased --sequence 128
mobilenet_v3|--variant small'

if [ -z "${BIN_DIR:-}" ]; then
    BIN_DIR=$repository/build/batch/examples
    cmake -S "$repository" -B "$repository/build/batch" -G Ninja -DCMAKE_BUILD_TYPE=Release -DTAXON_BUILD_TESTS=OFF \
        -DTAXON_VARIANTS="50;d2;base-cased;small" -DTAXON_PRECISIONS="${precision//,/;}" >&2
    cmake --build "$repository/build/batch" --target resnet volo bert mobilenet_v3 >&2
fi

table=$(mktemp)
trap 'rm -f "$table"' EXIT
sweep "$table" <<<"$networks"

# network | precision | batch | threads | samples/s | mean … to a row for each network, precision and threads
rows=$(awk -F'|' -v batches="$batch" '
    BEGIN {
        count = split(batches, batch, ",")
        printf "| network | precision | threads |"
        for (i = 1; i <= count; ++i) printf " %s |", batch[i]
        printf "\n|---|---|---:|"
        for (i = 1; i <= count; ++i) printf "---:|"
        print ""
    }
    NR > 2 {
        for (i = 2; i <= 7; ++i) gsub(/^ +| +$/, "", $i)
        key = "| " $2 " | " $3 " | " $5 " |"
        if (!(key in seen)) { seen[key] = 1; order[++keys] = key }
        cost[key, $4] = sprintf("%.3f", $7 / $4)
    }
    END {
        for (k = 1; k <= keys; ++k) {
            printf "%s", order[k]
            for (i = 1; i <= count; ++i) {
                cell = order[k] SUBSEP batch[i]
                printf " %s |", cell in cost ? cost[cell] : "–"
            }
            print ""
        }
    }' "$table")
if [ -n "$print" ]; then echo "$rows"; exit; fi
page=$repository/docs/performance.md
printf '%s\n' "$rows" >"$table"
source "$repository/benchmarks/put_table.sh"
put_table batches "$table" "$page"
