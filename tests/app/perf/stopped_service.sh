#!/usr/bin/env bash
# stopped_service.sh PROGRAM: a service that is stopped for 100 ms now and then shows in p99 at a fixed rate of
# arrivals, because latency counts from the intended start; and p99 is the 99th percentile of the times in the file.
set -euo pipefail
program=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$program" perf --variant small-cifar10 --threads 1 --warmup 0 --rate 100 --duration 2 --quiet \
    --json "$folder/perf.json" --times "$folder/times.txt" &
pid=$!
# Of 50 arrivals between two stops 10 fall into one, and the first of those waits 90 ms or more.
for _ in {1..200}; do
    sleep .4
    kill -STOP $pid 2>/dev/null || break
    sleep .1
    kill -CONT $pid
done
wait $pid

printed=$(sed -n '/"p99": /{s/.*: //; s/,//; p; q}' "$folder/perf.json")
sort -g "$folder/times.txt" | awk -v printed="$printed" '
    { time[NR - 1] = $1 }
    END {
        place = .99 * (NR - 1); below = int(place); above = below + 1 < NR ? below + 1 : below
        p99 = time[below] + (place - below) * (time[above] - time[below])
        print NR " runs, p99 " p99 " ms, printed " printed
        if (NR != 200) { print "wanted 200 runs: all that arrive in two seconds"; exit 1 }
        apart = p99 > printed ? p99 - printed : printed - p99
        if (apart > 1e-6 * p99) { print "not the percentile of the times"; exit 1 }
        if (p99 < 80) { print "the stops are not in it"; exit 1 }
    }'
