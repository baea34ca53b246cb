#!/usr/bin/env bash
# Holds the project's documents to what they say. Exits with 1 and a line for each fault.
# shellcheck disable=SC2013,SC2015,SC2016,SC2317  # the functions are called by name; $P is text
#
#   page.sh words   ROOT MOST                      README.md has at most MOST words
#   page.sh limits  ROOT                           SECURITY.md lists every member of Limits
#   page.sh layers  ROOT                           the types that docs/layers.md says to write exist
#   page.sh links   ROOT                           links between pages, to files and to headings lead somewhere, and files
#                                                  named in `code` exist
#   page.sh compile ROOT PAGE COMPILER [FLAG…]     every ```cpp block is a whole program that compiles without a warning
#   page.sh python  ROOT PAGE PYTHON               every ```python block is a program that Python reads
#   page.sh same    ROOT                           every docs/examples/*.cpp is a block of README.md, to the letter
#   page.sh options ROOT PROGRAMS                  options in command lines, and in `code` of pages on the command line, are in --help
#   page.sh run     ROOT PAGE PROGRAMS             blocks ```sh run succeed, with build/release/examples being PROGRAMS
set -euo pipefail

task=$1 root=$(cd "$2" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
faults=0
fault() { printf '%s\n' "$*"; faults=1; }

pages() { (cd "$root" && find README.md HACKING.md SECURITY.md docs -name '*.md' | sort); }

# blocks PAGE INFO: writes the fenced blocks with this info string to $scratch/1, $scratch/2, …, and says how many.
blocks() {
    awk -v info="$2" -v folder="$scratch" '
        !open && $0 == "```" info { open = 1; file = folder "/" ++count; printf "" > file; next }
        /^```/ { open = 0; next }
        open { print > file }
        END { print count + 0 }' "$root/$1"
}

# The headings of a page as GitHub makes anchors of them.
anchors() {
    awk '/^```/ { code = !code } !code && /^#+ / { sub(/^#+ /, ""); print tolower($0) }' "$1" |
        sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

words() {
    local count
    count=$(wc -w <"$root/README.md")
    [ "$count" -le "$1" ] || fault "README.md has $count words, at most $1 are wanted"
}

limits() {
    local limit
    for limit in $(sed -n 's/^    std::[a-z0-9_]* \([a-z_]*\) = .*/\1/p' "$root/include/taxon/core/limits.hpp"); do
        grep -qF -- "| \`$limit\` |" "$root/SECURITY.md" || fault "SECURITY.md does not list the limit $limit"
    done
}

layers() {
    local name known=0
    for name in $(awk -F'|' '/^\|/ { print $3 }' "$root/docs/layers.md" | grep -oE '`[A-Z][A-Za-z0-9]*' |
        tr -d '`' | sort -u); do
        grep -qrE "^(struct|using) $name\b" "$root/include/taxon/layer" ||
            fault "docs/layers.md: no layer is called $name"
        known=$((known + 1))
    done
    [ "$known" -gt 0 ] || fault "docs/layers.md names no layer"
}

links() {
    local page link file anchor
    for page in $(pages); do
        while IFS= read -r link; do
            case $link in http://* | https://*) continue ;; esac
            file=${link%%#*} anchor=
            [[ $link != *#* ]] || anchor=${link#*#}
            file=$(dirname "$root/$page")/${file:-$(basename "$page")}
            if [ ! -e "$file" ]; then
                fault "$page: nothing is at $link"
            elif [ -n "$anchor" ] && ! anchors "$file" | grep -qxF -- "$anchor"; then
                fault "$page: no heading for $link"
            fi
        done < <(prose "$page" | grep -oE '\]\([^)]+\)' | sed 's/^](//; s/)$//' || true)
        for file in $(prose "$page" | grep -oE '`[a-z0-9_./-]+\.(hpp|inl|ipp|cpp|sh|py|cmake)`' | tr -d '`' | sort -u); do
            exists "$file" || fault "$page: no file is called $file"
        done
    done
}

# A page without its blocks of code.
prose() { awk '/^```/ { code = !code; next } !code' "$root/$1"; }

# Is there a file of this name, or path from the root, from include/taxon or from the cpu backend?
exists() {
    local folder
    for folder in . include include/taxon include/taxon/backend/cpu; do
        [ ! -e "$root/$folder/$1" ] || return 0
    done
    [[ $1 != */* ]] && find "$root/include" "$root/examples" "$root/benchmarks" -name "$1" | grep -q .
}

compile() {
    local page=$1 count i
    shift
    count=$(blocks "$page" cpp)
    [ "$count" -gt 0 ] || fault "$page has no block of C++"
    for i in $(seq "$count"); do
        "$@" -std=c++20 -fsyntax-only -DTAXON_INSTRUCTION_SETS=portable -Wall -Wextra -Werror -I "$root/include" \
            -x c++ "$scratch/$i" || fault "$page: block $i of C++ does not compile"
    done
}

python() {
    local page=$1 count i
    count=$(blocks "$page" python)
    [ "$count" -gt 0 ] || fault "$page has no block of Python"
    for i in $(seq "$count"); do
        "$2" -c 'import ast, sys; ast.parse(open(sys.argv[1]).read())' "$scratch/$i" ||
            fault "$page: block $i of Python does not parse"
    done
}

same() {
    local count example i found
    count=$(blocks README.md cpp)
    for example in "$root"/docs/examples/*.cpp; do
        found=no
        for i in $(seq "$count"); do ! cmp -s "$example" "$scratch/$i" || found=yes; done
        [ "$found" = yes ] || fault "README.md does not show $(basename "$example") as it is"
    done
}

options() {
    local programs=$1 page line program verb option spoken=0 help=" "
    declare -A helps=()
    for program in "$programs"/*; do
        [ -f "$program" ] && [ -x "$program" ] || continue
        for verb in $("$program" --help | grep -E '^[a-z-]+$'); do
            helps[$(basename "$program") $verb]=" $("$program" "$verb" --help | grep -oE -- '--[a-z0-9-]+' | tr '\n' ' ') "
            help+=${helps[$(basename "$program") $verb]}
            help+=$("$program" "$verb" merge --help 2>/dev/null | grep -oE -- '--[a-z0-9-]+' | tr '\n' ' ' || true)
        done
    done
    [ ${#helps[@]} -gt 0 ] || fault "no programs are in $programs"
    for page in $(pages); do
        while IFS= read -r line; do
            # shellcheck disable=SC2086  # words are wanted
            set -- $line
            [[ $1 != *=* ]] || continue
            program=$(basename "$1" | sed 's/^\$P$/mobilenet_v3/') verb=${2:-}
            [ -x "$programs/$program" ] || continue
            [ -n "${helps[$program $verb]:-}" ] || { fault "$page: $program has no verb '$verb'"; continue; }
            for option in $(grep -oE -- ' --[a-z0-9-]+' <<<"$line" || true); do
                [[ ${helps[$program $verb]} == *" $option "* ]] || fault "$page: $program $verb has no option $option"
                spoken=$((spoken + 1))
            done
        done < <(awk '/^```sh/ { shell = 1; next } /^```/ { shell = 0 } shell { sub(/ #.*/, ""); if (NF) print }' "$root/$page")
    done
    [ "$spoken" -gt 0 ] || fault "no command line with options was found"
    for page in docs/command-line.md docs/precisions.md; do
        for option in $(prose "$page" | grep -oE '`[^`]*`' | grep -oE -- '--[a-z0-9-]+' | sort -u); do
            [[ $help == *" $option "* ]] || fault "$page: no program has the option $option"
        done
    done
}

run() {
    local page=$1 programs count i
    programs=$(cd "$2" && pwd)
    count=$(blocks "$page" "sh run")
    [ "$count" -gt 0 ] || fault "$page has no block to run"
    mkdir -p "$scratch/here/build/release"
    ln -s "$programs" "$scratch/here/build/release/examples"
    ln -s "$root/docs" "$scratch/here/docs"
    for i in $(seq "$count"); do
        (cd "$scratch/here" && bash -euo pipefail "$scratch/$i") || fault "$page: block $i to be run fails"
    done
}

shift 2
"$task" "$@"
exit "$faults"
