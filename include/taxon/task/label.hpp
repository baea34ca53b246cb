#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/task/class_labels.hpp>
#include <taxon/task/pictures.hpp>
#include <taxon/task/prediction.hpp>
#include <taxon/task/text_network.hpp>
#include <taxon/task/text_runner.hpp>
#include <taxon/text/text_input.hpp>
#include <taxon/text/vocabulary.hpp>
#include <vector>

namespace taxon::task {

struct LabelOptions {
    int top = 5;                            ///< classes per text
    std::span<const std::string> labels{};  ///< of the classes; none: numbers
};

/// Labels each text or pair; the most likely classes come first. Long texts are truncated by the Preprocess policy:
///
///     for (const auto& [label, probability, index] : task::label(model, vocabulary, "a charming journey")) …
///
/// A batch gives the same bytes as single calls. Throws Fault::value for NaN or infinity in the logits, naming the
/// text; ::mismatch for another vocabulary than the network's, or unless there is one label per class, or none.
inline std::vector<std::vector<Prediction>> label(const TextNetwork& model, const text::Vocabulary& vocabulary,
                                                  std::span<const text::TextInput> texts,
                                                  const LabelOptions& options = {}) {
    const ClassLabels labels(options.labels, model.outputs());
    std::vector<TokenRow> rows;
    for (const auto& [text, pair] : texts) rows.push_back(model.tokens(vocabulary, text, pair));
    const auto classes = static_cast<std::size_t>(model.outputs());
    std::vector<float> logits(texts.size() * classes);
    TextRunner(model.runner()).run(rows, logits);
    std::vector<std::vector<Prediction>> all;
    for (std::size_t i = 0; i < texts.size(); ++i)
        named("text " + std::to_string(i), [&] {
            all.push_back(predictions(std::span(logits).subspan(i * classes, classes), options.top, labels));
        });
    return all;
}

inline std::vector<Prediction> label(const TextNetwork& model, const text::Vocabulary& vocabulary,
                                     std::string_view text, const LabelOptions& options = {}) {
    const text::TextInput input{std::string(text)};
    return label(model, vocabulary, std::span(&input, 1), options).front();
}

/// The same for a pair of texts, such as a sentence and a possible paraphrase.
inline std::vector<Prediction> label(const TextNetwork& model, const text::Vocabulary& vocabulary,
                                     std::string_view text, std::string_view pair, const LabelOptions& options = {}) {
    const text::TextInput input{std::string(text), std::string(pair)};
    return label(model, vocabulary, std::span(&input, 1), options).front();
}

}  // namespace taxon::task
