#pragma once
#include <taxon/quantize/quantizable_network.hpp>
#include <taxon/quantize/rounded_weights.hpp>
#include <taxon/plan/rounding.hpp>
#include <taxon/weights/fitted_weights.hpp>

namespace taxon::quantize {

/// Simulates a quantized network in float: with weights and stored values rounded to their grids. Its outputs are equal
/// but for the order of sums. A value with a rounded copy is rounded for all its readers, so of such a network the
/// noise is overestimated. Half-precision weights count as float, and so do those of transposed convolutions.
class Simulation {
  public:
    /// Reads and packs all of `source`. Throws as that does.
    Simulation(const QuantizableNetwork& network, const WeightSource& source, const Rounding& rounding)
        : graph_(network.graph),
          run_(network.floats(RoundedWeights(FittedWeights(network.graph, source), names(network.graph, rounding),
                                             rounding.matrices, rounding.seven_bits))),
          grid_(rounding.grid), scales_(network.graph.nodes.size()) {
        for (const auto& [value, scale] : rounding.values)
            scales_[static_cast<std::size_t>(graph_.unrounded(value))] = scale;
    }

    /// The output for one sample, (C, H, W) or tokens of features. One run at a time.
    void operator()(std::span<const float> sample, std::span<float> answer) {
        sample_.assign(sample.begin(), sample.end());
        const int length = graph_.length_of(sample.size());
        std::span<float> rest = sample_;
        for (const Port& input : graph_.inputs) {
            const std::size_t size = input.shape.size_of(length);
            if (const auto& scale = scales_[static_cast<std::size_t>(input.node)]) round(*scale, rest.first(size));
            rest = rest.subspan(size);
        }
        run_(sample_, answer, [this](int value, std::span<float> numbers) {
            if (const auto& scale = scales_[static_cast<std::size_t>(value)]) round(*scale, numbers);
        });
    }

  private:
    static std::set<std::string, std::less<>> names(GraphView graph, const Rounding& rounding) {
        std::set<std::string, std::less<>> names;
        for (const int number : rounding.weights) {
            const Node& node = graph.node(number);
            if (node.transposed) continue;  // rounded by phase, which is no row of the tensor
            for (int part = 0; part < node.parts; ++part)
                names.emplace(graph.name(
                    graph.parameters[static_cast<std::size_t>(node.parameter + part * (node.bias == none ? 1 : 2))]));
        }
        return names;
    }
    void round(Scale scale, std::span<float> numbers) const {
        for (float& number : numbers) number = rounded(number, scale, grid_);
    }

    GraphView graph_;
    EditedRun run_;
    Grid grid_;
    std::vector<std::optional<Scale>> scales_;  // by node
    std::vector<float> sample_;
};

}  // namespace taxon::quantize
