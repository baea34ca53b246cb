#pragma once
#include <filesystem>
#include <set>
#include <string>
#include <taxon/app/console/json.hpp>
#include <taxon/app/console/output_file.hpp>
#include <taxon/app/diff/layer_values.hpp>
#include <taxon/app/run/samples_file.hpp>

namespace taxon::app {

/// The files of a layer and of what it is computed from, on one side.
struct LayerFiles {
    std::string layer{};
    std::vector<std::string> inputs{};
};

inline Json json_of(const LayerFiles& files) { return json_object({{"layer", files.layer}, {"inputs", files.inputs}}); }

/// Writes a layer of a sample, and its inputs, into a folder, which is made: NAME.npy, each of one sample. Throws
/// Fault::io.
inline LayerFiles write_layer(const std::filesystem::path& folder, GraphView graph, const LayerValues& shown,
                              int node) {
    std::filesystem::create_directories(folder);
    std::set<std::string> taken;
    const auto write = [&](int value) {
        std::string name(graph.name(graph.node(value)));
        if (graph.is_input(value)) {
            const auto& port = graph.inputs[static_cast<std::size_t>(value)];
            name = port.name.empty() ? "input" : port.name;
        }
        name = file_name_of(name.empty() ? "value " + std::to_string(value) : name);
        std::string file = name;
        for (int number = 2; !taken.insert(file).second; ++number) file = name + "_" + std::to_string(number);
        const auto path = folder / (file + ".npy");
        const auto& [of, shape, numbers] = *shown.find(value);
        write_samples(path.string(), numbers, 1, shape);
        return path.string();
    };
    LayerFiles files{write(node)};
    const FusedLayers fused(graph, shown);
    for (const int input : fused.inputs_of(node)) files.inputs.push_back(write(input));
    return files;
}

}  // namespace taxon::app
