#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

namespace detail {

/// A detector's head, as a value: heads of one network share a parameter of anchors, (heads, anchors, 2), in units of
/// each head's stride.
struct BoxHead {
    int classes, stride;
    BoxCode code;
    std::array<int, 6> anchors;
    int count;
    int parameter = none, head = 0;

    constexpr void trace(Tracer& tracer) const {
        const Shape shape = tracer.shape();
        const int columns = 5 + classes;
        tracer.expect(!shape.sequence && !shape.table && shape.channels == count * columns, "(Boxes) wants ", count,
                      " times 5 + ", classes, " channels");
        tracer.node({.op = Op::boxes,
                     .stride = stride,
                     .groups = count,
                     .code = code,
                     .head = head,
                     .anchors = anchors,
                     .parameter = parameter},
                    Shape::rows(columns, count * shape.pixels()));
    }
};

}  // namespace detail

/// Decodes a detector's map to pixels of the input: (Anchors · (5 + Classes), H, W) to a table with a row for each
/// anchor of each cell, ordered by anchor, then y, then x. Columns: centre x, centre y, width and height of a box,
/// decoded; then objectness and classes as logits, as they are in the map, so that selecting a few high-confidence
/// boxes takes few sigmoids. `Anchors`: a width and a height each, up to three.
template <int Classes, int Stride, BoxCode Code, int... Anchors>
struct Boxes {
    static_assert(sizeof...(Anchors) % 2 == 0 && sizeof...(Anchors) >= 2 && sizeof...(Anchors) <= 6,
                  "taxon::Boxes: give a width and a height for one to three anchors");
    static constexpr void trace(Tracer& tracer) {
        detail::BoxHead{Classes, Stride, Code, {Anchors...}, static_cast<int>(sizeof...(Anchors)) / 2}.trace(tracer);
    }
};

}  // namespace taxon
