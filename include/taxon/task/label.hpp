#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/graph/graph.hpp>
#include <taxon/task/pictures.hpp>
#include <taxon/task/prediction.hpp>
#include <taxon/task/runner.hpp>
#include <taxon/task/text_runner.hpp>
#include <taxon/text/encoding.hpp>
#include <taxon/text/text_input.hpp>
#include <taxon/text/vocabulary.hpp>
#include <vector>

namespace taxon::task {

/// A model that classifies texts, with one logit per class: a `Model<…>` with a Preprocess policy for texts, run in the
/// calling thread's workspace or in a given one. `label` takes a Model, an AnyModel, or {model, workspace}.
class TextClassifier {
  public:
    template <TypedModel M>
    TextClassifier(const M& model) : TextClassifier(model, M::thread_workspace()) {}

    template <TypedModel M>
    TextClassifier(const M& model, typename M::Workspace& workspace)
        : runner_(runner_of(model, workspace)), words_(model.words()) {
        constexpr bool reads_tokens = M::input_shape.sequence && M::input_shape.channels == token_features;
        constexpr Shape output = M::output_shape;
        static_assert(reads_tokens, "taxon::task::label: this network does not read the tokens of texts");
        static_assert(!reads_tokens || (output.pixels() == 1 && !output.sequence && !output.table),
                      "taxon::task::label: this network does not give a number for each class");
        static_assert(!reads_tokens || TextPreprocess<typename M::Preprocess>,
                      "taxon::task::label: a text needs a Preprocess policy for texts, such as "
                      "preprocess::WordPiece<128>");
        if constexpr (reads_tokens && TextPreprocess<typename M::Preprocess>)
            static_assert(M::Preprocess::max_length <= M::input_shape.width,
                          "taxon::task::label: Preprocess makes more tokens than the model takes; change it, or the "
                          "ShapeMode");
    }

    /// Throws Fault::usage unless the model classifies texts.
    TextClassifier(const AnyModel& model) : TextClassifier(model, model.thread_workspace()) {}
    TextClassifier(const AnyModel& model, AnyModel::Workspace& workspace)
        : runner_(runner_of(model, workspace)), words_(model.words()) {
        const Shape output = runner_.output;
        if (!runner_.policies.tokenize || output.table || output.sequence || output.pixels() != 1)
            throw Error(Fault::usage,
                        {.place = "label",
                         .found = runner_.input.sequence ? "a model of another task" : "a network over pictures",
                         .wanted = "a classifier with a Preprocess policy for texts"});
    }

    const Runner& runner() const { return runner_; }
    int classes() const { return runner_.output.channels; }

    /// Throws Fault::mismatch for a vocabulary of another size than the network's, and as the policy does.
    TokenRow tokens(const text::Vocabulary& vocabulary, std::string_view text,
                    std::optional<std::string_view> pair) const {
        if (words_ > 0) vocabulary.require_rows(static_cast<std::size_t>(words_));
        text::Encoding encoding;
        runner_.policies.tokenize(vocabulary, text, pair, encoding);
        TokenRow row;
        assign(row, encoding);
        return row;
    }

  private:
    Runner runner_;
    int words_;  ///< rows of the word embeddings; 0 if there are none
};

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
inline std::vector<std::vector<Prediction>> label(const TextClassifier& model, const text::Vocabulary& vocabulary,
                                                  std::span<const text::TextInput> texts,
                                                  const LabelOptions& options = {}) {
    const ClassLabels labels(options.labels, model.classes());
    std::vector<TokenRow> rows;
    for (const auto& [text, pair] : texts) rows.push_back(model.tokens(vocabulary, text, pair));
    const auto classes = static_cast<std::size_t>(model.classes());
    std::vector<float> logits(texts.size() * classes);
    TextRunner(model.runner()).run(rows, logits);
    std::vector<std::vector<Prediction>> all;
    for (std::size_t i = 0; i < texts.size(); ++i)
        named("text " + std::to_string(i), [&] {
            all.push_back(predictions(std::span(logits).subspan(i * classes, classes), options.top, labels));
        });
    return all;
}

inline std::vector<Prediction> label(const TextClassifier& model, const text::Vocabulary& vocabulary,
                                     std::string_view text, const LabelOptions& options = {}) {
    const text::TextInput input{std::string(text)};
    return label(model, vocabulary, std::span(&input, 1), options).front();
}

/// The same for a pair of texts, such as a sentence and a possible paraphrase.
inline std::vector<Prediction> label(const TextClassifier& model, const text::Vocabulary& vocabulary,
                                     std::string_view text, std::string_view pair, const LabelOptions& options = {}) {
    const text::TextInput input{std::string(text), std::string(pair)};
    return label(model, vocabulary, std::span(&input, 1), options).front();
}

}  // namespace taxon::task
