#include <taxon/policy/mixed_precision.hpp>

#include <taxon/model.hpp>

#include "backend/step_by_step.hpp"
#include "networks.hpp"

using namespace taxon;
using precision::MixedPrecision;
using Bytes = precision::QInt8MixedFloat32;
using Words = precision::QInt16MixedFloat16;

namespace {

/// A value with two readers and a shortcut; then a pool that hands values on.
struct Readers {
    static constexpr Shape input{3, 18, 14};
    using Layers =
        Sequential<Conv2d<3, 24, 3>, ReLU,
                   Residual<Sequential<Conv2d<24, 24, 3>, ReLU, Conv2d<24, 24, 1>>, Named<"side", Conv2d<24, 24, 1>>>,
                   MaxPool2d<3, 2, 1>, Conv2d<24, 16, 1>, HardSwish, GlobalAveragePool, Linear<16, 6>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

template <class A, class Precision>
constexpr PlanView plan = plan_of<A, A::input, true, Precision::data_types>;

/// The step whose first operation is the layer of that name.
template <class A, class Precision>
const Step& step(std::string_view name) {
    for (const Step& step : plan<A, Precision>.steps)
        if (graph_of<A>.node(step.first).op == Op::convolution &&
            graph_of<A>.name(graph_of<A>.node(step.first)) == name)
            return step;
    FAIL("no layer '" << name << "'");
    return plan<A, Precision>.steps[0];
}

template <class A, class Precision>
bool computes_in_integers(std::string_view name) {
    const Geometry& g = step<A, Precision>(name).geometry;
    const bool integers = g.weights == Precision::data_types.matrices;
    CHECK((integers || g.weights == Precision::data_types.others));
    if (g.kernel != Kernel::product)
        CHECK(g.in.element == (integers ? Precision::data_types.values : Element::float32));
    return integers;
}

template <class A, class... Precisions>
void check(const std::string& what) {
    (check_steps(Candidate::of<A, execution::Fused, Precisions>(), what), ...);
}

/// True if a network with all layers kept in float gives the same bytes as float32, on every instruction set.
template <class A, class Kept, class Floats = precision::Float32>
void check_all_kept(const std::string& salt) {
    const io::SyntheticWeights weights(salt);
    const auto sample = io::synthetic_input(salt, "input", static_cast<std::size_t>(A::input.size()));
    for (const auto isa : cpu::all_isas) {
        if (!cpu::supported(isa)) continue;
        INFO(salt << " on " << cpu::name_of(isa));
        CHECK(same_bytes(Model<A, Kept>::load(weights, quantize::Ranges{}, {.isa = isa})(sample),
                         Model<A, Floats>::load(weights, {.isa = isa})(sample)));
    }
}

}  // namespace

TEST_CASE("a precision that keeps layers is called by its own name, and otherwise as its base") {
    using O2 = MixedPrecision<"o2", Bytes, "0", "2.0">;
    STATIC_REQUIRE(Precision<O2>);
    STATIC_REQUIRE(O2::name == "o2");
    STATIC_REQUIRE(O2::data_types.quantized());
    STATIC_REQUIRE(O2::data_types.float_layers == LayerNames::of({"0", "2.0"}));
    STATIC_REQUIRE(O2::data_types != Bytes::data_types);
    // none: its base under another name
    STATIC_REQUIRE(MixedPrecision<"o3", Words>::data_types == Words::data_types);
    STATIC_REQUIRE(std::is_same_v<Model<Readers, O2>::Precision, O2>);
}

TEST_CASE("a layer that is kept reads floats, and nothing else changes") {
    using Kept = MixedPrecision<"kept", Bytes, "4", "7">;
    for (const char* name : {"0", "2.0", "2.2", "2.side", "4", "7"}) CHECK(computes_in_integers<Readers, Bytes>(name));
    for (const char* name : {"0", "2.0", "2.2", "2.side"}) CHECK(computes_in_integers<Readers, Kept>(name));
    for (const char* name : {"4", "7"}) CHECK_FALSE(computes_in_integers<Readers, Kept>(name));
    const auto pooled = [](PlanView plan) {  // a pool that hands on what layer 4 reads
        for (const Step& step : plan.steps)
            if (step.geometry.kernel == Kernel::pool && step.geometry.pooling == Pooling::max)
                return std::pair(step.geometry.in.element, step.geometry.out.element);
        return std::pair(Element::boolean, Element::boolean);
    };
    CHECK(pooled(plan<Readers, Bytes>) == std::pair(Element::uint8, Element::uint8));
    CHECK(pooled(plan<Readers, Kept>) == std::pair(Element::float32, Element::float32));
}

TEST_CASE("a name must be that of a dense layer, or of a block with one") {
    const auto is_known = []<FixedString Name>() {
        using Mix = MixedPrecision<"kept", Bytes, Name>;
        return detail::float_layers_problem<networks::Gates, networks::Gates::input, Mix>.size == 0;
    };
    CHECK(is_known.template operator()<"0">());
    CHECK(is_known.template operator()<"2">());
    CHECK(is_known.template operator()<"2.0">());
    CHECK_FALSE(is_known.template operator()<"2.2">());  // depthwise
    CHECK_FALSE(is_known.template operator()<"1">());    // an activation
    CHECK_FALSE(is_known.template operator()<"20">());
    CHECK_FALSE(is_known.template operator()<"">());
}

TEST_CASE("other convolutions of a value that a kept layer reads are computed in floats as well") {
    using Kept = MixedPrecision<"kept", Bytes, "2.side">;
    CHECK_FALSE(computes_in_integers<Readers, Kept>("2.side"));
    CHECK_FALSE(computes_in_integers<Readers, Kept>("2.0"));
    CHECK(step<Readers, Kept>("2.0").geometry.kernel == Kernel::winograd);  // as quick as in a network of floats
    for (const char* name : {"0", "2.2", "4", "7"}) CHECK(computes_in_integers<Readers, Kept>(name));
    CHECK(step<Readers, Kept>("0").geometry.out.element == Element::float32);
}

TEST_CASE("a shortcut that a kept layer reads stays floats") {
    using Kept = MixedPrecision<"kept", Bytes, "1.0.0">;
    const Step& last = step<networks::Shortcuts, Kept>("1.0.3");  // adds what 1.0.0 reads
    CHECK(computes_in_integers<networks::Shortcuts, Kept>("1.0.3"));
    CHECK(last.geometry.residual);
    CHECK(last.geometry.operand.element == Element::float32);
    CHECK(step<networks::Shortcuts, Bytes>("1.0.3").geometry.operand.element == Element::uint8);
}

TEST_CASE("all of a concatenation stays floats if a kept layer reads it or one of its slices") {
    const auto element = [](PlanView plan) {
        return plan.buffer(plan.slot(plan.steps[plan.steps.size() - 1].source)).view.element;
    };
    CHECK(element(plan<networks::Branches, Bytes>) == Element::uint8);
    CHECK(element(plan<networks::Branches, MixedPrecision<"kept", Bytes, "3">>) == Element::float32);
    const auto floats = [](PlanView plan) {
        return std::count_if(plan.steps.begin(), plan.steps.end(), [](const Step& step) {
            return step.geometry.kernel == Kernel::convolution && step.geometry.weights == Element::float32;
        });
    };
    CHECK(floats(plan<networks::Nested, Bytes>) == 0);
    CHECK(floats(plan<networks::Nested, MixedPrecision<"kept", Bytes, "3">>) >= 1);
    CHECK(floats(plan<networks::Nested, MixedPrecision<"kept", Bytes, "2.0.1">>) ==
          floats(plan<networks::Nested, MixedPrecision<"kept", Bytes, "2">>));
}

TEST_CASE("every step of a network that keeps layers is what its formula says") {
    check<Readers, MixedPrecision<"kept", Bytes, "2.side">, MixedPrecision<"kept", Words, "4", "2.2">,
          MixedPrecision<"kept", precision::BFloat16, "2.0", "7">>("readers");
    check<networks::Shortcuts, MixedPrecision<"kept", Bytes, "1", "3.0.3", "5">,
          MixedPrecision<"kept", Words, "0.0.downsample", "2.0">>("shortcuts");
    check<networks::Branches, MixedPrecision<"kept", Bytes, "2.1">, MixedPrecision<"kept", Words, "3">>("branches");
    check<networks::Gates, MixedPrecision<"kept", Bytes, "0", "2.6">>("gates");
    check<networks::Transformer, MixedPrecision<"kept", Bytes, "0.0.1", "1.1">>("tokens");
}

TEST_CASE("a network all of whose layers are kept is one of floats") {
    check_all_kept<Readers, MixedPrecision<"all", Bytes, "0", "2", "4", "7">>("readers");
    check_all_kept<networks::Branches, MixedPrecision<"all", Bytes, "0", "2", "3">>("branches");
    check_all_kept<networks::Shortcuts, MixedPrecision<"all", precision::QInt16MixedFloat32, "0", "1", "2", "3", "5">>(
        "shortcuts");
    check_all_kept<Readers, MixedPrecision<"all", Words, "0", "2", "4", "7">, precision::Float16>("readers in halves");
}
