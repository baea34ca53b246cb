#pragma once
#include <taxon/layer/first_token.hpp>
#include <taxon/layer/slice.hpp>

#include "networks.hpp"

/// Small networks of several inputs and outputs.
namespace networks {

/// Two pictures of different sizes to three outputs: "features", which later layers read, written into a slice of their
/// concatenation; "map", read by the last ones; "scores".
struct Eyes {
    static constexpr std::array inputs{Port{"near", {3, 16, 22}}, Port{"far", {2, 8, 11}}};

    static constexpr void trace(Tracer& tracer) {
        tracer.scope("near", Sequential<Conv2d<3, 16, 3, 2>, BatchNorm2d<16>, ReLU>::trace);
        const auto features = tracer.current;
        tracer.output("features");
        tracer.current = tracer.input("far");
        tracer.scope("far", Sequential<Conv2d<2, 10, 3>, HardSwish>::trace);
        const std::array both{features, tracer.current};
        detail::concatenate(tracer, both.data(), 2);
        tracer.scope("map", Sequential<Conv2d<26, 12, 3>, ReLU, Conv2d<12, 6, 1>>::trace);
        tracer.output("map");
        tracer.scope("head", Sequential<Sigmoid, GlobalAveragePool, Linear<6, 5>>::trace);
        tracer.output("scores");
    }
};

/// A picture gated by a vector, which is itself an output, and one value with two names.
struct Steered {
    static constexpr std::array inputs{Port{"picture", {9, 7, 6}}, Port{"place", {4}}, Port{"unread", {2, 3, 3}}};

    static constexpr void trace(Tracer& tracer) {
        tracer.scope("picture", Conv2d<9, 24, 1>::trace);
        const auto features = tracer.current;
        Slice<8, 16>::trace(tracer);
        tracer.output("slice");
        tracer.output("place", tracer.input("place"));
        tracer.current = tracer.input("place");
        tracer.scope("gate", Sequential<Linear<4, 24>, Sigmoid>::trace);
        tracer.node({.op = Op::multiply}, features.shape, {features, tracer.current});
        tracer.output("gated");
        tracer.output("again");
    }
};

/// The first half of a value, which would be overwritten if it were no output.
struct Halves {
    static constexpr Shape input{3, 9, 7};

    static constexpr void trace(Tracer& tracer) {
        tracer.scope("0", Conv2d<3, 32, 1>::trace);
        const auto both = tracer.current;
        Slice<16, 16>::trace(tracer);
        const auto second = tracer.current;
        tracer.current = both;
        Slice<0, 16>::trace(tracer);
        tracer.output("first");
        tracer.scope("1", Conv2d<16, 16, 3>::trace);
        const std::array halves{tracer.current, second};
        detail::concatenate(tracer, halves.data(), 2);
        tracer.scope("2", Conv2d<32, 16, 1>::trace);
        tracer.output("last");
    }
};

/// Texts and a vector: the middle of a transformer, and its last tokens.
struct Tokens {
    static constexpr std::array inputs{Port{"tokens", Shape::tokens(24, 16)}, Port{"place", {5}}};

    static constexpr void trace(Tracer& tracer) {
        tracer.scope("first", Sequential<LayerNorm<24>, Linear<24, 72>, SelfAttention<24, 3>, Linear<24, 24>>::trace);
        tracer.output("middle");
        tracer.scope("second", Sequential<LayerNorm<24>, Linear<24, 24>, GELU>::trace);
        FirstToken::trace(tracer);
        const auto token = tracer.current;
        tracer.current = tracer.input("place");
        tracer.scope("place", Linear<5, 24>::trace);
        tracer.node({.op = Op::add}, token.shape, {tracer.current, token});
        tracer.output("sum");
    }
};

}  // namespace networks
