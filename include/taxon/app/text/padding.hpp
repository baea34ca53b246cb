#pragma once
#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/app/console/groups.hpp>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/app/text/text_encoder.hpp>
#include <vector>

#include <CLI/CLI.hpp>

namespace taxon::app {

/// What becomes of the tokens that fill a batch's texts up to one length. Both give the same answers, but for rounding.
enum class Padding : unsigned char {
    skip,    ///< there are none: each text is run at its own length
    compute  ///< they are computed, as by programs of fixed shapes, and attention does not look at them
};

struct PaddingOption {
    std::string name = "skip";
    Padding padding() const { return name == "skip" ? Padding::skip : Padding::compute; }
};

inline void add_padding_option(CLI::App& verb, PaddingOption& option) {
    verb.add_option("--padding", option.name,
                    "skip: each text is run at its own length; compute: all are filled up to --sequence, to measure "
                    "like programs of fixed shapes")
        ->check(CLI::IsMember({"skip", "compute"}))
        ->type_name("skip|compute")
        ->capture_default_str();
}

/// Runs batches of texts in one network, on one thread at a time.
class TextRunner {
  public:
    /// `length`: to which Padding::compute fills up.
    TextRunner(const AnyModel& network, const ModelEntry& entry, Padding padding, int length)
        : network_(network), features_(static_cast<std::size_t>(entry.input.channels)),
          classes_(static_cast<std::size_t>(entry.output.size())), padding_(padding),
          length_(static_cast<std::size_t>(length)), workspace_(network.make_workspace()) {}

    /// `answers`: of all rows, one after the other.
    void run(std::span<const TokenRow> rows, std::span<float> answers) {
        if (padding_ == Padding::skip) {
            for (std::size_t i = 0; i < rows.size(); ++i)
                network_.run(rows[i], answers.subspan(i * classes_, classes_), *workspace_);
            return;
        }
        filled_.assign(rows.size() * length_ * features_, 0);
        valid_.clear();
        for (std::size_t i = 0; i < rows.size(); ++i) {
            std::copy(rows[i].begin(), rows[i].end(),
                      filled_.begin() + static_cast<std::ptrdiff_t>(i * length_ * features_));
            valid_.push_back(static_cast<int>(rows[i].size() / features_));
        }
        network_.run(filled_, answers, *workspace_, static_cast<int>(length_), valid_);
    }

  private:
    const AnyModel& network_;
    std::size_t features_, classes_;
    Padding padding_;
    std::size_t length_;
    std::unique_ptr<AnyModel::Workspace> workspace_;
    std::vector<float> filled_;
    std::vector<int> valid_;
};

/// The logits of all texts, in groups of `batch` that are shared over the workers; see(text, logits) is called once a
/// text, from any of its threads. Answers do not depend on the number of threads.
inline void answer_texts(const AnyModel& network, const ModelEntry& entry, std::span<const TokenRow> rows,
                         Padding padding, int length, std::size_t batch, WorkerPool& workers,
                         const std::function<void(std::size_t, std::span<const float>)>& see) {
    struct WorkerState {
        TextRunner runner;
        std::vector<float> answers;
    };
    const auto classes = static_cast<std::size_t>(entry.output.size());
    std::vector<WorkerState> worker_states;
    for (int i = 0; i < workers.size(); ++i) worker_states.push_back({TextRunner(network, entry, padding, length), {}});
    for_each_group(rows.size(), batch, workers, [&](int worker, Group group) {
        WorkerState& state = worker_states[static_cast<std::size_t>(worker)];
        state.answers.resize(group.size * classes);
        state.runner.run(rows.subspan(group.first, group.size), state.answers);
        for (std::size_t i = 0; i < group.size; ++i)
            see(group.first + i, std::span(state.answers).subspan(i * classes, classes));
    });
}

}  // namespace taxon::app
