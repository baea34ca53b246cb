#pragma once
#include <algorithm>
#include <cmath>
#include <string>
#include <taxon/app/console/json.hpp>
#include <taxon/app/gen/precision_search_result.hpp>
#include <taxon/app/console/wording.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

namespace detail {

/// The metric that a drop refers to.
inline std::string drop_of(const PrecisionSearchResult& model) {
    return model.metric.labelled() ? std::string(model.metric.name) + ", percentage points"
                                   : std::string(model.metric.change);
}

/// A detector's table has no best class that could change.
inline bool has_classes(const PrecisionSearchResult& model) { return !model.floats().entry->output.table; }

/// "int8", "float32": the number type of the step that starts with a node.
inline std::string_view numbers_of(const ModelEntry& entry, int node) {
    for (const Step& step : entry.plan.steps)
        if (step.first == node) return quantize::multiplies_integers(step) ? "int8" : name_of(step.geometry.weights);
    return "";
}

/// True if one of the candidates keeps exactly these layers in float, whether its other weights are float or half.
inline bool is_built(const PrecisionSearchResult& model, const quantize::FloatLayers& kept) {
    auto wanted = LayerNames::of(kept.layers).hashes;
    std::sort(wanted.begin(), wanted.end());
    return std::any_of(model.candidates.begin(), model.candidates.end(), [&](const Candidate& candidate) {
        DataTypes data_types = candidate.entry->data_types;
        auto hashes = data_types.float_layers.hashes;
        std::sort(hashes.begin(), hashes.end());
        data_types.float_layers = {}, data_types.others = kept.base.others;
        return data_types == kept.base && hashes == wanted;
    });
}

inline Json json_of(const LayerScan& scan, const PrecisionSearchResult& model) {
    Json layers = Json::array();
    for (const auto& layer : scan.layers) {
        Json row = json_object({{"name", layer.name},
                                {"decibels", layer.alone.snr_db()},
                                {"multiplications", layer.multiplications},
                                {"weights", layer.weights},
                                {"numbers", numbers_of(*model.choice().entry, layer.node)}});
        if (has_classes(model)) row["changed"] = layer.alone.changed();
        if (scan.times && scan.times->floats.contains(layer.node))
            row["float_us"] = 1e6 * scan.times->floats.at(layer.node),
            row["integer_us"] = 1e6 * scan.times->integers.at(layer.node);
        layers.push_back(std::move(row));
    }
    Json json =
        json_object({{"samples", scan.samples}, {"decibels", scan.all.snr_db()}, {"layers", std::move(layers)}});
    if (has_classes(model)) json["changed"] = scan.all.changed();
    if (!scan.kept) return json;
    const auto& outlook = scan.kept->outlook;
    json["kept"] = json_object({{"layers", scan.kept->layers},
                                {"decibels", outlook.deviation.snr_db()},
                                {"weights_bytes", outlook.packed_bytes},
                                {"type", scan.kept->spelling("o2")},
                                {"built", is_built(model, *scan.kept)}});
    if (has_classes(model)) json["kept"]["changed"] = outlook.deviation.changed();
    if (scan.times) json["kept"]["expected_us"] = 1e6 * scan.times->expected(outlook.quantized);
    return json;
}

/// Noise, and the answers that it changes where those are classes.
inline std::string readable(const quantize::Deviation& deviation, const PrecisionSearchResult& model) {
    std::string text = fmt::format("{:.2f} dB", deviation.snr_db());
    if (has_classes(model)) text += fmt::format(", {:.2f} % of answers change", 100 * deviation.changed());
    return text;
}

/// The bound's layers, and the type that keeps them if the program does not have it.
inline std::string readable_kept(const LayerScan& scan, const PrecisionSearchResult& model) {
    if (!scan.kept)
        return fmt::format("to hold the bound, more than {} layers would have to be kept in float\n", LayerNames::most);
    const auto& [base, layers, outlook] = *scan.kept;
    const std::string simulated = readable(outlook.deviation, model);
    if (layers.empty())
        return fmt::format("to hold the bound, no layer has to be kept in float: simulated, {}\n", simulated);
    std::string text = fmt::format("to hold the bound, keep {} of {} layers in float: simulated, {}; weights {}",
                                   layers.size(), scan.layers.size(), simulated, readable_bytes(outlook.packed_bytes));
    if (scan.times) text += fmt::format(", expected {:.3f} ms", 1e3 * scan.times->expected(outlook.quantized));
    return text + (is_built(model, *scan.kept)
                       ? "; such a precision is built in\n"
                       : "; the type to compile:\n  using O2 = " + scan.kept->spelling("o2") + ";\n");
}

inline std::string readable(const LayerScan& scan, const PrecisionSearchResult& model) {
    std::size_t width = 5;
    for (const auto& layer : scan.layers) width = std::max(width, layer.name.size());
    const quantize::LayerTimes times = scan.times.value_or(quantize::LayerTimes{});
    std::string text = fmt::format("\nlayers, each alone in 8-bit integers, most sensitive first, on {} inputs; all "
                                   "together {}\n",
                                   scan.samples, readable(scan.all, model));
    text += fmt::format("{:<{}}  {:>7} {:>9} {:>10} {:>10} {:>11} {:>11}  {}\n", "layer", width, "dB", "changed",
                        "Mmult", "weights", "float32, us", "int8, us", "in the file");
    for (const auto& layer : scan.layers) {
        const auto time = [&](const auto& of) {
            return of.contains(layer.node) ? fmt::format("{:.2f}", 1e6 * of.at(layer.node)) : std::string("-");
        };
        text += fmt::format("{:<{}}  {:>7.2f} {:>9} {:>10.3f} {:>10} {:>11} {:>11}  {}\n", layer.name, width,
                            layer.alone.snr_db(),
                            has_classes(model) ? fmt::format("{:.2f}%", 100 * layer.alone.changed()) : "-",
                            static_cast<double>(layer.multiplications) * 1e-6, layer.weights, time(times.floats),
                            time(times.integers), numbers_of(*model.choice().entry, layer.node));
    }
    return text + readable_kept(scan, model);
}

}  // namespace detail

/// One sentence on the choice and how it compares with float32.
inline std::string sentence_of(const PrecisionSearchResult& model) {
    const auto& written = model.choice();
    const std::string level = "level " + std::string(name_of(model.rule.level)) + ": ";
    if (&written == &model.floats())
        return level + (model.candidates.size() == 1
                            ? "float32, the only precision it allows"
                            : "float32: nothing narrower holds the bound and is faster on this machine");
    const double speedup = model.speedup();
    std::string text = level + std::string(written.entry->precision);
    if (!model.metric.labelled()) text += fmt::format(", which changes {:.2f} % of answers and ", written.drop);
    else
        text += fmt::format(", which {} {:.2f} points of {} and ", written.drop < 0 ? "gains" : "loses",
                            std::abs(written.drop), model.metric.name);
    if (speedup < 1 / Rule::noise)
        return text + fmt::format("is SLOWER than float32 on this machine: it takes {:.2f} times as long", 1 / speedup);
    return text + (speedup <= Rule::noise ? "takes as long as float32"
                                          : fmt::format("is {:.2f} times as fast as float32", speedup));
}

inline Json json_of(const PrecisionSearchResult& model) {
    Json json = json_object({{"name", name_of(model.rule.level)},
                             {"max_drop", model.rule.max_drop},
                             {"drop_of", detail::drop_of(model)},
                             {"compared_on", model.compared_on},
                             {"compared", model.compared},
                             {"written", model.choice().entry->precision},
                             {"speedup", model.speedup()},
                             {"sentence", sentence_of(model)},
                             {"candidates", Json::array()},
                             {"not_built", model.not_built}});
    for (const Candidate& candidate : model.candidates) {
        Json row = json_object({{"precision", candidate.entry->precision},
                                {"drop", candidate.drop},
                                {"milliseconds", candidate.milliseconds},
                                {"weights_bytes", candidate.entry->packed_bytes},
                                {"isa", candidate.model.network->isa()},
                                {"verdict", reason(candidate, model.choice(), model.rule)}});
        if (candidate.score) row[std::string(model.metric.key)] = *candidate.score;
        json["candidates"].push_back(std::move(row));
    }
    if (model.scan) json["scan"] = detail::json_of(*model.scan, model);
    return json;
}

inline std::string readable(const PrecisionSearchResult& model) {
    std::string text = sentence_of(model) + fmt::format("\n{:<22} {:>8} {:>8} {:>9} {:>10}  {:<9} {}\n", "precision",
                                                        "drop", model.metric.name, "ms", "weights", "isa", "");
    for (const Candidate& candidate : model.candidates)
        text += fmt::format("{:<22} {:>8.2f} {:>8} {:>9.3f} {:>10}  {:<9} {}\n", candidate.entry->precision,
                            candidate.drop, candidate.score ? fmt::format("{:.2f}%", 100 * *candidate.score) : "-",
                            candidate.milliseconds, readable_bytes(candidate.entry->packed_bytes),
                            candidate.model.network->isa(), reason(candidate, model.choice(), model.rule));
    text += fmt::format("drop: {}, on {} {}", detail::drop_of(model), model.compared, model.compared_on);
    text += model.rule.max_drop <= 100 ? fmt::format("; at most {:g}\n", model.rule.max_drop) : "; no bound\n";
    if (!model.not_built.empty())
        text += "not built into this program: " + joined(model.not_built, ", ") + "; see TAXON_PRECISIONS in CMake\n";
    return model.scan ? text + detail::readable(*model.scan, model) : text;
}

}  // namespace taxon::app
