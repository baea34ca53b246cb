#pragma once
#include <taxon/app/model/open_weights.hpp>

/// Definitions for open_weights.hpp, compiled once for all kinds of programs.
namespace taxon::app {

OpenedWeights open_weights(const Family& family, const ModelEntry& entry, const ModelOptions& options) {
    const std::string& text = options.weights;
    const bool keyless = text.empty() || names_synthetic_weights(text) || text.ends_with(".weights");
    if (keyless && !options.weights_key.empty()) throw without_keys(options.weights_key);
    if (text.empty()) {
        if (!family.embedded.empty() && entry.variant == family.embedded_variant)
            return {std::make_unique<EmbeddedWeights>(family.embedded)};
        std::string remedy = "give a checkpoint, or 'synthetic' for generated numbers";
        if (!family.embedded.empty())
            remedy += "; only --variant " + std::string(family.embedded_variant) + " has weights in this program";
        throw Error(Fault::usage, {.place = "--weights",
                                   .found = "nothing",
                                   .wanted = "weights for variant " + std::string(entry.variant),
                                   .remedy = remedy});
    }
    if (names_synthetic_weights(text))
        return {std::make_unique<io::SyntheticWeights>(io::SyntheticWeights::parse(text))};
    if (text.ends_with(".onnx"))
        throw Error(Fault::usage,
                    {.place = "--weights",
                     .found = "'" + text + "', a network with its weights",
                     .wanted = ".pth, .pt, .bin, .safetensors, an index or a folder of them, or Darknet's .weights",
                     .remedy = "import_onnx runs .onnx files"});
    if (text.ends_with(".weights")) return {std::make_unique<DarknetWeights>(text, entry.graph)};
    if (!entry.config.empty()) io::WeightFile::check_config(text, entry.config);
    if (std::error_code ignored; std::filesystem::is_directory(text, ignored)) check_sentence_modules(text, entry);
    auto file = std::make_unique<io::WeightFile>(io::WeightFile::open(text, {.key = options.weights_key}));
    std::vector<std::string> remarks = file->remarks();
    return {std::move(file), std::move(remarks)};
}

std::string description_of(const WeightSource& source, const ModelOptions& options) {
    if (names_synthetic_weights(options.weights)) return options.weights;
    return without_folders(source.origin()) + (options.weights_key.empty() ? "" : ", " + options.weights_key);
}

}  // namespace taxon::app
