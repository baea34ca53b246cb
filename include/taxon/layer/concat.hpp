#pragma once
#include <array>
#include <taxon/layer/sequential.hpp>

namespace taxon {

/// Every branch reads the same value; their channels follow one another. Branches are called 0, 1, 2, … unless `Named`.
template <Layer... Branches>
struct Concat {
    static_assert(sizeof...(Branches) >= 2, "taxon::Concat: give two branches or more");

    static constexpr void trace(Tracer& tracer) {
        const auto x = tracer.current;
        std::array<Tracer::Value, sizeof...(Branches)> ends{};
        std::size_t count = 0;
        int number = 0;
        const auto branch = [&](auto trace_branch) {
            tracer.current = x;
            trace_branch(tracer, number);
            ends[count++] = tracer.current;
        };
        (branch(detail::trace_child<Branches>), ...);
        Shape shape = ends[0].shape;
        for (std::size_t i = 1; i < count; ++i) {
            Shape alike = ends[i].shape;
            alike.channels = shape.channels;
            tracer.current = ends[i];
            tracer.expect(alike == shape, "(Concat) wants the pixels of its first branch, ", shape.height, " x ", shape.width, ", from branch ",
                          static_cast<int>(i));
            shape.channels += ends[i].shape.channels;
        }
        tracer.node({.op = Op::concat}, shape, ends.data(), static_cast<int>(count));
    }
};

}  // namespace taxon
