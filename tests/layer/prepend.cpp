#include <taxon/layer/prepend.hpp>

#include <taxon/layer/attention.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/layer_norm.hpp>
#include <taxon/layer/learned.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/residual.hpp>

#include "backend/dice.hpp"
#include "backend/step_by_step.hpp"

using namespace taxon;

namespace {

constexpr int seed = 23;

struct Spec {
    int heads, features, height, width;
};

constexpr Spec spec(int number) {
    Dice dice(seed * 1000 + number);
    Spec s{};
    s.heads = dice(1, 3), s.features = s.heads * 8 * dice(1, 4);
    s.height = dice(1, 6), s.width = dice(1, 9);
    return s;
}

/// A vision transformer of one attention.
template <int Number>
struct Network {
    static constexpr Spec s = spec(Number);
    static constexpr int features = s.features, tokens = s.height * s.width + 1;
    static constexpr Shape input{3, 2 * s.height, 2 * s.width};
    using Layers = Sequential<
        Named<"patches", Conv2d<3, features, 2, 2, 1, true, 0>>,
        Named<"tokens", Residual<Prepend<Named<"cls_token", LearnedToken<features>>>,
                                 Named<"pos_embed", TokenEmbeddings<features, tokens>>>>,
        Named<"attention", Residual<Sequential<LayerNorm<features>, Linear<features, 3 * features>,
                                               SelfAttention<features, s.heads>, Linear<features, features>>>>,
        Named<"norm", LayerNorm<features>>, FirstPixel, Named<"head", Linear<features, 7>>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

template <int Number>
void check() {
    const std::string name = "prepend " + std::to_string(Number);
    check_steps(Candidate::of<Network<Number>>(), name);
    if constexpr (Number == 0) check_steps(Candidate::of<Network<Number>, execution::LayerByLayer>(), name);
    if constexpr (Number == 1)
        check_steps(Candidate::of<Network<Number>, execution::Fused, precision::BFloat16>(), name);
}

template <int... Number>
void check_all(std::integer_sequence<int, Number...>) {
    (check<Number>(), ...);
}

}  // namespace

TEST_CASE("a token stands before the pixels, and the first pixel is read, as Reference does") {
    check_all(std::make_integer_sequence<int, 3>{});
}

TEST_CASE("a prepended token makes one row of the picture") {
    constexpr GraphView graph = graph_of<Network<0>>;
    constexpr Spec s = spec(0);
    for (const Node& node : graph.nodes)
        if (node.op == Op::prepend) CHECK(node.out == Shape{s.features, 1, s.height * s.width + 1});
    for (const Parameter& p : graph.parameters) {
        if (graph.name(p) == "tokens.cls_token") CHECK(p.shape == std::array<int, 4>{1, 1, s.features});
        if (graph.name(p) == "tokens.pos_embed")
            CHECK(p.shape == std::array<int, 4>{1, s.height * s.width + 1, s.features});
        CHECK(graph.name(p).back() != '.');
    }
}
