#pragma once
#include <algorithm>
#include <string>
#include <taxon/app/console/thread_notes.hpp>
#include <taxon/app/model/calibration.hpp>
#include <taxon/app/model/offline_facts.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/app/model/open_weights.hpp>
#include <taxon/quantize/channel_factors.hpp>
#include <taxon/quantize/stored_values.hpp>

namespace taxon::app {

/// The ranges of a network's stored values, and how they were found.
struct FoundRanges {
    quantize::Ranges ranges;
    CalibrationFacts facts;
};

/// Runs the same network in float32, from the family's table, over `source`, and finds the ranges of what `plan`
/// stores, by node. Throws Fault::usage if there is no such network, and as the source does.
inline FoundRanges find_ranges(const Family& family, const ModelEntry& entry, PlanView plan,
                               const WeightSource& weights, const ModelOptions& model, const CalibrationSource& source,
                               Console& console, bool quiet) {
    const CalibrationOptions& options = model.calibration;
    const auto network = float_entry(family, entry).load(weights, {}, model.float_settings());
    const auto inputs = source(*network, entry);
    FoundRanges found{
        .ranges = {},
        .facts = {.method = std::string(name_of(options.method())), .inputs = inputs.kind, .samples = inputs.count}};
    const double percentile = options.percentile.value_or(quantize::usual_percentile);
    if (options.method() == quantize::Method::percentile) found.facts.percentile = percentile;

    WorkerPool workers(worker_count(inputs.count, 1));
    tell_threads({}, workers.wanted(), workers.size(), console, quiet);
    Progress progress(console, quiet || inputs.count < 2, "inputs to calibrate with", inputs.count);
    const auto calibration =
        calibrate(*network, entry, quantize::stored_values(entry.graph, plan), inputs, workers, progress);
    found.facts.values = calibration.histograms().size();
    if (!calibration.empty())  // otherwise all its products read float32
        found.ranges = calibration.ranges(
            options.method(), entry.data_types.values == Element::uint8 ? quantize::u8 : quantize::s16, percentile);
    found.ranges.by_channel = quantize::channel_factors(entry.graph, plan, calibration);
    found.facts.values_by_channel = found.ranges.by_channel.size();
    return found;
}

}  // namespace taxon::app
