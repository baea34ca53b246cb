#pragma once
#include <taxon/quantize/quantizable_network.hpp>
#include <taxon/quantize/rounded_weights.hpp>
#include <taxon/plan/rounding.hpp>
#include <taxon/weights/fitted_weights.hpp>

namespace taxon::quantize {

/// Simulates a quantized network in float: with weights and stored values rounded to their grids. Its outputs are equal
/// but for the order of sums. Half-precision weights count as float, and so do those of transposed convolutions, and a
/// rounded copy for all readers but convolutions.
class Simulation {
  public:
    /// Reads and packs all of `source`. Throws as that does.
    Simulation(const QuantizableNetwork& network, const WeightSource& source, const Rounding& rounding)
        : graph_(network.graph),
          run_(network.floats(RoundedWeights(FittedWeights(network.graph, source), names(network.graph, rounding),
                                             rounding.matrices, rounding.seven_bits))),
          rounding_(rounding) {}

    /// The output for one sample, (C, H, W) or tokens of features. One run at a time.
    void operator()(std::span<const float> sample, std::span<float> answer) {
        sample_.assign(sample.begin(), sample.end());
        const int length = graph_.length_of(sample.size());
        std::span<float> rest = sample_;
        for (const Port& input : graph_.inputs) {
            const std::size_t size = input.shape.size_of(length);
            round(input.node, rest.first(size));
            rest = rest.subspan(size);
        }
        run_(sample_, answer, [this](int value, std::span<float> numbers) { round(value, numbers); });
    }

  private:
    static RoundedWeights::Names names(GraphView graph, const Rounding& rounding) {
        RoundedWeights::Names names;
        for (const int number : rounding.weights) {
            const Node& node = graph.node(number);
            if (node.transposed) continue;  // rounded by phase, which is no row of the tensor
            const auto factors = rounding.factors_of(rounding.stored(graph, graph.operand(node, 0)));
            for (int part = 0; part < node.parts; ++part)
                names[std::string(graph.name(graph.parameters[static_cast<std::size_t>(
                          node.parameter + part * (node.bias == none ? 1 : 2))]))]
                    .assign(factors.begin(), factors.end());
        }
        return names;
    }
    void round(int number, std::span<float> numbers) const {
        const int value = rounding_.stored(graph_, number);
        if (const auto scale = rounding_.values.find(value); scale != rounding_.values.end())
            round_channels(numbers, scale->second, rounding_.factors_of(value), rounding_.grid);
    }

    GraphView graph_;
    EditedRun run_;
    Rounding rounding_;
    std::vector<float> sample_;
};

}  // namespace taxon::quantize
