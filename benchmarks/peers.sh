#!/usr/bin/env bash
# Measures the examples beside ONNX Runtime, OpenVINO and ncnn, all in turn, five times, and writes the ratios with their
# spread into docs/performance.md and the chart that README.md shows.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() {
    cat <<'HELP'
usage: bash benchmarks/peers.sh MODELS [option of compare.py…]

MODELS is the folder of the peers' model files; the peers and how to make those files: ../shared/peers/README.md
(PYTHON names the interpreter that has them, default python3). Runs ../shared/peers/compare.py RUNS times (default 5) on
the programs in BIN_DIR (default build/peers/examples, which it builds with the precisions of the table, a few minutes).
Prints the table, puts it between the markers in docs/performance.md and draws docs/images/speed.svg; DRY=1 only prints.

Times are medians over the runs. Each run has its ratio to the best peer: the table has their median and their spread. A
ratio below 1 is a loss, and marked. Without options: the networks of the table, one and two threads, in float32,
bfloat16 and int8, on the best instruction set and then with AVX2 alone, the peers as well (Intel's processors only).
HELP
}

case ${1:-} in '' | --help | -h) usage; exit 0 ;; esac
models=$1
shift
compare=$repository/../shared/peers/compare.py
[ -e "$compare" ] || { echo "there is no $compare" >&2; exit 2; }
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

if [ -z "${BIN_DIR:-}" ]; then
    BIN_DIR=$repository/build/peers/examples
    cmake -S "$repository" -B "$repository/build/peers" -G Ninja -DCMAKE_BUILD_TYPE=Release -DTAXON_BUILD_TESTS=OFF \
        -DTAXON_VARIANTS="small;large;50;base-cased;n;s;416" -DTAXON_SIZES=640 \
        -DTAXON_PRECISIONS="force_float32;force_bfloat16;qint8_mixed_float32"
    cmake --build "$repository/build/peers"
fi

source "$repository/benchmarks/processor.sh"

# run NAME ISA [option of compare.py…]
run() {
    local i
    for ((i = 1; i <= ${RUNS:-5}; ++i)); do
        on_processor "$2" "${PYTHON:-python3}" "$compare" "$models" --bin-dir "$BIN_DIR" --isa "$2" --rounds 1 \
            --json "$results/$1-$2-$i.json" "${@:3}" >&2
    done
}
if [ $# -gt 0 ]; then run chosen auto "$@"
else
    run 1 auto --names mobilenet_v3_small,mobilenet_v3_large,resnet50 --threads 1,2
    run 2 auto --names resnet50 --batch 8 --threads 1,2
    run 3 auto --names mobilenet_v3_small,resnet50 --precisions bfloat16,int8 --threads 1,2
    run 4 auto --names bert_base --precisions float32,bfloat16,int8 --threads 1,2
    run 5 auto --names yolov5n,yolov5s,yolov3 --threads 1,2
    run 6 auto --names yolov5n --precisions bfloat16,int8 --threads 1,2
    run 7 avx2 --names mobilenet_v3_small,mobilenet_v3_large,resnet50,bert_base,yolov5n --threads 1,2
    run 8 avx2 --names mobilenet_v3_small,resnet50,bert_base,yolov5n --precisions int8 --threads 1
fi

"${PYTHON:-python3}" "$repository/benchmarks/peer_table.py" "$results" >"$results/table.md"
cat "$results/table.md"
[ -z "${DRY:-}" ] || exit 0
page=$repository/docs/performance.md
source "$repository/benchmarks/put_table.sh"
put_table peers "$results/table.md" "$page"
"${PYTHON:-python3}" "$repository/benchmarks/speed_chart.py" "$page" "$repository/docs/images/speed.svg"
