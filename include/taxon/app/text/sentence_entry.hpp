#pragma once
#include <algorithm>
#include <memory>
#include <string_view>
#include <taxon/app/model/task_entry.hpp>
#include <taxon/preprocess/word_piece.hpp>
#include <taxon/task/sentence_model.hpp>

namespace taxon::app {

namespace detail {

/// The number of an input; none if there is none of that name.
constexpr int input_of(GraphView graph, std::string_view name) {
    for (std::size_t i = 0; i < graph.inputs.size(); ++i)
        if (graph.inputs[i].name == name) return static_cast<int>(i);
    return none;
}

/// The rows of the table that an input is the row numbers of; 0 if there is none.
constexpr int rows_read_by(GraphView graph, int input) {
    for (const Node& node : graph.nodes)
        if (input != none && node.op == Op::gather && graph.operand(node, 1) == input) return graph.nest(node).limit;
    return 0;
}

/// The number of the first output of that rank; none if there is none.
template <class Network>
constexpr int output_of(std::size_t rank) {
    for (std::size_t i = 0; i < Network::output_types.size(); ++i)
        if (Network::output_types[i].shape().size() == rank) return static_cast<int>(i);
    return none;
}

}  // namespace detail

/// Texts and tokens of an .onnx file's input_ids.
template <class Network>
constexpr Shape texts_of() {
    constexpr int ids = detail::input_of(graph_of<Network>, "input_ids");
    static_assert(ids != none && Network::input_types[ids == none ? 0 : ids].shape().size() == 2,
                  "TASK embed: wants an input input_ids of shape (texts, tokens)");
    constexpr auto shape = Network::input_types[ids].shape();
    static_assert(shape[1] >= built_lengths.least && shape[1] <= built_lengths.most,
                  "TASK embed: wants input_ids of 3 to 512 tokens");
    return Shape::rows(static_cast<int>(shape[1]), static_cast<int>(shape[0]));
}

/// Texts to vectors, by a file with token ids, a mask and perhaps types as inputs.
template <class Imported, class TextPolicy, task::TokenPooling Pooling, bool Normalizes>
struct SentenceTask {
    using Network = Imported;
    using Preprocess = TextPolicy;
    static constexpr GraphView graph = graph_of<Network>;
    static constexpr int texts = texts_of<Network>().height, tokens = texts_of<Network>().channels,
                         ids = detail::input_of(graph, "input_ids"), mask = detail::input_of(graph, "attention_mask"),
                         of_type = detail::input_of(graph, "token_type_ids"), words = detail::rows_read_by(graph, ids),
                         types = detail::rows_read_by(graph, of_type);
    static_assert(mask != none && graph.inputs.size() == (of_type == none ? 2 : 3),
                  "TASK embed: wants the inputs input_ids, attention_mask and perhaps token_type_ids");
    static_assert(std::all_of(graph.inputs.begin(), graph.inputs.end(),
                              [](const Port& port) { return port.shape.size() == texts * tokens; }),
                  "TASK embed: wants inputs of one shape, (texts, tokens)");
    static_assert(words > 0, "TASK embed: wants input_ids that are the rows of a table of words");
    static_assert(Preprocess::max_length <= tokens, "PREPROCESS: makes more tokens than the network takes");

    static constexpr bool pools = Pooling != task::TokenPooling::none;
    static constexpr int output = detail::output_of<Network>(pools ? 3 : 2);
    static_assert(output != none || !pools, "POOLING: wants an output of shape (texts, tokens, numbers)");
    static_assert(output != none || pools,
                  "TASK embed: wants an output of shape (texts, numbers); POOLING mean or cls makes it of one for each "
                  "token");
    static constexpr std::span<const std::int64_t> sizes = Network::output_types[output == none ? 0 : output].shape();
    static_assert(sizes[0] == texts && (!pools || sizes[1] == tokens),
                  "TASK embed: wants an output with a vector for each text or each token");

    static constexpr Port input{.shape = Shape::tokens(task::token_features, tokens)},
        result{.shape = {static_cast<int>(sizes.back())}, .node = graph.outputs[output].node};
    static constexpr task::SentenceModel::Encoder encoder{texts,   tokens, words,   std::max(types, 1), ids, mask,
                                                          of_type, output, Pooling, Normalizes};

    static std::unique_ptr<AnyModel> wrap(std::unique_ptr<AnyModel> network) {
        auto policies = input_policies_of<typename TensorVariant<Network>::Modes, Preprocess>(input.shape);
        policies.batch.first = texts;
        return std::make_unique<task::SentenceModel>(std::move(network),
                                                     task::TaskModel::Facts{input, result, policies}, encoder);
    }
};

/// The row of a sentence encoder that was an .onnx file. `Pooling`: what makes a vector for each text of those for each
/// token; none: an output of the file is that. `IsSaid`: the pooling was chosen, which a file with both needs.
template <class Network, class Preprocess, task::TokenPooling Pooling, bool Normalizes, bool IsSaid>
ModelEntry sentence_entry(std::string_view variant) {
    static_assert(IsSaid || detail::output_of<Network>(3) == none,
                  "TASK embed: an output has a vector for each token: wants POOLING mean or cls, or POOLING none for "
                  "the output that has one for each text");
    using Task = SentenceTask<Network, Preprocess, Pooling, Normalizes>;
    ModelEntry entry = task_entry<Task>(variant);
    entry.letter_case = Preprocess::letter_case;
    entry.flops /= Task::texts;
    entry.sentence = {Task::texts, Task::words, Task::encoder.types, task::name_of(Pooling), Normalizes};
    return entry;
}

}  // namespace taxon::app
