#!/usr/bin/env bash
# Whole networks of 8-bit integers give the same bytes in any batch, on any number of threads, on every instruction set
# that fuses multiplications and additions. Portable code does not, so its bytes are others.
set -euo pipefail
usage() {
    cat <<'HELP'
usage: bash integer_answers.sh FOLDER

Makes an offline file of generated weights for every network of integers that the example programs in FOLDER were built
with, and runs three samples on every instruction set that this processor has, on one and two threads: all at once, and
the first one alone. Says which networks were not built; the last line is 'N networks equal'. Exit code: 0; 1 other
bytes, or a program failed; 2 usage error.
HELP
}
case ${1:-} in
    -h | --help) usage; exit 0 ;;
esac
if [ $# -ne 1 ] || [ ! -d "$1" ]; then usage >&2; exit 2; fi
programs=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
numbers() { tail -c +129 "$1"; } # behind the header of these .npy files

equal=0 wrong=0
try() { # PROGRAM VARIANT PRECISION
    local program=$programs/$1 name="$*" isa threads first=
    run() { "$program" "$@" --quiet >/dev/null 2>"$work/words"; }
    if ! run gen --variant "$2" --precision "$3" --weights synthetic --output "$work/weights.taxon"; then
        if grep -q "is not built into this program" "$work/words"; then
            echo "not built: $name"
            return
        fi
        cat "$work/words" >&2
        exit 1
    fi
    for isa in avx2 avx_vnni avx512 amx neon dotprod i8mm; do
        for threads in 1 2; do
            infer() {
                run infer --weights "$work/weights.taxon" --input synthetic --isa "$isa" --threads "$threads" \
                    --batch "$1" --output "$work/$1.npy"
            }
            if ! infer 3; then
                grep -q "instruction set\|--isa" "$work/words" && break # not of this processor
                cat "$work/words" >&2
                exit 1
            fi
            infer 1
            numbers "$work/3.npy" >"$work/three"
            numbers "$work/1.npy" >"$work/one"
            [ -n "$first" ] || { cp "$work/three" "$work/first"; first=$isa; }
            cmp -s "$work/first" "$work/three" || { echo "$name: $isa, $threads threads, not as $first"; wrong=1; }
            cmp -s -n "$(stat -c %s "$work/one")" "$work/one" "$work/three" ||
                { echo "$name: $isa, $threads threads, other bytes alone than among three"; wrong=1; }
        done
    done
    equal=$((equal + 1))
}
for precision in qint8_mixed_float32 qint7_mixed_float32; do
    for network in "mobilenet_v3 small" "mobilenet_v3 large" "efficientnet_lite lite0" "resnet 50" \
        "googlenet v1" "volo d1" "image_classifier efficientnet-b0" "image_classifier regnet-y-400mf" \
        "image_classifier deit-tiny" "bert base-cased" "bert minilm-l6" "yolov3 416" "yolov5 n"; do
        # shellcheck disable=SC2086
        if [ -x "$programs/${network% *}" ]; then try $network $precision
        else echo "not built: $network $precision"; fi
    done
done
[ $wrong = 0 ] || exit 1
[ $equal -gt 0 ] || { echo "skipped: $programs has no network of integers"; exit 0; }
echo "$equal networks equal"
