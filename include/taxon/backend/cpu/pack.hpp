#pragma once
#include <taxon/backend/cpu/packed.hpp>
#include <taxon/core/error.hpp>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/graph/graph.hpp>
#include <taxon/number/range.hpp>
#include <taxon/plan/plan.hpp>
#include <taxon/weights/parameters.hpp>

namespace taxon::cpu {

/// Folds normalisations into convolutions and packs all numbers as the plan lays them out. `ranges`: of the values
/// stored as integers, by node; see quantization_of. `by_strips`: see Packed. Throws as quantization_of does, and,
/// naming the layer, for weights beyond the range of their number type.
TAXON_DECL Packed pack(GraphView graph, PlanView plan, const Parameters& parameters,
                       const quantize::Ranges& ranges = {}, bool by_strips = false);

/// The same weights in the order that all instruction sets read, in memory of their own.
TAXON_DECL Packed in_panels(PlanView plan, const Packed& packed);

}  // namespace taxon::cpu

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/backend/cpu/impl/pack.ipp>
#endif
