#include <taxon/profile/step_layers.hpp>

#include <string>
#include <taxon/plan/planner.hpp>

#include "catch.hpp"
#include "networks.hpp"

using namespace taxon;

namespace {

constexpr GraphView graph = graph_of<networks::Shortcuts>;
constexpr PlanView plan = plan_of<networks::Shortcuts, networks::Shortcuts::input, true, DataTypes{}>;

std::vector<std::string> names(const Step& step) {
    std::vector<std::string> all;
    for (const int node : nodes_of(graph, step)) all.emplace_back(graph.name(graph.node(node)));
    return all;
}

}  // namespace

TEST_CASE("a step's nodes are its first one and all that is fused into it, without the residual's own") {
    std::size_t count = 0;
    for (const Step& step : plan.steps) {
        const auto nodes = nodes_of(graph, step);
        CHECK(nodes.front() == step.first);
        CHECK(nodes.back() == step.last);
        if (!step.geometry.residual) continue;
        const auto layers = names(step);
        INFO(layers.front());
        CHECK(layers.size() >= 4);  // convolution, normalisation, add, activation
        ++count;
    }
    CHECK(count > 0);
    CHECK(layer_of(graph, plan.steps.front()) == names(plan.steps.front()).front());
}

TEST_CASE("a step with weights has a name that the state dict's tensors start with") {
    std::size_t count = 0;
    for (const Step& step : plan.steps) {
        if (step.first == none || graph.node(step.first).parameter == none) continue;
        const auto& parameter = graph.parameters[static_cast<std::size_t>(graph.node(step.first).parameter)];
        CHECK(graph.name(parameter) == std::string(layer_of(graph, step)) + ".weight");
        ++count;
    }
    CHECK(count > 0);
}

TEST_CASE("the operations of all steps are the network's") {
    long sum = 0;
    for (const Step& step : plan.steps) sum += step_flops(graph, step, networks::Shortcuts::input.width);
    CHECK(sum == graph.flops());
}
