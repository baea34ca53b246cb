#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

// Parameters that are values: whatever the layer's input is, the output is the parameter, which is called like the
// layer.

namespace detail {

/// A parameter of these dimensions in the state dict as a value.
template <class... Dimensions>
constexpr void trace_learned(Tracer& tracer, Shape value, Dimensions... dimensions) {
    const int parameter = tracer.parameter("", Role::trained, dimensions...);
    tracer.node({.op = Op::parameter, .parameter = parameter}, value, {});
}

}  // namespace detail

/// A learned token, such as the class token of a transformer (Devlin et al. 2019, section 3): a vector of Features.
/// State dict: (1, 1, Features).
template <int Features>
struct LearnedToken {
    static constexpr void trace(Tracer& tracer) { detail::trace_learned(tracer, {Features}, 1, 1, Features); }
};

/// A learned factor for each channel of a picture, as the gate of `Gated`: a vector of Channels. State dict: (Channels,
/// 1, 1).
template <int Channels>
struct LearnedFactors {
    static constexpr void trace(Tracer& tracer) { detail::trace_learned(tracer, {Channels}, Channels, 1, 1); }
};

/// Learned position embeddings of a picture: (Features, Height, Width). State dict: (1, Height, Width, Features); those
/// of a file with other sides are interpolated: see weights/position_embeddings.hpp.
template <int Features, int Height, int Width = Height>
struct PositionEmbeddings {
    static constexpr void trace(Tracer& tracer) {
        detail::trace_learned(tracer, {Features, Height, Width}, 1, Height, Width, Features);
    }
};

/// Learned position embeddings of tokens in a row: (Features, 1, Tokens). State dict: (1, Tokens, Features).
template <int Features, int Tokens>
struct TokenEmbeddings {
    static constexpr void trace(Tracer& tracer) {
        detail::trace_learned(tracer, {Features, 1, Tokens}, 1, Tokens, Features);
    }
};

}  // namespace taxon
