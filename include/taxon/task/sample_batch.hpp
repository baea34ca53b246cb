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

    /// Runs `count` samples, at most the capacity: prepare(i, input) fills each, see(i, input, output) receives each.
    /// Throws as those and the network do.
    template <class Prepare, class See>
    void run(std::size_t count, Prepare&& prepare, See&& see) {
        const std::size_t in = runner_.input_size(), out = runner_.output_size();
        const auto inputs = std::span(inputs_).first(count * in), outputs = std::span(outputs_).first(count * out);
        for (std::size_t i = 0; i < count; ++i) prepare(i, inputs.subspan(i * in, in));
        runner_.run(inputs, outputs, runner_.input.width, {});
        for (std::size_t i = 0; i < count; ++i)
            see(i, std::span<const float>(inputs.subspan(i * in, in)),
                std::span<const float>(outputs.subspan(i * out, out)));
    }

  private:
    Runner runner_;
    std::vector<float> inputs_, outputs_;
};

}  // namespace taxon::task
