#!/usr/bin/env bash
# Fuzzes the readers: see --help.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=../../cmake/setup.sh
source "$repository/cmake/setup.sh"

usage() {
    cat <<'HELP'
usage: bash tests/fuzz/run.sh [TARGET…] [--readers] [--build] [--seconds N | --runs N] [--jobs N] [--help]

Builds the fuzzing programs (preset fuzz: Clang's libFuzzer with AddressSanitizer and UndefinedBehaviorSanitizer) and
runs their targets, all of them or those named, from the seeds that they write and the corpus of earlier runs. Prints
for each target how many inputs it ran, how many edges of the code they reached, how many of those the last tenth
reached first, and the whole seconds that the slowest input took.

  --readers     without command lines and the lowering of graphs, each of which takes as long to compile as all readers
  --build       only builds
  --seconds N   seconds for each target (default 10)
  --runs N      inputs for each target instead; pictures and command lines take a tenth of it
  --jobs N      targets, or compilers, at a time (default: processors)

Corpora, and what fails, lie in build/fuzz/corpus and build/fuzz/findings. A finding becomes a test: its input,
minimised by `build/fuzz/tests/fuzz/PROGRAM --target=NAME -minimize_crash=1 FILE`, in the test of the header at fault.
Exit code: 0 nothing found; 1 something found; 2 usage error, or something needed is missing.
HELP
}

seconds=10 runs='' jobs=$(jobs) targets=() only_build=no
readers=(taxon_fuzz_weights taxon_fuzz_pictures taxon_fuzz_texts taxon_fuzz_networks)
programs=("${readers[@]}" taxon_fuzz_lines taxon_fuzz_lowering)
while [ $# -gt 0 ]; do
    case $1 in
        --help | -h) usage; exit 0 ;;
        --readers) programs=("${readers[@]}") ;;
        --build) only_build=yes ;;
        --seconds) seconds=${2:?--seconds wants a number}; shift ;;
        --runs) runs=${2:?--runs wants a number}; shift ;;
        --jobs) jobs=${2:?--jobs wants a number}; shift ;;
        -*) stop "unknown option '$1'; see bash tests/fuzz/run.sh --help" ;;
        *) targets+=("$1") ;;
    esac
    shift
done
if [ ${#targets[@]} -gt 0 ]; then
    programs=()
    for target in "${targets[@]}"; do
        case $target in
            *_line) programs+=(taxon_fuzz_lines) ;;
            lowering) programs+=(taxon_fuzz_lowering) ;;
            *) programs+=("${readers[@]}") ;;
        esac
    done
fi
if ! has_libfuzzer; then
    echo "skipped: no libFuzzer; install clang and libclang-rt-dev"
    [ $only_build = yes ] || exit 2
    exit 0
fi

folder=$repository/build/fuzz
mkdir -p "$folder/findings"
configure fuzz "$folder" || stop "the fuzzing programs could not be configured"
build "$folder" "${programs[@]}" >"$folder/build.log" 2>&1 ||
    { tail -n 30 "$folder/build.log"; stop "the fuzzing programs could not be built"; }
[ $only_build = no ] || exit 0

# Each target and its program, a line each.
table=$(for program in "${programs[@]}"; do
    "$folder/tests/fuzz/$program" --write-seeds="$folder/seeds"
    "$folder/tests/fuzz/$program" --list | sed "s|\$| $folder/tests/fuzz/$program|"
done | sort -u)
mapfile -t known < <(cut -d ' ' -f 1 <<<"$table")
[ ${#targets[@]} -gt 0 ] || targets=("${known[@]}")
for target in "${targets[@]}"; do
    printf '%s\n' "${known[@]}" | grep -qx "$target" || stop "there is no target '$target'; there are ${known[*]}"
done

# fuzz TARGET OPTION NUMBER: one run of libFuzzer with this limit; prints the inputs run, the edges reached since the
# corpus began, and the whole seconds that the slowest input took.
fuzz() {
    local target=$1 option=$2 left=$3 log=$folder/findings/$1.log dictionary=() program code input ran all=0
    program=$(sed -n "s|^$target ||p" <<<"$table")
    [ ! -s "$folder/seeds/$target.dict" ] || dictionary=("-dict=$folder/seeds/$target.dict")
    while true; do
        code=0
        "$program" --target="$target" "$option=$left" -timeout=5 -timeout_exitcode=70 -rss_limit_mb=2048 -max_len=4096 \
            -print_final_stats=1 -artifact_prefix="$folder/findings/$target-" "${dictionary[@]}" \
            "$folder/corpus/$target" "$folder/seeds/$target" >"$log" 2>&1 || code=$?
        ran=$(awk '/number_of_executed_units/ { print $2 }' "$log")
        all=$((all + ${ran:-0}))
        [ $code -ne 0 ] || break
        # the five seconds are the clock's, and pass while the process is stopped: an input that is read in time when
        # it runs alone is no finding, and the run goes on, with the corpus that it has by now
        input=$(sed -n 's/.*Test unit written to //p' "$log")
        if [ $code -ne 70 ] || ! "$program" --target="$target" -timeout=5 "$input" >/dev/null 2>&1; then
            tail -n 40 "$log" >&2
            return 1
        fi
        rm "$input"
        # seconds are counted anew: who knows how many of them it was stopped
        [ "$option" != -runs ] || left=$((left > ran ? left - ran : 1))
    done
    awk -v runs="$all" '/slowest_unit_time_sec/ { slowest = $2 }
        / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") edges = $(i + 1) }
        END { print runs, edges, slowest }' "$log"
}

# The last tenth is a run of its own, so that its new edges can be counted.
fuzz_target() {
    local target=$1 first last more
    mkdir -p "$folder/corpus/$target"
    if [ -n "$runs" ]; then
        local wanted=$runs
        case $target in jpeg* | png | bmp | webp | *_line) wanted=$((runs / 10)) ;; esac
        first=$(fuzz "$target" -runs $((wanted * 9 / 10))) && last=$(fuzz "$target" -runs $((wanted / 10)))
    else
        local tenth=$(((seconds + 9) / 10))
        first=$(fuzz "$target" -max_total_time $((seconds > tenth ? seconds - tenth : 1))) &&
            last=$(fuzz "$target" -max_total_time "$tenth")
    fi || { echo "$target FOUND"; return 1; }
    read -ra first <<<"$first"
    read -ra last <<<"$last"
    more=$((last[1] - first[1]))
    echo "$target $((first[0] + last[0])) ${last[1]} $((more > 0 ? more : 0))" \
        "$((first[2] > last[2] ? first[2] : last[2]))"
}
export -f fuzz fuzz_target
export folder runs seconds table

status=0
results=$(printf '%s\n' "${targets[@]}" | xargs -P "$jobs" -I TARGET bash -c 'fuzz_target TARGET') || status=1
printf '%-18s %12s %8s %20s %12s\n' target inputs edges 'new in last tenth' 'slowest (s)'
printf '%s\n' "$results" | sort | awk '
    $2 == "FOUND" { printf "%-18s %12s\n", $1, "A FINDING"; next }
    { printf "%-18s %12d %8d %20d %12d\n", $1, $2, $3, $4, $5; total += $2 }
    END { printf "%-18s %12d\n", "together", total }'
[ $status -eq 0 ] || say "findings lie in $folder/findings"
exit $status
