#pragma once
#include <functional>
#include <taxon/quantize/deviation.hpp>
#include <taxon/quantize/simulation.hpp>

namespace taxon::quantize {

/// What quantizing one layer and nothing else does to the network's answers, and what the layer is.
struct LayerSensitivity {
    int node;               ///< of the graph
    std::string name;       ///< as precision::Keeping wants it
    Deviation alone{};
    long multiplications = 0, weights = 0;
};

/// How many of so many simulated runs are done.
using Advance = std::function<void(std::size_t done, std::size_t all)>;

/// Measures which layers of a network suffer from being quantized: on the samples it is given, against the network in floats. Deterministic.
/// A layer costs a run of the network in floats for every sample, and packing its weights once.
///
///     quantize::Sensitivity<M> scan(weights, calibrator.ranges(), samples);
///     for (const auto& layer : scan.layers()) …
template <class M>
class Sensitivity {
    static_assert(M::Precision::storage.quantized() && M::Precision::storage.kept.empty(), "taxon::quantize::Sensitivity: wants a Model with a quantized Precision that keeps no layers yet");

  public:
    /// `samples`, one after the other, each (C, H, W) or `length` tokens of features; they and `source` must outlive this. Runs them once, in floats.
    /// Throws Fault::missing without samples, Fault::shape if the last is not whole.
    Sensitivity(const WeightSource& source, Ranges ranges, std::span<const float> samples, int length = M::input_shape.width)
        : source_(&source), ranges_(std::move(ranges)), samples_(samples), length_(length), sample_(sized(M::input_shape)), answer_(sized(M::output_shape)) {
        if (samples.empty()) throw Error(Fault::missing, {.place = "sensitivity", .found = "no samples", .remedy = "give inputs of the kind that the network is to see"});
        if (samples.size() % sample_ != 0)
            throw Error(Fault::shape, {.place = "samples", .found = std::to_string(samples.size()) + " numbers", .wanted = "a multiple of " + std::to_string(sample_)});
        floats_ = answers(Rounding{});
    }

    std::size_t samples() const { return samples_.size() / sample_; }

    /// Every layer that is multiplied as integers, or with weights that are, most sensitive first: of least signal to noise.
    std::vector<LayerSensitivity> layers(const Advance& advance = {}) const {
        constexpr PlanView plan = M::Engine::plan;
        const Rounding all = rounding_of(M::graph, plan, ranges_);
        std::vector<LayerSensitivity> layers;
        for (const Step& step : plan.steps) {
            if (!multiplies_integers(step)) continue;
            const Node& node = M::graph.node(step.first);
            layers.push_back({step.first, std::string(M::graph.name(node)), deviation(rounding_of(all, plan, step)), node.flops() / 2, M::graph.parameters[detail::size(node.parameter)].count()});
            if (advance) advance(layers.size(), all.weights.size());
        }
        std::stable_sort(layers.begin(), layers.end(), [](const auto& a, const auto& b) { return a.alone.decibels() < b.alone.decibels(); });
        return layers;
    }

    /// What is left of a network whose precision keeps layers, as precision::Keeping would have it.
    struct Outlook {
        Deviation deviation{};
        std::set<int> quantized{};  ///< nodes of the layers that are still multiplied as integers
        long packed_bytes = 0;      ///< of weights in memory
    };
    /// Throws what LayerNames::of throws.
    Outlook outlook(const std::vector<std::string>& kept = {}) const {
        Storage storage = M::Precision::storage;
        storage.kept = LayerNames::of(kept);
        auto plan = detail::Fuser<M::graph.nodes.size(), M::graph.operand_values.size()>(M::graph, M::Execution::fuses, storage).plan();  // as the compiler does it
        place_weights(plan);
        const Rounding rounding = rounding_of(M::graph, plan.view(), ranges_);
        return {deviation(rounding), rounding.weights, plan.weight_bytes + static_cast<long>(sizeof(float)) * plan.bias_count};
    }

  private:
    std::size_t sized(Shape shape) const {
        if (shape.sequence) shape.width = length_;
        return detail::size(shape.size());
    }

    std::vector<float> answers(const Rounding& rounding) const {
        Simulation<M> network(*source_, rounding);
        std::vector<float> all(samples() * answer_);
        for (std::size_t i = 0; i < samples(); ++i) network(samples_.subspan(i * sample_, sample_), std::span(all).subspan(i * answer_, answer_), length_);
        return all;
    }

    Deviation deviation(const Rounding& rounding) const {
        const std::vector<float> found = answers(rounding);
        Deviation sum;
        for (std::size_t i = 0; i < samples(); ++i) sum.add(std::span(floats_).subspan(i * answer_, answer_), std::span(found).subspan(i * answer_, answer_));
        return sum;
    }

    const WeightSource* source_;
    Ranges ranges_;
    std::span<const float> samples_;
    int length_;
    std::size_t sample_, answer_;
    std::vector<float> floats_{};
};

}  // namespace taxon::quantize
