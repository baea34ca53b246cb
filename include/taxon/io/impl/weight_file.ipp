#pragma once
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <taxon/io/float_conversion.hpp>
#include <taxon/io/folder_layout.hpp>
#include <taxon/io/model_config.hpp>
#include <taxon/io/safetensors.hpp>
#include <taxon/io/shard_index.hpp>
#include <taxon/io/torch_legacy.hpp>
#include <taxon/io/torch_zip.hpp>
#include <utility>

namespace taxon::io {

namespace detail {

/// The tensors of one file that is not an index. The result refers to the file's bytes.
inline StoredTensors read_tensors(std::span<const std::byte> file, WeightFormat format) {
    switch (format) {
        case WeightFormat::torch_zip: return TorchZip::read(file);
        case WeightFormat::torch_legacy: return TorchLegacy::read(file);
        case WeightFormat::safetensors: return Safetensors::read(file);
        case WeightFormat::index: break;
    }
    throw Error(Fault::magic, {.found = "an index of shards", .wanted = "a file of tensors"});
}

}  // namespace detail

TAXON_DECL WeightFile WeightFile::open(const std::filesystem::path& path) {
    std::error_code code;
    if (!std::filesystem::is_directory(path, code)) return WeightFile(path);
    std::string looked_for;
    for (const std::string_view name : folder_layout::weights) {
        if (std::filesystem::exists(path / name, code)) return WeightFile(path / name);
        looked_for.append(looked_for.empty() ? "" : ", ").append(name);
    }
    throw Error(Fault::missing,
                {.file = path.string(), .found = "a folder without weights", .wanted = "one of " + looked_for});
}

TAXON_DECL void WeightFile::check_config(const std::filesystem::path& path, std::span<const ConfigField> wanted) {
    io::check_config(path, wanted);
}

TAXON_DECL const StoredTensor* WeightFile::find(std::string_view name) const {
    const auto found =
        std::lower_bound(by_name_.begin(), by_name_.end(), name,
                         [&](std::size_t tensor, std::string_view wanted) { return tensors_[tensor].name < wanted; });
    return found != by_name_.end() && tensors_[*found].name == name ? &tensors_[*found] : nullptr;
}

TAXON_DECL std::string WeightFile::origin() const { return path_.string(); }

TAXON_DECL std::vector<std::string_view> WeightFile::names() const {
    std::vector<std::string_view> all;
    all.reserve(tensors_.size());
    for (const StoredTensor& tensor : tensors_) all.push_back(tensor.name);
    return all;
}

TAXON_DECL std::optional<Dimensions> WeightFile::shape_of(std::string_view name, std::span<const std::int64_t>) const {
    const StoredTensor* tensor = find(name);
    return tensor == nullptr ? std::nullopt : std::optional(tensor->shape);
}

TAXON_DECL void WeightFile::read(std::string_view name, std::span<const std::int64_t>, std::span<float> to) const {
    const StoredTensor* tensor = find(name);
    if (tensor == nullptr)
        throw Error(Fault::missing,
                    {.file = origin(), .place = "tensor '" + std::string(name) + "'", .found = "no such tensor"});
    if (element_count(tensor->shape) != to.size())
        throw Error(Fault::shape, {.file = origin(),
                                   .place = "tensor '" + std::string(name) + "'",
                                   .found = to_string(tensor->shape),
                                   .wanted = std::to_string(to.size()) + " elements"});
    to_floats(tensor->element, tensor->bytes, to);
}

TAXON_DECL WeightFile::WeightFile(std::filesystem::path path) : path_(std::move(path)) {
    const MappedFile& file = files_.emplace_back(path_);
    try {
        format_ = weight_format(file.bytes());
        if (format_ != WeightFormat::index) add(detail::read_tensors(file.bytes(), format_));
    } catch (const Error& error) { throw error.in_file(path_.string()); }
    if (format_ == WeightFormat::index) open_shards();
    drop_prefix("module.");
    rename_ending("LayerNorm.gamma", "weight");
    rename_ending("LayerNorm.beta", "bias");
    sort_by_name();
}

TAXON_DECL void WeightFile::add(StoredTensors read) {
    verified_ = read.verified;
    facts_ = std::move(read.facts);
    metadata_.merge(read.metadata);
    std::move(read.tensors.begin(), read.tensors.end(), std::back_inserter(tensors_));
    std::move(read.gathered.begin(), read.gathered.end(), std::back_inserter(gathered_));
}

TAXON_DECL void WeightFile::open_shards() {
    const ShardIndex index = read_index();
    bool verified = true;
    for (const std::string& file : index.files) {
        const std::filesystem::path path = ShardIndex::locate(path_, file);
        try {
            const auto bytes = files_.emplace_back(path).bytes();
            StoredTensors shard = detail::read_tensors(bytes, weight_format(bytes));
            for (const StoredTensor& tensor : shard.tensors) check_shard_tensor(index, file, tensor.name);
            add(std::move(shard));
        } catch (const Error& error) { throw error.in_file(path.string()); }
        verified &= verified_;
    }
    verified_ = verified && !index.files.empty();
    check_all_found(index);
}

TAXON_DECL ShardIndex WeightFile::read_index() const {
    try {
        return ShardIndex::parse(as_text(files_.front().bytes()));
    } catch (const Error& error) { throw error.in_file(path_.string()); }
}

TAXON_DECL void WeightFile::check_shard_tensor(const ShardIndex& index, const std::string& file,
                                               const std::string& name) {
    const auto listed = index.file_of.find(name);
    if (listed == index.file_of.end())
        throw Error(Fault::unused, {.place = "tensor '" + name + "'",
                                    .found = "a tensor that the index does not list",
                                    .wanted = "listed ones only"});
    if (listed->second != file)
        throw Error(Fault::duplicate, {.place = "tensor '" + name + "'",
                                       .found = "a tensor that the index places in '" + listed->second + "'",
                                       .wanted = "one place"});
}

TAXON_DECL void WeightFile::check_all_found(const ShardIndex& index) const {
    if (tensors_.size() == index.file_of.size()) return;
    std::vector<std::string_view> found = names();
    std::sort(found.begin(), found.end());
    for (const auto& [name, file] : index.file_of)
        if (!std::binary_search(found.begin(), found.end(), name))
            throw Error(Fault::missing, {.file = path_.string(),
                                         .place = "tensor '" + name + "'",
                                         .found = "no such tensor in '" + file + "'",
                                         .wanted = "every listed one"});
}

TAXON_DECL void WeightFile::drop_prefix(std::string_view prefix) {
    const auto has_it = [&](const StoredTensor& tensor) { return tensor.name.starts_with(prefix); };
    if (!std::all_of(tensors_.begin(), tensors_.end(), has_it)) return;
    for (StoredTensor& tensor : tensors_) tensor.name.erase(0, prefix.size());
}

TAXON_DECL void WeightFile::rename_ending(std::string_view from, std::string_view last) {
    for (StoredTensor& tensor : tensors_) {
        if (!tensor.name.ends_with(from)) continue;
        const std::string renamed = tensor.name.substr(0, tensor.name.rfind('.') + 1).append(last);
        if (std::none_of(tensors_.begin(), tensors_.end(),
                         [&](const StoredTensor& other) { return other.name == renamed; }))
            tensor.name = renamed;
    }
}

TAXON_DECL void WeightFile::sort_by_name() {
    by_name_.resize(tensors_.size());
    for (std::size_t i = 0; i < by_name_.size(); ++i) by_name_[i] = i;
    std::sort(by_name_.begin(), by_name_.end(),
              [&](std::size_t a, std::size_t b) { return tensors_[a].name < tensors_[b].name; });
}

}  // namespace taxon::io
