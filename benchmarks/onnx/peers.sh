#!/usr/bin/env bash
# Measures imported networks beside ONNX Runtime, OpenVINO and ncnn on the same .onnx files, all in turn, five times,
# and writes the ratios with their spread into docs/onnx.md.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

usage() {
    cat <<'HELP'
usage: bash benchmarks/onnx/peers.sh NETWORKS

NETWORKS is a folder of .onnx files, such as export_networks.py writes; other networks (YOLOX-nano, FastestDet as
published) may lie there too. PYTHON names the interpreter that has onnx, onnxruntime, openvino, ncnn and pnnx (default
python3). Each file becomes a program (in build/onnx_peers, or PROGRAMS names a folder that has them; a few minutes),
compare.py times them RUNS times (default 5) on one thread, on the best instruction set and with AVX2 alone, the peers
as well (ISAS='auto avx2'; avx2 on Intel's processors only). Prints the table and puts it between the markers in
docs/onnx.md; DRY=1 only prints.
HELP
}

case ${1:-} in '' | --help | -h) usage; exit 0 ;; esac
networks=$(cd "$1" && pwd)
python=${PYTHON:-python3}
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

if [ -z "${PROGRAMS:-}" ]; then
    build=$repository/build/onnx_peers
    PROGRAMS=$build/programs
    cmake -S "$repository/benchmarks/onnx" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release "-DNETWORKS=$networks"
    cmake --build "$build"
fi
source "$repository/benchmarks/processor.sh"
for ((i = 1; i <= ${RUNS:-5}; ++i)); do
    for isa in ${ISAS:-auto avx2}; do
        on_processor "$isa" "$python" "$repository/benchmarks/onnx/compare.py" "$networks" "$PROGRAMS" --isa "$isa" \
            --json "$results/onnx-$isa-$i.json" >&2
    done
done

"$python" "$repository/benchmarks/peer_table.py" "$results" | tee "$results/table.md"
[ -z "${DRY:-}" ] || exit 0
page=$repository/docs/onnx.md
source "$repository/benchmarks/put_table.sh"
put_table peers "$results/table.md" "$page"
