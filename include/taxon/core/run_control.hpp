#pragma once
#include <cstddef>
#include <functional>
#include <stop_token>

namespace taxon {

/// How a caller follows work that takes long, and ends it.
struct RunControl {
    std::function<void(std::size_t done, std::size_t total)> progress{};  ///< called after each part, in order
    std::stop_token stop{};                                               ///< ends the work before its next part

    /// For the work itself, after each part: whether to go on.
    bool part_done(std::size_t done, std::size_t total) const {
        if (progress) progress(done, total);
        return !stop.stop_requested();
    }
};

}  // namespace taxon
