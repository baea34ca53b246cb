# on_processor auto|avx2 COMMAND…: runs a command as on this processor, or as on one of AVX2 alone (avx2_processor.cpp),
# so that peers, which ask the processor, are held to the same set as taxon. Needs the folder $results.
on_processor() {
    local library=
    if [ "$1" = avx2 ]; then
        library=$results/avx2_processor.so
        [ -e "$library" ] ||
            "${CXX:-g++}" -std=c++20 -O1 -shared -fPIC "$repository/benchmarks/avx2_processor.cpp" -o "$library"
    fi
    LD_PRELOAD=$library "${@:2}"
}
