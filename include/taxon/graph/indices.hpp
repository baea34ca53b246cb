#pragma once
#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <span>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/graph/graph.hpp>
#include <taxon/graph/port_numbers.hpp>
#include <taxon/graph/token_ids.hpp>

namespace taxon {

/// Checks the indices that the loops of a gather or a scatter read from `batch` samples of an input: of an axis of
/// `limit` places, they are from −limit to limit − 1. Throws Fault::value for another, naming the input and its place.
inline void check_indices(const LoopNest& nest, const Port& port, const InputNumbers& input, int batch) {
    const Strides& strides = nest.operands[1];
    LoopNest once = nest;  // visits repeated indices once
    for (std::size_t axis = 0; axis < LoopNest::most_axes; ++axis)
        if (strides.by[axis] == 0) once.sizes[axis] = std::min(once.sizes[axis], 1);
    const auto limit = static_cast<float>(nest.limit);
    for (std::size_t sample = 0; sample < static_cast<std::size_t>(batch); ++sample)
        once.walk<1>(0, nest.rank, {strides}, [&](int, const std::array<int, 1>& at) {
            const float index = input.of(sample)[at[0]];
            if (index >= -limit && index < limit) return;
            std::array<char, 32> text{};
            throw Error(
                Fault::value,
                {.place = "input '" + std::string(port.name) + "', sample " + std::to_string(sample) + ", number " +
                          std::to_string(at[0]),
                 .found = {text.data(), std::to_chars(text.data(), text.data() + text.size(), index).ptr},
                 .wanted = "an index from " + std::to_string(-nest.limit) + " to " + std::to_string(nest.limit - 1),
                 .remedy = "check this input's numbers"});
        });
}

/// Checks the indices that gathers and scatters read straight from inputs, and the tokens of embeddings, whose table of
/// words has `words` rows. Throws Fault::value.
inline void check_indices(GraphView graph, int words, std::span<const InputNumbers> inputs, int batch, int length) {
    check_token_ids(graph, words, inputs, batch, length);
    for (const Node& node : graph.nodes) {
        if (node.op != Op::gather && node.op != Op::scatter) continue;
        const auto indices = static_cast<std::size_t>(graph.operand(node, 1));
        if (indices < inputs.size()) check_indices(graph.nest(node), graph.inputs[indices], inputs[indices], batch);
    }
}

}  // namespace taxon
