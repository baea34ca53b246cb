#!/usr/bin/env bash
# What building costs: CPU seconds and peak memory of commits in turn, as a Markdown table.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=../cmake/setup.sh
source "$repository/cmake/setup.sh"

usage() {
    cat <<'HELP'
usage: bash benchmarks/build_cost.sh [COMMIT…] [--part NAME…] [--family NAME] [--variants LIST] [--rounds N]

Clones each commit (default HEAD) into a temporary folder and measures, one process at a time and the commits in turn:

  program   a program of one Model (YOLOv5n, 640 pixels, fused, float32) that reads its weights and a picture: header-only, one file
  model     the same by taxon_add_model: the model's file, the user's own file, and taxon::compiled, which is compiled once
  example   the model files of one example, alone, one after the other: their sum and the greatest peak
  tests     all of the tests and examples from nothing, with one process, and the tests themselves (an hour)
  objects   every Nth object file of those, in the order of their paths: N times their sum, and the greatest peak

  --part NAME      only this part, several times if wanted (default: program model example)
  --family NAME    the example (default mobilenet_v3)
  --variants LIST  its variants, as -DTAXON_VARIANTS takes them (default: all)
  --every N        which objects (default 10)
  --rounds N       how often; the least of each is shown (default 1)

The compiler is $CXX, or else what CMake would take. CPU seconds are user + system.
HELP
}

commits=() parts=() family=mobilenet_v3 variants='' rounds=1 every=10
while [ $# -gt 0 ]; do
    case $1 in
        --help | -h) usage; exit 0 ;;
        --part) parts+=("${2:?--part wants a name}"); shift ;;
        --family) family=${2:?--family wants a name}; shift ;;
        --variants) variants=${2:?--variants wants a list}; shift ;;
        --every) every=${2:?--every wants a number}; shift ;;
        --rounds) rounds=${2:?--rounds wants a number}; shift ;;
        -*) stop "unknown option '$1'; see bash benchmarks/build_cost.sh --help" ;;
        *) commits+=("$1") ;;
    esac
    shift
done
[ ${#commits[@]} -gt 0 ] || commits=(HEAD)
[ ${#parts[@]} -gt 0 ] || parts=(program model example)
for part in "${parts[@]}"; do
    case $part in program | model | example | tests | objects) ;; *) stop "there is no part '$part'; see --help" ;; esac
done
need "$build_tools" "$libraries" "$test_libraries" '=/usr/bin/time|time|GNU time'

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
declare -A seconds=() peaks=() known=()
rows=()

# measure COMMIT ROW COMMAND…: keeps the least CPU seconds and the least peak of all rounds. A command that takes several processes peaks
# where the greatest of them does.
measure() {
    local commit=$1 row=$2 user system peak
    shift 2
    if ! /usr/bin/time -f '%U %S %M' -o "$scratch/time" "$@" >"$scratch/log" 2>&1 </dev/null; then
        tail -n 20 "$scratch/log" >&2
        stop "$commit: $row failed"
    fi
    read -r user system peak < <(tail -n 1 "$scratch/time")
    keep "$commit" "$row" "$(awk "BEGIN { print $user + $system }")" "$peak"
}

# keep COMMIT ROW SECONDS KIBIBYTES
keep() {
    local key="$1 $2"
    [ -n "${known[$2]:-}" ] || rows+=("$2")
    known[$2]=1
    seconds[$key]=$(awk "BEGIN { a = ${seconds[$key]:-1e9}; print a < $3 ? a : $3 }")
    peaks[$key]=$(awk "BEGIN { a = ${peaks[$key]:-1e9}; print a < $4 ? a : $4 }")
}

cxx() { "$(compiler)" -std=c++20 -O2 -DNDEBUG "$@"; }
export -f cxx compiler

cat >"$scratch/program.cpp" <<'CPP'
#include <taxon/io/weight_file.hpp>
#include <taxon/model.hpp>
#include <taxon/preprocess/image_file.hpp>
#include <taxon/preprocess/letterbox.hpp>
#include <taxon/zoo/yolov5.hpp>

#include <cstdio>

int main(int, char** arguments) {
    using Detector = taxon::Model<taxon::zoo::Yolov5n<80, 640>, taxon::preprocess::Letterbox<640>>;
    const auto model = Detector::load(arguments[1]);
    std::printf("%zu numbers\n", model(taxon::read_image(arguments[2])).size());
}
CPP
cat >"$scratch/user.cpp" <<'CPP'
#include <detector.hpp>
#include <taxon/preprocess/image_file.hpp>

#include <cstdio>

int main(int, char** arguments) {
    const auto model = detector::load(arguments[1]);
    std::printf("%zu numbers\n", (*model)(taxon::read_image(arguments[2])).size());
}
CPP
mkdir "$scratch/project"
cat >"$scratch/project/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.22)
project(detector LANGUAGES CXX)
add_subdirectory(${TAXON_FOLDER} taxon)
taxon_add_model(detector HEADER <taxon/preprocess/letterbox.hpp> <taxon/zoo/yolov5.hpp>
    TYPE "taxon::Model<taxon::zoo::Yolov5n<80, 640>, taxon::preprocess::Letterbox<640>>")
CMAKE

measure_program() {
    measure "$1" "program, header-only, one file" bash -c 'cxx "$@"' cxx -I "$2/include" -c "$scratch/program.cpp" -o "$scratch/object.o"
}

measure_model() {
    [ -e "$2/cmake/TaxonAddModel.cmake" ] || return 0  # an older commit
    local generated=$scratch/generated flags
    rm -rf "$generated"
    cmake -S "$scratch/project" -B "$generated" -D TAXON_FOLDER="$2" -D CMAKE_CXX_COMPILER="$(command -v "$(compiler)")" >"$scratch/log"
    flags=(-DTAXON_SEPARATE_COMPILATION -I "$2/include" -I "$generated/taxon/detector/include" -c -o "$scratch/object.o")
    measure "$1" "taxon_add_model, the model's file" bash -c 'cxx "$@"' cxx "${flags[@]}" "$generated/taxon/detector/detector.cpp"
    measure "$1" "taxon_add_model, the user's own file" bash -c 'cxx "$@"' cxx "${flags[@]}" "$scratch/user.cpp"
    mkdir -p "$scratch/objects"
    measure "$1" "taxon::compiled, once" bash -c 'cd "$1" && cxx "${@:2}"' cxx "$scratch/objects" \
        -DTAXON_SEPARATE_COMPILATION -I "$2/include" -c "$generated/taxon/taxon"/*.cpp
}

configured() {
    cmake -S "$1" -B "$1/build" -D CMAKE_BUILD_TYPE=Release -D CMAKE_CXX_COMPILER="$(command -v "$(compiler)")" "${@:2}" >"$scratch/log" 2>&1 ||
        { cat "$scratch/log" >&2; stop "CMake failed"; }
}

# measure_commands COMMIT FOLDER ROW TIMES: runs the compiler's commands for FOLDER, read from standard input, one after
# the other, and keeps TIMES their sum and the greatest peak. What a command writes goes to waste.
measure_commands() {
    local command sum=0 peak=0 user system kibibytes
    while IFS= read -r command; do
        # The command is one of CMake's own for the shell, quotes and all.
        command=$(sed "s| -o [^ ]* | -o $scratch/object.o |" <<<"$command")
        (cd "$2/build" && /usr/bin/time -f '%U %S %M' -o "$scratch/time" bash -c "$command") ||
            stop "$1: $3: failed: $command"
        read -r user system kibibytes < <(tail -n 1 "$scratch/time")
        sum=$(awk "BEGIN { print $sum + $4 * ($user + $system) }")
        [ "$kibibytes" -le "$peak" ] || peak=$kibibytes
    done
    keep "$1" "$3" "$sum" "$peak"
}

commands() {
    sed -n 's/^ *"command": "\(.*\)",$/\1/p' "$1/build/compile_commands.json" | sed 's/\\\(.\)/\1/g' | grep -F ".cpp.o "
}

measure_example() {
    rm -rf "$2/build"
    configured "$2" -D TAXON_BUILD_TESTS=OFF -D TAXON_VARIANTS="$variants"
    commands "$2" | grep -F "entries/$family/" >"$scratch/commands"
    measure_commands "$1" "$2" "example $family, its model files" 1 <"$scratch/commands"
}

# As tests/run.sh does.
configured_for_tests() {
    local options=(-D TAXON_BUILD_TESTS=ON -D TAXON_DEVELOPER=ON) models=$1/tests/examples/models.txt
    [ ! -e "$models" ] || options+=("-DTAXON_MODELS=$(tr '\n' ';' <"$models")")
    rm -rf "$1/build"
    configured "$1" "${options[@]}"
}

measure_objects() {
    configured_for_tests "$2"
    commands "$2" | sort | awk -v every="$every" 'NR % every == 1' >"$scratch/commands"
    measure_commands "$1" "$2" "tests and examples, built: each ${every}th object, $every times" "$every" \
        <"$scratch/commands"
}

measure_tests() {
    configured_for_tests "$2"
    measure "$1" "tests and examples, built" cmake --build "$2/build" --parallel 1
    measure "$1" "tests, run" ctest --test-dir "$2/build" --parallel 1
}

for commit in "${commits[@]}"; do
    git clone --quiet "$repository" "$scratch/$commit"
    git -C "$scratch/$commit" checkout --quiet --detach "$(git -C "$repository" rev-parse "$commit^{commit}")"
    [ ! -e "$repository/../shared" ] || ln -sfn "$(cd "$repository/../shared" && pwd)" "$scratch/shared"
done
for ((round = 0; round < rounds; ++round)); do
    for part in "${parts[@]}"; do
        for commit in "${commits[@]}"; do
            say "$part of $commit" >&2
            "measure_$part" "$commit" "$scratch/$commit"
        done
    done
done

say "$("$(compiler)" --version | head -n 1), $(grep -m 1 'model name' /proc/cpuinfo | sed 's/.*: //'), one process at a time" >&2
first=${commits[0]}
printf '| |'; printf ' %s: CPU (s) | peak (MiB) |' "${commits[@]}"; echo
printf '|---|'; printf ' ---: | ---: |%.0s' "${commits[@]}"; echo
for row in "${rows[@]}"; do
    printf '| %s |' "$row"
    for commit in "${commits[@]}"; do
        if [ -z "${seconds[$commit $row]:-}" ]; then printf ' | |'; continue; fi
        awk -v s="${seconds[$commit $row]}" -v k="${peaks[$commit $row]}" -v of="${seconds[$first $row]:-0}" -v first="$([ "$commit" = "$first" ] && echo 1 || echo 0)" \
            'BEGIN { share = (of > 0 && first == 0) ? sprintf(" (%.0f %%)", 100 * s / of) : ""; printf " %.1f%s | %d |", s, share, k / 1024 }'
    done
    echo
done
