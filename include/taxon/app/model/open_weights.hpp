#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <taxon/app/model/embedded_weights.hpp>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/weights/darknet_weights.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/io/weight_file.hpp>

namespace taxon::app {

/// True if --weights asks for generated numbers: synthetic[:SALT][@GAIN].
inline bool names_synthetic_weights(std::string_view text) {
    constexpr std::string_view kind = "synthetic";
    return text.starts_with(kind) &&
           (text.size() == kind.size() || text[kind.size()] == ':' || text[kind.size()] == '@');
}

/// The last part of a path: folders differ between machines.
inline std::string without_folders(const std::string& path) {
    const auto plain = std::filesystem::path(path).lexically_normal();
    return plain.has_filename() ? plain.filename().string() : plain.parent_path().filename().string();
}

/// Opens what --weights names, unless that is an offline file; without it, the embedded weights if they are the chosen
/// variant's. Throws Fault::usage if they are not, and for unsupported kinds of file, else as the readers do.
inline std::unique_ptr<WeightSource> open_weights(const Family& family, const ModelEntry& entry,
                                                  const std::string& text) {
    if (text.empty()) {
        if (!family.embedded.empty() && entry.variant == family.embedded_variant)
            return std::make_unique<EmbeddedWeights>(family.embedded);
        std::string remedy = "give a checkpoint, or 'synthetic' for generated numbers";
        if (!family.embedded.empty())
            remedy += "; only --variant " + std::string(family.embedded_variant) + " has weights in this program";
        throw Error(Fault::usage, {.place = "--weights",
                                   .found = "nothing",
                                   .wanted = "weights for variant " + std::string(entry.variant),
                                   .remedy = remedy});
    }
    if (names_synthetic_weights(text)) return std::make_unique<io::SyntheticWeights>(io::SyntheticWeights::parse(text));
    if (text.ends_with(".onnx"))
        throw Error(Fault::usage,
                    {.place = "--weights",
                     .found = "'" + text + "'; reading .onnx files is not built yet",
                     .wanted = ".pth, .pt, .bin, .safetensors, an index or a folder of them, or Darknet's .weights"});
    if (text.ends_with(".weights")) return std::make_unique<DarknetWeights>(text, entry.graph);
    if (!entry.config.empty()) io::WeightFile::check_config(text, entry.config);
    return std::make_unique<io::WeightFile>(io::WeightFile::open(text));
}

}  // namespace taxon::app
