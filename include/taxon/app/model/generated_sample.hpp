#pragma once
#include <algorithm>
#include <cmath>
#include <string_view>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <vector>

namespace taxon::app {

namespace detail {

inline const Node& embedding_of(const ModelEntry& entry) {
    return *std::find_if(entry.graph.nodes.begin(), entry.graph.nodes.end(),
                         [](const Node& node) { return node.op == Op::embedding; });
}

}  // namespace detail

/// The size of a sample, of `length` tokens if it is a text.
inline std::size_t sample_size(const ModelEntry& entry, int length) {
    return static_cast<std::size_t>(entry.input.sequence ? entry.input.channels * length : entry.input.size());
}

/// Generated inputs, one after the other, that depend on the salt alone: pictures' numbers in [-1, 1), for detectors in
/// [0, 1); for texts, any of the vocabulary's ids, with the second type from the middle on.
inline std::vector<float> generated_samples(std::string_view salt, const ModelEntry& entry, std::size_t count,
                                            int length) {
    if (!entry.input.sequence) {
        auto numbers = io::synthetic_input(salt, "input", count * sample_size(entry, length));
        if (entry.output.table)
            for (float& number : numbers) number = (number + 1) / 2;
        return numbers;
    }
    const int words = detail::embedding_of(entry).words, types = detail::embedding_of(entry).types;
    const io::UnitSequence unit(salt, "input_ids");
    std::vector<float> samples;
    for (std::size_t token = 0; token < count * static_cast<std::size_t>(length); ++token) {
        const int place = static_cast<int>(token % static_cast<std::size_t>(length));
        samples.push_back(static_cast<float>(std::floor((unit[token] + 1) / 2 * words)));
        samples.push_back(types > 1 && place >= length / 2 ? 1.f : 0.f);
    }
    return samples;
}

}  // namespace taxon::app
