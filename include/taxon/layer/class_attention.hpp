#pragma once
#include <array>
#include <taxon/layer/concat.hpp>
#include <taxon/layer/linear.hpp>

namespace taxon {

/// A layer on two values, with one set of parameters; returns both results.
template <Layer Shared>
constexpr std::array<Tracer::Value, 2> on_both(Tracer& tracer, std::string_view name,
                                               const std::array<Tracer::Value, 2>& values) {
    std::array<Tracer::Value, 2> results{};
    const int first = tracer.counts().parameters;
    tracer.current = values[0];
    tracer.scope(name, Shared::trace);
    results[0] = tracer.current;
    tracer.current = values[1];
    tracer.again(first, [&](Tracer& second) { second.scope(name, Shared::trace); });
    results[1] = tracer.current;
    return results;
}

/// Class attention (Touvron et al. 2021, "Going deeper with image transformers", section 3): the query of a class
/// token, a vector of Features, attends to that token itself and to all pixels of a picture. Projects the result.
template <int Features, int Heads>
struct ClassAttention {
    static_assert(Features % Heads == 0, "taxon::ClassAttention: the heads must divide the features");

    /// Both normalised; the result becomes the current value.
    static constexpr void trace(Tracer& tracer, Tracer::Value pixels, Tracer::Value token) {
        tracer.current = pixels;
        tracer.expect(!pixels.shape.sequence && !pixels.shape.table && pixels.shape.channels == Features &&
                          token.shape == Shape{Features},
                      "(ClassAttention<", Features, ", ", Heads, ">) wants a picture of ", Features,
                      " channels, and a class token of as many features");
        const auto keys = on_both<Linear<Features, 2 * Features, false>>(tracer, "kv", {pixels, token});
        tracer.current = token;
        tracer.scope("q", Linear<Features, Features, false>::trace);
        const Tracer::Value own[] = {tracer.current, keys[1]};
        detail::concatenate(tracer, own, 2);
        tracer.node({.op = Op::class_attention, .heads = Heads}, token.shape, {keys[0], tracer.current});
        tracer.scope("proj", Linear<Features, Features>::trace);
    }
};

}  // namespace taxon
