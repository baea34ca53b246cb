#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/graph/graph.hpp>
#include <taxon/graph/port_numbers.hpp>

namespace taxon {

/// Checks tokens, an id and a type each, against tables of `words` and `types` rows. `before`: the number of tokens
/// before the first one. Throws Fault::value, naming the token, for one without a row.
inline void check_token_ids(std::span<const float> tokens, int words, int types, std::size_t before = 0) {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const float id = tokens[i];
        const int rows = i % 2 == 0 ? words : types;
        if (id >= 0 && id < static_cast<float>(rows) && id == static_cast<float>(static_cast<int>(id))) continue;
        throw Error(Fault::value,
                    {.place = (i % 2 == 0 ? "the id of token " : "the type of token ") + std::to_string(before + i / 2),
                     .found = std::to_string(id),
                     .wanted = "a whole number from 0 to " + std::to_string(rows - 1),
                     .remedy = "use the vocabulary that the network was trained with"});
    }
}

/// The same for each embedding of a network, of which the table of words has `words` rows; does nothing if it has none.
inline void check_token_ids(GraphView graph, int words, std::span<const InputNumbers> inputs, int batch, int length) {
    for (const Node& node : graph.nodes) {
        if (node.op != Op::embedding) continue;
        const InputNumbers& tokens = inputs[static_cast<std::size_t>(graph.operand(node, 0))];
        const auto size = static_cast<std::size_t>(length);
        for (std::size_t i = 0; i < static_cast<std::size_t>(batch); ++i)
            check_token_ids({tokens.of(i), 2 * size}, words, node.types, i * size);
    }
}

}  // namespace taxon
