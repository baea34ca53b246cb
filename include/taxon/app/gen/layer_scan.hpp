#pragma once
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <taxon/app/gen/candidate.hpp>
#include <taxon/app/gen/comparison.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/progress.hpp>
#include <taxon/profile/run_times.hpp>
#include <taxon/quantize/float_layers.hpp>
#include <taxon/quantize/layer_times.hpp>
#include <vector>

namespace taxon::app {

/// The result of a layer scan: each layer's sensitivity to integers, its time, and the layers to keep in float.
struct LayerScan {
    std::size_t samples = 0;
    std::vector<quantize::LayerSensitivity> layers{};  ///< most sensitive first
    quantize::Deviation all{};                         ///< if no layer is kept in float
    /// layers to keep in float for the bound; none if a type cannot name that many
    std::optional<quantize::FloatLayers> kept{};
    std::optional<quantize::LayerTimes> times{};  ///< if the program has the precision that keeps none
};

namespace detail {

/// Runs the float32 row's network for the scan, which edits its values.
inline quantize::QuantizableNetwork quantizable_network_of(const ModelEntry& floats, DataTypes base,
                                                           const Settings& settings) {
    base.float_layers = {};
    return {floats.graph,
            floats.input,
            floats.output,
            base,
            floats.replan,
            [&floats, settings](const WeightSource& source) -> quantize::EditedRun {
                const std::shared_ptr<AnyModel> network = floats.load(source, {}, settings);
                const std::shared_ptr<AnyModel::Workspace> workspace = network->make_workspace();
                return [network, workspace](std::span<const float> sample, std::span<float> answer,
                                            const LayerEditor& edit) {
                    network->run_edited(sample, answer, *workspace, edit);
                };
            }};
}

/// At most `most` of the inputs, evenly spaced.
inline std::vector<std::vector<float>> spaced_samples(const CalibrationInputs& inputs, const ModelEntry& entry,
                                                      std::size_t most) {
    const std::size_t count = std::min(inputs.count, most);
    std::vector<std::vector<float>> samples(count);
    for (std::size_t i = 0; i < count; ++i) {
        samples[i].resize(static_cast<std::size_t>(entry.input.size()));
        inputs.prepare(i * inputs.count / count, samples[i]);
    }
    return samples;
}

/// The samples of a scan: 128, or as many as take 256 MiB with their answers, in float and simulated.
inline std::size_t most_samples(const ModelEntry& entry) {
    constexpr std::size_t most = 128, bytes = 256 << 20;
    const auto numbers = static_cast<std::size_t>(entry.input.size() + 2 * entry.output.size());
    return std::clamp<std::size_t>(bytes / (sizeof(float) * numbers), 1, most);
}

inline std::vector<double> step_seconds(const Candidate& candidate, std::span<const float> sample) {
    const auto passes = static_cast<int>(std::clamp(200 / candidate.milliseconds, 5., 200.));
    const AnyModel& network = *candidate.model.network;
    const auto workspace = network.make_workspace();
    std::vector<float> answer(static_cast<std::size_t>(candidate.entry->output.size()));
    cpu::RunRecord record;
    workspace->record_to(&record);
    for (int pass = 0; pass < passes; ++pass) network.run(sample, answer, *workspace);
    return least_step_seconds(record, candidate.entry->plan.steps.size());
}

/// On the scan's samples; a simulation occasionally misses a result that is a near tie, so where integers were measured
/// to exceed the bound, half of their noise has to go as well.
inline quantize::Bound bound_of(const quantize::Sensitivity& scan,
                                const std::vector<quantize::LayerSensitivity>& layers,
                                const std::vector<Candidate>& candidates, const Rule& rule) {
    // a table has no best class
    quantize::Bound bound{.most_changed = scan.network().output.table ? 1 : rule.max_drop / 100};
    for (const Candidate& candidate : candidates) {
        if (!candidate.entry->data_types.quantized() || rule.holds(candidate)) continue;
        std::vector<std::string> kept;
        for (const auto& layer : layers)
            if (candidate.entry->data_types.float_layers.include(layer.name) && kept.size() < LayerNames::most)
                kept.push_back(layer.name);
        bound.least_snr_db = std::max(bound.least_snr_db, scan.outlook(kept).deviation.snr_db() + 3);
    }
    return bound;
}

}  // namespace detail

/// Scans the layers for `base`, an integer candidate; the first candidate is float. `source`: the weights to quantize.
/// `ranges`: of all that `base` stores if it keeps no layers in float. Each layer kept costs as many runs as there are
/// samples.
inline LayerScan scan_layers(const std::vector<Candidate>& candidates, const Candidate& base,
                             const WeightSource& source, const quantize::Ranges& ranges,
                             const CalibrationInputs& inputs, const Rule& rule, const Settings& settings,
                             WorkerPool& workers, Console& console, bool quiet) {
    const Candidate& floats = candidates.front();
    const auto samples = detail::spaced_samples(inputs, *floats.entry, detail::most_samples(*floats.entry));
    const quantize::Sensitivity scan(detail::quantizable_network_of(*floats.entry, base.entry->data_types, settings),
                                     source, ranges, samples);
    LayerScan found{.samples = scan.samples()};
    Progress progress(console, quiet, "layers to scan", scan.size());
    found.layers = scan.layers([&](std::size_t count, const auto& work) {
        const auto one = [&](int, Group group) { work(group.first), progress.advance(1); };
        require_all(for_each_group(count, 1, workers, one, progress.stop()), count, "layer scan");
    });
    found.all = scan.outlook().deviation;
    try {
        const auto bound = detail::bound_of(scan, found.layers, candidates, rule);
        Progress keeping(console, quiet, "layers at most to keep", LayerNames::most);
        found.kept = keep(scan, found.layers, bound, {[&](auto...) { keeping.advance(1); }, keeping.stop()}).back();
        if (keeping.stop().stop_requested()) throw Stopped("layer scan stopped; nothing is written");
    } catch (const Error& error) {
        if (error.fault() != Fault::limit) throw;
    }
    if (base.entry->data_types.float_layers.empty())
        found.times = quantize::LayerTimes::of(floats.entry->plan, detail::step_seconds(floats, samples.front()),
                                               base.entry->plan, detail::step_seconds(base, samples.front()));
    return found;
}

}  // namespace taxon::app
