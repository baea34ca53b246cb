#pragma once
#include <array>
#include <taxon/layer/sequential.hpp>

namespace taxon {

namespace detail {

/// Concatenates values: their channels, or the rows of tables.
constexpr void concatenate(Tracer& tracer, const Tracer::Value* values, int count) {
    Shape shape = values[0].shape;
    int Shape::*const axis = shape.table ? &Shape::height : &Shape::channels;
    for (int i = 1; i < count; ++i) {
        Shape alike = values[i].shape;
        alike.*axis = shape.*axis;
        tracer.current = values[i];
        if (shape.table)
            tracer.expect(alike == shape, "(Concat) wants a table of ", shape.channels, " columns from branch ", i);
        else
            tracer.expect(alike == shape, "(Concat) wants the pixels of its first branch, ", shape.height, " x ",
                          shape.width, ", from branch ", i);
        shape.*axis += values[i].shape.*axis;
    }
    tracer.node({.op = Op::concat}, shape, values, count);
}

}  // namespace detail

/// Runs branches on the same value and concatenates their channels. Branches are named 0, 1, 2, … unless `Named`.
template <Layer... Branches>
struct Concat {
    static_assert(sizeof...(Branches) >= 2, "taxon::Concat: give two branches or more");

    static constexpr void trace(Tracer& tracer) {
        const auto x = tracer.current;
        std::array<Tracer::Value, sizeof...(Branches)> ends{};
        int count = 0, number = 0;
        const auto branch = [&](auto trace_branch) {
            tracer.current = x;
            trace_branch(tracer, number);
            ends[static_cast<std::size_t>(count++)] = tracer.current;
        };
        (branch(detail::trace_child<Branches>), ...);
        detail::concatenate(tracer, ends.data(), count);
    }
};

/// x followed by the channels that Body makes of it: a layer of DenseNet (Huang et al. 2017, section 3). Body is
/// unnamed unless `Named`.
template <Layer Body>
struct Append {
    static constexpr void trace(Tracer& tracer) {
        std::array<Tracer::Value, 2> parts{tracer.current};
        detail::trace_only_child<Body>(tracer);
        parts[1] = tracer.current;
        detail::concatenate(tracer, parts.data(), 2);
    }
};

}  // namespace taxon
