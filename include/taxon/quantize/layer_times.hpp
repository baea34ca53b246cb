#pragma once
#include <map>
#include <set>
#include <taxon/model.hpp>
#include <taxon/quantize/rounding.hpp>

namespace taxon::quantize {

/// What the steps of a network take on one thread, in seconds, by the node that each computes first: in floats, and as a quantized precision
/// has it. A layer that is no quicker in integers may as well be kept.
struct LayerTimes {
    std::map<int, double> floats{}, integers{};
    std::set<int> layers{};  ///< nodes that are multiplied as integers

    double sum_of_floats() const { return sum(floats); }

    /// What to expect of a network that multiplies only these layers as integers. What its other steps save or lose because they read or write
    /// floats is not in it, so what it comes to is yet to be measured.
    double expected(const std::set<int>& quantized) const {
        double seconds = sum(integers);
        for (const int layer : layers)
            if (!quantized.contains(layer)) seconds += floats.at(layer) - integers.at(layer);
        return seconds;
    }

  private:
    static double sum(const std::map<int, double>& seconds) {
        double sum = 0;
        for (const auto& [node, time] : seconds) sum += time;
        return sum;
    }
};

/// Measures both, M in its quantized precision: the least of `passes` runs of one sample. Compiles the network's kernels in floats as well.
template <class M>
LayerTimes layer_times(const WeightSource& source, const Ranges& ranges, std::span<const float> sample, int passes = 100, int length = M::input_shape.width, typename M::Options options = {}) {
    using Floats = typename M::Backend::template Engine<typename M::Architecture, M::input_shape, precision::Float32, typename M::Execution>;
    typename M::Workspace workspace;
    LayerTimes times;
    const auto measure = [&](const auto& engine, std::map<int, double>& to) {
        const std::vector<double> seconds = engine.step_seconds(sample, length, workspace, passes);
        for (std::size_t i = 0; i < seconds.size(); ++i) to[engine.plan.steps[i].first] += seconds[i];
    };
    measure(Floats(source, options), times.floats);
    measure(typename M::Engine(source, ranges, options), times.integers);
    for (const Step& step : M::Engine::plan.steps)
        if (multiplies_integers(step)) times.layers.insert(step.first);
    return times;
}

}  // namespace taxon::quantize
