#pragma once
#include <algorithm>
#include <string>
#include <taxon/app/profile/profile.hpp>
#include <vector>

namespace taxon::app {

/// The rows of one kind together.
struct ProfileKind {
    std::string kind;
    std::size_t rows = 0;
    double seconds = 0, flops = 0, moved_bytes = 0;
};

/// By time, the most first.
inline std::vector<ProfileKind> kinds_of(const Profile& profile) {
    std::vector<ProfileKind> kinds;
    for (const ProfileRow& row : profile.rows) {
        auto same = std::find_if(kinds.begin(), kinds.end(), [&](const auto& one) { return one.kind == row.kind; });
        if (same == kinds.end()) same = kinds.insert(kinds.end(), {row.kind});
        ++same->rows;
        same->seconds += row.seconds, same->flops += row.flops, same->moved_bytes += row.moved_bytes;
    }
    std::stable_sort(kinds.begin(), kinds.end(), [](const auto& a, const auto& b) { return a.seconds > b.seconds; });
    return kinds;
}

}  // namespace taxon::app
