#include <taxon/layer/rounded.hpp>

#include <algorithm>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/layer/activate.hpp>
#include <taxon/layer/concat.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/layer_norm.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/policy/mixed_precision.hpp>
#include <taxon/quantize/calibrate.hpp>
#include <taxon/quantize/stored_values.hpp>

#include "backend/against_reference.hpp"
#include "backend/step_by_step.hpp"

using namespace taxon;

namespace {

/// A block that adds to a normalised value and multiplies it.
struct PostNormalised {
    static constexpr int features = 19;
    static constexpr Shape input = Shape::tokens(features, 40);
    using Layers =
        Sequential<LayerNorm<features>, Residual<Sequential<Rounded, Linear<features, 35>, GELU, Linear<35, features>>>,
                   LayerNorm<features>, Linear<features, 5>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

struct AfterConcatenation {
    static constexpr Shape input{3, 12, 12};
    using Layers = Sequential<Conv2d<3, 16, 3>, Concat<Conv2d<16, 8, 1>, Conv2d<16, 8, 1>>, Rounded, Conv2d<16, 8, 1>,
                              GlobalAveragePool>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

int copies(PlanView plan) {
    return static_cast<int>(
        std::ranges::count_if(plan.steps, [](const Step& step) { return step.geometry.kernel == Kernel::copy; }));
}

}  // namespace

TEST_CASE("a rounded copy is made for integers alone, and the residual has the value as floats") {
    const auto integers = Candidate::of<PostNormalised, execution::Fused, precision::QInt8MixedFloat32>();
    CHECK(copies(integers.plan) == 1);
    int residuals = 0;
    for (const Step& step : integers.plan.steps) {
        if (step.geometry.kernel == Kernel::copy) {
            CHECK(integers.plan.view(step.source).element == Element::float32);
            CHECK(integers.plan.view(step.target).element == Element::uint8);
        }
        residuals += step.geometry.residual && integers.plan.view(step.operand).element == Element::float32;
    }
    CHECK(residuals == 1);
    CHECK(copies(Candidate::of<PostNormalised>().plan) == 0);
    CHECK(copies(Candidate::of<PostNormalised, execution::Fused, precision::BFloat16>().plan) == 0);
}

TEST_CASE("a rounded copy has the range of its value") {
    const auto integers = Candidate::of<PostNormalised, execution::Fused, precision::QInt8MixedFloat32>();
    const auto stored = quantize::stored_values(integers.graph, integers.plan);
    CHECK(stored.contains(1));        // the layer normalisation
    CHECK_FALSE(stored.contains(2));  // its copy
}

TEST_CASE("what no step makes, and what layers in float read, has no copy") {
    CHECK(copies(Candidate::of<AfterConcatenation, execution::Fused, precision::QInt8MixedFloat32>().plan) == 0);
    using Mixed = precision::MixedPrecision<"mixed", precision::QInt8MixedFloat32, "1.1">;
    CHECK(copies(Candidate::of<PostNormalised, execution::Fused, Mixed>().plan) == 0);
    using Quantized = Model<AfterConcatenation, precision::QInt8MixedFloat32>;
    const io::SyntheticWeights weights("rounded");
    quantize::Calibrator<Quantized> calibrator(weights);
    calibrator.observe(std::vector<float>(static_cast<std::size_t>(AfterConcatenation::input.size()), .5f));
    CHECK_NOTHROW(Quantized::load(weights, calibrator.ranges()));
}

TEST_CASE("networks with a rounded copy keep to their formulas step by step") {
    check_steps(Candidate::of<PostNormalised>(), "rounded", 23);
    check_steps(Candidate::of<PostNormalised, execution::LayerByLayer>(), "rounded", 23);
    check_steps(Candidate::of<PostNormalised, execution::Fused, precision::BFloat16>(), "rounded", 23);
    check_steps(Candidate::of<PostNormalised, execution::Fused, precision::QInt8MixedFloat32>(), "rounded", 23);
    check_steps(Candidate::of<PostNormalised, execution::Fused, precision::QInt16MixedFloat32>(), "rounded", 23);
    check_against_reference(Candidate::of<PostNormalised>(), "rounded");
}
