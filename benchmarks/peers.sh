#!/usr/bin/env bash
# Measures the examples beside ONNX Runtime, OpenVINO and ncnn, all in turn in one run, and writes the ratios into the README.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() {
    cat <<'HELP'
usage: bash benchmarks/peers.sh MODELS [option of compare.py…]

MODELS is the folder of the peers' model files; the peers and how to make those files: ../shared/peers/README.md (PYTHON names the
interpreter that has them, default python3). Runs ../shared/peers/compare.py on build/release/examples and replaces the table between the
markers in README.md. Without options: the networks of the table, one and two threads, AVX-512 and then AVX2 alone.
HELP
}

case ${1:-} in '' | --help | -h) usage; exit 0 ;; esac
models=$1
shift
compare=$repository/../shared/peers/compare.py
[ -e "$compare" ] || { echo "there is no $compare" >&2; exit 2; }
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

run() { "${PYTHON:-python3}" "$compare" "$models" --bin-dir "$repository/build/release/examples" --isa "$1" --json "$results/$1.json" "${@:2}"; }
if [ $# -gt 0 ]; then run auto "$@"
else
    run auto --names mobilenet_v3_small,mobilenet_v3_large,resnet50 --batch 1,8 --threads 1,2
    run avx2 --names mobilenet_v3_small,mobilenet_v3_large,resnet50 --batch 1 --threads 1
fi

"${PYTHON:-python3}" - "$results" "$repository/README.md" <<'EOF_PYTHON'
import json, os, re, sys
folder, readme = sys.argv[1:]
lines = ["| network | precision | batch | threads | ours, instruction set | ours, ms | ONNX Runtime | OpenVINO | ncnn | ratio to the best peer |", "|---|---|---|---|---|---|---|---|---|---|"]
for isa in ("auto", "avx2"):
    path = f"{folder}/{isa}.json"
    for row in json.load(open(path)) if os.path.exists(path) else []:
        ms = lambda who: f"{row['ms'][who]:.3f}" if row["ms"].get(who) else "–"
        ratio = f"{row['ratio_to_best_peer']:.2f}" if row["ratio_to_best_peer"] else "–"
        lines.append(f"| {row['name']} | {row['precision']} | {row['batch']} | {row['threads']} | {'best' if isa == 'auto' else isa} | {ms('ours')} | {ms('onnxruntime')} | {ms('openvino')} | {ms('ncnn')} | **{ratio}** |")
text = open(readme).read()
text = re.sub(r"(<!-- peers -->\n).*?(<!-- /peers -->)", lambda m: m[1] + "\n".join(lines) + "\n" + m[2], text, flags=re.S)
open(readme, "w").write(text)
EOF_PYTHON
