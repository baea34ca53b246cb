#pragma once
#include <functional>
#include <span>
#include <string>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/app/console/groups.hpp>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/app/run/runner.hpp>
#include <taxon/app/text/text_encoder.hpp>
#include <taxon/task/text_runner.hpp>
#include <vector>

#include <CLI/CLI.hpp>

namespace taxon::app {

/// Treatment of padding tokens in a batch of unequal texts. Both give the same results, but for rounding.
enum class Padding : unsigned char {
    skip,    ///< there are none: each text runs at its own length
    compute  ///< they are computed, as in programs of fixed shapes, and masked in attention
};

struct PaddingOption {
    std::string name = "skip";
    Padding padding() const { return name == "skip" ? Padding::skip : Padding::compute; }
};

/// Null for networks of a fixed number of tokens, to which every text is padded anyway.
inline CLI::Option* add_padding_option(CLI::App& verb, const Family& family, PaddingOption& option) {
    if (family.entries.front().sentence) return nullptr;
    return verb
        .add_option("--padding", option.name,
                    "skip: run each text at its own length; compute: pad all to --sequence, for comparison with "
                    "programs of fixed shape")
        ->check(CLI::IsMember({"skip", "compute"}))
        ->type_name("skip|compute")
        ->capture_default_str();
}

/// What texts become and how, as far as a result depends on it, for people.
inline std::string encoding_text(const TextEncoder& encoder, const PaddingOption& padding) {
    return "at most " + std::to_string(encoder.most) + " tokens, " +
           (encoder.letter_case == text::LetterCase::cased ? "cased" : "uncased") + ", padding " + padding.name;
}

/// `length`: the padded length for Padding::compute.
inline task::TextRunner text_runner_of(const AnyModel& network, const ModelEntry& entry, Padding padding, int length) {
    return task::TextRunner(runner_of(network, entry), padding == Padding::compute ? length : 0);
}

/// Computes the logits of all texts, in groups of `batch` shared over the workers; see(text, logits) is called once per
/// text, from any worker's thread. Results do not depend on the number of threads. Once a `stop` is
/// requested, no more groups are begun. Returns the number of texts done, which are the first ones.
inline std::size_t answer_texts(const AnyModel& network, const ModelEntry& entry, std::span<const TokenRow> rows,
                                Padding padding, int length, std::size_t batch, WorkerPool& workers,
                                const std::function<void(std::size_t, std::span<const float>)>& see,
                                const std::stop_token& stop = {}) {
    struct WorkerState {
        task::TextRunner runner;
        std::vector<float> answers;
    };
    const auto classes = static_cast<std::size_t>(entry.output.size());
    std::vector<WorkerState> worker_states;
    for (int i = 0; i < workers.size(); ++i)
        worker_states.push_back({text_runner_of(network, entry, padding, length), {}});
    const auto answer = [&](int worker, Group group) {
        WorkerState& state = worker_states[static_cast<std::size_t>(worker)];
        state.answers.resize(group.size * classes);
        state.runner.run(rows.subspan(group.first, group.size), state.answers);
        for (std::size_t i = 0; i < group.size; ++i)
            see(group.first + i, std::span(state.answers).subspan(i * classes, classes));
    };
    return for_each_group(rows.size(), batch, workers, answer, stop);
}

}  // namespace taxon::app
