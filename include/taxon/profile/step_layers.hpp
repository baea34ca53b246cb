#pragma once
#include <algorithm>
#include <cstdint>
#include <string_view>
#include <taxon/plan/plan.hpp>
#include <vector>

namespace taxon {

/// The nodes that a step computes, in order: the first one and all that is fused into it.
inline std::vector<int> nodes_of(GraphView graph, const Step& step) {
    std::vector<int> nodes{step.last};
    while (step.first != none && nodes.back() != step.first) {
        // other operands, such as a residual, existed before the step's first node
        const auto operands = graph.operands(graph.node(nodes.back()));
        const auto next = std::max_element(operands.begin(), operands.end());
        if (next == operands.end() || *next < step.first) break;
        nodes.push_back(*next);
    }
    std::reverse(nodes.begin(), nodes.end());
    return nodes;
}

/// The name of a step: that of the first layer it computes, as the state dict spells it; may be empty.
inline std::string_view layer_of(GraphView graph, const Step& step) {
    return graph.name(graph.node(step.first != none ? step.first : step.last));
}

/// Operations of one sample of `length` tokens, 2 per multiplication by the direct algorithm: those of the tokens that
/// the step computes.
inline std::int64_t step_flops(GraphView graph, const Step& step, int length) {
    std::int64_t sum = 0;
    for (const int value : nodes_of(graph, step)) {
        Node node = graph.node(value);
        if (node.out.sequence) node.out.width = length;
        const std::int64_t all = graph.flops(node);
        sum += step.first_token_only && node.out.sequence ? all / length : all;
    }
    return sum;
}

}  // namespace taxon
