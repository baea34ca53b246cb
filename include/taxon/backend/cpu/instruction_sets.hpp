#pragma once

/// Selects the instruction sets that are compiled: `-DTAXON_INSTRUCTION_SETS=avx2,avx512`, or the CMake variable of
/// that name. The default is all of the processor family; `portable` is always included, and `amx` implies `avx512`.
/// All files of a program must agree.
#if !defined(__x86_64__)
#undef TAXON_INSTRUCTION_SETS
#define TAXON_INSTRUCTION_SETS portable
#elif !defined(TAXON_INSTRUCTION_SETS)
#define TAXON_INSTRUCTION_SETS avx2, avx512, amx
#endif

/// Valid names, as bits in the order of cpu::Isa.
#define TAXON_SETS_portable 1
#define TAXON_SETS_avx2 2
#define TAXON_SETS_avx512 4
#define TAXON_SETS_amx (8 | TAXON_SETS_avx512)

#define TAXON_ANY_OF_FOUR(a, b, c, d, ...) (TAXON_SETS_##a | TAXON_SETS_##b | TAXON_SETS_##c | TAXON_SETS_##d)
#define TAXON_ANY_OF(...) TAXON_ANY_OF_FOUR(__VA_ARGS__, portable, portable, portable, portable)
#define TAXON_COMPILED_SETS (1 | TAXON_ANY_OF(TAXON_INSTRUCTION_SETS))
/// For #if: true if a set's kernels are compiled.
#define TAXON_COMPILES(set) ((TAXON_COMPILED_SETS & TAXON_SETS_##set) == TAXON_SETS_##set)

/// The features that each set's kernels use, as the compilers spell them.
#define TAXON_FEATURES_avx2 "avx2,fma,bmi2,f16c"
#define TAXON_FEATURES_avx512 "avx512f,avx512vl,avx512bw,avx512dq,avx512vnni,avx512bf16,avx2,fma,bmi2,f16c"
#define TAXON_FEATURES_amx                                                                                             \
    "amx-tile,amx-int8,amx-bf16,avx512f,avx512vl,avx512bw,avx512dq,avx512vnni,avx512bf16,avx2,fma,bmi2,f16c"
