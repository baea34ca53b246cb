# shellcheck shell=bash disable=SC2034  # the tables are read by the scripts that source this
# Sourced by examples/run.sh and tests/run.sh: what a machine must have, and how to get it. Bash; needs `repository` set.

# Headers, =commands or !functions of this file, any of which will do | Debian package | what it is. The compiler looks
# for the headers, so any installation counts; without a compiler they all count as missing.
build_tools='
=ninja =make|ninja-build|ninja (or make)
=c++|g++|a C++20 compiler: GCC 12 or Clang 14, or newer
=cmake|cmake|CMake 3.22 or newer'
libraries='
fmt/format.h|libfmt-dev|fmt
CLI/CLI.hpp|libcli11-dev|CLI11
nlohmann/json.hpp|nlohmann-json3-dev|nlohmann_json
boost/hana/tuple.hpp|libboost-dev|Boost.Hana
xtensor/xtensor.hpp|libxtensor-dev|xtensor
range/v3/range_fwd.hpp|librange-v3-dev|range-v3
stb/stb_image.h|libstb-dev|stb (its folder in CPLUS_INCLUDE_PATH if it lies elsewhere)
utf8proc.h|libutf8proc-dev|utf8proc
zlib.h|zlib1g-dev|zlib
protozero/pbf_reader.hpp|libprotozero-dev|protozero'
test_libraries='
jpeglib.h|libjpeg-dev|libjpeg-turbo (for the tests of its decoder; programs do without)
webp/decode.h|libwebp-dev|libwebp (likewise)
catch2/catch_test_macros.hpp catch2/catch.hpp|catch2|Catch2, version 2 or 3
=pkg-config|pkg-config|pkg-config (for the test of taxon.pc)'
fuzz_tools='
=clang++|clang|Clang (for the fuzzing program)
!has_libfuzzer|libclang-rt-dev|the libraries of its fuzzer and sanitizers'
package_tools='
=dpkg-shlibdeps|dpkg-dev|dpkg-dev (for the test of the .deb)'
arm_tools='
=aarch64-linux-gnu-g++|g++-aarch64-linux-gnu|the cross compiler for 64-bit Arm (for its tests)
=qemu-aarch64 =qemu-aarch64-static|qemu-user|qemu-user (for the tests of 64-bit Arm)'
format_tools='
=clang-format-14|clang-format-14|clang-format 14 (for the test of the layout)'

say() { printf '==> %s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 2; }

# The C++ compiler: $CXX if set, else what CMake would take.
compiler() { printf '%s' "${CXX:-c++}"; }

# Can Clang make a fuzzing program?
has_libfuzzer() {
    printf 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }' |
        clang++ -fsanitize=fuzzer -x c++ - -o /dev/null >/dev/null 2>&1
}

# Is one of the given headers, =commands or !functions there?
is_there() {
    local wanted
    for wanted in "$@"; do
        case $wanted in
            !*) "${wanted#!}" && return 0 ;;
            =*) command -v "${wanted#=}" >/dev/null && return 0 ;;
            *) printf '#if !__has_include(<%s>)\n#error\n#endif\n' "$wanted" |
                "$(compiler)" -std=c++20 -E -x c++ - >/dev/null 2>&1 &&
                return 0 ;;
        esac
    done
    return 1
}

# need TABLE…: makes sure that every row of the tables is there: installs what is missing by apt-get, or says what to install and
# exits with 2.
need() {
    local wanted package meaning packages=() meanings=()
    while IFS='|' read -r wanted package meaning; do
        # shellcheck disable=SC2086  # split on purpose: any of them will do
        if [ -n "$wanted" ] && ! is_there $wanted; then
            packages+=("$package")
            meanings+=("$meaning")
        fi
    done < <(printf '%s\n' "$@")
    [ ${#packages[@]} -gt 0 ] || return 0

    local as_root=()
    if ! command -v apt-get >/dev/null; then
        printf 'This machine has no apt-get, so these have to be installed by hand (and be found by the compiler and by CMake):\n' >&2
        printf '  %s\n' "${meanings[@]}" >&2
        exit 2
    elif [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || stop "Missing packages; as root run: apt-get install ${packages[*]}"
        as_root=(sudo)
        [ -t 0 ] || as_root=(sudo -n)
    fi
    say "installing Debian packages: ${packages[*]}"
    local log="$repository/build/apt.log"
    mkdir -p "$repository/build"
    if ! { "${as_root[@]}" apt-get update && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install --yes --no-install-recommends "${packages[@]}"; } >"$log" 2>&1 </dev/null; then
        tail -n 5 "$log" >&2
        stop "The packages could not be installed (apt-get's output: $log). As root run: apt-get install ${packages[*]}"
    fi
}

# As many compilers at a time as there are processors, if each can have 1.4 GB of memory.
jobs() {
    local processors memory
    processors=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)
    memory=$(awk '/^MemAvailable:/ { print int($2 / 1400000) }' /proc/meminfo 2>/dev/null)
    memory=${memory:-$processors}
    [ "$memory" -ge 1 ] || memory=1
    echo $((processors < memory ? processors : memory))
}

# configure PRESET FOLDER [OPTION…]: quiet, unless it fails.
configure() {
    local preset=$1 folder=$2 generator=()
    shift 2
    if [ ! -e "$folder/CMakeCache.txt" ] && command -v ninja >/dev/null; then generator=(-G Ninja); fi
    mkdir -p "$folder"
    if ! (cd "$repository" && cmake --preset "$preset" -B "$folder" "${generator[@]}" "$@") >"$folder/configure.log" 2>&1; then
        cat "$folder/configure.log" >&2
        return 1
    fi
    grep -A 3 'CMake Warning' "$folder/configure.log" >&2 || true
}

# build FOLDER [TARGET…]: with as many compilers as the variable jobs says, if there is one.
build() {
    local folder=$1 targets=()
    shift
    [ $# -eq 0 ] || targets=(--target "$@")
    cmake --build "$folder" --parallel "${jobs:-$(jobs)}" "${targets[@]}" </dev/null
}
