#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// The identity: it only takes a place in its parent's numbering.
struct Identity {
    static constexpr void trace(Tracer&) {}
};

/// `torch.nn.Dropout` at inference.
using Dropout = Identity;

}  // namespace taxon
