// Networks of layers that are made of graphs of operators.
#include "fuzz/target.hpp"
#include "onnx/lowered_graph.hpp"

namespace taxon::fuzz {
namespace {

/// Bytes are a recipe of a graph, which is lowered, written and computed: answers are those of plain evaluation, but
/// for roundings of float32.
std::size_t lower_graph(std::span<const std::byte> bytes) {
    const test::LoweredGraph lowered{test::RandomGraph(bytes)};
    constexpr double most_compared = 1e6;
    if (lowered.refused || lowered.largest > most_compared) return 0;
    hold(lowered.difference <= test::LoweredGraph::rounding * lowered.largest);
    hold(lowered.header.find("struct Net {") != std::string::npos);
    return 0;
}

/// Each operator alone, and some in a row.
std::vector<std::string> recipes() {
    std::vector<std::string> all;
    for (std::size_t step = 0; step < test::RandomGraph::step_count; ++step)
        all.push_back({static_cast<char>(step), static_cast<char>(step), 0, 1, 2, 0, 1, static_cast<char>(step), 1, 0});
    for (std::uint32_t seed = 1; seed < 16; ++seed) {
        std::string recipe;
        for (std::uint32_t state = seed, i = 0; i < 60; ++i, state = state * 1664525u + 1013904223u)
            recipe += static_cast<char>(state >> 24);
        all.push_back(recipe);
    }
    return all;
}

}  // namespace

std::vector<Target> lowering_targets() { return {{"lowering", lower_graph, recipes}}; }

}  // namespace taxon::fuzz
