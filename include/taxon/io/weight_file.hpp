#pragma once
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/config_field.hpp>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/core/weight_source.hpp>
#include <taxon/io/mapped_file.hpp>
#include <taxon/io/stored_tensor.hpp>
#include <taxon/io/weight_format.hpp>
#include <vector>

namespace taxon::io {

struct ShardIndex;

/// A checkpoint on disk: PyTorch's (.pth, .pt, .bin, either format, state dict or whole module), safetensors, or a
/// sharded index. Large files are mapped, so opening copies no weights. What training adds to names is removed: a
/// `module.` in front of all of them (DataParallel), with the counter `n_averaged` (AveragedModel), and torch.compile's
/// `_orig_mod.` anywhere. LayerNorm's old names gamma and beta (TensorFlow's) become weight and bias, as in Hugging
/// Face.
class WeightFile final : public WeightSource {
  public:
    struct Options {
        /// Which of several state dicts: the keys that lead to it in a PyTorch checkpoint, joined by '/'
        /// ("state_dict_ema"); "." is the outermost dict. A last part that ends in '.' is a prefix, in any format: only
        /// tensors whose names have it are read, and it is removed.
        std::string key{};
        Limits limits{};
    };

    /// A folder must have Hugging Face's layout: the first of `folder_layout::weights` that exists is opened. The
    /// format is recognised by content. Any defect is an Error that names the file; Fault::missing if `key` is not in
    /// it, Fault::usage if the format has no keys.
    static WeightFile open(const std::filesystem::path& path, const Options& options);
    static WeightFile open(const std::filesystem::path& path) { return open(path, {}); }

    /// Checks the config.json of a folder, if there is one, against an architecture's own dimensions: see ModelConfig.
    static void check_config(const std::filesystem::path& path, std::span<const ConfigField> wanted);

    std::span<const StoredTensor> tensors() const { return tensors_; }

    /// The tensor of this name, or null.
    const StoredTensor* find(std::string_view name) const;

    /// True if the file's own checksums cover every byte of it and match. False for formats without checksums.
    bool verified() const { return verified_; }

    /// What a user should know about how the file was read, one clause each: which of several state dicts was taken,
    /// and that a checkpoint was written without its format's checksums.
    const std::vector<std::string>& remarks() const { return remarks_; }

    WeightFormat format() const { return format_; }

    /// The file itself, and the shards of an index.
    std::span<const MappedFile> files() const { return files_; }

    /// Of a safetensors file: its `__metadata__`.
    const std::map<std::string, std::string>& metadata() const { return metadata_; }

    ModuleFacts facts() const override { return facts_; }

    std::string origin() const override;

    std::vector<std::string_view> names() const override;

    std::optional<Dimensions> shape_of(std::string_view name, std::span<const std::int64_t>) const override;

    /// Fault::missing if there is no such tensor, Fault::shape if it has another number of elements, Fault::element if
    /// they are not floats: a parameter of integers means something else.
    void read(std::string_view name, std::span<const std::int64_t>, std::span<float> to) const override;

  private:
    WeightFile(std::filesystem::path path, const Options& options);

    StoredTensors read_tensors(std::span<const std::byte> file, WeightFormat format, std::string_view key,
                               const Limits& limits);

    void add(StoredTensors read);

    void open_shards(const Limits& limits);

    ShardIndex read_index(const Limits& limits) const;

    static void check_shard_tensor(const ShardIndex& index, const std::string& file, const std::string& name);

    void check_all_found(const ShardIndex& index) const;

    /// Keeps the tensors under a prefix, without it.
    void keep(std::string_view prefix);

    void clear_names();

    /// Renames the last part of names; a name already in use is left as it is, to be reported as unexpected.
    void rename_ending(std::string_view from, std::string_view last);

    void sort_by_name();

    std::filesystem::path path_;
    std::vector<MappedFile> files_;
    std::vector<StoredTensor> tensors_;
    std::vector<std::unique_ptr<std::byte[]>> gathered_;
    std::vector<std::size_t> by_name_;
    ModuleFacts facts_;
    std::map<std::string, std::string> metadata_;
    std::vector<std::string> remarks_;
    WeightFormat format_{};
    bool verified_ = false;
};

}  // namespace taxon::io

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/io/impl/weight_file.ipp>
#endif
