#pragma once
#include <taxon/backend/cpu/isa.hpp>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/plan/plan.hpp>

namespace taxon::cpu {

/// The outputs that a kernel computes in registers at a time: pixels or tokens, by channels.
struct TileShape {
    int pixels = 0, channels = 0;
};

/// The tile of a step's kernel in an instruction set: that of most of its outputs, those at the borders being smaller.
/// None for a kernel without tiles, which are all portable ones and those bound by memory.
TAXON_DECL TileShape tile_shape(Isa isa, const Geometry& g);

}  // namespace taxon::cpu

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/backend/cpu/impl/tile_shape.ipp>
#endif
