#!/usr/bin/env bash
# The headers and programs for Windows: built by mingw-w64, run under Wine; skipped with a word where one is missing.
#
#   windows.sh headers BUILD FOLDER   every header, none of which brings <windows.h>
#   windows.sh counts BUILD FOLDER    no header counts in long, which has 32 bits there; needs no compiler
#   windows.sh system BUILD FOLDER    what taxon/system does, in a process of Windows
#   windows.sh program BUILD FOLDER   a program with one network, beside the same of BUILD: names, bytes, exit codes
#   windows.sh programs BUILD FOLDER  for tests/run.sh --long: five example programs give the bytes of those of BUILD
#
# BUILD is a build for this machine, FOLDER that of the Windows programs.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
task=$1 build=$(cd "$2" && pwd) folder=$3
compiler=x86_64-w64-mingw32-g++-posix
skip() { echo "skipped: no $1"; exit 0; }
fail() { printf '%s\n' "$*"; exit 1; }

counts() {
    local found  # but for the types of systems' own functions
    found=$(cd "$root/include" && grep -rnwE 'long' --include='*.[hi]*' --exclude=isa.hpp --exclude=crc32c.hpp \
        --exclude=kernel32.ipp taxon | sed -E 's,//.*|"[^"]*"|long long,,g' | grep -w long) || return 0
    fail "std::int64_t instead of long: $found"
}
[ "$task" != counts ] || { counts; exit 0; }

command -v $compiler >/dev/null || skip mingw-w64
[ -e /usr/x86_64-w64-mingw32/lib/libz.a ] || skip libz-mingw-w64-dev
wine=$(command -v wine64 || echo /usr/lib/wine/wine64)

# configure OPTION…
configure() {
    mkdir -p "$folder"
    folder=$(cd "$folder" && pwd)
    (cd "$root" && cmake --preset windows -B "$folder" -G Ninja -DTAXON_DEVELOPER=ON "$@") \
        >"$folder/configure.log" 2>&1 ||
        fail "$(cat "$folder/configure.log")"
}

# To be called before anything runs.
use_wine() {
    [ -x "$wine" ] || skip wine64
    mkdir -p "$folder"
    folder=$(cd "$folder" && pwd)
    export WINEDEBUG=-all WINEPREFIX=$folder/wine LC_ALL=C.UTF-8
    scratch=$folder/scratch
    rm -rf "$scratch"
    mkdir -p "$scratch"
}

headers() {
    local list="$build/generated/every_header.hpp" definitions="$build/generated/every_definition.hpp"
    configure
    printf '%s\n' '#if defined(_INC_WINDOWS) || defined(_WINDOWS_) || defined(_MINWINDEF_)' \
        '#error "a header has included <windows.h>"' '#endif' 'int main() {}' >"$folder/nothing.cpp"
    "$compiler" -std=c++20 -fsyntax-only -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Werror \
        -I "$root/include" -isystem "$folder/third_parties/include" -DUTF8PROC_STATIC -DFMT_HEADER_ONLY \
        -include "$list" -include "$definitions" "$folder/nothing.cpp"
}

system() {
    use_wine
    "$compiler" -std=c++20 -O0 -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Werror -I "$root/include" \
        "$root/tests/windows/system.cpp" -static -o "$folder/system.exe"
    "$wine" "$folder/system.exe" "$scratch" '*ä 😀' | cat
}

# make_programs TARGET…: with the models in $models
make_programs() {
    local target
    configure "-DTAXON_MODELS=$models"
    ninja -C "$folder" "$@" >"$folder/build.log" 2>&1 || fail "$(cat "$folder/build.log")"
    # the stack is aligned to 16 bytes: a move that wants 32 or 64 crashes now and then
    for target in "$@"; do
        x86_64-w64-mingw32-objdump -d --no-show-raw-insn "$folder/examples/$target.exe" |
            grep -E 'vmov(ap[sd]|dqa(32|64)?) ' | grep -E '%[yz]mm' | grep -F '(' >"$folder/moves" || true
        [ ! -s "$folder/moves" ] || fail "$target.exe has moves that want alignment: $(head -n 3 "$folder/moves")"
    done
}

# run NAME CODE ARGUMENT…: the Windows program under Wine, from $scratch; its exit code is CODE. Output is in NAME.out
# and NAME.err.
run() {
    local name=$1 wanted=$2 code=0
    shift 2
    (cd "$scratch" && "$wine" "$folder/examples/$program.exe" "$@" >"$name.out" 2>"$name.err") || code=$?
    [ "$code" = "$wanted" ] || fail "$program $*: exit code $code, wanted $wanted: $(cat "$scratch/$name.err")"
}
here() { (cd "$scratch" && "$native" "$@"); }
same() { cmp "$scratch/$1" "$scratch/$2" || fail "$1 and $2 differ"; }

program() {
    models="small-cifar10/force_float32/fused"
    program=mobilenet_v3 native=$build/examples/mobilenet_v3
    [ -x "$native" ] || skip "mobilenet_v3 in this build"
    use_wine
    make_programs $program
    mkdir "$scratch/Bäume 木"
    cp "$root/examples/pictures/camera.png" "$scratch/Bäume 木/ä😀.png"
    local small=(--variant small-cifar10) windows_folder
    windows_folder=Z:${scratch//\//\\}

    run help 0 --help
    run usage 2 infer --variant nonsense 'ä.png'
    run missing 3 infer "${small[@]}" 'no\such\日.png'
    grep -qF 'no\such\日.png: [io] found no such file' "$scratch/missing.err" || fail "$(cat "$scratch/missing.err")"

    # either slash, a drive letter, letters of all kinds; the same bytes as here, on any number of threads
    here infer "${small[@]}" 'Bäume 木/ä😀.png' --output here.npy --json here.json >"$scratch/here.out"
    for threads in 1 2; do
        run infer 0 infer "${small[@]}" "$windows_folder\\Bäume 木\\ä😀.png" --output 'Bäume 木\日.npy' --json 'wine.json' \
            --threads $threads
        same here.npy 'Bäume 木/日.npy'
    done
    run slash 0 infer "${small[@]}" 'Bäume 木/ä😀.png'
    same here.out slash.out
    TAXON_ISA=portable here infer "${small[@]}" 'Bäume 木/ä😀.png' --output portable-here.npy >/dev/null
    TAXON_ISA=portable run portable 0 infer "${small[@]}" 'Bäume 木' --output portable.npy
    same portable-here.npy portable.npy
    grep -q 'ä😀.png' "$scratch/infer.out" || fail "$(cat "$scratch/infer.out")"
    ! grep -q $'\r' "$scratch"/*.out "$scratch/wine.json" || fail "carriage returns in the output"

    # names by standard input; an offline file, written twice, mapped, and replaced while it is in use
    printf 'Bäume 木/ä😀.png\r\n' | run listed 0 infer "${small[@]}" --inputs -
    same listed.out slash.out
    here gen "${small[@]}" --output here.taxon >/dev/null
    for _ in 1 2; do run gen 0 gen "${small[@]}" --output wine.taxon; done
    same here.taxon wine.taxon
    run verify 0 verify --weights wine.taxon
    run offline 0 infer --weights wine.taxon 'Bäume 木/ä😀.png'
    same offline.out slash.out
    [ -z "$(find "$scratch" -name '*.part')" ] || fail "a temporary file is left"
    run folder 2 infer "${small[@]}" 'Bäume 木' --output 'no\such\folder.npy'
    run perf 0 perf "${small[@]}" --iterations 3 --warmup 0 --json perf.json
    grep -q '"date": "20..-..-..T..:..:..[+-]....",' "$scratch/perf.json" || fail "$(cat "$scratch/perf.json")"
    grep -q '"peak_memory_bytes": [1-9]' "$scratch/perf.json" || fail "no peak of memory"
    run profile 0 profile "${small[@]}" --weights synthetic --iterations 2 --warmup 0

    # Ctrl-C
    local worker code=0
    set -m
    (cd "$scratch" && exec "$wine" "$folder/examples/$program.exe" perf "${small[@]}" --duration 60 \
        >stop.out 2>stop.err) &
    worker=$!
    sleep 10
    kill -INT "$worker"
    wait "$worker" || code=$?
    [ $code = 130 ] || fail "Ctrl-C: exit code $code, wanted 130: $(cat "$scratch/stop.err")"
    echo "the Windows program computes the same bytes as the one for this machine"
}

programs() {
    local networks='mobilenet_v3 small force_float32
mobilenet_v3 small force_float16
mobilenet_v3 small force_bfloat16
mobilenet_v3 small qint8_mixed_float32
yolov5 n force_float32
resnet 50 force_float32
volo d1 force_float32
googlenet v1 force_float32'
    models=$(awk '{ print $2 ($1 == "yolov5" ? "@320" : "") "/" $3 "/fused" }' <<<"$networks" | tr '\n' ';')
    use_wine
    make_programs mobilenet_v3 yolov5 resnet volo googlenet
    while read -r program variant precision; do
        native=$build/examples/$program
        local options=(--quiet --variant "$variant" --precision "$precision") calibration=()
        [ "$program" != yolov5 ] || options+=(--size 320)
        case $precision in q*) calibration=(--calibration-dir "$root/examples/pictures") ;; esac
        here gen "${options[@]}" --weights synthetic "${calibration[@]}" --output here.taxon </dev/null
        run gen 0 gen "${options[@]}" --weights synthetic "${calibration[@]}" --output wine.taxon </dev/null
        same here.taxon wine.taxon
        run verify 0 verify "${options[@]}" --weights here.taxon </dev/null
        for isa in avx2 auto; do
            local own=("${options[@]}" --weights here.taxon --isa $isa --input synthetic --batch 2)
            here infer "${own[@]}" --output here.npy </dev/null
            run infer 0 infer "${own[@]}" --output wine.npy </dev/null
            same here.npy wine.npy
        done
        echo "$program $variant $precision: the bytes of this machine"
    done <<<"$networks"
}

"$task"
