#!/usr/bin/env bash
# sentences.sh PROGRAM FOLDER: a sentence encoder that has its weights and its vocabulary inside embeds texts as ONNX
# Runtime and transformers do, in a folder where nothing else is, and says what it cannot do in one line.
set -euo pipefail
program=$1 folder=$2
jail=$(mktemp -d)
trap 'rm -rf "$jail"' EXIT
cp "$program" "$jail/program"
cp "$folder/texts.txt" "$jail"

stop() { printf '%s\n' "$*" >&2; exit 1; }

# near FILE FILE: two .npy files of float32 have one header, and numbers within 1e-5.
near() {
    cmp -n 128 "$1" "$2" || stop "$1 has another shape"
    paste <(od -An -v -tf4 -w4 -j128 "$1") <(od -An -v -tf4 -w4 -j128 "$2") |
        awk '{ d = $1 - $2; if (!(d * d <= 1e-10)) { print $1 " is not " $2; failed = 1 } } END { exit failed }'
}

# refuses CODE PART ARGUMENT…: the program ends with this code and one line that has PART.
refuses() {
    local code=0 wanted=$1 part=$2
    shift 2
    "$program" "$@" >out 2>line || code=$?
    [ "$code" -eq "$wanted" ] || stop "$* ends with $code, wanted $wanted: $(cat line)"
    [ "$(wc -l <line)" -eq 1 ] || stop "$* says: $(cat line)"
    grep -qF -- "$part" line || stop "$* says: $(cat line)"
}

cd "$jail"
./program embed texts.txt --output vectors.npy --json facts.json --batch 4
near vectors.npy "$folder/vectors.npy"
grep -q '"pooling": "mean_tokens"' facts.json || stop "$(cat facts.json)"
grep -q '"texts_cut": 1,' facts.json || stop "one text is longer than 12 tokens: $(cat facts.json)"
./program infer texts.txt --output again.npy --quiet
cmp again.npy vectors.npy || stop "infer does not embed"
sed -n '3s/^How //p' texts.txt >one.txt
./program embed one.txt --prefix "How " --output one.npy --quiet
{ head -c 128 one.npy; tail -c +257 vectors.npy | head -c 64; } >third.npy  # 16 numbers after those of two texts
near one.npy third.npy

./program tokenize --text "The cats" --json tokens.json --quiet
tr -d ' \n' <tokens.json | grep -qF '"ids":[2,5,7,9,3]' || stop "$(cat tokens.json)"
./program describe >described
grep -q "parameters" described || stop "describe says: $(cat described)"
./program perf --iterations 2 --warmup 0 --threads 1 --quiet
./program perf --iterations 2 --warmup 0 --threads 1 --quiet --end-to-end --text "the cat"
./program profile --iterations 2 --warmup 0 --quiet
./program gen --output sentences.taxon --quiet
./program verify --weights sentences.taxon | grep -q "golden 2: identical" || stop "verify replays no golden pairs"
./program embed texts.txt --weights sentences.taxon --output packed.npy --quiet
cmp packed.npy vectors.npy || stop "the packed network embeds otherwise"

{ cat "$folder/vocab.txt"; echo more; } >other.txt
refuses 3 "other.txt: vocabulary: [mismatch] found 25 tokens, wanted 24" embed texts.txt --vocab other.txt
refuses 2 "--sequence" embed texts.txt --sequence 13
refuses 2 "unknown option '--padding'" embed texts.txt --padding compute
refuses 2 "unknown verb 'eval'" eval texts.txt

enter=(unshare -r chroot)
[ "$(id -u)" -ne 0 ] || enter=(chroot)
"${enter[@]}" / true 2>/dev/null || { echo "skipped: no chroot"; exit 0; }
"${enter[@]}" "$jail" /program embed /texts.txt --output /out.npy --quiet
cmp out.npy vectors.npy || stop "the program embeds otherwise where nothing else is"
