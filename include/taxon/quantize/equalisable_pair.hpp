#pragma once
#include <taxon/graph/graph.hpp>
#include <vector>

namespace taxon::quantize {

/// A convolution, and the convolution that alone reads its output.
struct EqualisablePair {
    int maker, reader;
};

/// The only reader of a value, if it has this operation, or `none`. The network's output, its last value, has no
/// reader.
inline int only_reader(GraphView graph, int value, Op op) {
    int reader = none;
    for (int i = 0; i < graph.size(); ++i)
        for (const int operand : graph.operands(graph.node(i)))
            if (operand == value) {
                if (reader != none) return none;
                reader = i;
            }
    return reader != none && graph.node(reader).op == op ? reader : none;
}

/// The pairs of a graph, in order, between which channels may be scaled freely: convolutions, dense or depthwise but
/// not transposed, separated by at most a normalisation and then activations with f(s x) = s f(x) for s > 0: ReLU, but
/// not ReLU6 or HardSwish.
inline std::vector<EqualisablePair> equalisable_pairs(GraphView graph) {
    const auto suits = [&](int value) {
        const Node& node = graph.node(value);
        return node.op == Op::convolution && node.parts == 1 && !node.transposed &&
               (node.groups == 1 || node.depthwise());
    };
    const auto homogeneous = [&](int value) {
        return graph.node(value).activation == Activation::relu || graph.node(value).activation == Activation::none;
    };
    std::vector<EqualisablePair> pairs;
    for (int maker = 1; maker < graph.size(); ++maker) {
        if (!suits(maker)) continue;
        int value = maker;
        if (const int norm = only_reader(graph, value, Op::batch_norm); norm != none) value = norm;
        for (int next; (next = only_reader(graph, value, Op::activation)) != none && homogeneous(next);) value = next;
        const int reader = only_reader(graph, value, Op::convolution);
        if (reader != none && suits(reader)) pairs.push_back({maker, reader});
    }
    return pairs;
}

}  // namespace taxon::quantize
