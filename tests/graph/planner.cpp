#include <taxon/graph/planner.hpp>

#include <taxon/zoo/mobilenet_v3.hpp>
#include <taxon/zoo/mobilenet_v3_kuan_wang.hpp>

#include "graph/plan_invariants.hpp"
#include "networks.hpp"

using namespace taxon;

namespace {

template <class Network>
void check_plans() {
    INFO("fused");
    PlanInvariants(graph_of<Network>, plan_of<Network>).check();
    INFO("layer by layer");
    PlanInvariants(graph_of<Network>, plan_of<Network, Network::input, false>).check();
}

/// 1,585 operations: what a deep network with branches has several times over.
struct Deep {
    static constexpr Shape input{16, 8, 8};
    using Branch = Sequential<Conv2d<16, 8, 1>, BatchNorm2d<8>, ReLU>;
    using Gate = Gated<Sequential<GlobalAveragePool, Linear<16, 4>, ReLU, Linear<4, 16>, HardSigmoid>>;
    using Block = Residual<Sequential<Concat<Branch, Branch>, Conv2d<16, 16, 3, 1, 16>, BatchNorm2d<16>, HardSwish, Gate, Conv2d<16, 16, 1>>>;
    using Layers = networks::Repeated<Block, 88>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

}  // namespace

TEST_CASE("plans read only what is there: small networks") {
    check_plans<networks::Branches>();
    check_plans<networks::OddBranches>();
    check_plans<networks::Nested>();
    check_plans<networks::GatedSlices>();
    check_plans<networks::VectorBranches>();
    check_plans<networks::Shortcuts>();
    check_plans<networks::Gates>();
    check_plans<networks::Transformer>();
}

TEST_CASE("plans read only what is there: MobileNetV3") {
    check_plans<zoo::MobileNetV3Small<>>();
    check_plans<zoo::MobileNetV3Large<>>();
    check_plans<zoo::MobileNetV3SmallKuanWang<>>();
}

TEST_CASE("a network of 1,500 operations is planned within the compilers' own limits") {
    STATIC_REQUIRE(graph_of<Deep>.nodes.size() > 1500);
    STATIC_REQUIRE(plan_of<Deep>.steps.size() > 600);
    PlanInvariants(graph_of<Deep>, plan_of<Deep>).check();
    CHECK(plan_of<Deep>.arena_bytes < 64 * 1024);  // 88 blocks need no more than one
}

TEST_CASE("values that follow one another share their memory") {
    STATIC_REQUIRE(plan_of<zoo::MobileNetV3Small<>>.arena_bytes == 1'444'672);  // the input, the first map and the halo of the second
    STATIC_REQUIRE(plan_of<zoo::MobileNetV3Small<>, Shape{3, 224, 224}, false>.arena_bytes > 10'000'000);
}

TEST_CASE("a normalisation, an activation and a sum are no steps of their own") {
    for (const Step& step : plan_of<zoo::MobileNetV3Small<>>.steps) {
        CHECK(step.geometry.kernel != Kernel::affine);
        CHECK(step.geometry.kernel != Kernel::activation);
        CHECK(step.geometry.kernel != Kernel::add);
    }
    STATIC_REQUIRE(plan_of<zoo::MobileNetV3Small<>, Shape{3, 224, 224}, false>.steps.size() == graph_of<zoo::MobileNetV3Small<>>.nodes.size() - 1);
}
