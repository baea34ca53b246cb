#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/core/path.hpp>
#include <taxon/io/json_reader.hpp>
#include <taxon/io/memory_budget.hpp>
#include <utility>
#include <vector>

namespace taxon::io {

/// `model.safetensors.index.json` or `pytorch_model.bin.index.json`: maps the tensors of a sharded checkpoint to files.
struct ShardIndex {
    std::map<std::string, std::string> file_of{};  ///< keyed by tensor name
    std::vector<std::string> files{};              ///< unique and sorted

    /// Throws unless the text is {"metadata": {…}, "weight_map": {tensor: file}} and every file a plain name.
    static ShardIndex parse(std::string_view text, const Limits& limits = {});

    /// The path of a shard of the index at `index`. Fault::missing if it does not exist, Fault::path if it is a link
    /// that leaves the index's folder; if the index itself is a link, the folder of its target counts as well, as in
    /// Hugging Face's cache.
    static std::filesystem::path locate(const std::filesystem::path& index, const std::string& file);
};

/// JSON handler; the contents of the metadata are ignored.
class ShardIndexParser {
  public:
    ShardIndexParser(std::size_t bytes, const Limits& limits)
        : limits_(limits), memory_(limits, bytes, "index of shards") {}

    void start_object() {
        if (part_ == Part::map && depth_ > 1) other("an object");
        ++depth_;
    }
    void end_object() { --depth_; }
    void start_array() {
        if (part_ != Part::metadata || depth_ < 2) other("an array");
        ++depth_;
    }
    void end_array() { --depth_; }

    void key(std::string_view name) {
        if (depth_ == 1) {
            part_ = name == "metadata" ? Part::metadata : name == "weight_map" ? Part::map : Part::none;
            if (part_ == Part::none)
                fail(Fault::syntax, "the field '" + std::string(name.substr(0, 64)) + "'", "metadata and weight_map");
            if (std::exchange(seen_[part_ == Part::map ? 1 : 0], true))
                fail(Fault::duplicate, "the field '" + std::string(name) + "' twice", "once");
        } else if (part_ == Part::map) {
            if (name.size() > limits_.name_bytes)
                fail(Fault::limit, "a name of " + std::to_string(name.size()) + " bytes",
                     "at most " + std::to_string(limits_.name_bytes));
            tensor_ = name;
            if (index_.file_of.contains(tensor_)) fail(Fault::duplicate, "'" + tensor_ + "' twice", "each tensor once");
        }
    }

    void string(std::string_view file) {
        if (part_ != Part::map || depth_ != 2) return other("a string");
        const bool plain = !file.empty() && file != "." && file != ".." &&
                           file.find_first_of(std::string_view("/\\\0", 3)) == file.npos;
        if (!plain)
            fail(Fault::path, "the file '" + std::string(file.substr(0, 64)) + "'",
                 "a plain name in the folder of the index");
        constexpr std::size_t node_bytes = 112;  // of a map
        memory_.charge(node_bytes + tensor_.size() + file.size() + sizeof(std::string) + file.size());
        index_.file_of[std::move(tensor_)] = file;
    }

    void integer(std::uint64_t number) const { other(std::to_string(number)); }

    void other(std::string_view found) const {
        if (part_ != Part::metadata || depth_ < 2)
            fail(Fault::type, std::string(found), "{\"metadata\": {}, \"weight_map\": {tensor: file}}");
    }

    ShardIndex take() && {
        if (!seen_[1]) fail(Fault::missing, "no weight_map", "one");
        for (const auto& [tensor, file] : index_.file_of) index_.files.push_back(file);
        std::sort(index_.files.begin(), index_.files.end());
        index_.files.erase(std::unique(index_.files.begin(), index_.files.end()), index_.files.end());
        if (index_.files.size() > limits_.shard_files)
            fail(Fault::limit, std::to_string(index_.files.size()) + " files",
                 "at most " + std::to_string(limits_.shard_files));
        return std::move(index_);
    }

  private:
    enum class Part : std::uint8_t { none, metadata, map };

    [[noreturn]] static void fail(Fault fault, std::string_view found, std::string_view wanted) {
        throw Error(fault, {.place = "index of shards", .found = found, .wanted = wanted});
    }

    const Limits& limits_;
    MemoryBudget memory_;
    ShardIndex index_;
    int depth_ = 0;
    Part part_ = Part::none;
    bool seen_[2] = {};
    std::string tensor_;
};

inline ShardIndex ShardIndex::parse(std::string_view text, const Limits& limits) {
    ShardIndexParser parser(text.size(), limits);
    JsonReader<ShardIndexParser>::read(text, limits.json_depth, "index of shards", parser);
    return std::move(parser).take();
}

inline std::filesystem::path ShardIndex::locate(const std::filesystem::path& index, const std::string& file) {
    std::error_code code;
    const std::filesystem::path folder = index.has_parent_path() ? index.parent_path() : std::filesystem::path(".");
    const std::filesystem::path target = std::filesystem::canonical(folder / path_of(file), code);
    const auto fail = [&](Fault fault, std::string_view found, std::string_view wanted) {
        throw Error(fault, {.file = index.string(), .place = "'" + file + "'", .found = found, .wanted = wanted});
    };
    if (code) fail(Fault::missing, "no such file", "every file that the index names");
    const bool inside = target.parent_path() == std::filesystem::canonical(folder, code) ||
                        target.parent_path() == std::filesystem::canonical(index, code).parent_path();
    if (!inside) fail(Fault::path, "a link that leaves the folder", "a file beside the index");
    return folder / path_of(file);
}

}  // namespace taxon::io
