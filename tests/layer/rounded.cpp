#include <taxon/layer/rounded.hpp>

#include <algorithm>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/layer/concat.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/policy/mixed_precision.hpp>
#include <taxon/quantize/calibrate.hpp>
#include <taxon/quantize/stored_values.hpp>

#include "backend/against_reference.hpp"
#include "backend/step_by_step.hpp"
#include "networks.hpp"
#include "onnx/exporter/quantization.hpp"

using namespace taxon;

namespace {

struct AfterConcatenation {
    static constexpr Shape input{3, 12, 12};
    using Layers = Sequential<Conv2d<3, 16, 3>, Concat<Conv2d<16, 8, 1>, Conv2d<16, 8, 1>>, Rounded, Conv2d<16, 8, 1>,
                              GlobalAveragePool>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

int copies(PlanView plan) {
    return static_cast<int>(std::ranges::count_if(plan.steps, [](const Step& step) {
        return step.geometry.kernel == Kernel::copy || step.geometry.kernel == Kernel::affine;
    }));
}

}  // namespace

TEST_CASE("a rounded copy is made for integers alone, and the residual has the value as floats") {
    const auto integers = Candidate::of<networks::PostNormalised, execution::Fused, precision::QInt8MixedFloat32>();
    CHECK(copies(integers.plan) == 1);
    int residuals = 0;
    for (const Step& step : integers.plan.steps) {
        if (step.geometry.kernel == Kernel::affine) {
            CHECK(step.geometry.by_channel);
            CHECK(integers.plan.view(step.source).element == Element::float32);
            CHECK(integers.plan.view(step.target).element == Element::uint8);
        }
        residuals += step.geometry.residual && integers.plan.view(step.operand).element == Element::float32;
    }
    CHECK(residuals == 1);
    CHECK(copies(Candidate::of<networks::PostNormalised>().plan) == 0);
    CHECK(copies(Candidate::of<networks::PostNormalised, execution::Fused, precision::BFloat16>().plan) == 0);
}

TEST_CASE("a rounded copy has the range of its value") {
    const auto integers = Candidate::of<networks::PostNormalised, execution::Fused, precision::QInt8MixedFloat32>();
    const auto stored = quantize::stored_values(integers.graph, integers.plan);
    CHECK(stored.contains(1));        // the layer normalisation
    CHECK_FALSE(stored.contains(2));  // its copy
}

TEST_CASE("what no step makes, and what layers in float read, has no copy") {
    CHECK(copies(Candidate::of<AfterConcatenation, execution::Fused, precision::QInt8MixedFloat32>().plan) == 0);
    using Mixed = precision::MixedPrecision<"mixed", precision::QInt8MixedFloat32, "1.1">;
    CHECK(copies(Candidate::of<networks::PostNormalised, execution::Fused, Mixed>().plan) == 0);
    using Quantized = Model<AfterConcatenation, precision::QInt8MixedFloat32>;
    const io::SyntheticWeights weights("rounded");
    quantize::Calibrator<Quantized> calibrator(weights);
    calibrator.observe(std::vector<float>(static_cast<std::size_t>(AfterConcatenation::input.size()), .5f));
    CHECK_NOTHROW(Quantized::load(weights, calibrator.ranges()));
}

TEST_CASE("networks with a rounded copy keep to their formulas step by step") {
    check_steps(Candidate::of<networks::PostNormalised>(), "rounded", 23);
    check_steps(Candidate::of<networks::PostNormalised, execution::LayerByLayer>(), "rounded", 23);
    check_steps(Candidate::of<networks::PostNormalised, execution::Fused, precision::BFloat16>(), "rounded", 23);
    check_steps(Candidate::of<networks::PostNormalised, execution::Fused, precision::QInt8MixedFloat32>(), "rounded",
                23);
    check_steps(Candidate::of<networks::PostNormalised, execution::Fused, precision::QInt16MixedFloat32>(), "rounded",
                23);
    // what GELU makes is stored by a layer that multiplies floats
    using Maker = precision::MixedPrecision<"maker", precision::QInt8MixedFloat32, "1.1">;
    check_steps(Candidate::of<networks::PostNormalised, execution::Fused, Maker>(), "rounded", 23);
    check_against_reference(Candidate::of<networks::PostNormalised>(), "rounded");
    check_file(Candidate::of<networks::PostNormalised, execution::Fused, precision::QInt8MixedFloat32>(), "rounded");
}
