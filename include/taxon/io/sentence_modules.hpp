#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/core/path.hpp>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/json_scalars.hpp>
#include <taxon/io/mapped_file.hpp>

namespace taxon::io {

/// What follows the transformer in a folder of sentence-transformers: modules.json lists a pooling, whose config.json
/// lies in a folder of its own, and perhaps a normalisation.
struct SentenceModules {
    std::string pooling;  ///< "mean_tokens", "cls_token": the rest of the pooling mode's name that is true
    bool normalizes = false;
    std::optional<std::uint64_t> most_tokens{};  ///< max_seq_length of sentence_bert_config.json

    /// Nothing if the folder has no modules.json. Throws as reading JSON does; Fault::missing without a pooling;
    /// ::mismatch for two poolings at once and for other modules.
    static std::optional<SentenceModules> read(const std::filesystem::path& folder, const Limits& limits = {}) {
        std::error_code ignored;
        const auto path = folder / "modules.json";
        if (!std::filesystem::exists(path, ignored)) return std::nullopt;
        SentenceModules modules;
        std::string pooling_folder;
        for (const auto& [type, place] : listed(path, limits)) {
            const std::string_view kind = std::string_view(type).substr(type.rfind('.') + 1);
            if (kind == "Normalize") modules.normalizes = true;
            else if (kind == "Pooling") pooling_folder = place;
            else if (kind != "Transformer")
                throw Error(Fault::mismatch, {.file = path.string(),
                                              .place = "type",
                                              .found = type,
                                              .wanted = "Transformer, Pooling and Normalize"});
        }
        // a plain name: the list must not lead out of the folder
        if (pooling_folder.empty() || pooling_folder.find_first_of("/\\") != std::string::npos ||
            pooling_folder == "..")
            throw Error(Fault::missing, {.file = path.string(),
                                         .found = pooling_folder.empty() ? "no pooling" : "'" + pooling_folder + "'",
                                         .wanted = "a module Pooling in a folder of this one"});
        modules.pooling = pooling_of(folder / path_of(pooling_folder) / "config.json", limits);
        modules.most_tokens = most_tokens_of(folder / "sentence_bert_config.json", limits);
        return modules;
    }

  private:
    struct Module {
        std::string type, place;
    };

    template <class See>
    static void each_scalar(const std::filesystem::path& path, JsonRoot root, const Limits& limits, See&& see) {
        try {
            const MappedFile file(path);
            for_each_json_scalar(as_text(file.bytes()), path.filename().string(), see, limits, root);
        } catch (const Error& error) { throw error.in_file(path.string()); }
    }

    static std::vector<Module> listed(const std::filesystem::path& path, const Limits& limits) {
        std::vector<Module> modules;
        std::string folder;
        each_scalar(path, JsonRoot::list, limits, [&](const JsonScalar& scalar) {
            if (modules.empty() || scalar.folder != folder) folder = scalar.folder, modules.emplace_back();
            if (scalar.key == "type") modules.back().type = scalar.string.value_or("");
            if (scalar.key == "path") modules.back().place = scalar.string.value_or("");
        });
        return modules;
    }

    static std::string pooling_of(const std::filesystem::path& path, const Limits& limits) {
        constexpr std::string_view prefix = "pooling_mode_";
        std::string found;
        each_scalar(path, JsonRoot::object, limits, [&](const JsonScalar& scalar) {
            if (!scalar.folder.empty() || !scalar.key.starts_with(prefix) || scalar.other != "true") return;
            if (!found.empty()) found += " and ";
            found += scalar.key.substr(prefix.size());
        });
        if (found.empty() || found.find(' ') != std::string::npos)
            throw Error(Fault::mismatch, {.file = path.string(),
                                          .place = std::string(prefix) + "…",
                                          .found = found.empty() ? "none" : found,
                                          .wanted = "one of them true"});
        return found;
    }

    static std::optional<std::uint64_t> most_tokens_of(const std::filesystem::path& path, const Limits& limits) {
        std::error_code ignored;
        std::optional<std::uint64_t> most;
        if (std::filesystem::exists(path, ignored))
            each_scalar(path, JsonRoot::object, limits, [&](const JsonScalar& scalar) {
                if (scalar.is("max_seq_length")) most = scalar.whole;
            });
        return most;
    }
};

}  // namespace taxon::io
