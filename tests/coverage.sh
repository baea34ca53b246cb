#!/usr/bin/env bash
# Branch coverage of the readers: see --help.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=../cmake/setup.sh
source "$repository/cmake/setup.sh"

usage() {
    cat <<'HELP'
usage: bash tests/coverage.sh [--help]

Builds the tests of io, text, preprocess and eval, with the damage tests of tests/fuzz, as one program that counts
branches (preset coverage: Clang's source-based counters, which have no branches for exceptions), runs it, and prints
how many of the branches of each folder were taken; of a template those of the instantiation that took most.
build/coverage/branches.txt has it file by file, and build/coverage/branches line by line, as HTML.

Needs clang++ with llvm-profdata and llvm-cov (Debian: clang, llvm), in PATH or named by LLVM_PROFDATA and LLVM_COV.
Exit code: 0 every folder reaches 95 %; 1 one does not, or a test fails; 2 something that is needed is missing.
HELP
}

[ $# -eq 0 ] || case $1 in
    --help | -h) usage; exit 0 ;;
    *) stop "unknown option '$1'; see bash tests/coverage.sh --help" ;;
esac
profdata=${LLVM_PROFDATA:-llvm-profdata} cov=${LLVM_COV:-llvm-cov}
for program in clang++ "$profdata" "$cov"; do
    command -v "$program" >/dev/null || stop "$program is missing; see bash tests/coverage.sh --help"
done

folder=$repository/build/coverage
program=$folder/tests/taxon_reader_tests
configure coverage "$folder" -DTAXON_BUILD_TESTS=ON || stop "the tests could not be configured"
build "$folder" taxon_reader_tests >"$folder/build.log" 2>&1 ||
    { tail -n 30 "$folder/build.log"; stop "the tests could not be built"; }
rm -rf "$folder/profiles"
LLVM_PROFILE_FILE=$folder/profiles/%p.profraw "$program" >"$folder/tests.log" 2>&1 ||
    { tail -n 30 "$folder/tests.log"; exit 1; }

"$profdata" merge -o "$folder/profile" "$folder"/profiles/*.profraw
about=("$program" "--instr-profile=$folder/profile")
"$cov" report "${about[@]}" --show-region-summary=0 >"$folder/branches.txt"
"$cov" show "${about[@]}" --show-branches=count --show-instantiations=0 --format=html --output-dir="$folder/branches" \
    --ignore-filename-regex="^/usr/|/tests/"

status=0
for part in io text preprocess eval; do
    # the last columns are the branches, those never taken, and the share of the others
    percent=$(awk -v part="include/taxon/$part/" 'index($1, part) { all += $(NF - 2); missed += $(NF - 1) }
        END { printf "%.1f", 100 * (all - missed) / all }' "$folder/branches.txt")
    printf '%-12s %5.1f %%\n' "$part" "$percent"
    awk "BEGIN { exit !($percent >= 95) }" || status=1
done
exit $status
