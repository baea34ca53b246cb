#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include <taxon/core/error.hpp>

namespace taxon::eval {

/// Shard `index` of `count`, numbered from 0: every count-th entry of a data set from the index-th on. All shards
/// together are the whole data set, each entry once. Throws Fault::usage unless 0 <= index < count.
template <class Entry>
std::vector<Entry> shard(const std::vector<Entry>& entries, int index, int count) {
    if (index < 0 || index >= count)
        throw Error(Fault::usage, {.place = "shard",
                                   .found = std::to_string(index) + "/" + std::to_string(count),
                                   .wanted = "I/N with 0 <= I < N"});
    std::vector<Entry> part;
    for (auto i = static_cast<std::size_t>(index); i < entries.size(); i += static_cast<std::size_t>(count))
        part.push_back(entries[i]);
    return part;
}

/// The first `count` entries (all, if there are fewer). Throws Fault::usage if count is below 1.
template <class Entry>
std::vector<Entry> limit(const std::vector<Entry>& entries, int count) {
    if (count < 1)
        throw Error(Fault::usage, {.place = "limit", .found = std::to_string(count), .wanted = "at least 1"});
    return {entries.begin(),
            entries.begin() + static_cast<std::ptrdiff_t>(std::min(entries.size(), static_cast<std::size_t>(count)))};
}

}  // namespace taxon::eval
