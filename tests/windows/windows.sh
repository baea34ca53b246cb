#!/usr/bin/env bash
# The headers and programs for Windows: built by mingw-w64, run under Wine. Prints "skipped" and a word where one is missing.
#
#   windows.sh headers ROOT BUILD FOLDER   every header, none of which brings <windows.h>
#   windows.sh program ROOT BUILD FOLDER   one program with one model, beside the same of BUILD: files, names, bytes, exit codes
#   windows.sh all ROOT BUILD FOLDER       more programs and variants, against the stored results in ROOT's shared folder
#
# BUILD is a build for this machine, FOLDER that of the Windows programs.
set -euo pipefail

task=$1 root=$(cd "$2" && pwd) build=$3 folder=$4
compiler=x86_64-w64-mingw32-g++-posix
skip() { echo "skipped: no $1"; exit 0; }
fail() { printf '%s\n' "$*"; exit 1; }
command -v $compiler >/dev/null || skip mingw-w64
[ -e /usr/x86_64-w64-mingw32/lib/libz.a ] || skip libz-mingw-w64-dev
wine=$(command -v wine64 || echo /usr/lib/wine/wine64)

headers() {
    local list="$build/generated/every_header.hpp" definitions="$build/generated/every_definition.hpp"
    cmake --preset windows -S "$root" -B "$folder" -G Ninja >/dev/null
    printf '%s\n' '#if defined(_INC_WINDOWS) || defined(_WINDOWS_) || defined(_MINWINDEF_)' \
        '#error "a header has included <windows.h>"' '#endif' 'int main() {}' >"$folder/nothing.cpp"
    "$compiler" -std=c++20 -fsyntax-only -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Werror \
        -I "$root/include" -isystem "$folder/third_parties/include" -DUTF8PROC_STATIC -DFMT_HEADER_ONLY \
        -include "$list" -include "$definitions" "$folder/nothing.cpp"
}

# make_programs TARGET… with the models in $models
make_programs() {
    [ -x "$wine" ] || skip wine64
    cmake --preset windows -S "$root" -B "$folder" -G Ninja -DTAXON_DEVELOPER=ON "-DTAXON_MODELS=$models" \
        >"$folder.log" 2>&1 || fail "$(cat "$folder.log")"
    ninja -C "$folder" "$@" >"$folder.log" 2>&1 || fail "$(cat "$folder.log")"
    # each vector move that wants an aligned stack crashes now and then
    for program in "$@"; do
        x86_64-w64-mingw32-objdump -d --no-show-raw-insn "$folder/examples/$program.exe" |
            grep -E 'vmov(ap[sd]|dqa(32|64)?) .*\(.*[yz]mm|vmov(ap[sd]|dqa(32|64)?) .*[yz]mm.*\(' | head -n 3 >"$folder.log"
        [ ! -s "$folder.log" ] || fail "$program.exe has moves that want alignment: $(cat "$folder.log")"
    done
    export WINEDEBUG=-all WINEPREFIX=$folder/wine
}

# run NAME CODE ARGUMENT…: the Windows program under Wine, from $scratch; its exit code is CODE. Output in NAME.out, NAME.err.
run() {
    local name=$1 wanted=$2 code=0
    shift 2
    (cd "$scratch" && "$wine" "$folder/examples/$program.exe" "$@" >"$name.out" 2>"$name.err") || code=$?
    [ "$code" = "$wanted" ] || fail "$program $*: exit code $code, wanted $wanted: $(cat "$scratch/$name.err")"
}
here() { (cd "$scratch" && "$native" "$@"); }
same() { cmp "$scratch/$1" "$scratch/$2" || fail "$1 and $2 differ"; }

program() {
    models=small-cifar10/force_float32/fused
    program=mobilenet_v3 native=$build/examples/mobilenet_v3
    [ -x "$native" ] || skip "mobilenet_v3 in this build"
    make_programs $program
    export LC_ALL=C.UTF-8
    scratch=$folder/scratch
    rm -rf "$scratch"
    mkdir -p "$scratch/Bäume 木"
    cp "$root/examples/pictures/camera.png" "$scratch/Bäume 木/ä😀.png"
    local small="--variant small-cifar10" windows_folder
    windows_folder=Z:$(cd "$scratch" && pwd | tr / '\\')

    run help 0 --help
    run usage 2 infer --variant nonsense 'ä.png'
    run missing 3 infer $small 'no\such\日.png'
    grep -q 'no\\such\\日.png: .*found.*No such file\|no\\such\\日.png: .*not found' "$scratch/missing.err" ||
        fail "$(cat "$scratch/missing.err")"

    # either slash, a drive letter, letters of all kinds; the same bytes as here, on any number of threads
    here infer $small 'Bäume 木/ä😀.png' --output here.npy --json here.json >"$scratch/here.out"
    for threads in 1 2; do
        run infer 0 infer $small "$windows_folder\\Bäume 木\\ä😀.png" --output 'Bäume 木\日.npy' --json 'wine.json' \
            --threads $threads
        same here.npy 'Bäume 木/日.npy'
    done
    run slash 0 infer $small 'Bäume 木/ä😀.png'
    same here.out slash.out
    TAXON_ISA=portable here infer $small 'Bäume 木/ä😀.png' --output portable-here.npy >/dev/null
    TAXON_ISA=portable run portable 0 infer $small 'Bäume 木' --output portable.npy
    same portable-here.npy portable.npy
    grep -q 'ä😀.png' "$scratch/infer.out" || fail "$(cat "$scratch/infer.out")"
    ! grep -q $'\r' "$scratch"/*.out "$scratch/wine.json" || fail "carriage returns in the output"

    # names by standard input; an offline file, written twice, mapped, and replaced while it is in use
    printf 'Bäume 木/ä😀.png\r\n' | run listed 0 infer $small --inputs -
    same listed.out slash.out
    here gen $small --output here.taxon >/dev/null
    for _ in 1 2; do run gen 0 gen $small --output wine.taxon; done
    same here.taxon wine.taxon
    run verify 0 verify --weights wine.taxon
    run offline 0 infer --weights wine.taxon 'Bäume 木/ä😀.png'
    same offline.out slash.out
    [ -z "$(find "$scratch" -name '*.part')" ] || fail "a temporary file is left"
    run folder 2 infer $small 'Bäume 木' --output 'no\such\folder.npy'
    run perf 0 perf $small --iterations 3 --warmup 0 --json perf.json
    grep -q '"date": "20..-..-..T..:..:..[+-]....",' "$scratch/perf.json" || fail "$(cat "$scratch/perf.json")"
    grep -q '"peak_memory_bytes": [1-9]' "$scratch/perf.json" || fail "no peak of memory"
    run profile 0 profile $small --weights synthetic --iterations 2 --warmup 0

    # Ctrl-C
    local worker code=0
    set -m
    (cd "$scratch" && exec "$wine" "$folder/examples/$program.exe" perf $small --duration 60 >stop.out 2>stop.err) &
    worker=$!
    sleep 5
    kill -INT "$worker"
    wait "$worker" || code=$?
    [ $code = 130 ] || fail "Ctrl-C: exit code $code, wanted 130: $(cat "$scratch/stop.err")"
    echo "the Windows program computes the same bytes as the one for this machine"
}

"$task"
