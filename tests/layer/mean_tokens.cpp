#include <taxon/layer/mean_tokens.hpp>

#include <taxon/backend/reference/reference.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

#include "backend/dice.hpp"
#include "backend/step_by_step.hpp"

using namespace taxon;

namespace {

struct Spec {
    int features, channels, classes;
};

constexpr Spec spec(int number) {
    Dice dice(71'000 + number);
    return {dice(1, 40), dice(1, 70), dice(1, 40)};
}

template <int Number>
struct Network {
    static constexpr Spec s = spec(Number);
    static constexpr Shape input = Shape::tokens(s.features, 40);
    using Layers = Sequential<Linear<s.features, s.channels>, MeanTokens, Linear<s.channels, s.classes>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

struct Alone {
    static constexpr Shape input = Shape::tokens(3, 8);
    static constexpr void trace(Tracer& tracer) { MeanTokens::trace(tracer); }
};

}  // namespace

TEST_CASE("means of tokens, of random shapes and lengths, agree with Reference") {
    check_steps(Candidate::of<Network<0>>(), "mean_tokens", 1);
    check_steps(Candidate::of<Network<1>>(), "mean_tokens", 7);
    check_steps(Candidate::of<Network<2>>(), "mean_tokens", 40);
    check_steps(Candidate::of<Network<3>, execution::LayerByLayer>(), "mean_tokens", 13);
}

TEST_CASE("stored values: means of tokens") {
    check_steps(Candidate::of<Network<4>, execution::Fused, precision::QInt8MixedFloat32>(), "mean_tokens", 9);
    check_steps(Candidate::of<Network<5>, execution::Fused, precision::BFloat16>(), "mean_tokens", 9);
}

TEST_CASE("a mean leaves out the tokens that are padding, whatever they hold") {
    const std::vector<float> tokens{1, 2, 3, 5, 6, 7, 9, 100, -100};  // three of three features
    using Mutable = shape::Mutable<Range{1, 1}, Range{1, 8}>;
    const auto model = Model<Alone, Mutable>::load(io::SyntheticWeights());
    const auto reference = Model<Alone, Mutable, backend::Reference>::load(io::SyntheticWeights());
    const std::vector<int> valid{2};
    std::vector<float> found(3), wanted(3);
    Model<Alone, Mutable>::Workspace workspace;
    Model<Alone, Mutable, backend::Reference>::Workspace formulas;
    model(tokens, found, workspace, 3, valid);
    reference(tokens, wanted, formulas, 3, valid);
    CHECK(found == std::vector<float>{3, 4, 5});
    CHECK(wanted == std::vector<float>{3, 4, 5});
}
