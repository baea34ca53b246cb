#pragma once

/// Selects the instruction sets that are compiled: `-DTAXON_INSTRUCTION_SETS=avx2,avx512`, or the CMake variable of
/// that name. The default is all of the processor family; those of another family are left out, `portable` is always
/// included, and a set implies the one that it is based on: `amx` means `avx512` too, `avx_vnni` means `avx2`,
/// `dotprod` and `i8mm` mean `neon`. All files of a program must agree.

/// Valid names, as bits in the order of cpu::Isa.
#define TAXON_SETS_portable 1
#define TAXON_SETS_avx2 2
#define TAXON_SETS_avx_vnni (4 | TAXON_SETS_avx2)
#define TAXON_SETS_avx512 8
#define TAXON_SETS_amx (16 | TAXON_SETS_avx512)
#define TAXON_SETS_neon 32
#define TAXON_SETS_dotprod (64 | TAXON_SETS_neon)
#define TAXON_SETS_i8mm (128 | TAXON_SETS_neon)

/// The sets of this processor family. Clang before 16 has intrinsics for the extensions of Armv8.0 only where the whole
/// program is compiled for them; GCC's loads of AMX's tiles want a long of 64 bits, which Windows has not.
#if defined(__x86_64__) && defined(_WIN32)
#define TAXON_SETS_OF_FAMILY (TAXON_SETS_portable | TAXON_SETS_avx_vnni | TAXON_SETS_avx512)
#define TAXON_DEFAULT_SETS avx_vnni, avx512
#elif defined(__x86_64__)
#define TAXON_SETS_OF_FAMILY (TAXON_SETS_portable | TAXON_SETS_avx_vnni | TAXON_SETS_amx)
#define TAXON_DEFAULT_SETS avx_vnni, amx
#elif defined(__aarch64__) && (!defined(__clang__) || __clang_major__ >= 16)
#define TAXON_SETS_OF_FAMILY (TAXON_SETS_portable | TAXON_SETS_dotprod | TAXON_SETS_i8mm)
#define TAXON_DEFAULT_SETS dotprod, i8mm
#elif defined(__aarch64__)
#define TAXON_SETS_OF_FAMILY (TAXON_SETS_portable | TAXON_SETS_neon)
#define TAXON_DEFAULT_SETS neon
#else
#define TAXON_SETS_OF_FAMILY TAXON_SETS_portable
#define TAXON_DEFAULT_SETS portable
#endif
#if !defined(TAXON_INSTRUCTION_SETS)
#define TAXON_INSTRUCTION_SETS TAXON_DEFAULT_SETS
#endif

#define TAXON_ANY_OF_EIGHT(a, b, c, d, e, f, g, h, ...)                                                                \
    (TAXON_SETS_##a | TAXON_SETS_##b | TAXON_SETS_##c | TAXON_SETS_##d | TAXON_SETS_##e | TAXON_SETS_##f |             \
     TAXON_SETS_##g | TAXON_SETS_##h)
#define TAXON_ANY_OF(...)                                                                                              \
    TAXON_ANY_OF_EIGHT(__VA_ARGS__, portable, portable, portable, portable, portable, portable, portable, portable)
#define TAXON_COMPILED_SETS (TAXON_SETS_portable | (TAXON_ANY_OF(TAXON_INSTRUCTION_SETS) & TAXON_SETS_OF_FAMILY))
/// For #if: true if a set's kernels are compiled.
#define TAXON_COMPILES(set) ((TAXON_COMPILED_SETS & TAXON_SETS_##set) == TAXON_SETS_##set)

/// The features that each set's kernels use, as the compilers spell them.
#define TAXON_FEATURES_avx2 "avx2,fma,bmi2,f16c"
#define TAXON_FEATURES_avx_vnni "avxvnni,avx2,fma,bmi2,f16c"
#define TAXON_FEATURES_avx512 "avx512f,avx512vl,avx512bw,avx512dq,avx512vnni,avx512bf16,avx2,fma,bmi2,f16c"
#define TAXON_FEATURES_amx                                                                                             \
    "amx-tile,amx-int8,amx-bf16,avx512f,avx512vl,avx512bw,avx512dq,avx512vnni,avx512bf16,avx2,fma,bmi2,f16c"
#if defined(__clang__)
#define TAXON_FEATURES_neon "neon"
#else
#define TAXON_FEATURES_neon "arch=armv8-a"
#endif
#define TAXON_FEATURES_dotprod "arch=armv8.2-a+dotprod"
#define TAXON_FEATURES_i8mm "arch=armv8.2-a+i8mm+bf16"
