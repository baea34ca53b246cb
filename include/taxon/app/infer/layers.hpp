#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <taxon/app/console/json.hpp>
#include <taxon/app/console/output_file.hpp>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/io/npy.hpp>
#include <taxon/app/run/spread.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

/// One layer's output for one picture.
struct LayerOutput {
    std::string name;
    Shape shape;
    Spread spread;
};

/// Throws Fault::usage if the chosen row of the table does not keep its layers' outputs, or unless there is exactly one
/// input.
inline void require_layers(const ModelEntry& entry, std::size_t inputs) {
    if (!entry.by_layer)
        throw Error(Fault::usage, {.place = "--layers",
                                   .found = "--backend " + std::string(entry.backend) + " --execution " +
                                            std::string(entry.execution) + ", which fuses layers",
                                   .wanted = "--execution layer_by_layer or --backend reference"});
    if (inputs != 1)
        throw Error(Fault::usage, {.place = "--layers", .found = std::to_string(inputs) + " inputs", .wanted = "one"});
}

/// Runs one input, and sees each layer that the network computes by itself. Writes its output to `folder`, unless that
/// is empty, as NUMBER_LAYER.npy of (C, H, W), (tokens, features) or (boxes, features).
inline std::vector<LayerOutput> walk_layers(const AnyModel& network, std::span<const float> picture,
                                            const std::filesystem::path& folder) {
    if (!folder.empty()) std::filesystem::create_directories(folder);
    std::vector<LayerOutput> layers;
    const auto workspace = network.make_workspace();
    network.walk(picture, *workspace, [&](const LayerView& layer) {
        const auto [value, name, shape, output] = layer;
        if (!folder.empty())
            write_file(folder / fmt::format("{:03}_{}.npy", layers.size(), file_name_of(name)),
                       io::npy_bytes(output, shape.sequence ? Dimensions{shape.width, shape.channels}
                                             : shape.table  ? Dimensions{shape.height, shape.channels}
                                                            : Dimensions{shape.channels, shape.height, shape.width}));
        layers.push_back({std::string(name), shape, Spread::of(output)});
    });
    return layers;
}

/// `title`: of the names.
inline std::string readable(const std::vector<LayerOutput>& layers, std::string_view title = "layer") {
    std::size_t width = title.size();
    for (const auto& layer : layers) width = std::max(width, layer.name.size());
    std::string text = fmt::format("{:<{}}  {:>16} {:>12} {:>12} {:>12} {:>12}\n", title, width, "C x H x W", "min",
                                   "mean", "max", "deviation");
    for (const auto& [name, shape, spread] : layers)
        text += fmt::format("{:<{}}  {:>16} {:>12.5g} {:>12.5g} {:>12.5g} {:>12.5g}\n", name, width,
                            fmt::format("{} x {} x {}", shape.channels, shape.height, shape.width), spread.min,
                            spread.mean, spread.max, spread.deviation);
    return text;
}

inline Json json_of(const std::vector<LayerOutput>& layers) {
    Json list = Json::array();
    for (const auto& [name, shape, spread] : layers)
        list.push_back(json_object({{"name", name},
                                    {"shape", {shape.channels, shape.height, shape.width}},
                                    {"min", spread.min},
                                    {"mean", spread.mean},
                                    {"max", spread.max},
                                    {"std", spread.deviation}}));
    return list;
}

}  // namespace taxon::app
