#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// A value as matrix products read it. In integer precisions it is a copy that is rounded, so that other readers, such
/// as the residual addition around those products, have the floats. In others it is the value itself.
struct Rounded {
    static constexpr void trace(Tracer& tracer) { tracer.node({.op = Op::slice}, tracer.shape()); }
};

}  // namespace taxon
