#pragma once
#include <string>
#include <utility>

namespace taxon::io {

TAXON_DECL OfflineFile OfflineFile::open(const std::filesystem::path& path, const Limits& limits) {
    return OfflineFile(MappedFile(path), limits);
}

TAXON_DECL bool OfflineFile::contains(std::string_view name) const { return by_name_.count(name) != 0; }

TAXON_DECL std::vector<std::string_view> OfflineFile::names() const {
    std::vector<std::string_view> names;
    for (const OfflineTable::Section& section : table_.sections) names.push_back(section.name);
    return names;
}

TAXON_DECL std::span<const std::byte> OfflineFile::section(std::string_view name) const {
    const std::size_t number = number_of(name);
    const OfflineTable::Section& section = table_.sections[number];
    std::atomic<bool>& verified = verified_[number];
    if (!verified.load(std::memory_order_acquire)) {
        in_file([&] { section.verify(); });
        verified.store(true, std::memory_order_release);
    }
    return section.bytes;
}

TAXON_DECL std::span<const std::byte> OfflineFile::located(std::string_view name) const {
    return table_.sections[number_of(name)].bytes;
}

TAXON_DECL void OfflineFile::check() const {
    in_file([&] {
        for (const OfflineTable::Section& section : OfflineTable::read(file_.bytes(), limits_).sections)
            section.verify();
    });
}

TAXON_DECL OfflineFile::OfflineFile(MappedFile file, const Limits& limits) : file_(std::move(file)), limits_(limits) {
    in_file([&] { table_ = OfflineTable::read(file_.bytes(), limits_); });
    for (std::size_t i = 0; i < table_.sections.size(); ++i) by_name_.emplace(table_.sections[i].name, i);
    verified_ = std::make_unique<std::atomic<bool>[]>(table_.sections.size());
}

TAXON_DECL std::size_t OfflineFile::number_of(std::string_view name) const {
    const auto found = by_name_.find(name);
    if (found == by_name_.end())
        throw Error(Fault::missing, {.file = path().string(),
                                     .place = "table",
                                     .found = "no section '" + std::string(name) + "'",
                                     .remedy = "write the file again with this version of the library"});
    return found->second;
}

}  // namespace taxon::io
