#pragma once
#include <map>
#include <optional>
#include <string>
#include <taxon/app/diff/layer_comparison.hpp>
#include <taxon/app/gen/layer_scan.hpp>
#include <taxon/app/model/found_ranges.hpp>
#include <taxon/quantize/equalise.hpp>
#include <vector>

namespace taxon::app {

/// What a precision takes from a layer, as signal-to-noise ratios in dB against the same network in float32.
struct LayerAccuracy {
    int first, last;  ///< nodes: those of the step that computes it
    std::string name;
    double snr_db;                     ///< of its values, with all layers before it in this precision as well
    std::optional<double> alone_db{};  ///< of the network's outputs if this layer alone multiplied integers, simulated
};

/// The same of a network, on samples.
struct Accuracy {
    std::size_t samples = 0;
    std::vector<LayerAccuracy> layers{};          ///< in run order; without those that float32 computes within another
    std::optional<quantize::FloatLayers> kept{};  ///< layers to keep in float for half of the noise, of integers
    double simulated_db = 0;                      ///< of the outputs, with no layer kept in float
};

namespace detail {

/// Of every layer multiplied as integers alone, by its first node, and what to keep in float.
inline std::map<int, double> scan_alone(const ModelEntry& floats, const ModelEntry& entry, const WeightSource& weights,
                                        const quantize::Ranges& ranges, const std::vector<std::vector<float>>& samples,
                                        const Settings& settings, Console& console, bool quiet, Accuracy& accuracy) {
    const quantize::Sensitivity scan(quantizable_network_of(floats, entry.data_types, settings), weights, ranges,
                                     samples);
    WorkerPool workers(cpu::usable_processors());
    Progress progress(console, quiet, "layers to scan", scan.size());
    const auto layers = scan.layers([&](std::size_t count, const auto& work) {
        const auto one = [&](int, Group group) { work(group.first), progress.advance(1); };
        require_all(for_each_group(count, 1, workers, one, progress.stop()), count, "layer scan");
    });
    accuracy.simulated_db = scan.outlook().deviation.snr_db();
    try {
        const double half_the_noise = accuracy.simulated_db + 10 * std::log10(2.);
        accuracy.kept = keep(scan, layers, {.least_snr_db = half_the_noise}).back();
    } catch (const Error& error) {  // for more than a type can name
        if (error.fault() != Fault::limit) throw;
    }
    std::map<int, double> alone;
    for (const auto& layer : layers) alone.emplace(layer.node, layer.alone.snr_db());
    return alone;
}

}  // namespace detail

/// Runs a network and the same in float32 on at most 16 of the samples, and simulates each integer layer alone. Throws
/// Fault::usage for float32 itself, for an offline file, which has no float weights, and if the program lacks the
/// network in float32; and as binding it does. `source`: inputs, to find ranges with as well.
inline Accuracy accuracy_of(const Family& family, const ModelEntry& entry, const ModelOptions& options,
                            const CalibrationSource& source, Console& console, bool quiet) {
    constexpr std::size_t most = 16;
    if (entry.data_types == DataTypes{} || (OfflineModel::is_meant(options.weights)))
        throw Error(Fault::usage, {.place = "--accuracy",
                                   .found = entry.data_types == DataTypes{} ? "float32" : "an offline file",
                                   .wanted = "a checkpoint, and a precision to hold against float32"});
    const ModelEntry& floats = float_entry(family, entry);
    const auto opened = open_weights(family, entry, options);
    std::optional<quantize::Equalised> equalised;
    if (options.calibration.equalise) equalised.emplace(entry.graph, *opened.source);
    const WeightSource& weights = equalised ? static_cast<const WeightSource&>(*equalised) : *opened.source;

    quantize::Ranges ranges;
    if (entry.data_types.quantized()) {
        DataTypes whole = entry.data_types;
        whole.float_layers = {};
        ranges =
            find_ranges(family, entry, floats.replan(whole).view(), weights, options, source, console, quiet).ranges;
    }
    const auto network = entry.load(weights, ranges, options.settings()),
               right = floats.load(*opened.source, {}, options.float_settings());
    const auto samples = detail::spaced_samples(source(*right, floats), floats, most);

    LayerComparison comparison(entry.graph, LayerTolerance::of_rounding(0));
    const auto workspace = network->make_workspace(), other = right->make_workspace();
    for (std::size_t i = 0; i < samples.size(); ++i)
        comparison.add(i, LayerValues::of(*network, samples[i], *workspace),
                       LayerValues::of(*right, samples[i], *other));

    Accuracy accuracy{.samples = samples.size()};
    std::map<int, double> alone;
    if (entry.data_types.quantized())
        alone = detail::scan_alone(floats, entry, weights, ranges, samples, options.float_settings(), console, quiet,
                                   accuracy);
    std::map<int, int> firsts;
    for (const Step& step : entry.plan.steps) firsts.emplace(step.last, step.first);
    for (const ComparedLayer& layer : comparison.layers()) {
        const int first = firsts.at(layer.node);
        LayerAccuracy row{first, layer.node,
                          std::string(entry.graph.name(entry.graph.node(first == none ? layer.node : first))),
                          layer.difference.snr_db()};
        if (const auto found = alone.find(first); found != alone.end()) row.alone_db = found->second;
        accuracy.layers.push_back(std::move(row));
    }
    return accuracy;
}

}  // namespace taxon::app
