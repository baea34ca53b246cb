#pragma once
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/task/text_network.hpp>
#include <taxon/task/text_runner.hpp>
#include <taxon/text/text_input.hpp>
#include <taxon/text/vocabulary.hpp>
#include <vector>

namespace taxon::task {

/// Throws Fault::value, naming the text, if a number of its vector is not finite.
inline void require_finite_embedding(std::span<const float> vector, std::size_t text) {
    for (std::size_t i = 0; i < vector.size(); ++i)
        if (!std::isfinite(vector[i]))
            throw Error(Fault::value, {.place = "text " + std::to_string(text) + ", number " + std::to_string(i),
                                       .found = std::isnan(vector[i]) ? "NaN" : "infinity",
                                       .wanted = "finite numbers",
                                       .remedy = "look for damaged weights"});
}

/// The vector of each text by a sentence encoder, `model.outputs()` numbers each, one after the other:
///
///     const auto vectors = task::embed(model, vocabulary, texts);
///
/// `prefix` precedes each text, as e5's "query: ". Long texts are truncated by the Preprocess policy. A batch gives the
/// same bytes as single calls. Throws Fault::mismatch for another vocabulary than the network's, ::value for NaN or
/// infinity in a vector, naming the text.
inline std::vector<float> embed(const TextNetwork& model, const text::Vocabulary& vocabulary,
                                std::span<const std::string> texts, std::string_view prefix = {}) {
    std::vector<TokenRow> rows;
    for (const std::string& text : texts)
        rows.push_back(model.tokens(vocabulary, std::string(prefix) + text, std::nullopt));
    const auto width = static_cast<std::size_t>(model.outputs());
    std::vector<float> vectors(texts.size() * width);
    TextRunner(model.runner()).run(rows, vectors);
    for (std::size_t i = 0; i < texts.size(); ++i)
        require_finite_embedding(std::span(vectors).subspan(i * width, width), i);
    return vectors;
}

}  // namespace taxon::task
