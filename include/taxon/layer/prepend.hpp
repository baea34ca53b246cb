#pragma once
#include <taxon/layer/sequential.hpp>

namespace taxon {

/// What Token makes, a vector such as a `LearnedToken`, and then the pixels, all in one row: (Features, H, W) to
/// (Features, 1, H · W + 1). Token is unnamed unless `Named`.
template <Layer Token>
struct Prepend {
    static constexpr void trace(Tracer& tracer) {
        const auto pixels = tracer.current;
        detail::trace_only_child<Token>(tracer);
        const auto token = tracer.current;
        tracer.current = pixels;
        tracer.expect(!pixels.shape.sequence && !pixels.shape.table && token.shape == Shape{pixels.shape.channels},
                      "(Prepend) wants a picture, and a token of as many features as it has channels");
        tracer.node({.op = Op::prepend}, {pixels.shape.channels, 1, pixels.shape.pixels() + 1}, {pixels, token});
    }
};

/// The first pixel, as a vector.
struct FirstPixel {
    static constexpr void trace(Tracer& tracer) {
        const Shape shape = tracer.shape();
        tracer.expect(!shape.sequence && !shape.table, "(FirstPixel) wants a picture");
        tracer.node({.op = Op::pool,
                     .pooling = Pooling::max,
                     .window = {.y = {.stride = shape.height}, .x = {.stride = shape.width}}},
                    {shape.channels});
    }
};

}  // namespace taxon
