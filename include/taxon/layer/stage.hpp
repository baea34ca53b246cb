#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// `count` layers in sequence, named number, number + 1, …: First, which may change the shape, then Later. For stages
/// that share a numbering.
template <Layer First, Layer Later>
constexpr void trace_stage(Tracer& tracer, int& number, int count) {
    tracer.scope(number++, First::trace);
    for (int i = 1; i < count; ++i) tracer.scope(number++, Later::trace);
}

/// `Count` layers in sequence, named 0, 1, 2, …: First, which may change the shape, then Later.
template <int Count, Layer First, Layer Later = First>
struct Stage {
    static constexpr void trace(Tracer& tracer) {
        int number = 0;
        trace_stage<First, Later>(tracer, number, Count);
    }
};

}  // namespace taxon
