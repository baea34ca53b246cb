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
how many of the branches of each folder were taken, as gcovr counts them. build/coverage/branches.txt has it file by
file, and build/coverage/branches.html line by line.

Needs clang++ with llvm-profdata and llvm-cov (Debian: clang, llvm) and gcovr 8 (PyPI), in PATH or named by GCOVR,
LLVM_PROFDATA and LLVM_COV.
Exit code: 0 every folder reaches 95 %; 1 one does not, or a test fails; 2 something that is needed is missing.
HELP
}

[ $# -eq 0 ] || case $1 in
    --help | -h) usage; exit 0 ;;
    *) stop "unknown option '$1'; see bash tests/coverage.sh --help" ;;
esac
gcovr=${GCOVR:-gcovr} profdata=${LLVM_PROFDATA:-llvm-profdata}
for program in clang++ "$gcovr" "$profdata" "${LLVM_COV:-llvm-cov}"; do
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

# measure FOLDER [OPTION…]: gcovr's report of a folder of include/taxon.
measure() {
    local part=$1
    shift
    (cd "$repository" && "$gcovr" --root . --llvm-profdata-executable "$profdata" --llvm-cov-binary "$program" \
        --merge-lines --exclude-throw-branches --exclude-unreachable-branches \
        --filter "include/taxon/$part/" --txt-metric branch "$@" "$folder/profiles" 2>>"$folder/gcovr.log")
}
measure '(io|text|preprocess|eval)' --txt "$folder/branches.txt" --html-details "$folder/branches.html"
status=0
for part in io text preprocess eval; do
    percent=$(measure "$part" --txt-summary | awk '/^branches:/ { print $2 + 0 }')
    printf '%-12s %5.1f %%\n' "$part" "$percent"
    awk "BEGIN { exit !($percent >= 95) }" || status=1
done
exit $status
