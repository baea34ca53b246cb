#include <taxon/zoo/yolo.hpp>

#include <taxon/model.hpp>

#include "backend/against_reference.hpp"
#include "backend/step_by_step.hpp"
#include "graph/plan_invariants.hpp"

using namespace taxon;

namespace {

/// A block behind a convolution, and read by one.
template <int In, int Out, class Block, int Height, int Width>
struct Around {
    static constexpr Shape input{3, Height, Width};
    using Layers = Sequential<Conv2d<3, In, 1>, Block, Conv2d<Out, 9, 1>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

template <int In, int Out, int Count, bool Shortcut, int Height, int Width>
using C3 = Around<In, Out, zoo::yolo::C3<In, Out, Count, Shortcut>, Height, Width>;

/// A concatenation of a second half, and of what was computed from the first, which is read once more by then.
struct FirstHalfLives {
    static constexpr Shape input{3, 9, 7};
    static constexpr void trace(Tracer& tracer) {
        tracer.scope("0", Conv2d<3, 32, 1>::trace);
        const auto both = tracer.current;
        Slice<16, 16>::trace(tracer);
        const auto second = tracer.current;
        tracer.current = both;
        Slice<0, 16>::trace(tracer);
        const auto first = tracer.current;
        tracer.scope("1", Conv2d<16, 16, 3>::trace);
        const std::array halves{tracer.current, second};
        detail::concatenate(tracer, halves.data(), 2);
        tracer.scope("2", Conv2d<32, 16, 1>::trace);
        tracer.node({.op = Op::add}, tracer.shape(), {tracer.current, first});
    }
};

template <class Network>
void check() {
    PlanInvariants(graph_of<Network>, plan_of<Network>).check();
    PlanInvariants(graph_of<Network>, plan_of<Network, Network::input, false>).check();
    check_against_reference(Candidate::of<Network>(), "yolo");
    check_against_reference(Candidate::of<Network, execution::LayerByLayer>(), "yolo");
    check_steps(Candidate::of<Network, execution::Fused, precision::QInt8MixedFloat32>(), "yolo", 0);
    check_steps(Candidate::of<Network, execution::Fused, precision::BFloat16>(), "yolo", 0);
}

template <class Network>
constexpr int copies() {
    int count = 0;
    for (const Step& step : plan_of<Network>.steps) count += step.geometry.kernel == Kernel::copy;
    return count;
}

template <class Network>
constexpr int in_place() {
    int count = 0;
    for (const Step& step : plan_of<Network>.steps) count += step.geometry.in_place;
    return count;
}

}  // namespace

TEST_CASE("a C3 is one product, its bottlenecks and one more, without a copy") {
    using One = C3<32, 32, 1, true, 11, 13>;
    STATIC_REQUIRE(plan_of<One>.steps.size() == 6);
    STATIC_REQUIRE(copies<One>() == 0);
    STATIC_REQUIRE(in_place<One>() == 1);
    using Three = C3<32, 48, 3, true, 11, 13>;
    STATIC_REQUIRE(plan_of<Three>.steps.size() == 10);
    STATIC_REQUIRE(copies<Three>() == 0);
    STATIC_REQUIRE(in_place<Three>() == 0);  // only the last one could be, and it adds the second one's
}

TEST_CASE("a half that is read once more is not overwritten") {
    STATIC_REQUIRE(copies<FirstHalfLives>() == 1);
    check<FirstHalfLives>();
}

TEST_CASE("the parameters of two convolutions that are one product are called as the state dict has them") {
    constexpr GraphView graph = graph_of<Around<8, 16, zoo::yolo::TwoConvs<8, 8>, 4, 4>>;
    std::vector<std::string> names;
    for (const Parameter& p : graph.parameters) names.emplace_back(graph.name(p));
    CHECK(names == std::vector<std::string>{"0.weight", "1.cv1.conv.weight", "1.cv2.conv.weight", "1.cv1.bn.weight",
                                            "1.cv1.bn.bias", "1.cv1.bn.running_mean", "1.cv1.bn.running_var",
                                            "1.cv1.bn.num_batches_tracked", "1.cv2.bn.weight", "1.cv2.bn.bias",
                                            "1.cv2.bn.running_mean", "1.cv2.bn.running_var",
                                            "1.cv2.bn.num_batches_tracked", "2.weight"});
    CHECK(graph.name(graph.nodes[2]) == "1.cv1+cv2");
}

TEST_CASE("C3 of one bottleneck, whose sum overwrites what it reads, agrees with Reference") {
    check<C3<32, 32, 1, true, 11, 13>>();
}
TEST_CASE("C3 of two bottlenecks agrees with Reference") { check<C3<24, 48, 2, true, 9, 10>>(); }
TEST_CASE("C3 without shortcuts agrees with Reference") { check<C3<40, 32, 2, false, 12, 7>>(); }
TEST_CASE("C3 of halves that are no whole vectors agrees with Reference") { check<C3<16, 20, 1, true, 9, 9>>(); }
TEST_CASE("C3 of deep sums on a small map, which are cut into blocks but for those in place, agrees with Reference") {
    check<C3<64, 288, 1, true, 5, 3>>();
}
TEST_CASE("SPPF's pools read and write slices of one buffer") {
    using Network = Around<32, 24, zoo::yolo::SPPF<32, 24>, 7, 9>;
    STATIC_REQUIRE(copies<Network>() == 0);
    check<Network>();
}
TEST_CASE("SPPF of odd channels agrees with Reference") { check<Around<22, 12, zoo::yolo::SPPF<22, 12>, 4, 6>>(); }
TEST_CASE("bottlenecks with leaky ReLU agree with Reference") {
    check<Around<24, 24, zoo::yolo::Bottleneck<24, 24, true, 12, LeakyReLU<0.1>>, 8, 9>>();
}
