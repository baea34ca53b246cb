#pragma once
#include <filesystem>
#include <string>
#include <taxon/app/console/json.hpp>
#include <taxon/app/model/offline_model.hpp>
#include <taxon/app/model/open_weights.hpp>
#include <taxon/io/darknet_file.hpp>
#include <taxon/io/folder_layout.hpp>
#include <taxon/io/weight_file.hpp>

#include <fmt/core.h>

namespace taxon::app {

namespace detail {

inline Json json_of(const ModuleFacts& facts) {
    Json json = Json::object();
    if (!facts.labels.empty()) json["labels"] = facts.labels;
    if (!facts.classes.empty()) json["classes"] = facts.classes;
    for (const auto& [name, numbers] : facts.numbers) json["numbers"][name] = numbers;
    return json;
}

inline Json contents_of_offline(const std::filesystem::path& path) {
    const OfflineModel model(path);
    Json json = json_object({{"file", model.path()},
                             {"format", "taxon"},
                             {"bytes", std::filesystem::file_size(path)},
                             {"fingerprint", fmt::format("{:016x}", model.file()->fingerprint())},
                             {"metadata", model.facts_json()},
                             {"sections", Json::array()}});
    for (const auto name : model.file()->names())
        json["sections"].push_back(json_object({{"name", name}, {"bytes", model.file()->located(name).size()}}));
    return json;
}

inline Json contents_of_darknet(const std::filesystem::path& path) {
    const io::DarknetFile file(path);
    return json_object({{"file", file.origin()},
                        {"format", "darknet"},
                        {"bytes", std::filesystem::file_size(path)},
                        {"metadata", json_object({{"version", file.version()}, {"images_seen", file.images_seen()}})},
                        {"numbers", file.size()}});
}

inline Json contents_of_checkpoint(const std::filesystem::path& path, const std::string& key) {
    const io::WeightFile file = io::WeightFile::open(path, {.key = key});
    std::uint64_t bytes = 0, numbers = 0;
    Json files = Json::array(), tensors = Json::array(), metadata = json_of(file.facts());
    for (const io::MappedFile& one : file.files()) {
        files.push_back(one.path().string());
        bytes += one.bytes().size();
    }
    // appended, since looking each up is quadratic; a file that has facts has no metadata
    for (const auto& [name, text] : file.metadata()) metadata.get_ref<Json::object_t&>().emplace_back(name, text);
    for (const io::StoredTensor& tensor : file.tensors()) {
        numbers += io::element_count(tensor.shape);
        tensors.push_back(json_object({{"name", tensor.name},
                                       {"dtype", name_of(tensor.element)},
                                       {"shape", tensor.shape},
                                       {"bytes", tensor.bytes.size()}}));
    }
    Json json = json_object({{"file", file.origin()},
                             {"format", io::name_of(file.format())},
                             {"bytes", bytes},
                             {"files", files},
                             {"checksums", file.verified()},
                             {"metadata", metadata},
                             {"numbers", numbers},
                             {"tensors", tensors}});
    if (!file.remarks().empty()) json["remarks"] = file.remarks();
    return json;
}

}  // namespace detail

/// The contents of a weight file, or of a folder in Hugging Face's layout: "file", "format", "bytes", "metadata", and
/// "tensors" (name, dtype, shape, bytes) or "sections" (name, bytes). `key`: see WeightFile::Options. Throws as the
/// file's reader does, and Fault::usage for a key of a file that has none.
inline Json contents_of(const std::filesystem::path& path, const std::string& key = {}) {
    if (OfflineModel::is_meant(path)) {
        if (!key.empty()) throw without_keys(key);
        return detail::contents_of_offline(path);
    }
    std::error_code ignored;  // who opens it says it better
    if (std::filesystem::is_directory(path, ignored)) {
        Json json = detail::contents_of_checkpoint(path, key);
        if (const auto config = path / io::folder_layout::config; std::filesystem::exists(config, ignored))
            json["config"] = read_json(config);
        return json;
    }
    if (io::DarknetFile::is_meant(io::MappedFile(path).bytes())) {
        if (!key.empty()) throw without_keys(key);
        return detail::contents_of_darknet(path);
    }
    return detail::contents_of_checkpoint(path, key);
}

}  // namespace taxon::app
