#pragma once
#include <cstddef>
#include <span>
#include <taxon/task/runner.hpp>
#include <utility>
#include <vector>

namespace taxon::task {

/// Reusable inputs and outputs of up to `most` samples that run together.
class SampleBatch {
  public:
    SampleBatch(Runner runner, std::size_t most)
        : runner_(std::move(runner)), inputs_(most * runner_.input_size()), outputs_(most * runner_.output_size()) {}

    const Runner& runner() const { return runner_; }

    /// Runs `count` samples, at most the capacity: prepare(i, input) fills each and returns whether it is to be run,
    /// see(i, input, output) receives each that was. Throws as those and the network do.
    template <class Prepare, class See>
    void run(std::size_t count, Prepare&& prepare, See&& see) {
        const std::size_t in = runner_.input_size(), out = runner_.output_size();
        running_.clear();
        for (std::size_t i = 0; i < count; ++i)
            if (prepare(i, std::span(inputs_).subspan(running_.size() * in, in))) running_.push_back(i);
        if (running_.empty()) return;
        const auto inputs = std::span(inputs_).first(running_.size() * in),
                   outputs = std::span(outputs_).first(running_.size() * out);
        runner_.run(inputs, outputs, runner_.input.width, {});
        for (std::size_t place = 0; place < running_.size(); ++place)
            see(running_[place], std::span<const float>(inputs.subspan(place * in, in)),
                std::span<const float>(outputs.subspan(place * out, out)));
    }

  private:
    Runner runner_;
    std::vector<float> inputs_, outputs_;
    std::vector<std::size_t> running_{};
};

}  // namespace taxon::task
