#!/usr/bin/env bash
# order.sh check INCLUDE FOLDER PAGE TITLE   INCLUDE/FOLDER keeps the order that PAGE lists behind '<!-- TITLE -->'
# order.sh prove                             the check finds each kind of violation in a small tree
#
# The list has a line '* `name`, `name`' for each level, lowest first: folders, or headers that lie in FOLDER itself. A header
# includes headers of its own folder and of lower levels; within a level, and from file to file, includes form no circle.
set -euo pipefail

check() {
    local include=$1 folder=$2 page=$3 title=$4
    (cd "$include" && grep -rEo --include='*.hpp' --include='*.inl' --include='*.ipp' \
        '^ *#include [<"][^>"]+[>"]' "$folder") | awk -v folder="$folder/" -v title="<!-- $title -->" '
        function fail(sentence) { print sentence; failed = 1 }
        # The folder or header of a path, as the list names it; nothing for what lies elsewhere.
        function name_of(path) {
            if (index(path, folder) != 1) return ""
            path = substr(path, length(folder) + 1)
            sub("/.*", "", path)
            return path
        }
        # Follows includes depth first; visiting[node] is 1 on the way down, 2 when all below is known.
        function descend(from, edges, visiting, kind,    all, count, i) {
            visiting[from] = 1
            count = split(edges[from], all, "\n")
            for (i = 1; i <= count; i++) {
                if (all[i] == "") continue
                if (visiting[all[i]] == 1) fail(kind ": " from " and " all[i] " include each other in a circle")
                else if (!visiting[all[i]]) descend(all[i], edges, visiting, kind)
            }
            visiting[from] = 2
        }
        FNR == 1 { input++ }
        input == 1 && $0 == title { listing = 1; next }
        input == 1 && listing && /^<!--/ { listing = 0 }
        input == 1 && listing && /^\*/ {
            level++
            while (match($0, /`[^`]+`/)) {
                level_of[substr($0, RSTART + 1, RLENGTH - 2)] = level
                $0 = substr($0, RSTART + RLENGTH)
            }
        }
        input == 2 {
            from = substr($0, 1, index($0, ":") - 1)
            to = $0
            sub(/.*#include [<"]/, "", to)
            sub(/[>"]$/, "", to)
            arrows++
            own = to
            sub("\\.hpp$", "", own)
            stem = from
            sub("impl/", "", stem)
            sub("\\.[a-z]*$", "", stem)
            if (from ~ /\.hpp$/ || stem != own) files[from] = files[from] "\n" to  # a definition includes its own header

            lower = name_of(to)
            higher = name_of(from)
            if (lower == "" || lower == higher) next
            if (!(higher in level_of)) fail(from ": \"" higher "\" is not in the list")
            else if (!(lower in level_of)) fail(from ": \"" lower "\" is not in the list")
            else if (level_of[lower] > level_of[higher]) fail(from " includes <" to ">, which is higher")
            else if (level_of[lower] == level_of[higher]) level_edges[higher] = level_edges[higher] "\n" lower
        }
        END {
            if (level == 0) fail("no list behind " title)
            if (arrows == 0) fail("no header in " folder)
            for (name in level_edges) if (!folders_seen[name]) descend(name, level_edges, folders_seen, "folders")
            for (file in files) if (!files_seen[file]) descend(file, files, files_seen, "headers")
            exit failed
        }' "$page" -
}

# A tree of three folders whose only fault is $2, a line of the header $1.
refused() {
    local tree=$1 header=$2 line=$3 said=$4 output
    mkdir -p "$tree"/library/{low,middle,other,high}
    printf '<!-- order -->\n* `low`\n* `middle`, `other`\n* `high`\n<!-- end -->\n' >"$tree/page.md"
    echo '#include <vector>' >"$tree/library/low/a.hpp"
    echo '#include <library/low/a.hpp>' >"$tree/library/middle/b.hpp"
    echo '#include <library/middle/b.hpp>' >"$tree/library/other/c.hpp"
    echo '#include <library/other/c.hpp>' >"$tree/library/high/d.hpp"
    check "$tree" library "$tree/page.md" order || { echo "a tree in order was refused"; return 1; }
    mkdir -p "$(dirname "$tree/library/$header")"
    echo "$line" >>"$tree/library/$header"
    if output=$(check "$tree" library "$tree/page.md" order); then
        echo "'$line' in $header was not found"
        return 1
    fi
    case $output in *"$said"*) ;; *) echo "'$line' in $header: $output"; return 1 ;; esac
    rm -r "$tree"
}

prove() {
    tree=$(mktemp -d)
    trap 'rm -rf "$tree"' EXIT
    refused "$tree" low/a.hpp '#include <library/high/d.hpp>' 'which is higher'
    refused "$tree" middle/b.hpp '#include <library/other/c.hpp>' 'folders: '
    refused "$tree" low/a.hpp '#include <library/low/a.hpp>' 'headers: '
    refused "$tree" unknown/e.hpp '#include <library/low/a.hpp>' 'is not in the list'
}

"$@"
