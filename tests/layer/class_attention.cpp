#include <taxon/layer/class_attention.hpp>

#include <taxon/layer/activate.hpp>
#include <taxon/layer/attention.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/layer_norm.hpp>
#include <taxon/layer/learned.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/residual.hpp>

#include "backend/dice.hpp"
#include "backend/step_by_step.hpp"

using namespace taxon;

namespace {

constexpr int seed = 16;

struct Spec {
    int heads, features, height, width;
};

constexpr Spec spec(int number) {
    Dice dice(seed * 1000 + number);
    Spec s{};
    s.heads = dice(1, 4), s.features = s.heads * 8 * dice(1, 6);
    s.height = dice(2, 13), s.width = dice(2, 13);
    return s;
}

/// A vision transformer's end: embedded positions, self-attention over the pixels, class attention of a learned token,
/// and half of the pixels' greatest features.
template <int Number>
struct Network {
    static constexpr Spec s = spec(Number);
    static constexpr int features = s.features;
    static constexpr Shape input{3, s.height, s.width};
    static constexpr void trace(Tracer& tracer) {
        Residual<Named<"patches", Conv2d<3, features, 1>>,
                 Named<"pos_embed", PositionEmbeddings<features, s.height, s.width>>>::trace(tracer);
        Residual<Sequential<LayerNorm<features>, Linear<features, 3 * features>, SelfAttention<features, s.heads>,
                            Linear<features, features>>>::trace(tracer);
        const auto pixels = tracer.current;
        tracer.scope("cls_token", LearnedToken<features>::trace);
        const auto [all, own] = on_both<LayerNorm<features>>(tracer, "norm", {pixels, tracer.current});
        ClassAttention<features, s.heads>::trace(tracer, all, own);
        const auto token = tracer.current;
        tracer.current = all;
        Sequential<AdaptiveMaxPool2d<1>, Times<0.5>>::trace(tracer);
        tracer.node({.op = Op::add}, tracer.shape(), {tracer.current, token});
    }
};

template <int Number>
void check() {
    const std::string name = "class attention " + std::to_string(Number);
    check_steps(Candidate::of<Network<Number>>(), name);
    if constexpr (Number == 0) check_steps(Candidate::of<Network<Number>, execution::LayerByLayer>(), name);
    if constexpr (Number == 1)
        check_steps(Candidate::of<Network<Number>, execution::Fused, precision::BFloat16>(), name);
    if constexpr (Number == 2)
        check_steps(Candidate::of<Network<Number>, execution::Fused, precision::QInt8MixedFloat32>(), name);
}

template <int... Number>
void check_all(std::integer_sequence<int, Number...>) {
    (check<Number>(), ...);
}

}  // namespace

TEST_CASE("a layer on two values has one set of parameters, and position embeddings are a convolution's residual") {
    constexpr GraphView graph = graph_of<Network<0>>;
    int norms = 0, keys = 0;
    for (const Parameter& p : graph.parameters) {
        norms += graph.name(p) == "norm.weight", keys += graph.name(p) == "kv.weight";
        CHECK(graph.name(p).back() != '.');
    }
    CHECK(norms == 1);
    CHECK(keys == 1);
    constexpr PlanView plan = plan_of<Network<0>>;
    for (const Step& step : plan.steps)
        CHECK((step.geometry.kernel != Kernel::add || step.geometry.out.shape.pixels() == 1));
}

TEST_CASE("attention of pixels and of a class token, for random sizes, agrees with Reference") {
    check_all(std::make_integer_sequence<int, 6>{});
}
