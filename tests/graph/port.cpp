#include <taxon/graph/port.hpp>

#include <taxon/backend/cpu/offline.hpp>
#include <taxon/model.hpp>
#include <taxon/plan/owned_plan.hpp>

#include "backend/step_by_step.hpp"
#include "graph/plan_invariants.hpp"
#include "graph/port_networks.hpp"

using namespace taxon;

namespace {

template <class Network>
void check() {
    constexpr Shape input = first_input<Network>;
    PlanInvariants(graph_of<Network>, plan_of<Network>).check();
    PlanInvariants(graph_of<Network>, plan_of<Network, input, false>).check();
    PlanInvariants(graph_of<Network>, plan_of<Network, input, true, precision::QInt8MixedFloat32::data_types>).check();
    check_against_reference(Candidate::of<Network>(), "ports");
    check_against_reference(Candidate::of<Network, execution::LayerByLayer>(), "ports");
    check_steps(Candidate::of<Network, execution::Fused, precision::QInt8MixedFloat32>(), "ports");
    check_steps(Candidate::of<Network, execution::Fused, precision::BFloat16>(), "ports");
}

int live_to(PlanView plan, int slot) { return plan.buffer(plan.slot(slot)).live_to; }
int live_from(PlanView plan, int slot) { return plan.buffer(plan.slot(slot)).live_from; }

}  // namespace

TEST_CASE("a graph has its inputs first, and its outputs by name in the order in which they are traced") {
    constexpr GraphView graph = graph_of<networks::Eyes>;
    STATIC_REQUIRE(graph.inputs.size() == 2);
    STATIC_REQUIRE(graph.inputs[1].name == "far");
    STATIC_REQUIRE(graph.inputs[1].node == 1);
    STATIC_REQUIRE(graph.node(1).op == Op::input);
    STATIC_REQUIRE(graph.outputs.size() == 3);
    STATIC_REQUIRE(graph.outputs[0].name == "features");
    STATIC_REQUIRE(graph.outputs[0].shape == Shape{16, 8, 11});
    STATIC_REQUIRE(graph.outputs[1].shape == Shape{6, 8, 11});
    STATIC_REQUIRE(graph.outputs[2].shape == Shape{5});
    STATIC_REQUIRE(sample_size(graph.inputs, 1) == 3 * 16 * 22 + 2 * 8 * 11);
}

TEST_CASE("a network that names none has one input and its last value as output, without names") {
    constexpr GraphView graph = graph_of<networks::Branches>;
    STATIC_REQUIRE(graph.inputs.size() == 1);
    STATIC_REQUIRE(graph.outputs.size() == 1);
    STATIC_REQUIRE(graph.inputs[0].name.empty());
    STATIC_REQUIRE(graph.outputs[0].node == graph.size() - 1);
    STATIC_REQUIRE(graph.output_shape() == graph.nodes.back().out);
}

TEST_CASE("inputs live from the start to their last read, outputs from their step to the end") {
    constexpr PlanView plan = plan_of<networks::Eyes>;
    const int end = static_cast<int>(plan.steps.size());
    REQUIRE(plan.inputs == 2);
    for (int input = 0; input < plan.inputs; ++input) CHECK(live_from(plan, input) == 0);
    CHECK(live_to(plan, 0) == 0);
    CHECK(live_to(plan, 1) == 1);
    for (const int output : plan.outputs) CHECK(live_to(plan, output) == end);
    CHECK(plan.slot(plan.outputs[0]).buffer != plan.slot(plan.outputs[1]).buffer);
    // "features" lies in the concatenation that reads it
    for (const Step& step : plan.steps) CHECK(step.geometry.kernel != Kernel::copy);
}

TEST_CASE("what is still to be returned is not overwritten") {
    using networks::Halves, networks::Steered;
    constexpr PlanView steered = plan_of<Steered>;
    for (const Step& step : steered.steps)
        if (step.geometry.kernel == Kernel::scale) CHECK(step.source != step.target);
    CHECK(steered.outputs[2] == steered.outputs[3]);
    CHECK(steered.outputs[1] == 1);
    CHECK(graph_of<Halves>.outputs.size() == 2);
}

TEST_CASE("a network of several inputs and outputs agrees with Reference") {
    check<networks::Eyes>();
    check<networks::Steered>();
    check<networks::Halves>();
}

TEST_CASE("tokens beside a vector agree with Reference at every length") {
    using networks::Tokens;
    PlanInvariants(graph_of<Tokens>, plan_of<Tokens>).check();
    for (const int length : {1, 7, 16}) check_against_reference(Candidate::of<Tokens>(), "tokens", length);
    check_steps(Candidate::of<Tokens, execution::Fused, precision::QInt8MixedFloat32>(), "tokens", 7);
}

TEST_CASE("the names of ports are part of what an offline file is checked for, where there are some") {
    using M = Model<networks::Eyes>;
    CHECK(summary_of(M::graph, M::Engine::plan)
              .starts_with(
                  "near 3 x 16 x 22, far 2 x 8 x 11 to features 16 x 8 x 11, map 6 x 8 x 11, scores 5 x 1 x 1, "));
    GraphView other = M::graph;
    std::vector<Port> outputs(other.outputs.begin(), other.outputs.end());
    outputs[1].name = "mask";
    other.outputs = outputs;
    CHECK(fingerprint_of(other, M::Engine::plan) != fingerprint_of(M::graph, M::Engine::plan));
    const OwnedPlan owned = owned_plan_of<networks::Eyes>({});
    CHECK(fingerprint_of(M::graph, owned.view()) == fingerprint_of(M::graph, M::Engine::plan));
}
