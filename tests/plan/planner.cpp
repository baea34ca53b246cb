#include <taxon/plan/planner.hpp>

#include <taxon/zoo/mobilenet_v3.hpp>
#include <taxon/plan/fingerprint.hpp>
#include <taxon/policy/precision.hpp>
#include <taxon/zoo/mobilenet_v3_kuan_wang.hpp>
#include <taxon/zoo/resnet.hpp>

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

template <class A, class Precision>
constexpr PlanView stored_plan = plan_of<A, A::input, true, Precision::data_types>;

/// Plans whose values are stored as smaller numbers, held to the same; and each convolution reads what it multiplies.
template <class A, class Precision>
void check_stored_plan(int narrow_values) {
    constexpr PlanView plan = stored_plan<A, Precision>;
    constexpr DataTypes data_types = Precision::data_types;
    INFO(Precision::name);
    PlanInvariants(graph_of<A>, plan).check();
    int narrow = 0;
    for (const Step& step : plan.steps) {
        INFO("layer '" << graph_of<A>.name(graph_of<A>.node(step.last)) << "'");
        const Element source = plan.view(step.source).element, target = plan.view(step.target).element;
        CHECK((target == Element::float32 || target == data_types.values));
        narrow += target == data_types.values;
        const Kernel kernel = step.geometry.kernel;
        if (kernel == Kernel::convolution)
            CHECK((source == data_types.values ? step.geometry.weights == data_types.matrices
                                               : step.geometry.weights == data_types.others));
        if (kernel == Kernel::convolution && plan.slot(step.source).shape.pixels() > 1)
            CHECK(source == data_types.values);
        if (kernel == Kernel::product) CHECK((source == Element::float32 && target == Element::float32));
        if (step.sums != none) CHECK(plan.view(step.sums).element == Element::float32);
        CHECK(step.geometry.in.element == source);
        CHECK(step.geometry.out.element == target);
    }
    CHECK(narrow == narrow_values);
    CHECK(plan.view(plan.outputs[0]).element == Element::float32);
}

/// Networks that differ in one thing.
template <int Channels, int Stride = 1, Activation Function = Activation::relu, int Epsilon = 100'000,
          class Name = Conv2d<8, 4, 1>>
struct Variant {
    static constexpr Shape input{3, 8, 8};
    using Layers = Sequential<Conv2d<3, Channels, 3, Stride>, BatchNorm2d<Channels, Epsilon>, Activate<Function>,
                              Conv2d<Channels, 8, 1>, Name>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

template <class A, class Precision = precision::Float32, bool Fuses = true, Shape Input = A::input>
constexpr std::uint64_t fingerprint = fingerprint_of(graph_of<A, Input>,
                                                     plan_of<A, Input, Fuses, Precision::data_types>);

/// 1,585 operations: what a deep network with branches has several times over.
struct Deep {
    static constexpr Shape input{16, 8, 8};
    using Branch = Sequential<Conv2d<16, 8, 1>, BatchNorm2d<8>, ReLU>;
    using Gate = Gated<Sequential<GlobalAveragePool, Linear<16, 4>, ReLU, Linear<4, 16>, HardSigmoid>>;
    using Block = Residual<Sequential<Concat<Branch, Branch>, Conv2d<16, 16, 3, 1, 16>, BatchNorm2d<16>, HardSwish,
                                      Gate, Conv2d<16, 16, 1>>>;
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
    // the input, and the first map and the second, which are a chain
    STATIC_REQUIRE(plan_of<zoo::MobileNetV3Small<>>.arena_bytes == 1'645'504);
    STATIC_REQUIRE(plan_of<zoo::MobileNetV3Small<>, Shape{3, 224, 224}, false>.arena_bytes > 10'000'000);
}

TEST_CASE("a normalisation, an activation and a sum are no steps of their own") {
    for (const Step& step : plan_of<zoo::MobileNetV3Small<>>.steps) {
        CHECK(step.geometry.kernel != Kernel::affine);
        CHECK(step.geometry.kernel != Kernel::activation);
        CHECK(step.geometry.kernel != Kernel::add);
    }
    STATIC_REQUIRE(plan_of<zoo::MobileNetV3Small<>, Shape{3, 224, 224}, false>.steps.size() ==
                   graph_of<zoo::MobileNetV3Small<>>.nodes.size() - 1);
}

TEST_CASE("values that convolutions read are stored as the precision says") {
    // Eleven blocks: what each gives its last convolution, and what that gives the next block. The first block starts
    // with a depthwise one.
    check_stored_plan<zoo::MobileNetV3Small<>, precision::QInt8MixedFloat16>(22);
    check_stored_plan<zoo::MobileNetV3Small<>, precision::BFloat16>(22);
    // 53 convolutions, and the pool after the first. The last one's sums are averaged.
    check_stored_plan<zoo::ResNet50<>, precision::QInt8MixedFloat32>(53);
    check_stored_plan<zoo::ResNet50<>, precision::BFloat16>(53);
}

TEST_CASE("plans read only what is there, however values are stored") {
    PlanInvariants(graph_of<networks::OddBranches>, stored_plan<networks::OddBranches, precision::QInt8MixedFloat32>)
        .check();
    PlanInvariants(graph_of<networks::Nested>, stored_plan<networks::Nested, precision::QInt16MixedFloat32>).check();
    PlanInvariants(graph_of<networks::GatedSlices>, stored_plan<networks::GatedSlices, precision::BFloat16>).check();
    PlanInvariants(graph_of<networks::Shortcuts>, stored_plan<networks::Shortcuts, precision::QInt8MixedFloat16>)
        .check();
    PlanInvariants(graph_of<networks::Gates>, stored_plan<networks::Gates, precision::QInt8MixedFloat16>).check();
    PlanInvariants(graph_of<networks::Transformer>, stored_plan<networks::Transformer, precision::QInt8MixedFloat16>)
        .check();
}

TEST_CASE("bytes take less memory than floats") {
    STATIC_REQUIRE(3 * stored_plan<zoo::ResNet50<>, precision::QInt8MixedFloat32>.weight_bytes <
                   plan_of<zoo::ResNet50<>>.weight_bytes);
    STATIC_REQUIRE(2 * stored_plan<zoo::ResNet50<>, precision::QInt8MixedFloat32>.arena_bytes <
                   plan_of<zoo::ResNet50<>>.arena_bytes);
}

TEST_CASE("fingerprints of plans differ where packed weights do") {
    using A = Variant<16>;
    const std::vector<std::uint64_t> prints{
        fingerprint<A>,
        fingerprint<A, precision::Float16>,
        fingerprint<A, precision::BFloat16>,
        fingerprint<A, precision::QInt8MixedFloat32>,
        fingerprint<A, precision::QInt16MixedFloat32>,
        fingerprint<A, precision::Float32, false>,
        fingerprint<A, precision::Float32, true, Shape{3, 8, 9}>,
        fingerprint<Variant<17>>,
        fingerprint<Variant<16, 2>>,
        fingerprint<Variant<16, 1, Activation::relu6>>,
        fingerprint<Variant<16, 1, Activation::relu, 1'000>>,
        fingerprint<Variant<16, 1, Activation::relu, 100'000, Conv2d<8, 4, 1, 1, 1, true>>>,
        fingerprint<Variant<16, 1, Activation::relu, 100'000, Named<"head", Conv2d<8, 4, 1>>>>};
    for (std::size_t i = 0; i < prints.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
            INFO("networks " << j << " and " << i);
            CHECK(prints[i] != prints[j]);
        }
    struct Twin : A {};
    STATIC_REQUIRE(fingerprint<Twin> == fingerprint<A>);  // of another name
}
