#!/usr/bin/env bash
# google_compare.sh PROGRAM: Google Benchmark's compare.py (Debian: libbenchmark-tools; it needs SciPy) reads two results
# of perf, and finds their rows by name. PYTHON names another interpreter.
set -euo pipefail
program=$1 compare=/usr/share/benchmark/compare.py
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
[ -e $compare ] || { echo "skipped: no compare.py"; exit; }
"${PYTHON:-python3}" -c 'import scipy' 2>/dev/null || { echo "skipped: no SciPy"; exit; }

for name in old new; do
    "$program" perf --variant small-cifar10 --iterations 20 --warmup 0 --threads 1 --batch 1,2 --quiet \
        --json "$folder/$name.json"
done
"${PYTHON:-python3}" $compare --no-color benchmarks "$folder/old.json" "$folder/new.json" | tee "$folder/out"
for batch in 1 2; do
    grep -Eq "^mobilenet_v3_small-cifar10/force_float32/batch:$batch/threads:1( +[-+0-9.e]+){6}" "$folder/out" ||
        { echo "no row of batch $batch"; exit 1; }
done
