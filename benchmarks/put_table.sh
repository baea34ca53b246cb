# put_table NAME TABLE PAGE: puts a file with a table between the lines <!-- NAME --> and <!-- /NAME --> of a page.
put_table() {
    awk -v name="$1" -v table="$2" '
        $0 == "<!-- /" name " -->" { inside = 0 }
        !inside { print }
        $0 == "<!-- " name " -->" { inside = 1; while ((getline line < table) > 0) print line }' "$3" >"$3.new"
    mv "$3.new" "$3"
}
