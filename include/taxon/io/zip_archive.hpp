#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/crc32.hpp>
#include <taxon/io/utf8.hpp>
#include <taxon/io/zip_directory.hpp>
#include <vector>

namespace taxon::io {

/// An entry of a zip file: its name and its bytes, in place.
struct ZipEntry {
    std::string_view name;
    std::span<const std::byte> bytes;
};

/// A zip file whose entries are stored, not compressed: the container of PyTorch's checkpoints. Names are plain
/// relative paths, unique regardless of case; no two entries share a byte; checksums match.
class ZipArchive {
  public:
    /// True if the file has a zip file's signature.
    static bool is_meant(std::span<const std::byte> file) { return as_text(file).starts_with("PK\3\4"); }

    /// The bytes must outlive the archive. Throws an Error for every kind of damage; see the faults in the code.
    explicit ZipArchive(std::span<const std::byte> file, const Limits& limits = {}) {
        if (file.size() < 4) fail(Fault::truncated, {}, std::to_string(file.size()) + " bytes", "a zip file");
        if (!is_meant(file))
            fail(Fault::magic, {}, "an unrecognised file signature", "a zip file, which starts with PK\\3\\4");
        const ZipDirectory directory(file);
        for (const ZipRecord& record : directory.records()) check_record(record, limits);
        check_names(directory.records());
        place_entries(file, directory);
        check_checksums(directory.records());
        sort_by_name();
    }

    /// In directory order.
    std::span<const ZipEntry> entries() const { return entries_; }

    /// The entry of exactly this name, or null.
    const ZipEntry* find(std::string_view name) const {
        const auto found =
            std::lower_bound(by_name_.begin(), by_name_.end(), name,
                             [&](std::size_t entry, std::string_view wanted) { return entries_[entry].name < wanted; });
        return found != by_name_.end() && entries_[*found].name == name ? &entries_[*found] : nullptr;
    }

    /// False if the file was written without checksums, all of them 0: damage then goes unnoticed.
    bool verified() const { return verified_; }

  private:
    static constexpr std::uint16_t encrypted = 0x0001, has_descriptor = 0x0008;
    static constexpr std::uint32_t descriptor_signature = 0x08074B50;

    static void check_record(const ZipRecord& record, const Limits& limits) {
        check_name(record.name, limits.name_bytes);
        if ((record.flags & encrypted) != 0) fail(Fault::unsupported, record.name, "an encrypted entry", "a plain one");
        if (record.method != 0)
            fail(Fault::unsupported, record.name, "compression method " + std::to_string(record.method),
                 "stored entries, as torch.save writes", "load it with torch.load and write it again with torch.save");
        if (record.stored_size != record.size)
            fail(Fault::mismatch, record.name, "a stored entry with two sizes", "one size");
    }

    static void check_name(std::string_view name, std::size_t longest) {
        if (name.empty() || name.size() > longest)
            fail(Fault::limit, {}, "a name of " + std::to_string(name.size()) + " bytes",
                 "1 to " + std::to_string(longest));
        if (!is_utf8(name)) fail(Fault::encoding, {}, "a name that is not UTF-8", "UTF-8");
        bool plain = name.find('\0') == name.npos && name.find('\\') == name.npos;
        for (std::size_t start = 0; start <= name.size();) {
            const std::size_t end = std::min(name.find('/', start), name.size());
            const std::string_view part = name.substr(start, end - start);
            plain &= !part.empty() && part != "." && part != "..";
            start = end + 1;
        }
        if (!plain)
            fail(Fault::path, name, "a name that leaves its folder or hides it", "plain parts between single slashes");
    }

    /// Names that differ only in case are one file on some systems, so they count as the same name.
    static void check_names(std::span<const ZipRecord> records) {
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
        const auto less = [&](std::string_view a, std::string_view b) {
            return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                                [&](char x, char y) { return lower(x) < lower(y); });
        };
        std::vector<std::string_view> names;
        names.reserve(records.size());
        for (const ZipRecord& record : records) names.push_back(record.name);
        std::sort(names.begin(), names.end(), less);
        const auto twice = std::adjacent_find(names.begin(), names.end(), [&](auto a, auto b) { return !less(a, b); });
        if (twice != names.end()) fail(Fault::duplicate, *twice, "two entries of this name", "one");
    }

    void place_entries(std::span<const std::byte> file, const ZipDirectory& directory) {
        const auto records = directory.records();
        for (const ZipRecord& record : records)
            if (record.header_offset >= directory.start())
                fail(Fault::bounds, record.name, "a header past the entries", "one before the directory");
        std::vector<std::size_t> by_offset(records.size());
        for (std::size_t i = 0; i < by_offset.size(); ++i) by_offset[i] = i;
        std::sort(by_offset.begin(), by_offset.end(),
                  [&](std::size_t a, std::size_t b) { return records[a].header_offset < records[b].header_offset; });
        for (std::size_t i = 1; i < by_offset.size(); ++i)
            if (records[by_offset[i]].header_offset == records[by_offset[i - 1]].header_offset)
                fail(Fault::overlap, records[by_offset[i]].name, "the place of another entry", "one of its own");
        if (!by_offset.empty() && records[by_offset[0]].header_offset != 0)
            fail(Fault::magic, records[by_offset[0]].name, "bytes before the first entry", "the first entry at byte 0");

        entries_.resize(records.size());
        std::uint64_t free = 0;
        for (const std::size_t i : by_offset) {
            const ZipRecord& record = records[i];
            if (record.header_offset < free)
                fail(Fault::overlap, record.name, "bytes of another entry", "bytes of its own");
            ByteReader reader(file.subspan(static_cast<std::size_t>(record.header_offset),
                                           static_cast<std::size_t>(directory.start() - record.header_offset)),
                              record.name);
            entries_[i] = read_entry(reader, record);
            free = record.header_offset + reader.position();
        }
    }

    /// Of the local header only signature, method and name are checked: torch leaves checksum and sizes 0 there.
    static ZipEntry read_entry(ByteReader& reader, const ZipRecord& record) {
        constexpr std::size_t header_bytes = 30;
        const auto need = [&](std::uint64_t bytes) {
            if (bytes > reader.left())
                fail(Fault::bounds, record.name, std::to_string(bytes) + " bytes that pass the entries' end",
                     "all before the directory");
        };
        need(header_bytes);
        if (reader.little<std::uint32_t>() != ZipDirectory::local_signature)
            fail(Fault::bounds, record.name, "no local header", "one where the directory says");
        reader.take(4);
        const auto method = reader.little<std::uint16_t>();
        reader.take(16);
        const auto name_bytes = reader.little<std::uint16_t>(), extra_bytes = reader.little<std::uint16_t>();
        need(std::uint64_t{name_bytes} + extra_bytes);
        if (as_text(reader.take(name_bytes)) != record.name || method != record.method)
            fail(Fault::mismatch, record.name, "another name or method in the entry's own header",
                 "what the directory says");
        reader.take(extra_bytes);
        need(record.size);
        const auto bytes = reader.take(record.size);
        if ((record.flags & has_descriptor) != 0) check_descriptor(reader, record);
        return {record.name, bytes};
    }

    static void check_descriptor(ByteReader& reader, const ZipRecord& record) {
        const bool wide = record.size >= 0xFFFFFFFFu || record.header_offset >= 0xFFFFFFFFu;
        const auto size = [&] { return wide ? reader.little<std::uint64_t>() : reader.little<std::uint32_t>(); };
        if (reader.left() < (wide ? 24u : 16u))
            fail(Fault::bounds, record.name, "a data descriptor past the entries' end", "one before the directory");
        const auto signature = reader.little<std::uint32_t>(), checksum = reader.little<std::uint32_t>();
        const std::uint64_t stored_size = size(), full_size = size();
        if (signature != descriptor_signature || checksum != record.checksum || stored_size != record.size ||
            full_size != record.size)
            fail(Fault::mismatch, record.name, "a data descriptor that differs from the directory",
                 "the same checksum and sizes");
    }

    /// torch can omit checksums, all of them; a few zeros among others mean a file whose weights were never written.
    void check_checksums(std::span<const ZipRecord> records) {
        const bool none =
            std::all_of(records.begin(), records.end(), [](const ZipRecord& record) { return record.checksum == 0; });
        const bool empty =
            std::all_of(records.begin(), records.end(), [](const ZipRecord& record) { return record.size == 0; });
        verified_ = !none || empty;
        if (!verified_) return;
        for (std::size_t i = 0; i < records.size(); ++i)
            if (Crc32::of(entries_[i].bytes) != records[i].checksum)
                fail(Fault::checksum, records[i].name, "bytes that do not fit their checksum", "undamaged ones",
                     "fetch the file again");
    }

    void sort_by_name() {
        by_name_.resize(entries_.size());
        for (std::size_t i = 0; i < by_name_.size(); ++i) by_name_[i] = i;
        std::sort(by_name_.begin(), by_name_.end(),
                  [&](std::size_t a, std::size_t b) { return entries_[a].name < entries_[b].name; });
    }

    [[noreturn]] static void fail(Fault fault, std::string_view name, std::string_view found, std::string_view wanted,
                                  std::string_view remedy = {}) {
        throw Error(fault,
                    {.place = name.empty() ? "zip file" : name, .found = found, .wanted = wanted, .remedy = remedy});
    }

    std::vector<ZipEntry> entries_;
    std::vector<std::size_t> by_name_;
    bool verified_ = true;
};

}  // namespace taxon::io
