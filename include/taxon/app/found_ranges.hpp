#pragma once
#include <algorithm>
#include <filesystem>
#include <string>
#include <taxon/app/calibration.hpp>
#include <taxon/app/input_tensor.hpp>
#include <taxon/app/offline_facts.hpp>
#include <taxon/app/options.hpp>
#include <taxon/app/weights.hpp>
#include <utility>
#include <vector>

namespace taxon::app {

/// What a quantized precision calibrates with if no pictures are given and the weights are generated: `count` inputs of --input's salt.
struct GeneratedInputs {
    std::string source = "synthetic";
    int count = 1;
};

/// The ranges of a network's stored values, and how they were found.
struct FoundRanges {
    quantize::Ranges ranges;
    CalibrationFacts facts;
};

namespace detail {

/// Files or a generated tensor, whichever is to be calibrated with.
struct CalibrationSamples {
    std::vector<std::filesystem::path> files;
    InputTensor generated;

    CalibrationInputs inputs(const Network& network, const Offer& offer) const {
        if (!files.empty()) return {files.size(), [&](std::size_t i, std::span<float> to) { read_tensor(network, offer, files[i], to); }};
        return {generated.count, [&](std::size_t i, std::span<float> to) { std::copy_n(generated.numbers.data() + i * to.size(), to.size(), to.begin()); }};
    }
};

inline CalibrationSamples calibration_samples(const Offer& offer, const ModelOptions& options, const GeneratedInputs& generated) {
    if (options.calibration.pictures()) return {calibration_pictures(options.calibration, offer), {}};
    if (names_synthetic_weights(options.weights)) return {{}, synthetic_tensor(generated.source, offer, generated.count)};
    throw Error(Fault::usage, {.place = "--precision " + std::string(offer.precision), .found = "no ranges of its values",
                               .wanted = "--calibration-dir DIR or --calibration-file TSV of typical pictures, or a .taxon file", .remedy = "gen makes one"});
}

}  // namespace detail

/// Runs the same network in float32, from the family's table, over the pictures that the options name or else over generated inputs, and finds
/// the ranges of `values`, by node.
/// Throws Fault::usage if there is neither, or no such network; what reading pictures throws.
inline FoundRanges find_ranges(const Family& family, const Offer& offer, const std::set<int>& values, const WeightSource& weights, const ModelOptions& model, const GeneratedInputs& generated,
                               Console& console, bool quiet) {
    const CalibrationOptions& options = model.calibration;
    const auto samples = detail::calibration_samples(offer, model, generated);
    const auto network = float_offer(family, offer).load(weights, {}, model.float_settings());
    const auto inputs = samples.inputs(*network, offer);
    FoundRanges found{.ranges = {}, .facts = {.method = std::string(name_of(options.method())), .inputs = options.pictures() ? "pictures" : "generated", .samples = inputs.count}};
    const double percentile = options.percentile.value_or(quantize::usual_percentile);
    if (options.method() == quantize::Method::percentile) found.facts.percentile = percentile;

    Crew crew(static_cast<int>(std::min<std::size_t>(inputs.count, static_cast<std::size_t>(cpu::usable_processors()))));
    Progress progress(console, quiet || inputs.count < 2, "inputs to calibrate with", inputs.count);
    const auto calibration = calibrate(*network, offer, values, inputs, crew, progress);
    found.facts.values = calibration.histograms().size();
    if (!calibration.empty())  // else all its products read float32
        found.ranges = calibration.ranges(options.method(), offer.storage.values == Element::uint8 ? quantize::u8 : quantize::s16, percentile);
    return found;
}

}  // namespace taxon::app
