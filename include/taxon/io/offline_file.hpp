#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <vector>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/io/mapped_file.hpp>
#include <taxon/io/offline_table.hpp>

namespace taxon::io {

/// A mapped offline file: named sections of bytes, each starting at a multiple of 64. Opening reads header and table
/// only; a section is verified against its checksum when it is first requested. Const members may be called from
/// several threads at once.
class OfflineFile {
  public:
    /// Any defect of header or table is an Error that names the file, see OfflineTable::read; Fault::io if it cannot be
    /// opened.
    static OfflineFile open(const std::filesystem::path& path, const Limits& limits = {});

    const std::filesystem::path& path() const { return file_.path(); }

    /// Fingerprint of the model type that the file is for, as passed to OfflineWriter.
    std::uint64_t fingerprint() const { return table_.fingerprint; }

    bool contains(std::string_view name) const;

    /// In file order.
    std::vector<std::string_view> names() const;

    /// The bytes of a section, which stay in place when the object is moved. Throws Fault::missing, or Fault::checksum
    /// if it is damaged. The first use reads the whole section; if several threads are first at once, each of them
    /// does. Later uses read nothing and take no lock.
    std::span<const std::byte> section(std::string_view name) const;

    /// The location of a section, for a caller that requests `section` before using the bytes. Throws Fault::missing.
    std::span<const std::byte> located(std::string_view name) const;

    /// Reads the whole file, whatever was read before; throws as `open` and `section` do if any bit differs from what
    /// was written.
    void check() const;

  private:
    OfflineFile(MappedFile file, const Limits& limits);

    std::size_t number_of(std::string_view name) const;

    /// Adds this file's name to errors of code that works on bytes.
    template <class Act>
    void in_file(Act act) const {
        try {
            act();
        } catch (const Error& error) { throw error.in_file(path().string()); }
    }

    MappedFile file_;
    Limits limits_;
    OfflineTable table_;
    std::map<std::string_view, std::size_t> by_name_;
    std::unique_ptr<std::atomic<bool>[]> verified_;
};

}  // namespace taxon::io

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/io/impl/offline_file.ipp>
#endif
