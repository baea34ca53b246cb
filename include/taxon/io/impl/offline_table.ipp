#pragma once
#include <algorithm>
#include <set>
#include <utility>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/crc32c.hpp>
#include <taxon/io/offline_layout.hpp>
#include <taxon/io/utf8.hpp>

namespace taxon::io {

TAXON_DECL void OfflineTable::Section::verify() const {
    compare(quoted(name), Crc32c::of(bytes), checksum);
    check_zero(quoted(name), padding);
}

TAXON_DECL OfflineTable OfflineTable::read(std::span<const std::byte> file, const Limits& limits) {
    const std::string_view start = as_text(file).substr(0, offline::magic.size());
    if (start != offline::magic.substr(0, start.size()))
        fail(Fault::magic, "header", "another kind of file", "an offline model file",
             start.find(offline::magic.substr(1, 3)) == 1 ? "transfer it again, as binary" : "name a .taxon file");
    ByteReader reader(file, "header");
    reader.take(offline::magic.size());
    const auto version = reader.little<std::uint32_t>();
    if (version != offline::version)
        fail(Fault::version, "header", "version " + std::to_string(version),
             "version " + std::to_string(offline::version), "write the file again with this version of the library");
    const auto count = reader.little<std::uint32_t>();
    const auto size = reader.little<std::uint64_t>();
    OfflineTable table{.fingerprint = reader.little<std::uint64_t>()};
    const auto checksum = reader.little<std::uint32_t>();
    const std::uint32_t found = Crc32c::of(file.first(reader.position()));
    compare("header", found, reader.little<std::uint32_t>());
    if (size != file.size())
        fail(size > file.size() ? Fault::truncated : Fault::unused, "header", std::to_string(file.size()) + " bytes",
             std::to_string(size), "fetch the file again");
    if (count > limits.offline_sections)
        fail(Fault::limit, "header", std::to_string(count) + " sections",
             "at most " + std::to_string(limits.offline_sections));
    table.read_sections(file, count, checksum);
    return table;
}

TAXON_DECL void OfflineTable::read_sections(std::span<const std::byte> file, std::uint32_t count,
                                            std::uint32_t checksum) {
    const std::size_t end = offline::header_bytes + count * offline::entry_bytes;
    std::uint64_t free = offline::aligned(end);
    if (free > file.size())
        fail(Fault::bounds, "header", std::to_string(count) + " sections",
             "no more than fit " + std::to_string(file.size()) + " bytes");
    const auto entries = file.subspan(offline::header_bytes, end - offline::header_bytes);
    compare("table", Crc32c::of(entries), checksum);
    check_zero("table", file.subspan(end, free - end));

    ByteReader reader(entries, "table");
    std::set<std::string_view> names;
    sections.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::string_view name = read_name(reader);
        if (!names.insert(name).second) fail(Fault::duplicate, quoted(name), "two sections of this name", "one");
        const auto offset = reader.little<std::uint64_t>();
        const auto size = reader.little<std::uint64_t>();
        const std::uint64_t next = end_of(name, offset, size, free, file.size());
        sections.push_back({name, file.subspan(offset, size), file.subspan(offset + size, next - offset - size),
                            reader.little<std::uint32_t>()});
        free = next;
    }
    if (free != file.size())
        fail(Fault::unused, "table", std::to_string(file.size() - free) + " bytes after the last section", "nothing");
}

TAXON_DECL std::string_view OfflineTable::read_name(ByteReader& reader) {
    const std::string place = reader.place();
    const std::string_view field = as_text(reader.take(offline::name_bytes));
    const std::string_view name = field.substr(0, field.find('\0'));
    if (!offline::is_name(name) || field.find_first_not_of('\0', name.size()) != field.npos)
        fail(Fault::encoding, place,
             is_utf8(name) ? "the name '" + std::string(name) + "'" : "a name that is not UTF-8",
             "1 to 31 bytes of UTF-8, padded with zeros");
    return name;
}

TAXON_DECL std::uint64_t OfflineTable::end_of(std::string_view name, std::uint64_t offset, std::uint64_t size,
                                              std::uint64_t free, std::uint64_t file_size) {
    const std::string bytes = std::to_string(size) + " bytes from byte " + std::to_string(offset);
    std::uint64_t end = 0;
    if (__builtin_add_overflow(offset, size, &end)) fail(Fault::overflow, quoted(name), bytes, "an end below 2^64");
    if (end > file_size) fail(Fault::bounds, quoted(name), bytes, "within the file's " + std::to_string(file_size));
    if (offset != free)
        fail(offset < free ? Fault::overlap : Fault::unused, quoted(name), bytes,
             "a start at byte " + std::to_string(free));
    if (offline::aligned(end) > file_size)
        fail(Fault::bounds, quoted(name), bytes, "zeros after them to a multiple of 64");
    return offline::aligned(end);
}

TAXON_DECL void OfflineTable::compare(const std::string& place, std::uint32_t found, std::uint32_t wanted) {
    if (found != wanted)
        fail(Fault::checksum, place, "checksum " + std::to_string(found), std::to_string(wanted),
             "the file is damaged; fetch it again");
}

TAXON_DECL void OfflineTable::check_zero(const std::string& place, std::span<const std::byte> padding) {
    if (std::any_of(padding.begin(), padding.end(), [](std::byte byte) { return byte != std::byte{}; }))
        fail(Fault::checksum, place, "other bytes after it", "zeros", "the file is damaged; fetch it again");
}

TAXON_DECL std::string OfflineTable::quoted(std::string_view name) { return "section '" + std::string(name) + "'"; }

[[noreturn]] TAXON_DECL void OfflineTable::fail(Fault fault, std::string_view place, std::string_view found,
                                                std::string_view wanted, std::string_view remedy) {
    throw Error(fault, {.place = place, .found = found, .wanted = wanted, .remedy = remedy});
}

}  // namespace taxon::io
