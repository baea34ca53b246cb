#pragma once
#include <algorithm>
#include <cmath>

#include <taxon/quantize/channel_scales.hpp>
#include <taxon/quantize/equalisable_pair.hpp>

namespace taxon::quantize {

/// Cross-layer equalisation: a network's weights with the ranges of its channels made equal, so that one step per
/// tensor suits them all. The network's function is unchanged but for rounding. Nagel et al. 2019, "Data-Free
/// Quantization Through Weight Equalization and Bias Correction", section 4.1.
///
/// Channel c between two convolutions is divided by s = sqrt(r1 r2) / r2, where r1 is the largest magnitude among the
/// weights that produce it, folded with their normalisation, and r2 among those that read it: then both are sqrt(r1
/// r2). Pairs that share a convolution (dense, depthwise, dense) alternate until no s changes. Channels without weights
/// on either side are unchanged.
class Equalised final : public WeightSource {
  public:
    /// three convolutions need about ten; stopping early computes the same, only less equalised
    static constexpr int most_turns = 100;

    /// Reads `source`, its names fitted, now and whenever it is read itself, so `source` must outlive it. A channel is
    /// scaled up or down by at most `most_scale`: the weights of a dead channel would tolerate any factor, but its bias
    /// grows too, and with it the tensor's range. Throws as `Parameters` does, and Fault::usage if most_scale is below
    /// 1.
    Equalised(GraphView graph, const WeightSource& source, double most_scale = 0x1p16)
        : source_(graph, source), pairs_(equalisable_pairs(graph)) {
        if (!(most_scale >= 1 && std::isfinite(most_scale)))
            throw Error(Fault::usage, {.place = "equalisation",
                                       .found = "scales of at most " + std::to_string(most_scale),
                                       .wanted = "a finite number of at least 1"});
        const Parameters parameters(graph, source_);
        std::map<int, ChannelScales> layers;
        for (const auto [maker, reader] : pairs_)
            for (const int node : {maker, reader})
                layers.try_emplace(node, graph, node, only_reader(graph, node, Op::batch_norm), parameters);
        for (int turn = 0; turn < most_turns && equalise(layers, most_scale) > tolerance; ++turn) {}
        for (const auto& [node, scales] : layers) rescale(graph, node, scales, parameters);
    }

    /// The number of pairs equalised; if 0, all weights are unchanged.
    int pairs() const { return static_cast<int>(pairs_.size()); }

    std::string origin() const override { return source_.origin(); }
    std::vector<std::string_view> names() const override { return source_.names(); }
    std::optional<Dimensions> shape_of(std::string_view name, std::span<const std::int64_t> wanted) const override {
        return source_.shape_of(name, wanted);
    }

    /// Throws Fault::shape if a rescaled tensor has another number of elements than `to`.
    void read(std::string_view name, std::span<const std::int64_t> shape, std::span<float> to) const override {
        const auto found = rescaled_.find(name);
        if (found == rescaled_.end()) return source_.read(name, shape, to);
        const std::vector<float>& numbers = found->second;
        if (numbers.size() != to.size())
            throw Error(Fault::shape, {.file = origin(),
                                       .place = "tensor '" + std::string(name) + "'",
                                       .found = std::to_string(numbers.size()) + " elements",
                                       .wanted = std::to_string(to.size()) + " elements"});
        std::copy(numbers.begin(), numbers.end(), to.begin());
    }

  private:
    static constexpr double tolerance = 1e-4;  // of s: a hundredth of an 8-bit step

    /// One pass over all pairs. Returns the largest deviation of s from 1.
    double equalise(std::map<int, ChannelScales>& layers, double most_scale) const {
        double furthest = 0;
        for (const auto [maker_node, reader_node] : pairs_) {
            ChannelScales &maker = layers.at(maker_node), &reader = layers.at(reader_node);
            const std::vector<double> made = maker.ranges_of_outputs(), read = reader.ranges_of_inputs();
            for (std::size_t c = 0; c < made.size(); ++c) {
                if (made[c] == 0 || read[c] == 0) continue;
                const double before = reader.of_inputs[c],
                             after = std::clamp(before * std::sqrt(made[c] / read[c]), 1 / most_scale, most_scale);
                reader.of_inputs[c] = after, maker.of_outputs[c] = 1 / after;
                furthest = std::max(furthest, std::abs(after / before - 1));
            }
        }
        return furthest;
    }

    /// Scales a convolution's parameters. An output's factor is applied to its normalisation if there is one, else to
    /// the weights and the bias.
    void rescale(GraphView graph, int convolution, const ChannelScales& scales, const Parameters& parameters) {
        const auto store = [&](int parameter, auto factor) {
            std::vector<float> numbers = parameters[parameter];
            for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(numbers[i] * factor(i));
            rescaled_[std::string(graph.name(graph.parameters[detail::size(parameter)]))] = std::move(numbers);
        };
        const Node& node = graph.node(convolution);
        const int norm = only_reader(graph, convolution, Op::batch_norm);
        const std::size_t taps = detail::size(node.window.taps());
        const auto of_output = [&](std::size_t n) { return scales.of_outputs[n]; };
        store(node.parameter, [&](std::size_t i) {
            const std::size_t n = i / taps / scales.inputs(), c = i / taps % scales.inputs();
            return scales.reading(n, c) * (norm == none ? of_output(n) : 1);
        });
        if (norm != none) {
            const int gamma = graph.node(norm).parameter, beta = gamma + 1;
            store(gamma, of_output), store(beta, of_output);
        } else if (node.bias != none) store(node.bias, of_output);
    }

    FittedWeights source_;
    std::vector<EqualisablePair> pairs_;
    std::map<std::string, std::vector<float>, std::less<>> rescaled_{};
};

}  // namespace taxon::quantize
