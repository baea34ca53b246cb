#pragma once
#include <taxon/model.hpp>
#include <taxon/quantize/rounded_weights.hpp>
#include <taxon/quantize/rounding.hpp>

namespace taxon::quantize {

/// A network that computes in floats what a quantized one computes in integers: with weights and stored values on their grids. It answers as
/// that one does but for the order of sums. Weights in halves count as floats.
template <class M>
class Simulation {
    using Floats = typename M::Backend::template Engine<typename M::Architecture, M::input_shape, precision::Float32, typename M::Execution>;

  public:
    /// Reads all of `source`, and packs it. Throws what that throws.
    Simulation(const WeightSource& source, const Rounding& rounding)
        : network_(RoundedWeights(source, names(rounding), rounding.matrices), typename M::Options{.threads = 1}), grid_(rounding.grid), scales_(detail::size(M::graph.size())) {
        for (const auto& [value, scale] : rounding.values) scales_[detail::size(value)] = scale;
    }

    /// The answer to one sample, (C, H, W) or `length` tokens of features. One run at a time.
    void operator()(std::span<const float> sample, std::span<float> answer, int length = M::input_shape.width) {
        if (scales_[0]) {
            input_.assign(sample.begin(), sample.end());
            round(*scales_[0], input_);
            sample = input_;
        }
        network_.load_input(sample, length, workspace_);
        network_.run_edited(answer, length, workspace_, [this](int value, std::span<float> numbers) {
            if (const auto& scale = scales_[detail::size(value)]) round(*scale, numbers);
        });
    }

  private:
    static std::set<std::string, std::less<>> names(const Rounding& rounding) {
        std::set<std::string, std::less<>> names;
        for (const int number : rounding.weights) {
            const Node& node = M::graph.node(number);
            for (int part = 0; part < node.parts; ++part) names.emplace(M::graph.name(M::graph.parameters[detail::size(node.parameter + part * (node.bias == none ? 1 : 2))]));
        }
        return names;
    }
    void round(Scale scale, std::span<float> numbers) const {
        for (float& number : numbers) number = rounded(number, scale, grid_);
    }

    Floats network_;
    Grid grid_;
    std::vector<std::optional<Scale>> scales_;  // by node
    std::vector<float> input_;
    typename M::Workspace workspace_;
};

}  // namespace taxon::quantize
