#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/app/console/wording.hpp>
#include <vector>

namespace taxon::app {

/// Files that lie where the pictures do and have no part in a result.
struct Skipped {
    struct Unreadable {
        std::string file, error;
    };
    std::size_t others = 0;  ///< by their names no pictures, or not in the annotations
    std::vector<Unreadable> unreadable{};
    std::string why = "not picture files, or not annotated";  ///< of the others, human-readable

    std::size_t count() const { return others + unreadable.size(); }

    /// Another shard of the same data set has seen the same folder.
    void merge(const Skipped& more) {
        others = std::max(others, more.others);
        unreadable.insert(unreadable.end(), more.unreadable.begin(), more.unreadable.end());
        std::sort(unreadable.begin(), unreadable.end(), [](const auto& a, const auto& b) { return a.file < b.file; });
    }
};

/// Adds "skipped", their number, and "unreadable", a list, if there is one.
inline void add_skipped(Json& json, const Skipped& skipped) {
    json["skipped"] = skipped.count();
    for (const auto& [file, error] : skipped.unreadable)
        json["unreadable"].push_back(json_object({{"file", file}, {"error", error}}));
}

/// Reads what add_skipped wrote, if it did. Throws Fault::type, and Fault::value for more unreadable files than skipped
/// ones.
inline Skipped read_skipped(const Json& json, const std::filesystem::path& path) {
    Skipped skipped;
    if (const auto list = json.find("unreadable"); list != json.end())
        for (const Json& one : *list)
            skipped.unreadable.push_back(
                {json_field<std::string>(one, "file", path), json_field<std::string>(one, "error", path)});
    const auto count = json.contains("skipped") ? json_field<std::size_t>(json, "skipped", path) : 0;
    if (count < skipped.unreadable.size())
        throw Error(Fault::value, {.file = path.string(),
                                   .place = "field \"skipped\"",
                                   .found = std::to_string(count),
                                   .wanted = "at least the number of unreadable files"});
    skipped.others = count - skipped.unreadable.size();
    return skipped;
}

/// Human-readable lines; empty if nothing was skipped.
inline std::string readable(const Skipped& skipped) {
    std::string text;
    if (skipped.others > 0)
        text += plural(static_cast<std::int64_t>(skipped.others), "file") + " skipped: " + skipped.why + "\n";
    if (skipped.unreadable.empty()) return text;
    constexpr std::size_t shown = 10;
    text += plural(static_cast<std::int64_t>(skipped.unreadable.size()), "picture") + " skipped, unreadable:\n";
    for (std::size_t i = 0; i < std::min(shown, skipped.unreadable.size()); ++i)
        text += "  " + printable(skipped.unreadable[i].error) + "\n";
    if (skipped.unreadable.size() > shown)
        text += "  and " + std::to_string(skipped.unreadable.size() - shown) + " more\n";
    return text;
}

}  // namespace taxon::app
