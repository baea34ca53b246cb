#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// Nothing, but a place in its parent's numbering.
struct Identity {
    static constexpr void trace(Tracer&) {}
};

/// `torch.nn.Dropout` at inference.
using Dropout = Identity;

}  // namespace taxon
