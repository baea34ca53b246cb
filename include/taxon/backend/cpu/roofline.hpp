#pragma once
#include <cstddef>
#include <taxon/backend/cpu/isa.hpp>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/number/element.hpp>
#include <vector>

namespace taxon::cpu {

/// Operations per second of products with weights of a type, from registers and first-level cache: what up to `threads`
/// threads of the process's pool do together at most with an instruction set's kernels, a multiplication and an
/// addition counting as two. The best of many short trials, because others may use the machine; takes 20 ms, or up to
/// ten times that if they do. The processor must have the set with that type: see processor_has.
TAXON_DECL double measure_peak(Isa isa, Element weights, int threads);

/// Bytes per second read again and again from a working set, which the threads share.
struct Bandwidth {
    std::size_t working_set;
    double bytes;
};

/// Bandwidths by working set, ascending; the last one is memory's. As above; takes 0.2 s or more and 128 MiB.
TAXON_DECL std::vector<Bandwidth> measure_bandwidths(Isa isa, int threads);

}  // namespace taxon::cpu

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/backend/cpu/impl/roofline.ipp>
#endif
