#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <taxon/app/console/console.hpp>
#include <taxon/app/model/embedded_weights.hpp>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/app/model/sentence_encoder.hpp>
#include <taxon/weights/darknet_weights.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/io/weight_file.hpp>
#include <vector>

namespace taxon::app {

/// True if --weights asks for generated numbers: synthetic[:SALT][@GAIN].
inline bool names_synthetic_weights(std::string_view text) {
    constexpr std::string_view kind = "synthetic";
    return text.starts_with(kind) &&
           (text.size() == kind.size() || text[kind.size()] == ':' || text[kind.size()] == '@');
}

/// For --weights-key with weights that have none.
inline Error without_keys(const std::string& key) {
    return Error(Fault::usage, {.place = "--weights-key",
                                .found = "'" + key + "' for weights without keys",
                                .wanted = "a checkpoint that has several state dicts"});
}

/// The last part of a path: folders differ between machines.
inline std::string without_folders(const std::string& path) {
    const auto plain = std::filesystem::path(path).lexically_normal();
    return plain.has_filename() ? plain.filename().string() : plain.parent_path().filename().string();
}

/// Weights, and what the user should hear about them.
struct OpenedWeights {
    std::unique_ptr<WeightSource> source;
    std::vector<std::string> remarks{};
};

/// Opens what --weights names, unless that is an offline file; without it, the embedded weights if they are the chosen
/// variant's. Throws Fault::usage if they are not, for unsupported kinds of file, and for --weights-key where there are
/// no keys; else as the readers do.
inline OpenedWeights open_weights(const Family& family, const ModelEntry& entry, const ModelOptions& options) {
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

/// Where weights came from, without folders, and which of several they are.
inline std::string description_of(const WeightSource& source, const ModelOptions& options) {
    if (names_synthetic_weights(options.weights)) return options.weights;
    return without_folders(source.origin()) + (options.weights_key.empty() ? "" : ", " + options.weights_key);
}

/// Prints remarks on standard error, a line each.
inline void tell(const std::vector<std::string>& remarks, Console& console, bool quiet) {
    for (const std::string& remark : remarks)
        if (!quiet) console.err << "weights: " << printable(remark) << "\n";
}

}  // namespace taxon::app
