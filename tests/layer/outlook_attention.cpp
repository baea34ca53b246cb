#include <taxon/layer/outlook_attention.hpp>

#include <taxon/backend/reference/interpreter.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/layer_norm.hpp>
#include <taxon/layer/residual.hpp>

#include "backend/dice.hpp"
#include "backend/step_by_step.hpp"

using namespace taxon;

namespace {

constexpr int seed = 15;

struct Spec {
    int heads, features, height, width;
};

/// Heads of every remainder by the vectors of all sets; odd sides, and more windows than a kernel holds at a time.
constexpr Spec spec(int number) {
    Dice dice(seed * 1000 + number);
    Spec s{};
    s.heads = dice(1, 4), s.features = s.heads * 8 * dice(1, 6);
    s.height = dice(1, 9), s.width = number % 4 == 3 ? dice(65, 70) : dice(1, 12);
    return s;
}

/// A block as in VOLO, whose values a window reads afterwards, so that there is a halo around them.
template <int Number>
struct Network {
    static constexpr Spec s = spec(Number);
    static constexpr Shape input{3, s.height, s.width};
    static constexpr void trace(Tracer& tracer) {
        Sequential<Conv2d<3, s.features, 1>,
                   Residual<Sequential<LayerNorm<s.features>, OutlookAttention<s.features, s.heads>>>,
                   Conv2d<s.features, 5, 3>>::trace(tracer);
    }
};

template <int Number>
void check() {
    const std::string name = "outlook attention " + std::to_string(Number);
    check_against_reference(Candidate::of<Network<Number>>(), name);
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

/// The operation alone: one head of one channel, its values the input, its logits the input times a weight.
struct Alone {
    static constexpr Shape input{1, 3, 3};
    static constexpr void trace(Tracer& tracer) { OutlookAttention<1, 1>::trace(tracer); }
};

/// Parameters of `Alone`: values and the projection are the identity, and all logits are zero.
struct Plain final : WeightSource {
    std::string origin() const override { return "plain"; }
    std::vector<std::string_view> names() const override { return {}; }
    std::optional<Dimensions> shape_of(std::string_view, std::span<const std::int64_t> wanted) const override {
        return Dimensions(wanted.begin(), wanted.end());
    }
    void read(std::string_view name, std::span<const std::int64_t>, std::span<float> to) const override {
        std::fill(to.begin(), to.end(), name == "v.weight" || name == "proj.weight" ? 1.f : 0.f);
    }
};

}  // namespace

TEST_CASE("with equal weights, outlook attention gives every pixel a ninth of each of its windows") {
    const std::vector<float> sample{1, 2, 3, 4, 5, 6, 7, 8, 9};
    std::vector<float> found(9);
    reference::Interpreter(graph_of<Alone>, Plain{}).run(sample, found, 0);
    // windows around pixels (0, 0), (0, 2), (2, 0) and (2, 2), of four pixels each: their sums over nine
    const float corners[] = {12 / 9.f, 16 / 9.f, 24 / 9.f, 28 / 9.f};
    CHECK(found[0] == Approx(corners[0]));
    CHECK(found[1] == Approx(corners[0] + corners[1]));
    CHECK(found[3] == Approx(corners[0] + corners[2]));
    CHECK(found[4] == Approx(corners[0] + corners[1] + corners[2] + corners[3]));
    CHECK(found[8] == Approx(corners[3]));
}

TEST_CASE("outlook attention of random sizes agrees with Reference") {
    check_all(std::make_integer_sequence<int, 8>{});
}
