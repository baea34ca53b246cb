#!/usr/bin/env bash
# format.sh clang ROOT        C++ files are as clang-format 14 lays them out
# format.sh columns ROOT      no line of C++, CMake or a page's sources is longer than 120 columns
# format.sh prove             both find what is wrong
set -euo pipefail

cpp() { find "$1"/{include,tests,examples,benchmarks,docs} \( -name '*.hpp' -o -name '*.cpp' -o -name '*.inl' -o -name '*.ipp' \) 2>/dev/null; }
page() { find "$1"/include \( -name '*.html' -o -name '*.css' -o -name '*.js' \); }
cmake() { find "$1" -path "$1/build*" -prune -o \( -name 'CMakeLists.txt' -o -name '*.cmake' -o -name '*.cpp.in' \) -print; }

clang() {
    local program
    for program in clang-format-14 clang-format; do
        case $("$program" --version 2>/dev/null) in *' version 14.'*) ;; *) continue ;; esac
        cpp "$1" | xargs -r -d '\n' "$program" --style="file:$style" --dry-run -Werror
        return
    done
    echo "skipped: no clang-format 14 on this machine"
}

columns() {
    # Characters, not bytes.
    if { cpp "$1"; page "$1"; cmake "$1"; } | LC_ALL=C.UTF-8 xargs -r -d '\n' grep -HnE '.{121}'; then return 1; fi
}

prove() {
    tree=$(mktemp -d)
    trap 'rm -rf "$tree"' EXIT
    mkdir "$tree/include"
    echo 'int  a  ;' >"$tree/include/loose.hpp"
    case $(clang "$tree" 2>&1 || echo refused) in *refused | skipped*) ;; *) echo "loose spaces were not found"; exit 1 ;; esac
    printf '#%130s\n' '' >"$tree/CMakeLists.txt"
    if columns "$tree"; then echo "a long line was not found"; exit 1; fi
}

style=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/.clang-format
"$@"
