#pragma once
#include <map>
#include <set>
#include <taxon/quantize/rounding.hpp>

namespace taxon::quantize {

/// What the steps of a network take, in seconds, by the node that each computes first: in floats, and as a quantized
/// precision has it. A layer that is no quicker in integers may as well be kept.
struct LayerTimes {
    std::map<int, double> floats{}, integers{};
    std::set<int> layers{};  ///< nodes that are multiplied as integers

    /// Of two plans of one network, and what was measured of the steps of each.
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

    /// What to expect of a network that multiplies only these layers as integers. What its other steps save or lose
    /// because they read or write floats is not in it, so what it comes to is yet to be measured.
    double expected(const std::set<int>& quantized) const {
        double seconds = 0;
        for (const auto& [node, time] : integers)
            seconds += layers.contains(node) && !quantized.contains(node) ? floats.at(node) : time;
        return seconds;
    }
};

}  // namespace taxon::quantize
