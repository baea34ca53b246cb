#!/usr/bin/env bash
# program.sh PROGRAM IMPORT_ONNX FOLDER: a program of FOLDER/digits.onnx finds its weights from any folder, answers as
# ONNX Runtime did, becomes a file again that answers so, and tells of wrong inputs in one line.
set -euo pipefail
program=$1 import_onnx=$2 folder=$3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

stop() { printf '%s\n' "$*" >&2; exit 1; }

# answers PROGRAM: it answers right.
answers() {
    rm -rf out
    "$1" infer --tensor "picture=$folder/picture.npy" --output-dir out --threads 1 --quiet
    "$import_onnx" run "$folder/digits.onnx" --tensor "picture=$folder/picture.npy" --expect scores=out/scores.npy \
        --expect digit=out/digit.npy
    cmp out/digit.npy "$folder/digit.npy" || stop "$1 reads another digit"
}

# refuses CODE PART ARGUMENT…: infer ends with this code and one line that has PART.
refuses() {
    local code=0 wanted=$1 part=$2
    shift 2
    "$program" infer --output-dir none --quiet "$@" 2>line || code=$?
    [ "$code" -eq "$wanted" ] || stop "infer $* ends with $code, wanted $wanted: $(cat line)"
    [ "$(wc -l <line)" -eq 1 ] || stop "infer $* says: $(cat line)"
    grep -qF -- "$part" line || stop "infer $* says: $(cat line)"
    [ ! -e none ] || stop "infer $* wrote something"
}

"$import_onnx" run "$folder/digits.onnx" --tensor "picture=$folder/picture.npy" \
    --expect "scores=$folder/scores.npy" --expect "digit=$folder/digit.npy"
answers "$program"
"$program" describe | grep -q "parameters" || stop "describe says nothing of parameters"
"$program" perf --iterations 2 --warmup 0 --threads 1 --quiet
"$program" profile --iterations 2 --warmup 0 --quiet
"$program" gen --output digits.taxon --quiet
"$program" verify --weights digits.taxon | grep -q "golden 2: identical" || stop "verify replays no golden pairs"
"$program" infer --weights digits.taxon --tensor "$folder/picture.npy" --quiet

for opset in 13 17; do
    "$program" export-onnx --opset "$opset" --output "again$opset.onnx" --quiet
    "$import_onnx" run "again$opset.onnx" --tensor "picture=$folder/picture.npy" \
        --expect "scores=$folder/scores.npy" --expect "digit=$folder/digit.npy"
done

refuses 3 "found an input 'image', wanted one of the network's: picture float32 (1, 1, 8, 8)" \
    --tensor "image=$folder/picture.npy"
refuses 3 "found int64 (1), wanted float32 (1, 1, 8, 8)" --tensor "picture=$folder/digit.npy"
refuses 3 "found float32 (1, 10), wanted float32 (1, 1, 8, 8)" --tensor "picture=$folder/scores.npy"
refuses 3 "nothing.npy" --tensor picture=nothing.npy
refuses 3 "nothing.safetensors" --weights nothing.safetensors --tensor "$folder/picture.npy"
refuses 2 "found no input"

# Program and weights move together; weights of the same names are given by --weights.
weights=$("$program" infer --help | tr -d '\n ' | grep -oE 'Default:/[^ ]*digits\.safetensors' | cut -d: -f2)
mkdir elsewhere
cp "$program" "$weights" elsewhere/
"$PWD/elsewhere/$(basename "$program")" infer --help | tr -d '\n ' | grep -qF "elsewhere/digits.safetensors" ||
    stop "a program that was moved with its weights does not find them"
answers "elsewhere/$(basename "$program")"
"$program" infer --weights elsewhere/digits.safetensors --tensor "$folder/picture.npy" --quiet
