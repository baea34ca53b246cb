#!/usr/bin/env bash
# 64-bit Arm, compiled by Debian's cross compiler and run by qemu-user; skipped with a word where these are missing.
#   run.sh program BUILD_FOLDER MOBILENET_V3   a network's offline files, made by this machine's program, give its
#                                              outputs on processors of three generations: of integers, the same bytes
#   run.sh inner_loops BUILD_FOLDER            what is in the tiles' innermost loops, as docs/measurements.md shows it:
#                                              nothing is kept on the stack
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

qemu=$(command -v qemu-aarch64-static || command -v qemu-aarch64) || skip qemu-aarch64
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
    tail -n 1 lines | grep -q "qint8_mixed_float32  *${processor#*=}" || { echo "best of ${processor%=*} is not ${processor#*=}"; exit 1; }
done
