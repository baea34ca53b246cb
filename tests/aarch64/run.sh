#!/usr/bin/env bash
# 64-bit Arm, compiled by Debian's cross compiler and run by qemu-user; skipped with a word where these are missing.
#   run.sh program BUILD_FOLDER MOBILENET_V3   a network's offline files, made by this machine's program, give its
#                                              outputs on processors of three generations: of integers, the same bytes
#   run.sh inner_loops BUILD_FOLDER            what is in the tiles' innermost loops, as docs/measurements.md shows it:
#                                              nothing is kept on the stack
#   run.sh programs BUILD_FOLDER EXAMPLES      for tests/run.sh --long: five example programs, of the preset aarch64,
#                                              verify offline files that this machine's, in EXAMPLES, wrote
set -euo pipefail
source_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
compiler=aarch64-linux-gnu-g++
flags=(-std=c++20 -O2 -DNDEBUG -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Werror "-I$source_folder/include")
skip() { echo "skipped: no $1"; exit 0; }
task=$1
mkdir -p "$2"
cd "$2"
command -v $compiler >/dev/null || skip $compiler

if [ "$task" = inner_loops ]; then
    $compiler "${flags[@]}" -c "$source_folder/tests/aarch64/tiles.cpp" -o tiles.o
    aarch64-linux-gnu-objdump -d --no-show-raw-insn tiles.o | aarch64-linux-gnu-c++filt |
        awk -f "$source_folder/tests/aarch64/inner_loops.awk"
    exit
fi

export QEMU_LD_PREFIX=/usr/aarch64-linux-gnu  # where the cross compiler's libraries are
qemu=$(command -v qemu-aarch64-static || command -v qemu-aarch64) || skip qemu-aarch64

if [ "$task" = programs ]; then
    native=$(cd "$source_folder" && cd "$3" && pwd)
    # program, variant, precision, processors; SIZE for detectors
    networks='mobilenet_v3 small force_float32 cortex-a53 cortex-a72 cortex-a76 max
mobilenet_v3 small force_float16 cortex-a53 max
mobilenet_v3 small force_bfloat16 cortex-a53 max
mobilenet_v3 small qint8_mixed_float32 cortex-a53 cortex-a72 cortex-a76 max
bert minilm-l6 force_float32 cortex-a53 cortex-a72 cortex-a76 max
yolov5 n force_float32 cortex-a53 cortex-a72 cortex-a76 max
resnet 50 force_float32 max
volo d1 force_float32 max'
    models=$(awk '{ print $2 ($1 == "yolov5" ? "@320" : "") "/" $3 "/fused" }' <<<"$networks" | tr '\n' ';')
    bash "$source_folder/cmake/aarch64_libraries.sh" || skip "arm64 libraries"
    folder=$PWD
    (cd "$source_folder" && cmake --preset aarch64 -B "$folder" -DTAXON_BUILD_TESTS=OFF "-DTAXON_MODELS=$models" \
        >"$folder/configure.log")
    cmake --build . --target mobilenet_v3 bert yolov5 resnet volo
    while read -r program variant precision processors; do
        options=(--quiet --variant "$variant" --precision "$precision")
        [ "$program" != yolov5 ] || options+=(--size 320)
        calibration=()
        case $precision in q*) calibration=(--calibration-dir "$source_folder/examples/pictures") ;; esac
        "$native/$program" gen "${options[@]}" --weights synthetic "${calibration[@]}" --output network.taxon </dev/null
        "$native/$program" infer "${options[@]}" --weights network.taxon --input synthetic --output native.npy \
            </dev/null
        for processor in $processors; do
            $qemu -cpu "$processor" "examples/$program" verify "${options[@]}" --weights network.taxon </dev/null
            $qemu -cpu "$processor" "examples/$program" infer "${options[@]}" --weights network.taxon --threads 1 \
                --input synthetic --output arm.npy </dev/null
            case $precision in q*) cmp native.npy arm.npy ;; esac
            echo "$program $variant $precision on $processor: as on this machine"
        done
    done <<<"$networks"
    exit
fi

native=$3
$compiler "${flags[@]}" -static "$source_folder/tests/aarch64/program.cpp" -o program
for precision in force_float32 qint8_mixed_float32; do
    options=(--quiet --variant small-cifar10 --precision $precision)
    calibration=()
    [ $precision = force_float32 ] || calibration=(--calibration-dir "$source_folder/examples/pictures")
    "$native" gen "${options[@]}" "${calibration[@]}" --output $precision.taxon
    "$native" infer "${options[@]}" --weights $precision.taxon --input synthetic --output $precision.npy
done
# what each processor's best set for bytes is
for processor in cortex-a53=neon cortex-a76=dotprod max=i8mm; do
    echo "== ${processor%=*}"
    $qemu -cpu "${processor%=*}" ./program force_float32.{taxon,npy} qint8_mixed_float32.{taxon,npy} | tee lines
    tail -n 1 lines | grep -q "qint8_mixed_float32  *${processor#*=}" ||
        { echo "best of ${processor%=*} is not ${processor#*=}"; exit 1; }
done
