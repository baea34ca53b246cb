#!/usr/bin/env bash
# interrupted.sh PROGRAM: Ctrl-C ends a sweep with exit code 130 and keeps the rows that were measured.
set -euo pipefail
program=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

set -m  # or a shell's background job would ignore SIGINT
"$program" perf --variant small-cifar10 --threads 1 --warmup 0 --duration .3 --batch 1,2,3,4,5,6,7,8,9,10 \
    --json "$folder/perf.json" >"$folder/out" 2>"$folder/err" &
pid=$!
for _ in {1..600}; do
    ! grep -q "of 10 rows" "$folder/err" 2>/dev/null || break
    sleep .05
done
kill -INT $pid
code=0
wait $pid || code=$?
rows=$(grep -c '"run_name"' "$folder/perf.json" || true)
echo "exit code $code, $rows rows"
cat "$folder/err"
[ "$code" = 130 ] && [ "$rows" -ge 1 ] && [ "$rows" -lt 10 ]
grep -q '"complete": false' "$folder/perf.json"
grep -q "^stopped: $rows of 10 rows" "$folder/out"
