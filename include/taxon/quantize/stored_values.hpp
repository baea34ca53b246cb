#pragma once
#include <set>
#include <taxon/number/number.hpp>
#include <taxon/plan/plan.hpp>

namespace taxon::quantize {

/// The values that a plan stores as integers and needs ranges for, by the number of the node that produces each: of a
/// rounded copy that of the value.
inline std::set<int> stored_values(GraphView graph, PlanView plan) {
    std::set<int> values;
    for (int input = 0; input < plan.inputs; ++input)
        if (cpu::is_integer(plan.view(input).element)) values.insert(input);
    for (const Step& step : plan.steps)
        if (cpu::is_integer(plan.view(step.target).element)) values.insert(graph.unrounded(step.last));
    return values;
}

}  // namespace taxon::quantize
