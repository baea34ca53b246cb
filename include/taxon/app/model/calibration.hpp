#pragma once
#include <memory>
#include <set>
#include <functional>
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/run/groups.hpp>
#include <taxon/app/model/any_model.hpp>
#include <taxon/app/console/progress.hpp>
#include <taxon/quantize/calibration.hpp>
#include <vector>

namespace taxon::app {

/// Inputs that a network is run on to see its values: how many, and what fills the i-th, from any thread. It is given numbers for the network's
/// largest input, and takes away what a shorter text does not need.
struct CalibrationInputs {
    std::size_t count = 0;
    std::function<void(std::size_t, std::vector<float>&)> prepare;
    std::string kind = "generated";  ///< or "pictures", or "texts"
};

/// Where they come from, once there is a network that prepares them. Throws Fault::usage if the command line names none.
using CalibrationSource = std::function<CalibrationInputs(const Network&, const Offer&)>;

/// Runs a network over inputs, shared over a crew, and counts the numbers of the values in `watched`, by node. What comes out does not depend
/// on the number of threads. Throws what reading an input throws, of the first in order.
inline quantize::Calibration calibrate(const Network& network, const Offer& offer, const std::set<int>& watched, const CalibrationInputs& inputs, Crew& crew,
                                       Progress& progress) {
    struct Desk {
        std::unique_ptr<Network::Scratch> scratch;
        std::vector<float> input;
        quantize::Calibration calibration;
    };
    std::vector<Desk> desks(static_cast<std::size_t>(crew.size()));
    for (Desk& desk : desks) desk.scratch = network.scratch();
    for_each_group(inputs.count, 1, crew, [&](int worker, Group group) {
        Desk& desk = desks[static_cast<std::size_t>(worker)];
        desk.input.resize(static_cast<std::size_t>(offer.input.size()));
        inputs.prepare(group.first, desk.input);
        if (watched.contains(0)) desk.calibration.observe(0, desk.input);  // the input is not a step's
        network.walk(desk.input, *desk.scratch, [&](const LayerView& layer) {
            if (watched.contains(layer.value)) desk.calibration.observe(layer.value, layer.numbers);
        });
        progress.advance(1);
    });
    for (std::size_t i = 1; i < desks.size(); ++i) desks.front().calibration.merge(desks[i].calibration);
    return std::move(desks.front().calibration);
}

}  // namespace taxon::app
