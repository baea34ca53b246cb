#pragma once
#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <taxon/app/model/ports.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <vector>

namespace taxon::app {

namespace detail {

/// Rows of the tables of embeddings that an input of tokens reads.
struct TokenTables {
    int words = 0, types = 0;
};

/// Nothing for other inputs.
inline std::optional<TokenTables> token_tables_of(const ModelEntry& entry, int input) {
    if (entry.sentence) return TokenTables{entry.sentence->words, entry.sentence->types};
    for (const Node& node : entry.graph.nodes)
        if (node.op == Op::embedding && entry.graph.operand(node, 0) == input)
            return TokenTables{node.words, node.types};
    return std::nullopt;
}

/// Generated numbers of one input, see generated_samples; `size` of each sample.
inline std::vector<float> generated_numbers(std::string_view salt, const ModelEntry& entry, int input,
                                            std::string_view name, std::size_t count, std::size_t size, int length) {
    const auto tables = token_tables_of(entry, input);
    if (!tables) {
        auto numbers = io::synthetic_input(salt, name, count * size);
        const auto type = static_cast<std::size_t>(input);
        if (type < entry.input_types.size() && !onnx::is_floating(entry.input_types[type].type()))
            for (float& number : numbers) number = number < 0 ? 0.f : 1.f;  // ids of every vocabulary, and truth values
        else if (entry.output.table)
            for (float& number : numbers) number = (number + 1) / 2;
        return numbers;
    }
    const io::UnitSequence unit(salt, "input_ids");
    std::vector<float> samples;
    for (std::size_t token = 0; token < count * static_cast<std::size_t>(length); ++token) {
        const int place = static_cast<int>(token % static_cast<std::size_t>(length));
        samples.push_back(static_cast<float>(std::floor((unit[token] + 1) / 2 * tables->words)));
        samples.push_back(tables->types > 1 && place >= length / 2 ? 1.f : 0.f);
    }
    return samples;
}

}  // namespace detail

/// Generated samples, one after the other, that depend on the salt and the inputs' names alone: pictures' numbers in
/// [-1, 1), for detectors in [0, 1); for texts, any of the vocabulary's ids, with the second type from the middle on.
inline std::vector<float> generated_samples(std::string_view salt, const ModelEntry& entry, std::size_t count,
                                            int length) {
    const auto ports = entry.graph.inputs;
    if (ports.size() < 2)
        return detail::generated_numbers(salt, entry, 0, ports.empty() ? "input" : name_of(ports.front(), "input"),
                                         count, sample_size(entry, length), length);
    const std::size_t stride = sample_size(entry, length);
    std::vector<float> samples(count * stride);
    for (std::size_t at = 0; const Port& port : ports) {
        const std::size_t size = port.shape.size_of(length);
        const auto numbers = detail::generated_numbers(salt, entry, port.node, port.name, count, size, length);
        for (std::size_t i = 0; i < count; ++i)
            std::copy_n(numbers.begin() + static_cast<std::ptrdiff_t>(i * size), size,
                        samples.begin() + static_cast<std::ptrdiff_t>(i * stride + at));
        at += size;
    }
    return samples;
}

}  // namespace taxon::app
