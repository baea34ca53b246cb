#pragma once
#include <taxon/backend/cpu/instruction_sets.hpp>

/// Kernels are compiled once per instruction set, inside regions that enable that set; no compiler flag is needed. A
/// region's definitions must be in a namespace of their own, and no standard header may be included inside one: its
/// definitions would be shared.

#define TAXON_INLINE inline __attribute__((always_inline))
#define TAXON_NOINLINE __attribute__((noinline))
#define TAXON_PRAGMA(text) _Pragma(#text)
#if defined(__clang__)
#define TAXON_UNROLL _Pragma("clang loop unroll(full)")
#define TAXON_REGION_OF(features)                                                                                      \
    TAXON_PRAGMA(clang attribute push(__attribute__((target(features))), apply_to = function))
#define TAXON_REGION_END _Pragma("clang attribute pop")
#else
#define TAXON_UNROLL _Pragma("GCC unroll 32")
// Scheduled before its registers are allocated, a tile of 64-bit Arm loads what it has no registers for yet: in a 5x4
// tile's loop, 18 of 126 instructions are then moves to and from the stack; without that, there are 107 in all.
#if defined(__aarch64__)
#define TAXON_UNSCHEDULED _Pragma("GCC optimize(\"no-schedule-insns\")")
#else
#define TAXON_UNSCHEDULED
#endif
#define TAXON_REGION_OF(features) _Pragma("GCC push_options") TAXON_PRAGMA(GCC target(features)) TAXON_UNSCHEDULED
#define TAXON_REGION_END _Pragma("GCC pop_options")
#endif
#define TAXON_REGION(set) TAXON_REGION_OF(TAXON_FEATURES_##set)
