#!/usr/bin/env bash
# Builds and runs all tests on a machine that may have nothing yet. The last line is `N passed, N failed`.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=../cmake/setup.sh
source "$repository/cmake/setup.sh"

usage() {
    cat <<'HELP'
usage: bash tests/run.sh [--preset NAME] [--clang] [--long] [-R REGEX] [--help]

Installs the Debian packages that are missing (as root or by sudo; on other systems it says what to install),
builds the tests and what they run, and runs every test. The last line is `N passed, N failed`.

  --preset NAME   release (default), debug, sanitizers (AddressSanitizer and UndefinedBehaviorSanitizer),
                  thread-sanitizer, clang
  --clang         compile with clang++ instead of the default compiler
  --long          also what CI has no time for: builds all models of the examples, compiles every header alone
                  (preset everything), fuzzes each reader for five minutes (tests/fuzz/run.sh --help), and runs
                  example programs for 64-bit Arm under qemu (tests/aarch64/run.sh) and for Windows under Wine
                  (tests/windows/windows.sh)
  -R REGEX        run only the tests whose names match (all are built)

Builds in build/PRESET, or build/PRESET-clang; --long in build/everything. Exit code: 0 all passed; 1 something
failed; 2 usage error, or something needed is missing.
HELP
}

preset=release
clang=no
long=no
chosen=()
while [ $# -gt 0 ]; do
    case $1 in
        --help | -h) usage; exit 0 ;;
        --preset) [ $# -ge 2 ] || stop "--preset wants a name; see --help"; preset=$2; shift ;;
        --preset=*) preset=${1#*=} ;;
        --clang) clang=yes ;;
        --long) long=yes ;;
        -R) [ $# -ge 2 ] || stop "-R wants a regular expression; see --help"; chosen=(-R "$2"); shift ;;
        *) stop "unknown option '$1'; see bash tests/run.sh --help" ;;
    esac
    shift
done
case $preset in
    release | debug | sanitizers | thread-sanitizer) ;;
    clang) preset=release clang=yes ;;
    *) stop "unknown preset '$preset'; there are release, debug, sanitizers, thread-sanitizer, clang" ;;
esac

options=(-DTAXON_BUILD_TESTS=ON -DTAXON_DEVELOPER=ON)
if [ $long = yes ]; then
    [ "$preset" = release ] || stop "--long has a preset of its own, everything; leave --preset $preset out"
    preset=everything
else
    # Of the examples' models those that a test runs.
    options+=("-DTAXON_MODELS=$(tr '\n' ';' <"$repository/tests/examples/models.txt")")
fi
folder=$repository/build/$preset
if [ $clang = yes ]; then
    folder=$folder-clang
    options+=(-DCMAKE_CXX_COMPILER=clang++)
    clang_table='=clang++|clang|Clang 14 or newer'
    case $preset in *sanitizer*) clang_table+=$'\nsanitizer/asan_interface.h|libclang-rt-dev|the libraries of Clang'"'"'s sanitizers' ;; esac
fi

say "looking for what the build needs"
[ $clang = no ] || export CXX=clang++
need "$build_tools" "${clang_table:-}" "$libraries" "$test_libraries"
# Elsewhere their tests are skipped.
if command -v apt-get >/dev/null; then need "$format_tools" "$fuzz_tools" "$package_tools" "$arm_tools"; fi

say "configuring $folder"
configure "$preset" "$folder" "${options[@]}" || { echo "0 passed, 1 failed"; exit 1; }

say "building with $(jobs) jobs: $("$(compiler)" --version | head -n 1)"
started=$SECONDS
build "$folder" || { say "the build failed"; echo "0 passed, 1 failed"; exit 1; }
say "built in $((SECONDS - started)) s; running the tests"

report=$folder/tests.xml
rm -f "$report"
status=0
ctest --test-dir "$folder" --parallel "$(jobs)" --output-on-failure --no-tests=error --output-junit "$report" "${chosen[@]}" \
    </dev/null || status=$?

# The first lines of the JUnit file hold the counts, one attribute a line.
count() { sed -n "s/^[[:space:]]*$1=\"\([0-9]*\)\".*/\1/p" "$report" | head -n 1; }
if [ ! -s "$report" ]; then
    echo "0 passed, 1 failed"
    exit 1
fi
failed=$(count failures)
skipped=$(($(count skipped) + $(count disabled)))
passed=$(($(count tests) - failed - skipped))
# ctest itself fails where no test does, for example when there is no test at all.
if [ $status -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi

# also NAME COMMAND…: what is no test of ctest
also() {
    say "$1"
    if "${@:2}"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}
if [ $long = yes ] && [ ${#chosen[@]} -eq 0 ]; then
    also "fuzzing" bash "$repository/tests/fuzz/run.sh" --seconds 300
    also "64-bit Arm" bash "$repository/tests/aarch64/run.sh" programs "$repository/build/aarch64" "$folder/examples"
    also "Windows" bash "$repository/tests/windows/windows.sh" programs "$folder" "$repository/build/windows"
fi

say "all of it took $SECONDS s"
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
