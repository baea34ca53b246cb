#pragma once
#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <taxon/app/calibration_options.hpp>
#include <taxon/app/console.hpp>
#include <taxon/app/groups.hpp>
#include <taxon/app/network.hpp>
#include <taxon/app/picture_tensor.hpp>
#include <taxon/app/progress.hpp>
#include <taxon/eval/dataset.hpp>
#include <taxon/quantize/calibration.hpp>
#include <vector>

namespace taxon::app {

/// Inputs that a network is run on to see its values: how many, and what fills the i-th tensor (C, H, W), from any thread.
struct CalibrationInputs {
    std::size_t count = 0;
    std::function<void(std::size_t, std::span<float>)> prepare;
};

namespace detail {

/// All pictures in a folder and the folders in it, hidden ones aside, sorted bytewise. Throws Fault::io or missing.
inline std::vector<std::filesystem::path> pictures_below(const std::filesystem::path& folder) {
    std::error_code failure;
    std::vector<std::filesystem::path> files;
    for (std::filesystem::recursive_directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure)) {
        const bool hidden = at->path().filename().native().starts_with('.');
        if (hidden && at->is_directory()) at.disable_recursion_pending();
        else if (!hidden && named_like_a_picture(at->path()) && at->is_regular_file()) files.push_back(at->path());
    }
    if (failure) throw Error(Fault::io, {.file = folder.string(), .place = "--calibration-dir", .found = failure.message(), .wanted = "a readable folder of pictures"});
    if (files.empty())
        throw Error(Fault::missing, {.file = folder.string(), .place = "--calibration-dir", .found = "no .jpg, .jpeg, .png or .bmp files",
                                     .wanted = "pictures of the kind that the network is to see"});
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.native() < b.native(); });
    return files;
}

inline std::vector<std::filesystem::path> calibration_pictures(const CalibrationOptions& options, const Offer& offer) {
    if (!options.folder.empty()) return pictures_below(options.folder);
    std::vector<std::filesystem::path> files;
    for (const auto& picture : eval::read_dataset(options.table, offer.output.size()).pictures) files.push_back(picture.file);
    return files;
}

}  // namespace detail

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
    for (Desk& desk : desks) desk.scratch = network.scratch(), desk.input.resize(static_cast<std::size_t>(offer.input.size()));
    for_each_group(inputs.count, 1, crew, [&](int worker, Group group) {
        Desk& desk = desks[static_cast<std::size_t>(worker)];
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
