#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// The identity: it only takes up a number in its parent.
struct Identity {
    static constexpr void trace(Tracer&) {}
};

/// `torch.nn.Dropout` at inference.
using Dropout = Identity;

}  // namespace taxon
