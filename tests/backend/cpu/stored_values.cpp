#include <taxon/backend/cpu/cpu.hpp>
#include <taxon/model.hpp>

#include "backend/step_by_step.hpp"
#include "networks.hpp"

using namespace taxon;

namespace {

/// Of values that are stored as smaller floats, bytes and words.
template <class A, class Execution = execution::Fused>
void check(const std::string& what, std::initializer_list<int> lengths = {0}) {
    for (const int length : lengths) {
        check_steps(Candidate::of<A, Execution, precision::BFloat16>(), what, length);
        check_steps(Candidate::of<A, Execution, precision::QInt8MixedFloat32>(), what, length);
        check_steps(Candidate::of<A, Execution, precision::QInt16MixedFloat16>(), what, length);
    }
}

/// Heads of five numbers: channels are left over after the last head.
struct OddHeads {
    static constexpr Shape input = Shape::tokens(13, 21);
    using Layers = Sequential<Linear<13, 15>,
                              Residual<Sequential<LayerNorm<15>, Linear<15, 45>, SelfAttention<15, 3>, Linear<15, 15>>>,
                              Linear<15, 9>, GELU, Linear<9, 5>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// Maps that shrink to one pixel, which windows and products read alike.
struct OnePixel {
    static constexpr Shape input{3, 4, 4};
    using Layers = Sequential<Conv2d<3, 16, 3, 2>, ReLU, Conv2d<16, 12, 2, 1, 1, true, 0>, ReLU, Conv2d<12, 20, 1>,
                              ReLU, Conv2d<20, 9, 3>, HardSwish, Linear<9, 5>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// Tokens of fewer features than a pixel's eight channels.
template <int Features>
struct FewFeatures {
    static constexpr Shape input = Shape::tokens(Features, 33);
    using Layers = Sequential<Linear<Features, 12>, GELU, Linear<12, 7>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// A concatenation that is the output, one branch of which a convolution reads as well.
struct OutputIsRead {
    static constexpr Shape input{3, 9, 7};
    using Layers = Sequential<Conv2d<3, 16, 3>, ReLU, Concat<Identity, Conv2d<16, 8, 1>>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

}  // namespace

TEST_CASE("stored values: tokens of few features") {
    check<FewFeatures<1>>("one feature", {1, 2, 33});
    check<FewFeatures<6>>("six features", {1, 7, 33});
    check<FewFeatures<7>>("seven features", {5, 33});
}
TEST_CASE("stored values: an output is of floats, though a convolution reads it too") {
    check<OutputIsRead>("output is read");
    constexpr PlanView plan = Model<OutputIsRead, precision::QInt8MixedFloat32>::Engine::plan;
    CHECK(plan.view(plan.outputs[0]).element == Element::float32);
    CHECK(plan.view(0).element == Element::uint8);
}
TEST_CASE("stored values: branches in their places") { check<networks::Branches>("branches"); }
TEST_CASE("stored values: branches that are copied") { check<networks::OddBranches>("odd branches"); }
TEST_CASE("stored values: concatenations of concatenations") { check<networks::Nested>("nested"); }
TEST_CASE("stored values: a shortcut that is a slice") { check<networks::GatedSlices>("gated slices"); }
TEST_CASE("stored values: gates") { check<networks::Gates>("gates"); }
TEST_CASE("stored values: gates, layer by layer") { check<networks::Gates, execution::LayerByLayer>("gates"); }
TEST_CASE("stored values: shortcuts") { check<networks::Shortcuts>("shortcuts"); }
TEST_CASE("stored values: one pixel") { check<OnePixel>("one pixel"); }
TEST_CASE("stored values: heads that leave channels over") { check<OddHeads>("odd heads", {1, 2, 7, 21}); }
TEST_CASE("stored values: tokens") { check<networks::Transformer>("tokens", {1, 2, 7, 31, 64}); }
