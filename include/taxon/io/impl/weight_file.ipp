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

TAXON_DECL WeightFile WeightFile::open(const std::filesystem::path& path, const Options& options) {
    std::error_code code;
    if (!std::filesystem::is_directory(path, code)) return WeightFile(path, options);
    std::string looked_for;
    for (const std::string_view name : folder_layout::weights) {
        if (std::filesystem::exists(path / name, code)) return WeightFile(path / name, options);
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
    if (!is_floating(tensor->element))
        throw Error(Fault::element, {.file = origin(),
                                     .place = "tensor '" + std::string(name) + "'",
                                     .found = std::string(taxon::name_of(tensor->element)),
                                     .wanted = "floats of 16, 32 or 64 bits",
                                     .remedy = "convert it to float32 before it is saved"});
    if (element_count(tensor->shape) != to.size())
        throw Error(Fault::shape, {.file = origin(),
                                   .place = "tensor '" + std::string(name) + "'",
                                   .found = to_string(tensor->shape),
                                   .wanted = std::to_string(to.size()) + " elements"});
    to_floats(tensor->element, tensor->bytes, to);
    for (const MappedFile& file : files_) file.release(tensor->bytes);
}

TAXON_DECL WeightFile::WeightFile(std::filesystem::path path, const Options& options) : path_(std::move(path)) {
    const MappedFile& file = files_.emplace_back(path_);
    const std::string_view key = options.key;
    const std::size_t last = key.rfind('/') + 1;  // 0 if there is one part
    const std::string_view prefix = key.size() > 1 && key.ends_with('.') ? key.substr(last) : "",
                           keys = prefix.empty() ? key : key.substr(0, last == 0 ? 0 : last - 1);
    try {
        format_ = weight_format(file.bytes());
        if (!keys.empty() && format_ != WeightFormat::torch_zip && format_ != WeightFormat::torch_legacy)
            throw Error(Fault::usage, {.place = "--weights-key",
                                       .found = "'" + std::string(key) + "' for a file without keys",
                                       .wanted = "a prefix of names, which ends in '.', or a PyTorch checkpoint"});
        if (format_ != WeightFormat::index) add(read_tensors(file.bytes(), format_, keys, options.limits));
    } catch (const Error& error) { throw error.in_file(path_.string()); }
    file.release(file.bytes());  // all of which was read if it has checksums
    if (format_ == WeightFormat::index) open_shards(options.limits);
    if (!prefix.empty()) keep(prefix);
    clear_names();
    rename_ending("LayerNorm.gamma", "weight");
    rename_ending("LayerNorm.beta", "bias");
}

TAXON_DECL StoredTensors WeightFile::read_tensors(std::span<const std::byte> file, WeightFormat format,
                                                  std::string_view key, const Limits& limits) {
    StoredTensors read;
    switch (format) {
        case WeightFormat::torch_zip: read = TorchZip::read(file, key, limits); break;
        case WeightFormat::torch_legacy: read = TorchLegacy::read(file, key, limits); break;
        case WeightFormat::safetensors: read = Safetensors::read(file, limits); break;
        case WeightFormat::index:
            throw Error(Fault::magic, {.found = "an index of shards", .wanted = "a file of tensors"});
    }
    if (!read.choice.empty()) remarks_.push_back("the tensors of " + read.choice + "; --weights-key chooses");
    const std::string_view unverified = "not verified: the archive has no checksums";
    if (format == WeightFormat::torch_zip && !read.verified && (remarks_.empty() || remarks_.back() != unverified))
        remarks_.emplace_back(unverified);
    return read;
}

TAXON_DECL void WeightFile::add(StoredTensors read) {
    verified_ = read.verified;
    facts_ = std::move(read.facts);
    metadata_.merge(read.metadata);
    if (tensors_.empty()) tensors_ = std::move(read.tensors);
    else std::move(read.tensors.begin(), read.tensors.end(), std::back_inserter(tensors_));
    std::move(read.gathered.begin(), read.gathered.end(), std::back_inserter(gathered_));
}

TAXON_DECL void WeightFile::open_shards(const Limits& limits) {
    const ShardIndex index = read_index(limits);
    bool verified = true;
    for (const std::string& file : index.files) {
        const std::filesystem::path path = ShardIndex::locate(path_, file);
        try {
            const auto bytes = files_.emplace_back(path).bytes();
            StoredTensors shard = read_tensors(bytes, weight_format(bytes), {}, limits);
            for (const StoredTensor& tensor : shard.tensors) check_shard_tensor(index, file, tensor.name);
            add(std::move(shard));
        } catch (const Error& error) { throw error.in_file(path.string()); }
        verified &= verified_;
    }
    verified_ = verified && !index.files.empty();
    check_all_found(index);
}

TAXON_DECL ShardIndex WeightFile::read_index(const Limits& limits) const {
    try {
        return ShardIndex::parse(as_text(files_.front().bytes()), limits);
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

TAXON_DECL void WeightFile::keep(std::string_view prefix) {
    std::erase_if(tensors_, [&](const StoredTensor& tensor) { return !tensor.name.starts_with(prefix); });
    if (tensors_.empty())
        throw Error(Fault::missing, {.file = path_.string(),
                                     .place = "--weights-key",
                                     .found = "no tensor under '" + std::string(prefix) + "'",
                                     .wanted = "a prefix of names in the file",
                                     .remedy = "inspect lists them"});
    for (StoredTensor& tensor : tensors_) tensor.name.erase(0, prefix.size());
}

TAXON_DECL void WeightFile::clear_names() {
    constexpr std::string_view compiled = "_orig_mod.", parallel = "module.", counter = "n_averaged";
    for (StoredTensor& tensor : tensors_) {
        std::string& name = tensor.name;
        for (std::size_t at = name.find(compiled); at != name.npos; at = name.find(compiled, at))
            if (at == 0 || name[at - 1] == '.') name.erase(at, compiled.size());
            else at += compiled.size();
    }
    const auto counts = [&](const StoredTensor& tensor) {
        return tensor.name.ends_with(counter) && element_count(tensor.shape) == 1;
    };
    const auto count = std::find_if(tensors_.begin(), tensors_.end(), counts);
    if (count != tensors_.end()) {
        const std::string averaged = count->name.substr(0, count->name.size() - counter.size()) + std::string(parallel);
        const auto belongs = [&](const StoredTensor& tensor) {
            return &tensor == &*count || tensor.name.starts_with(averaged);
        };
        if (std::all_of(tensors_.begin(), tensors_.end(), belongs)) tensors_.erase(count);
    }
    std::size_t prefix = 0;
    while (!tensors_.empty() && std::all_of(tensors_.begin(), tensors_.end(), [&](const StoredTensor& tensor) {
        return std::string_view(tensor.name).substr(std::min(prefix, tensor.name.size())).starts_with(parallel);
    }))
        prefix += parallel.size();
    for (StoredTensor& tensor : tensors_) tensor.name.erase(0, prefix);
    sort_by_name();
    for (std::size_t i = 1; i < by_name_.size(); ++i)
        if (const std::string& name = tensors_[by_name_[i]].name; name == tensors_[by_name_[i - 1]].name)
            throw Error(Fault::duplicate, {.file = path_.string(),
                                           .place = "tensor '" + name + "'",
                                           .found = "one with _orig_mod. in its name, and one without",
                                           .wanted = "one of them"});
}

TAXON_DECL void WeightFile::rename_ending(std::string_view from, std::string_view last) {
    std::vector<std::pair<std::size_t, std::string>> renamed;  // no search while names change
    for (std::size_t i = 0; i < tensors_.size(); ++i) {
        const std::string& name = tensors_[i].name;
        if (!name.ends_with(from)) continue;
        std::string to = name.substr(0, name.rfind('.') + 1).append(last);
        if (find(to) == nullptr) renamed.emplace_back(i, std::move(to));
    }
    for (auto& [tensor, name] : renamed) tensors_[tensor].name = std::move(name);
    if (!renamed.empty()) sort_by_name();
}

TAXON_DECL void WeightFile::sort_by_name() {
    by_name_.resize(tensors_.size());
    for (std::size_t i = 0; i < by_name_.size(); ++i) by_name_[i] = i;
    std::sort(by_name_.begin(), by_name_.end(),
              [&](std::size_t a, std::size_t b) { return tensors_[a].name < tensors_[b].name; });
}

}  // namespace taxon::io
