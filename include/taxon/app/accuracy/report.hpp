#pragma once
#include <algorithm>
#include <map>
#include <string>
#include <taxon/app/accuracy/accuracy.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/app/console/wording.hpp>

#include <fmt/core.h>

namespace taxon::app {

/// A layer's figures; null where nothing is lost.
inline Json json_of(const LayerAccuracy& layer) {
    Json json = json_object({{"snr_db", layer.snr_db}});
    if (layer.alone_db) json["alone_db"] = *layer.alone_db;
    return json;
}

inline Json json_of(const Accuracy& accuracy) {
    Json layers = Json::array();
    for (const LayerAccuracy& layer : accuracy.layers) {
        Json row = json_object({{"name", layer.name}});
        row.update(json_of(layer));
        layers.push_back(std::move(row));
    }
    Json json = json_object({{"inputs", accuracy.samples}, {"layers", std::move(layers)}});
    if (!accuracy.kept) return json;
    json["simulated_db"] = accuracy.simulated_db;
    json["kept"] = json_object({{"layers", accuracy.kept->layers},
                                {"simulated_db", accuracy.kept->outlook.deviation.snr_db()},
                                {"type", accuracy.kept->spelling("mixed")}});
    return json;
}

/// `milliseconds`: of the steps, by the last node of each.
inline std::string readable(const Accuracy& accuracy, const std::map<int, double>& milliseconds = {}) {
    std::size_t width = 5;
    for (const LayerAccuracy& layer : accuracy.layers) width = std::max(width, layer.name.size());
    std::string text = fmt::format("signal to noise against float32 on {}; alone: of the results, if only that layer "
                                   "multiplied integers\n{:<{}}  {:>7}  {:>9}  {:>8}\n",
                                   plural(static_cast<std::int64_t>(accuracy.samples), "input"), "layer", width,
                                   "SNR, dB", "alone, dB", "ms");
    for (const LayerAccuracy& layer : accuracy.layers) {
        const auto time = milliseconds.find(layer.last);
        text += fmt::format("{:<{}}  {:>7.2f}  {:>9}  {:>8}\n", layer.name, width, layer.snr_db,
                            layer.alone_db ? fmt::format("{:.2f}", *layer.alone_db) : std::string("-"),
                            time != milliseconds.end() ? fmt::format("{:.4f}", time->second) : std::string("-"));
    }
    if (!accuracy.kept) return text;
    return text +
           fmt::format("to halve the noise of the results ({:.2f} dB), keep {} in float ({:.2f} dB); the type to "
                       "compile:\n  using Mixed = {};\n",
                       accuracy.simulated_db, plural(static_cast<std::int64_t>(accuracy.kept->layers.size()), "layer"),
                       accuracy.kept->outlook.deviation.snr_db(), accuracy.kept->spelling("mixed"));
}

}  // namespace taxon::app
