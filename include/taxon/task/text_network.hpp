#pragma once
#include <cstddef>
#include <optional>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/graph/graph.hpp>
#include <taxon/task/runner.hpp>
#include <taxon/task/token_row.hpp>
#include <taxon/text/encoding.hpp>
#include <taxon/text/vocabulary.hpp>

namespace taxon::task {

/// A model from texts to a vector each, logits or an embedding: a `Model<…>` with a Preprocess policy for texts, run in
/// the calling thread's workspace or in a given one. Tasks take a Model, an AnyModel, or {model, workspace}.
class TextNetwork {
  public:
    template <TypedModel M>
    TextNetwork(const M& model) : TextNetwork(model, M::thread_workspace()) {}

    template <TypedModel M>
    TextNetwork(const M& model, typename M::Workspace& workspace)
        : runner_(runner_of(model, workspace)), words_(model.words()) {
        constexpr bool reads_tokens = M::input_shape.sequence && M::input_shape.channels == token_features;
        constexpr Shape output = M::output_shape;
        static_assert(reads_tokens, "taxon::task: this network does not read the tokens of texts");
        static_assert(!reads_tokens || (output.pixels() == 1 && !output.sequence && !output.table),
                      "taxon::task: this network does not give a vector for each text");
        static_assert(!reads_tokens || TextPreprocess<typename M::Preprocess>,
                      "taxon::task: a text needs a Preprocess policy for texts, such as "
                      "preprocess::WordPiece<128>");
        if constexpr (reads_tokens && TextPreprocess<typename M::Preprocess>)
            static_assert(M::Preprocess::max_length <= M::input_shape.width,
                          "taxon::task: Preprocess makes more tokens than the model takes; change it, or the "
                          "ShapeMode");
    }

    /// Throws Fault::usage unless the model maps texts to vectors.
    TextNetwork(const AnyModel& model) : TextNetwork(model, model.thread_workspace()) {}
    TextNetwork(const AnyModel& model, AnyModel::Workspace& workspace)
        : runner_(runner_of(model, workspace)), words_(model.words()) {
        const Shape output = runner_.output;
        if (!runner_.policies.tokenize || output.table || output.sequence || output.pixels() != 1)
            throw Error(Fault::usage,
                        {.place = "task",
                         .found = runner_.input.sequence ? "a model of another task" : "a network over pictures",
                         .wanted = "a network from texts to vectors, with a Preprocess policy for texts"});
    }

    const Runner& runner() const { return runner_; }
    /// Numbers of a text's vector: classes, or an embedding's dimensions.
    int outputs() const { return runner_.output.channels; }

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

}  // namespace taxon::task
