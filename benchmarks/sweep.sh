# What scripts share that make tables of perf's sweeps: `batch`, `threads`, `precision` and `duration` have defaults,
# and `usage` prints the help.
print=

# take_options ARGUMENT…: those four, and --print
take_options() {
    while [ $# -gt 0 ]; do
        case $1 in
            --help | -h) usage; exit 0 ;;
            --print) print=yes; shift; continue ;;
            --batch) batch=${2:?} ;;
            --threads) threads=${2:?} ;;
            --precision) precision=${2:?} ;;
            --duration) duration=${2:?} ;;
            *) usage >&2; exit 2 ;;
        esac
        shift 2
    done
}

# sweep TABLE: perf's rows, under one heading, for the lines PROGRAM|OPTIONS of standard input. Programs are in BIN_DIR;
# what disturbed them goes to standard error.
sweep() {
    while IFS='|' read -r program options; do
        # shellcheck disable=SC2086  # the options are words
        "$BIN_DIR/$program" perf $options --weights synthetic --batch "$batch" --threads "$threads" \
            --precision "$precision" --duration "$duration" </dev/null |
            awk -v first="$([ -s "$1" ] || echo yes)" '
                /^\|/ { if (first || ++row > 2) print; next }
                /^disturbed/ { print > "/dev/stderr" }' >>"$1"
    done
    [ -s "$1" ] || { echo "no table: perf prints one for two settings or more" >&2; exit 1; }
}
