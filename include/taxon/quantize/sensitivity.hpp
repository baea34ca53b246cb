#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <taxon/quantize/deviation.hpp>
#include <taxon/quantize/simulation.hpp>

namespace taxon::quantize {

/// The effect of quantizing one layer alone on the network's outputs, and that layer.
struct LayerSensitivity {
    int node;          ///< in the graph
    std::string name;  ///< for precision::MixedPrecision
    Deviation alone{};
    std::int64_t multiplications = 0, weights = 0;
};

/// Calls work(i) for every i below `count`, in any order and on any threads.
using Loop = std::function<void(std::size_t count, const std::function<void(std::size_t)>& work)>;

inline void one_by_one(std::size_t count, const std::function<void(std::size_t)>& work) {
    for (std::size_t i = 0; i < count; ++i) work(i);
}

/// Measures each layer's sensitivity to quantization on given samples, against the network in float32. Deterministic on
/// any number of threads. A layer costs a float run of the network per sample, and packing its weights once.
///
///     quantize::Sensitivity scan(quantize::blueprint_of<M>(), weights, calibrator.ranges(), samples);
///     for (const auto& layer : scan.layers()) …
class Sensitivity {
  public:
    /// `samples`: each (C, H, W), or any number of tokens of features; they and `source` must outlive this. `ranges`:
    /// of all values that the network stores if it keeps no layers in float. Runs the samples once, in float. Throws
    /// Fault::usage if the network is not quantized, or keeps layers already; Fault::missing without samples, or a
    /// range; Fault::shape for a sample that is not the network's.
    Sensitivity(QuantizableNetwork network, const WeightSource& source, Ranges ranges,
                std::span<const std::vector<float>> samples)
        : network_(std::move(network)), source_(&source), ranges_(std::move(ranges)), samples_(samples) {
        if (!network_.data_types.quantized() || !network_.data_types.float_layers.empty())
            throw Error(Fault::usage, {.place = "sensitivity",
                                       .found = "a precision that is not quantized, or keeps layers",
                                       .wanted = "a quantized one that keeps none yet"});
        if (samples.empty())
            throw Error(Fault::missing, {.place = "sensitivity",
                                         .found = "no samples",
                                         .remedy = "give inputs of the kind that the network is to see"});
        for (const auto& sample : samples) check(sample);
        plan_ = network_.plan(network_.data_types);
        all_ = rounding_of(network_.graph, plan_.view(), ranges_);
        Simulation floats(network_, *source_, {});
        for (const auto& sample : samples_) floats_.push_back(answer(floats, sample));
    }

    const QuantizableNetwork& network() const { return network_; }
    std::size_t samples() const { return samples_.size(); }

    /// The number of layers multiplied as integers.
    std::size_t size() const { return all_.weights.size(); }

    /// All of those, most sensitive first: lowest signal-to-noise ratio. `loop` has `size()` iterations.
    std::vector<LayerSensitivity> layers(const Loop& loop = one_by_one) const {
        const GraphView graph = network_.graph;
        std::vector<const Step*> steps;
        for (const Step& step : plan_.steps)
            if (multiplies_integers(step)) steps.push_back(&step);
        std::vector<LayerSensitivity> layers(steps.size());
        loop(steps.size(), [&](std::size_t i) {
            const Node& node = graph.node(steps[i]->first);
            layers[i] = {steps[i]->first, std::string(graph.name(node)),
                         deviation(rounding_of(all_, plan_.view(), *steps[i])), graph.flops(node) / 2,
                         graph.parameters[static_cast<std::size_t>(node.parameter)].count() * node.parts};
        });
        std::stable_sort(layers.begin(), layers.end(),
                         [](const auto& a, const auto& b) { return a.alone.snr_db() < b.alone.snr_db(); });
        return layers;
    }

    /// A network whose precision keeps layers in float, as precision::MixedPrecision would have it.
    struct Outlook {
        Deviation deviation{};
        std::set<int> quantized{};      ///< nodes of the layers still multiplied as integers
        std::int64_t packed_bytes = 0;  ///< weights in memory
    };
    /// Throws as LayerNames::of does.
    Outlook outlook(const std::vector<std::string>& kept = {}) const {
        DataTypes data_types = network_.data_types;
        data_types.float_layers = LayerNames::of(kept);
        const OwnedPlan plan = network_.plan(data_types);
        const Rounding rounding = rounding_of(network_.graph, plan.view(), ranges_);
        return {deviation(rounding), rounding.weights,
                plan.weight_bytes + static_cast<std::int64_t>(sizeof(float)) * plan.bias_count};
    }

  private:
    void check(const std::vector<float>& sample) const {
        const std::span<const Port> inputs = network_.graph.inputs;
        const int length = network_.graph.length_of(sample.size());
        const std::size_t most = sample_size(inputs, network_.input.width);
        const bool fits = length > 0 && sample.size() <= most && sample.size() == sample_size(inputs, length);
        if (!fits)
            throw Error(Fault::shape, {.place = "samples",
                                       .found = std::to_string(sample.size()) + " numbers",
                                       .wanted = (network_.input.sequence ? "whole tokens, at most " : "") +
                                                 std::to_string(most) + " numbers"});
    }

    /// The network's answer to a sample: as many tokens, if it answers with tokens.
    std::vector<float> answer(Simulation& network, const std::vector<float>& sample) const {
        std::vector<float> numbers(sample_size(network_.graph.outputs, network_.graph.length_of(sample.size())));
        network(sample, numbers);
        return numbers;
    }

    Deviation deviation(const Rounding& rounding) const {
        Simulation network(network_, *source_, rounding);
        Deviation sum;
        for (std::size_t i = 0; i < samples(); ++i) sum.add(floats_[i], answer(network, samples_[i]));
        return sum;
    }

    QuantizableNetwork network_;
    const WeightSource* source_;
    Ranges ranges_;
    std::span<const std::vector<float>> samples_;
    OwnedPlan plan_{};
    Rounding all_{};
    std::vector<std::vector<float>> floats_{};  // by sample
};

}  // namespace taxon::quantize
