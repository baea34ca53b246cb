#!/usr/bin/env bash
# What an example costs to build: compiles each of its files alone and prints a Markdown table.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=../cmake/setup.sh
source "$repository/cmake/setup.sh"

usage() {
    cat <<'HELP'
usage: bash benchmarks/build_cost.sh [FAMILY] [--preset release|clang] [--only REGEX]

Compiles every file of examples/FAMILY (default mobilenet_v3), and those that all examples share, alone, one after the other, with the flags of the preset
(default release), and prints a Markdown table: compiler seconds (user + system), wall seconds, the compiler's peak memory,
machine code (all .text sections), object size after strip; in the last row the whole program, if it is built.

  --only REGEX    only the files whose names match
HELP
}

family=mobilenet_v3
preset=release
only=.
while [ $# -gt 0 ]; do
    case $1 in
        --help | -h) usage; exit 0 ;;
        --preset) [ $# -ge 2 ] || stop "--preset wants a name"; preset=$2; shift ;;
        --only) [ $# -ge 2 ] || stop "--only wants a regular expression"; only=$2; shift ;;
        -*) stop "unknown option '$1'; see bash benchmarks/build_cost.sh --help" ;;
        *) family=$1 ;;
    esac
    shift
done
[ -d "$repository/examples/$family" ] || stop "there is no example '$family'"

need "$build_tools" "$libraries" '=/usr/bin/time|time|GNU time' '=strip|binutils|binutils'
folder=$repository/build/$preset
options=(-DTAXON_BUILD_EXAMPLES=ON)
# A folder of one's own making keeps its tests; a new one does not need them.
[ -e "$folder/CMakeCache.txt" ] || options+=(-DTAXON_BUILD_TESTS=OFF)
configure "$preset" "$folder" "${options[@]}"

# CMake writes one key a line; a path or command with a quote in it would be escaped by a backslash.
commands=$(sed -n 's/^ *"command": "\(.*\)",$/\1/p' "$folder/compile_commands.json" | sed 's/\\\(.\)/\1/g' |
    grep -E "CMakeFiles/($family|taxon_classifier|taxon_reference_network).dir/" | grep -F ".cpp.o " | grep -E -- "$only" || true)
[ -n "$commands" ] || stop "the build in $folder has no file of $family that matches '$only'"

code_bytes() { size -A "$1" | awk '$1 ~ /^\.text/ { sum += $2 } END { print sum + 0 }'; }
row() { printf '| %-50s | %9s | %6s | %10s | %10s | %14s |\n' "$@"; }
kibibytes() { echo $((($1 + 1023) / 1024)); }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
say "$("$(compiler)" --version | head -n 1), $(grep -m 1 'model name' /proc/cpuinfo | sed 's/.*: //'), one file at a time" >&2
row file "CPU (s)" "wall (s)" "peak (MiB)" "code (KiB)" "stripped (KiB)"
row --- ---: ---: ---: ---: ---:
while IFS= read -r command; do
    source=${command##* }
    object=$scratch/object.o
    command=$(sed "s| -o [^ ]* | -o $object |" <<<"$command")
    # The command is one of CMake's own for the shell, quotes and all.
    (cd "$folder" && /usr/bin/time -f '%U %S %e %M' -o "$scratch/time" bash -c "$command")
    read -r user system wall peak < <(tail -n 1 "$scratch/time")
    strip -o "$scratch/stripped.o" "$object"
    row "$(basename "$source")" "$(awk "BEGIN { printf \"%.1f\", $user + $system }")" "$(printf '%.1f' "$wall")" $((peak / 1024)) \
        "$(kibibytes "$(code_bytes "$object")")" "$(kibibytes "$(stat -c %s "$scratch/stripped.o")")"
done <<<"$commands"

program=$folder/examples/$family
if [ -x "$program" ]; then
    strip -o "$scratch/program" "$program"
    row "the program \`$family\`" "" "" "" "$(kibibytes "$(code_bytes "$program")")" "$(kibibytes "$(stat -c %s "$scratch/program")")"
fi
