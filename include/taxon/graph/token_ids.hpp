#pragma once
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/graph/graph.hpp>
#include <taxon/graph/port_numbers.hpp>

namespace taxon {

/// Checks the ids and types of token samples against the embedding tables, of which that of words has `words` rows;
/// does nothing if the network has none. Throws Fault::value, naming the token, for an id without a row in its table.
inline void check_token_ids(GraphView graph, int words, std::span<const InputNumbers> inputs, int batch, int length) {
    for (const Node& node : graph.nodes) {
        if (node.op != Op::embedding) continue;
        const InputNumbers& tokens = inputs[static_cast<std::size_t>(graph.operand(node, 0))];
        for (int i = 0; i < 2 * batch * length; ++i) {
            const float id = tokens.of(static_cast<std::size_t>(i / (2 * length)))[i % (2 * length)];
            const int rows = i % 2 == 0 ? words : node.types;
            if (id >= 0 && id < static_cast<float>(rows) && id == static_cast<float>(static_cast<int>(id))) continue;
            throw Error(Fault::value,
                        {.place = (i % 2 == 0 ? "the id of token " : "the type of token ") + std::to_string(i / 2),
                         .found = std::to_string(id),
                         .wanted = "a whole number from 0 to " + std::to_string(rows - 1),
                         .remedy = "use the vocabulary that the network was trained with"});
        }
    }
}

}  // namespace taxon
