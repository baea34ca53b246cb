#!/usr/bin/env bash
# pictures.sh TASK PROGRAM IMPORT_ONNX MODEL PICTURE: a program that has its weights and names of classes inside answers
# for a picture, where nothing else is, as its .onnx file does for the same input.
set -euo pipefail
task=$1 program=$2 import_onnx=$3 model=$4 picture=$5
jail=$(mktemp -d)
trap 'rm -rf "$jail"' EXIT
cp "$program" "$jail/program"
cp "$picture" "$jail/picture.jpg"
cd "$jail"

stop() { printf '%s\n' "$*" >&2; exit 1; }
numbers() { od -An -v -tf4 -w4 -j128 "$1"; }

enter=(unshare -r chroot)
[ "$(id -u)" -ne 0 ] || enter=(chroot)
"${enter[@]}" / true 2>/dev/null || { echo "skipped: no chroot"; exit 0; }
"${enter[@]}" "$jail" /program infer /picture.jpg --dump-input /input.npy --output /raw.npy --json /answer.json --quiet
case $task in
classify)
    "$import_onnx" run "$model" --tensor input=input.npy --expect logits=raw.npy
    tr -d ' \n' <answer.json | grep -qE '"class":([0-9]),"label":"\1"' || stop "no name of a class: $(cat answer.json)"
    ;;
yolov8)
    # a row for each box: centre and size in pixels, a one, and a score for each class
    "$import_onnx" run "$model" --tensor images=input.npy --output-dir .
    boxes=$(($(numbers boxes.npy | wc -l) / 4))
    classes=$(($(numbers scores.npy | wc -l) / boxes))
    { numbers boxes.npy; numbers scores.npy; numbers raw.npy; } | awk -v boxes="$boxes" -v classes="$classes" '
        NR <= boxes * (4 + classes) { wanted[int((NR - 1) / boxes), (NR - 1) % boxes] = $1; next }
        {
            at = NR - 1 - boxes * (4 + classes); box = int(at / (5 + classes)); column = at % (5 + classes)
            if (column == 4) next
            want = wanted[column - (column > 4), box]
            d = $1 - want; most = column > 4 ? 1e-5 : 1e-2
            if (!(d <= most && -d <= most)) { print "box " box ", column " column ": " $1 ", wanted " want; failed = 1 }
        }
        END { exit failed || NR != boxes * (9 + 2 * classes) }'
    ;;
esac
