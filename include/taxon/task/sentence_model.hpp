#pragma once
#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <taxon/graph/token_ids.hpp>
#include <taxon/task/task_model.hpp>
#include <taxon/task/token_pooling.hpp>
#include <taxon/task/token_row.hpp>
#include <utility>
#include <vector>

namespace taxon::task {

/// A sentence encoder as exporters write it: a fixed number of texts and tokens, whose ids, mask and types are inputs
/// of their own, and an output with a vector for each text, or for each token, which are pooled here. It takes an id
/// and a type for each token, and pads; a text's vector does not depend on the others of its batch.
class SentenceModel final : public TaskModel {
  public:
    struct Encoder {
        int texts = 1, tokens = 0;                    ///< of a run of the network
        int words = 0, types = 0;                     ///< rows of its tables of embeddings
        int ids = none, mask = none, of_type = none;  ///< numbers of its inputs
        int output = 0;                               ///< number of the output
        TokenPooling pooling = TokenPooling::none;
        bool normalizes = false;
    };

    SentenceModel(std::unique_ptr<AnyModel> network, const Facts& facts, const Encoder& encoder)
        : TaskModel(std::move(network), facts), encoder_(encoder) {}

    int words() const override { return encoder_.words; }

    /// Throws Fault::shape for more tokens than the network takes, Fault::value for an id or a type without a row.
    void run(std::span<const float> samples, std::span<float> vectors, Workspace& workspace, int length,
             std::span<const int> valid) const override {
        Memory& own = memory(workspace);
        const std::size_t width = result_size(), count = vectors.size() / width;
        const std::vector<std::size_t> lengths = encode(samples, count, length, valid, own.inputs);
        const std::size_t texts = static_cast<std::size_t>(encoder_.texts), runs = (count + texts - 1) / texts,
                          raw = sample_size(network().graph().outputs, 0),
                          rows = encoder_.pooling == TokenPooling::none ? 1 : static_cast<std::size_t>(encoder_.tokens);
        std::size_t first = 0;
        for (const Port& output : network().graph().outputs.first(static_cast<std::size_t>(encoder_.output)))
            first += static_cast<std::size_t>(output.shape.size());
        own.outputs.resize(runs * raw);
        network().run(own.inputs, own.outputs, *own.inner, none, {});
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t at = i / texts * raw + first + i % texts * rows * width;
            const auto tokens = std::span<const float>(own.outputs).subspan(at, rows * width);
            const auto vector = vectors.subspan(i * width, width);
            pool(tokens, lengths[i], encoder_.pooling, vector);
            if (encoder_.normalizes) normalize(vector);
        }
    }

    void walk(std::span<const float> sample, Workspace& workspace, const LayerVisitor& see) const override {
        Memory& own = memory(workspace);
        encode(sample, 1, none, {}, own.inputs);
        network().walk(own.inputs, *own.inner, see);
    }

  private:
    /// Fills the network's inputs, one after the other for each run, and returns the tokens of each text. A run that is
    /// not full repeats the last text.
    std::vector<std::size_t> encode(std::span<const float> samples, std::size_t count, int length,
                                    std::span<const int> valid, std::vector<float>& inputs) const {
        const std::size_t texts = static_cast<std::size_t>(encoder_.texts), runs = (count + texts - 1) / texts,
                          most = static_cast<std::size_t>(encoder_.tokens), ports = network().graph().inputs.size(),
                          tokens = length == none ? samples.size() / count / token_features
                                                  : static_cast<std::size_t>(length);
        if (tokens > most || samples.size() != count * tokens * token_features)
            throw Error(Fault::shape, {.place = "tokens",
                                       .found = std::to_string(tokens) + " for each of " + std::to_string(count) +
                                                " texts, and " + std::to_string(samples.size()) + " numbers",
                                       .wanted = "an id and a type for each, of at most " + std::to_string(most)});
        check_token_ids(samples, encoder_.words, encoder_.types);
        inputs.assign(runs * ports * texts * most, 0);
        std::vector<std::size_t> lengths;
        for (std::size_t i = 0; i < runs * texts; ++i) {
            const std::size_t text = std::min(i, count - 1),
                              used = valid.empty() ? tokens : static_cast<std::size_t>(valid[text]);
            const auto fill = [&](int port, auto&& number_of) {
                if (port == none) return;
                const std::size_t first =
                    ((i / texts * ports + static_cast<std::size_t>(port)) * texts + i % texts) * most;
                for (std::size_t token = 0; token < used; ++token)
                    inputs[first + token] = number_of(samples.data() + (text * tokens + token) * token_features);
            };
            fill(encoder_.ids, [](const float* token) { return token[0]; });
            fill(encoder_.mask, [](const float*) { return 1.f; });
            fill(encoder_.of_type, [](const float* token) { return token[1]; });
            if (i < count) lengths.push_back(used);
        }
        return lengths;
    }

    Encoder encoder_;
};

}  // namespace taxon::task
