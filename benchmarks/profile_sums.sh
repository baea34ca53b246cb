#!/usr/bin/env bash
# Do the rows of a profile add up to a run that is not profiled?
#
#   bash benchmarks/profile_sums.sh [PROGRAMS [SECONDS]]
#
# PROGRAMS: the folder of the example programs (build/release/examples). For each network that is built there, on one
# thread and on all: the sum of the rows, unprofiled runs of the same process that took turns with the profiled ones,
# the ratio, and its bound: 5 % for MobileNetV3-Small, 2 % for ResNet-50, BERT and YOLOv5n. Fails if one is exceeded.
set -euo pipefail

programs=${1:-build/release/examples} seconds=${2:-5}
command -v python3 >/dev/null || { echo "benchmarks/profile_sums.sh: needs python3"; exit 1; }
exceeded=0 found=0
printf '%-34s %8s %12s %14s %10s %8s %8s\n' network threads 'rows, ms' 'unprofiled, ms' 'overhead' 'sum' 'bound'
while read -r program variant bound; do
    network=("$programs/$program" VERB --variant "$variant" --weights synthetic)
    "${network[@]/#VERB/perf}" --iterations 1 --warmup 0 --quiet 2>/dev/null || continue
    found=1
    for threads in 1 "$(nproc)"; do
        "${network[@]/#VERB/profile}" --threads "$threads" --duration "$seconds" --json - |
            python3 -c '
import json, sys
program, variant, bound = sys.argv[1], sys.argv[2], float(sys.argv[3])
profile = json.load(sys.stdin)
time, threads = profile["time"], profile["run"]["threads"]
off = 100 * (time["rows_ms"] / time["unprofiled_ms"] - 1)
print("%-34s %8d %12.4f %14.4f %+8.2f %% %+6.2f %% %6.0f %%%s" % (
    program + " " + variant, threads, time["rows_ms"], time["unprofiled_ms"], time["overhead_percent"], off, bound,
    "  exceeded" if abs(off) > bound else ""))
sys.exit(abs(off) > bound)' "$program" "$variant" "$bound" || exceeded=1
        [ "$(nproc)" -gt 1 ] || break
    done
done <<'NETWORKS'
mobilenet_v3 small 5
resnet 50 2
bert base-uncased 2
bert minilm-l6 2
yolov5 n 2
NETWORKS
[ "$found" = 1 ] || { echo "benchmarks/profile_sums.sh: none of its networks is built in $programs"; exit 1; }
exit "$exceeded"
