# Reads `objdump -d --no-show-raw-insn | c++filt`; prints a line for each innermost loop of at least eight products: the
# set, the kernel, its instructions, and of these products, loads of vectors, and others; what it keeps on the stack,
# which must be nothing. Exits with 1 where a loop has accesses to the stack, or where there is no loop at all.
function hex(text,    i, number) {
    number = 0
    for (i = 1; i <= length(text); ++i) number = number * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
    return number
}
function label(name,    parts) {
    if (match(name, /cpu::(neon|dotprod|i8mm)::tile</)) {
        match(name, /cpu::[a-z0-9]+::tile</); set = substr(name, RSTART + 5, RLENGTH - 12)
        match(name, /Tile\{[0-9]+, [0-9]+, [0-9]+, \(taxon::Element\)[0-9]+/)
        split(substr(name, RSTART + 5, RLENGTH - 5), parts, /, |\)/)
        return set "\ttile " parts[1] "x" parts[2] " " element[parts[5]]
    }
    if (match(name, /product_tile<[0-9]+, [0-9]+>/)) return "neon\t" substr(name, RSTART, RLENGTH)
    if (match(name, /::product</)) return "neon\tproduct " (name ~ /Element\)2/ ? "float16" : "float32")
    if (match(name, /attend<[12]>/)) return "neon\tattention " substr(name, RSTART, RLENGTH)
    if (name ~ /Depthwise</) return "neon\tdepthwise " (name ~ /WindowAxis\{3/ ? "3x3" : "5x5")
    return "\t" name
}
function loops(    i, j, start, innermost, counted, stack, moved) {
    for (i = 0; i < count; ++i) {
        if (!(text[i] ~ /^(b\.[a-z]+|b\.any|cbnz|cbz|tbnz|tbz)\t/)) continue
        match(text[i], /[0-9a-f]+ </); start = hex(substr(text[i], RSTART, RLENGTH - 2))
        if (start > place[i] || start < place[0]) continue
        products = loads = stack = moved = total = 0; innermost = 1
        for (j = i; j >= 0 && place[j] >= start; --j) {
            ++total
            if (text[j] ~ /^(fmla|fmadd|sdot|udot|usdot|sudot|bfdot|smlal2?|usmmla|bfmmla)\t/) ++products
            else if (text[j] ~ /^(ld1r?|ld2|ldp|ldr|ldur)\t[{]?[vqds][0-9]/) ++loads
            if (text[j] ~ /\[sp/) ++stack
            if (text[j] ~ /^mov\tv[0-9]+.16b/) ++moved
            if (j < i && text[j] ~ /^(b\.[a-z]+|cbnz|cbz)\t/) {
                match(text[j], /[0-9a-f]+ </)
                if (hex(substr(text[j], RSTART, RLENGTH - 2)) <= place[j]) innermost = 0
            }
        }
        if (products < 8 || !innermost) continue
        printf "%s\t%d\t%d\t%d\t%d\t%d %%\t%d\t%d\n", title, total, products, loads, total - products - loads,
            100 * products / total, stack, moved
        ++found; if (stack > 0) failed = 1
    }
}
BEGIN {
    element[0] = "float32"; element[2] = "float16"; element[3] = "bfloat16"; element[5] = "int8"; element[6] = "int16"
    print "set\tkernel\tinstructions\tproducts\tloads\tothers\tproducts of all\tspills\tmoves"
}
/^[0-9a-f]+ <.*>:$/ { loops(); count = 0; title = label($0); next }
/^ +[0-9a-f]+:\t/ {
    address = $1; sub(/:/, "", address); place[count] = hex(address)
    line = $0; sub(/^ +[0-9a-f]+:\t/, "", line); text[count++] = line
}
END { loops(); if (found == 0) { print "no loop found"; exit 1 } exit failed }
