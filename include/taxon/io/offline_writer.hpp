#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/io/atomic_file.hpp>
#include <taxon/io/crc32c.hpp>
#include <taxon/io/offline_layout.hpp>
#include <utility>

namespace taxon::io {

/// A section to write. Neither member is copied.
struct OfflineSection {
    std::string_view name;
    std::span<const std::byte> bytes;
};

/// Writes an offline file atomically. Equal arguments give equal bytes.
class OfflineWriter {
  public:
    /// Writes `sections` in this order, for models whose type has this fingerprint. Throws Fault::usage for a name that
    /// is empty, longer than 31 bytes, not UTF-8 or duplicate, Fault::io if the file cannot be written; `path` is then
    /// unchanged.
    static void write(const std::filesystem::path& path, std::uint64_t fingerprint,
                      std::span<const OfflineSection> sections) {
        check_names(path, sections);
        const std::string head = head_of(fingerprint, sections);
        AtomicFile file(path);
        write_padded(file, std::as_bytes(std::span(head)));
        for (const OfflineSection& section : sections) write_padded(file, section.bytes);
        file.commit();
    }

  private:
    static void check_names(const std::filesystem::path& path, std::span<const OfflineSection> sections) {
        const auto fail = [&](std::string_view name, std::string found, std::string wanted) {
            const std::string place = name.empty() ? std::string() : "section '" + std::string(name) + "'";
            throw Error(
                Fault::usage,
                {.file = path.string(), .place = place, .found = std::move(found), .wanted = std::move(wanted)});
        };
        if (sections.size() > offline::most_sections)
            fail({}, std::to_string(sections.size()) + " sections",
                 "at most " + std::to_string(offline::most_sections));
        std::set<std::string_view> names;
        for (const OfflineSection& section : sections) {
            if (!offline::is_name(section.name))
                fail(section.name, "a name of " + std::to_string(section.name.size()) + " bytes",
                     "UTF-8 of 1 to 31 bytes, none zero");
            if (!names.insert(section.name).second) fail(section.name, "two sections of this name", "one");
        }
    }

    /// Header and table.
    static std::string head_of(std::uint64_t fingerprint, std::span<const OfflineSection> sections) {
        std::string table;
        std::uint64_t free = offline::aligned(offline::header_bytes + sections.size() * offline::entry_bytes);
        for (const OfflineSection& section : sections) {
            table.append(section.name).append(offline::name_bytes - section.name.size(), '\0');
            append(table, free);
            append(table, std::uint64_t{section.bytes.size()});
            append(table, Crc32c::of(section.bytes));
            free += offline::aligned(section.bytes.size());
        }
        std::string head(offline::magic);
        append(head, offline::version);
        append(head, static_cast<std::uint32_t>(sections.size()));
        append(head, free);
        append(head, fingerprint);
        append(head, Crc32c::of(std::as_bytes(std::span(table))));
        append(head, Crc32c::of(std::as_bytes(std::span(head))));
        return head + table;
    }

    template <std::unsigned_integral Number>
    static void append(std::string& text, Number number) {
        for (std::size_t i = 0; i < sizeof number; ++i) text += static_cast<char>(number >> (8 * i) & 0xFFu);
    }

    static void write_padded(AtomicFile& file, std::span<const std::byte> bytes) {
        constexpr std::byte zeros[offline::alignment] = {};
        file.write(bytes);
        file.write(std::span(zeros).first(offline::aligned(bytes.size()) - bytes.size()));
    }
};

}  // namespace taxon::io
