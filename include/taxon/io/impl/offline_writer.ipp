#pragma once
#include <concepts>
#include <set>
#include <utility>
#include <taxon/io/atomic_file.hpp>
#include <taxon/io/crc32c.hpp>
#include <taxon/io/offline_layout.hpp>

namespace taxon::io {
namespace offline {

template <std::unsigned_integral Number>
void append(std::string& text, Number number) {
    for (std::size_t i = 0; i < sizeof number; ++i) text += static_cast<char>(number >> (8 * i) & 0xFFu);
}

}  // namespace offline

TAXON_DECL void OfflineWriter::write(const std::filesystem::path& path, std::uint64_t fingerprint,
                                     std::span<const OfflineSection> sections) {
    check_names(path, sections);
    const std::string head = head_of(fingerprint, sections);
    AtomicFile file(path);
    write_padded(file, std::as_bytes(std::span(head)));
    for (const OfflineSection& section : sections) write_padded(file, section.bytes);
    file.commit();
}

TAXON_DECL void OfflineWriter::check_names(const std::filesystem::path& path,
                                           std::span<const OfflineSection> sections) {
    const auto fail = [&](std::string_view name, std::string_view found, std::string_view wanted) {
        const std::string place = name.empty() ? std::string() : "section '" + std::string(name) + "'";
        throw Error(Fault::usage, {.file = path.string(), .place = place, .found = found, .wanted = wanted});
    };
    if (sections.size() > Limits{}.offline_sections)
        fail({}, std::to_string(sections.size()) + " sections", "at most " + std::to_string(Limits{}.offline_sections));
    std::set<std::string_view> names;
    for (const OfflineSection& section : sections) {
        if (!offline::is_name(section.name))
            fail(section.name, "a name of " + std::to_string(section.name.size()) + " bytes",
                 "UTF-8 of 1 to 31 bytes, none zero");
        if (!names.insert(section.name).second) fail(section.name, "two sections of this name", "one");
    }
}

TAXON_DECL std::string OfflineWriter::head_of(std::uint64_t fingerprint, std::span<const OfflineSection> sections) {
    std::string table;
    std::uint64_t free = offline::aligned(offline::header_bytes + sections.size() * offline::entry_bytes);
    for (const OfflineSection& section : sections) {
        table.append(section.name).append(offline::name_bytes - section.name.size(), '\0');
        offline::append(table, free);
        offline::append(table, std::uint64_t{section.bytes.size()});
        offline::append(table, Crc32c::of(section.bytes));
        free += offline::aligned(section.bytes.size());
    }
    std::string head(offline::magic);
    offline::append(head, offline::version);
    offline::append(head, static_cast<std::uint32_t>(sections.size()));
    offline::append(head, free);
    offline::append(head, fingerprint);
    offline::append(head, Crc32c::of(std::as_bytes(std::span(table))));
    offline::append(head, Crc32c::of(std::as_bytes(std::span(head))));
    return head + table;
}

TAXON_DECL void OfflineWriter::write_padded(AtomicFile& file, std::span<const std::byte> bytes) {
    constexpr std::byte zeros[offline::alignment] = {};
    file.write(bytes);
    file.write(std::span(zeros).first(offline::aligned(bytes.size()) - bytes.size()));
}

}  // namespace taxon::io
