#pragma once
#include <algorithm>
#include <cmath>
#include <span>
#include <string_view>
#include <taxon/app/model/decoded_entry.hpp>

namespace taxon::app {

namespace detail {

inline void take_logits(std::span<const float> numbers, Shape, Shape, std::span<float> result) {
    std::copy(numbers.begin(), numbers.end(), result.begin());
}

/// Logits that a softmax makes these probabilities of.
inline void logits_of(std::span<const float> numbers, Shape, Shape, std::span<float> result) {
    std::transform(numbers.begin(), numbers.end(), result.begin(), [](float p) {
        return p > 0 ? std::log(p) : p == 0 ? -1e4f : p;
    });
}

}  // namespace detail

/// The row of a classifier that was an .onnx file: its output is a number for each class, logits, or probabilities if
/// the network ends in a softmax. `Labels`: the file of their names.
template <class Network, class Preprocess, class Labels = NoLabels>
ModelEntry logits_entry(std::string_view variant) {
    constexpr GraphView graph = graph_of<Network>;
    constexpr const Port& output = graph.outputs[0];
    static_assert(graph.outputs.size() == 1 && Network::output_types[0].shape().size() >= 1 &&
                      Network::output_types[0].shape().back() == output.shape.size(),
                  "TASK classify: wants one output of shape (1, classes)");
    constexpr const Node& last = graph.node(output.node);
    constexpr bool ends_in_softmax =
        last.op == Op::softmax || (last.op == Op::row && graph.nest(last).row == RowFunction::softmax);
    constexpr task::Decode decode = ends_in_softmax ? detail::logits_of : detail::take_logits;
    constexpr int classes = output.shape.size();
    return decoded_entry<Network, Preprocess, Labels, Shape{classes}, classes, decode>(variant);
}

}  // namespace taxon::app
