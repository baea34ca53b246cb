#pragma once
#include <map>
#include <set>
#include <taxon/plan/rounding.hpp>

namespace taxon::quantize {

/// Step times of a network in seconds, keyed by the first node that the step computes: in float, and in a quantized
/// precision. A layer that is no faster in integers may as well stay in float.
struct LayerTimes {
    std::map<int, double> floats{}, integers{};
    std::set<int> layers{};  ///< nodes that are multiplied as integers

    /// From two plans of one network and the measured times of their steps.
    static LayerTimes of(PlanView floats, std::span<const double> of_floats, PlanView integers,
                         std::span<const double> of_integers) {
        LayerTimes times{by_node(floats, of_floats), by_node(integers, of_integers), {}};
        for (const Step& step : integers.steps)
            if (multiplies_integers(step)) times.layers.insert(step.first);
        return times;
    }

    static std::map<int, double> by_node(PlanView plan, std::span<const double> seconds) {
        std::map<int, double> times;
        for (std::size_t i = 0; i < seconds.size(); ++i) times[plan.steps[i].first] += seconds[i];
        return times;
    }

    /// The expected time of a network that multiplies only these layers as integers. It ignores what other steps gain
    /// or lose by reading or writing float, so the result still has to be measured.
    double expected(const std::set<int>& quantized) const {
        double seconds = 0;
        for (const auto& [node, time] : integers)
            seconds += layers.contains(node) && !quantized.contains(node) ? floats.at(node) : time;
        return seconds;
    }
};

}  // namespace taxon::quantize
