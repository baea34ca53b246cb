#include <taxon/layer/concat.hpp>

#include "backend/against_reference.hpp"
#include "networks.hpp"

using namespace taxon;

namespace {

template <class Network>
void check() {
    check_against_reference(Candidate::of<Network>(), "branches");
    check_against_reference(Candidate::of<Network, execution::LayerByLayer>(), "branches");
}

}  // namespace

TEST_CASE("a concatenation's channels follow one another, and its parameters are called by branch") {
    constexpr GraphView graph = graph_of<networks::Branches>;
    STATIC_REQUIRE(graph.output_shape() == Shape{9, 7, 8});
    std::vector<std::string> names;
    for (const Parameter& p : graph.parameters) names.emplace_back(graph.name(p));
    CHECK(names == std::vector<std::string>{"0.weight", "0.bias", "2.0.0.weight", "2.1.0.weight", "2.1.1.weight",
                                            "2.1.2.weight", "2.1.2.bias", "2.1.2.running_mean", "2.1.2.running_var",
                                            "2.1.2.num_batches_tracked", "2.2.weight", "3.weight"});
}

TEST_CASE("branches that start and end on a vector need no copy") {
    for (const Step& step : plan_of<networks::Branches>.steps) CHECK(step.geometry.kernel != Kernel::copy);
    int copies = 0;
    for (const Step& step : plan_of<networks::OddBranches>.steps) copies += step.geometry.kernel == Kernel::copy;
    CHECK(copies == 4);
}

TEST_CASE("slices agree with Reference") { check<networks::Branches>(); }
TEST_CASE("branches of odd channels, and the input as a branch, agree with Reference") {
    check<networks::OddBranches>();
}
TEST_CASE("a value in two concatenations, and concatenations of concatenations, agree with Reference") {
    check<networks::Nested>();
}
TEST_CASE("a gate over slices leaves a shortcut that is one of them as it is") { check<networks::GatedSlices>(); }
TEST_CASE("slices of vectors agree with Reference") { check<networks::VectorBranches>(); }
