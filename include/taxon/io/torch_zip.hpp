#pragma once
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/io/pickle_machine.hpp>
#include <taxon/io/stored_tensor.hpp>
#include <taxon/io/torch_state_dict.hpp>
#include <taxon/io/torch_storage.hpp>
#include <taxon/io/torch_tensor.hpp>
#include <taxon/io/zip_archive.hpp>

namespace taxon::io {

/// A checkpoint as torch.save has written it since version 1.6: a zip file with `<root>/data.pkl`, `<root>/data/<key>`,
/// `<root>/version` and sometimes `<root>/byteorder`.
class TorchZip {
  public:
    /// `key`: see TorchWrappers.
    static StoredTensors read(std::span<const std::byte> file, std::string_view key = {}, const Limits& limits = {}) {
        const TorchZip zip(file, limits);
        zip.check_version();
        const bool swap = zip.is_big_endian();
        const Pickle pickle = read_pickle(zip.entry("data.pkl"), "data.pkl", limits);
        TorchStorages storages(pickle, TorchStorages::Format::zip, limits);
        for (auto& [name, storage] : storages.by_key()) zip.find_bytes(name, storage);
        TorchTensorReader reader(pickle, storages, swap, file.size(), limits);
        TorchStateDict::Contents contents = TorchStateDict::of(pickle, key, limits);
        for (TorchStateDict::Named& named : contents.tensors) reader.add(std::move(named.name), named.tensor);
        StoredTensors tensors = std::move(reader).take();
        tensors.facts = std::move(contents.facts);
        tensors.choice = std::move(contents.choice);
        tensors.verified = zip.archive_.verified();
        return tensors;
    }

  private:
    TorchZip(std::span<const std::byte> file, const Limits& limits) : archive_(open(file, limits)) {
        for (const ZipEntry& entry : archive_.entries()) {
            const std::string_view root = entry.name.substr(0, entry.name.find('/'));
            if (root.size() == entry.name.size())
                fail(Fault::syntax, std::string(root), "an entry outside a folder", "all entries in one folder");
            if (root_.empty()) root_ = root;
            if (root != root_)
                fail(Fault::syntax, std::string(entry.name), "a second folder",
                     "all entries in '" + std::string(root_) + "'");
        }
    }

    static ZipArchive open(std::span<const std::byte> file, const Limits& limits) {
        if (ZipArchive::is_meant(file)) refuse_program(ZipDirectory(file));
        return ZipArchive(file, limits);
    }

    /// A TorchScript program is reported as such before its compressed entries are.
    static void refuse_program(const ZipDirectory& directory) {
        for (const ZipRecord& record : directory.records())
            if (record.name.ends_with("/constants.pkl"))
                fail(Fault::unsupported, "constants.pkl", "a TorchScript program", "a checkpoint",
                     "save the module's state_dict() with torch.save");
    }

    std::string path(std::string_view name) const { return std::string(root_) + "/" + std::string(name); }

    std::span<const std::byte> entry(std::string_view name) const {
        const ZipEntry* found = archive_.find(path(name));
        if (found == nullptr) fail(Fault::missing, std::string(name), "no such entry", "a checkpoint of torch.save");
        return found->bytes;
    }

    void check_version() const {
        constexpr std::size_t longest = 8;
        constexpr int first = 1, last = 10;
        std::string_view text = as_text(entry("version"));
        if (text.ends_with('\n')) text.remove_suffix(1);
        int version = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
        if (text.size() > longest || error != std::errc{} || end != text.data() + text.size())
            fail(Fault::syntax, "version", "'" + std::string(text.substr(0, longest)) + "'", "a number");
        if (version < first || version > last)
            fail(Fault::version, "version", std::to_string(version), "1 to 10", "a newer taxon may read it");
    }

    bool is_big_endian() const {
        if (archive_.find(path("byteorder")) == nullptr) return false;
        const std::string_view order = as_text(entry("byteorder"));
        if (order != "little" && order != "big")
            fail(Fault::value, "byteorder", "'" + std::string(order.substr(0, 16)) + "'", "little or big");
        return order == "big";
    }

    void find_bytes(std::string_view key, TorchStorage& storage) const {
        const std::string name = "data/" + std::string(key);
        storage.bytes = entry(name);
        if (storage.bytes.size() != storage.count * storage.type->bytes)
            fail(Fault::mismatch, name, std::to_string(storage.bytes.size()) + " bytes",
                 std::to_string(storage.count) + " elements of " + std::to_string(storage.type->bytes) + " bytes");
    }

    [[noreturn]] static void fail(Fault fault, std::string_view place, std::string_view found, std::string_view wanted,
                                  std::string_view remedy = {}) {
        throw Error(fault, {.place = place, .found = found, .wanted = wanted, .remedy = remedy});
    }

    ZipArchive archive_;
    std::string_view root_;
};

}  // namespace taxon::io
