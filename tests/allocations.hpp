#pragma once
#include <cstddef>

#include "own_allocator.hpp"

namespace taxon::test {

/// What this thread has taken from operator new; with a sanitizer's allocator nothing counts, so that of two counts one
/// is compared by <= to a multiple of the other.
struct Allocations {
    long count = 0;  ///< since the program began
    long bytes = 0;  ///< now in use
    long peak = 0;   ///< the most since the last `peak_of` began
    /// the `count` of the one that fails, or 0; -1 once it has failed
    long fail_at = 0;
    long taken = 0;  ///< since the program began, what was given back too
};
extern thread_local Allocations allocations;

/// The most bytes that `act` had in use at once, beside those that were before. Exceptions pass through.
template <class Act>
std::size_t peak_of(Act&& act) {
    const long before = allocations.peak = allocations.bytes;
    act();
    return static_cast<std::size_t>(allocations.peak - before);
}

/// All bytes that `act` takes, given back or not: a count of its work that no clock disturbs.
template <class Act>
std::size_t bytes_allocated_by(Act&& act) {
    const long before = allocations.taken;
    act();
    return static_cast<std::size_t>(allocations.taken - before);
}

}  // namespace taxon::test
