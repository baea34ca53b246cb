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
OpenedWeights open_weights(const Family& family, const ModelEntry& entry, const ModelOptions& options);

/// Where weights came from, without folders, and which of several they are.
std::string description_of(const WeightSource& source, const ModelOptions& options);

/// Prints remarks on standard error, a line each.
inline void tell(const std::vector<std::string>& remarks, Console& console, bool quiet) {
    for (const std::string& remark : remarks)
        if (!quiet) console.err << "weights: " << printable(remark) << "\n";
}

}  // namespace taxon::app
