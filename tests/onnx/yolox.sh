#!/usr/bin/env bash
# yolox.sh PROGRAM PICTURE: the published YOLOX-nano finds on ultralytics' bus.jpg what ONNX Runtime and YOLOX's own
# demo_postprocess find (scores over 0.25, suppression at 0.45 in each class): within 3 pixels and 0.02 of score.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$1" infer "$2" --output-dir "$scratch" --quiet
cat >"$scratch/wanted" <<'WANTED'
bus	0.9029	13.6	231.1	801.3	732.5
person	0.8581	50.3	394.9	215.5	897.9
person	0.8077	219.9	402.3	347.3	854.6
person	0.6941	685.2	453.8	810.0	874.4
WANTED
found=("$scratch"/*.txt)
paste "$scratch/wanted" "${found[0]}" | awk -F'\t' '
    function far(a, b, most) { return a == "" || b == "" || a - b > most || b - a > most }
    { wrong = $1 != $7 || far($2, $8, 0.02); for (i = 3; i <= 6; ++i) wrong = wrong || far($i, $(i + 6), 3) }
    wrong { print "wanted and found: " $0; failed = 1 }
    END { exit failed || NR != 4 }'
