#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/io/byte_reader.hpp>
#include <vector>

namespace taxon::io {

/// One entry of the central directory at the end of a zip file (APPNOTE 6.3.10, section 4.3.12).
struct ZipRecord {
    std::string_view name;
    std::uint16_t flags = 0;
    std::uint16_t method = 0;
    std::uint32_t checksum = 0;
    std::uint64_t stored_size = 0;
    std::uint64_t size = 0;
    std::uint64_t header_offset = 0;  ///< of the entry's local header, from the start of the file
};

/// The central directory of a zip or zip64 file: its entries and their offsets, checked against the file's size and for
/// consistency. Anything that two readers could interpret differently is rejected.
class ZipDirectory {
  public:
    static constexpr std::uint32_t local_signature = 0x04034B50;

    explicit ZipDirectory(std::span<const std::byte> file) : file_(file) {
        find_end();
        read_end();
        read_records();
    }

    std::span<const ZipRecord> records() const { return records_; }

    /// Start of the directory; entries lie before it.
    std::uint64_t start() const { return start_; }

  private:
    static constexpr std::uint32_t record_signature = 0x02014B50, end_signature = 0x06054B50;
    static constexpr std::uint32_t end64_signature = 0x06064B50, locator_signature = 0x07064B50;
    static constexpr std::size_t record_bytes = 46, end_bytes = 22, end64_bytes = 56, locator_bytes = 20,
                                 longest_comment = 0xFFFF;
    static constexpr std::string_view where = "zip directory";

    /// The end record is searched backwards, by its signature; only one that ends exactly with the file counts.
    void find_end() {
        const std::string_view text = as_text(file_);
        const std::size_t first = text.size() - std::min(text.size(), end_bytes + longest_comment);
        std::size_t exact = 0;
        bool early = false;
        for (std::size_t at = text.find("PK\5\6", first); at != text.npos; at = text.find("PK\5\6", at + 1)) {
            if (text.size() - at < end_bytes) break;
            const std::size_t comment = little_endian<std::uint16_t>(file_.subspan(at + 20).first<2>());
            const std::size_t end = at + end_bytes + comment;
            early |= end < text.size();
            if (end != text.size()) continue;
            end_ = at;
            ++exact;
        }
        if (exact > 1) fail(Fault::syntax, "several end records", "one");
        if (exact == 0 && early)
            fail(Fault::unused, "bytes after the end record", "nothing", "the file was changed after it was written");
        if (exact == 0) fail(Fault::truncated, "no end record", "a whole zip file", "fetch the file again");
    }

    void read_end() {
        ByteReader end(file_.subspan(end_), "zip end record");
        end.take(4);
        const auto disk = end.little<std::uint16_t>(), directory_disk = end.little<std::uint16_t>();
        const auto disk_count = end.little<std::uint16_t>(), count = end.little<std::uint16_t>();
        const auto size = end.little<std::uint32_t>(), start = end.little<std::uint32_t>();
        if (disk != 0 || directory_disk != 0 || disk_count != count)
            fail(Fault::syntax, "an archive in several parts", "one file");
        count_ = count, size_ = size, start_ = start, tail_ = end_;
        const std::optional<End64> wide = read_end64();
        if (wide) {
            if (count == 0xFFFFu) count_ = wide->count;
            if (size == 0xFFFFFFFFu) size_ = wide->size;
            if (start == 0xFFFFFFFFu) start_ = wide->start;
            tail_ = wide->offset;
        }
        std::uint64_t directory_end = 0;
        if (__builtin_add_overflow(start_, size_, &directory_end)) fail(Fault::overflow, "a directory past 2^64", "");
        if (directory_end > tail_)
            fail(Fault::bounds, "a directory that ends at byte " + std::to_string(directory_end),
                 "before byte " + std::to_string(tail_));
        if (wide && (count_ != wide->count || size_ != wide->size || start_ != wide->start))
            fail(Fault::syntax, "two end records that differ", "the same count, size and start");
        if (directory_end < tail_) fail(Fault::unused, "bytes between the directory and its end record", "nothing");
    }

    struct End64 {
        std::uint64_t offset, count, size, start;
    };

    /// The zip64 end record, via its locator in front of the end record (sections 4.3.14 and 4.3.15).
    std::optional<End64> read_end64() const {
        if (end_ < locator_bytes) return std::nullopt;
        ByteReader locator(file_.subspan(end_ - locator_bytes, locator_bytes), "zip64 locator");
        if (locator.little<std::uint32_t>() != locator_signature) return std::nullopt;
        const auto disk = locator.little<std::uint32_t>();
        const auto offset = locator.little<std::uint64_t>();
        const auto disks = locator.little<std::uint32_t>();
        if (disk != 0 || disks > 1) fail(Fault::syntax, "an archive in several parts", "one file");
        std::uint64_t end = 0;
        if (__builtin_add_overflow(offset, std::uint64_t{end64_bytes}, &end))
            fail(Fault::overflow, "a zip64 end record past 2^64", "");
        if (end > end_ - locator_bytes)
            fail(Fault::bounds, "a zip64 end record at byte " + std::to_string(offset), "one before its locator");
        ByteReader record(file_.subspan(static_cast<std::size_t>(offset)), "zip64 end record");
        if (record.little<std::uint32_t>() != end64_signature)
            fail(Fault::syntax, "no zip64 end record", "its signature");
        const auto rest = record.little<std::uint64_t>();
        if (rest != end_ - locator_bytes - offset - 12)
            fail(Fault::syntax, "a zip64 end record of another size", "one that ends at its locator");
        record.take(4);
        const auto this_disk = record.little<std::uint32_t>(), directory_disk = record.little<std::uint32_t>();
        const auto disk_count = record.little<std::uint64_t>(), count = record.little<std::uint64_t>();
        const auto size = record.little<std::uint64_t>(), start = record.little<std::uint64_t>();
        if (this_disk != 0 || directory_disk != 0 || disk_count != count)
            fail(Fault::syntax, "an archive in several parts", "one file");
        return End64{offset, count, size, start};
    }

    void read_records() {
        if (count_ > size_ / record_bytes)
            fail(Fault::syntax, std::to_string(count_) + " entries in " + std::to_string(size_) + " bytes of directory",
                 "46 bytes an entry or more");
        ByteReader reader(file_.subspan(static_cast<std::size_t>(start_), static_cast<std::size_t>(size_)), where);
        records_.reserve(static_cast<std::size_t>(count_));
        for (std::uint64_t i = 0; i < count_; ++i) records_.push_back(read_record(reader));
        if (reader.left() != 0)
            fail(Fault::syntax, "a directory longer than its " + std::to_string(count_) + " entries",
                 "one that ends with them");
    }

    ZipRecord read_record(ByteReader& reader) const {
        if (reader.left() < record_bytes || reader.little<std::uint32_t>() != record_signature)
            fail(Fault::syntax, "no entry at " + reader.place(), std::to_string(count_) + " entries");
        ZipRecord record;
        reader.take(4);
        record.flags = reader.little<std::uint16_t>();
        record.method = reader.little<std::uint16_t>();
        reader.take(4);
        record.checksum = reader.little<std::uint32_t>();
        const auto stored_size = reader.little<std::uint32_t>(), size = reader.little<std::uint32_t>();
        const auto name_bytes = reader.little<std::uint16_t>(), extra_bytes = reader.little<std::uint16_t>(),
                   comment_bytes = reader.little<std::uint16_t>();
        reader.take(8);
        const auto header_offset = reader.little<std::uint32_t>();
        if (std::size_t{name_bytes} + extra_bytes + comment_bytes > reader.left())
            fail(Fault::syntax, "an entry that passes the directory's end", "46 bytes, name, extra field and comment");
        record.name = as_text(reader.take(name_bytes));
        const auto extra = reader.take(extra_bytes);
        reader.take(comment_bytes);
        record.stored_size = stored_size, record.size = size, record.header_offset = header_offset;
        if (stored_size == 0xFFFFFFFFu || size == 0xFFFFFFFFu || header_offset == 0xFFFFFFFFu) widen(record, extra);
        return record;
    }

    /// Takes the fields that do not fit 32 bits from extra field 1, which holds exactly those, in this order (section
    /// 4.5.3).
    static void widen(ZipRecord& record, std::span<const std::byte> extra) {
        const auto wide = extra_field(extra, 1);
        if (!wide) fail(Fault::syntax, "no zip64 field", "one for sizes of 4 GiB and more");
        ByteReader reader(*wide);
        const bool sizes = record.size == 0xFFFFFFFFu && record.stored_size == 0xFFFFFFFFu;
        for (std::uint64_t* field : {&record.size, &record.stored_size, &record.header_offset}) {
            if (*field != 0xFFFFFFFFu) continue;
            if (reader.left() < 8)
                fail(Fault::syntax, "a short zip64 field", "8 bytes for each size and offset that needs them");
            *field = reader.little<std::uint64_t>();
        }
        if (sizes && record.size != record.stored_size)
            fail(Fault::syntax, "a zip64 field with two sizes", "size, stored size, offset in this order");
    }

    static std::optional<std::span<const std::byte>> extra_field(std::span<const std::byte> extra,
                                                                 std::uint16_t wanted) {
        ByteReader reader(extra);
        while (reader.left() >= 4) {
            const auto identity = reader.little<std::uint16_t>(), size = reader.little<std::uint16_t>();
            if (size > reader.left())
                fail(Fault::syntax, "an extra field that passes its end", "id, size and that many bytes");
            const auto field = reader.take(size);
            if (identity == wanted) return field;
        }
        return std::nullopt;
    }

    [[noreturn]] static void fail(Fault fault, std::string_view found, std::string_view wanted,
                                  std::string_view remedy = {}) {
        throw Error(fault, {.place = std::string(where), .found = found, .wanted = wanted, .remedy = remedy});
    }

    std::span<const std::byte> file_;
    std::size_t end_ = 0;     // end of the entries' directory: the start of its end record
    std::uint64_t tail_ = 0;  // start of the first end record
    std::uint64_t count_ = 0, size_ = 0, start_ = 0;
    std::vector<ZipRecord> records_;
};

}  // namespace taxon::io
