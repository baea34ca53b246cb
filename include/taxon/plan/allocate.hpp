#pragma once
#include <algorithm>

#include <taxon/plan/plan.hpp>

namespace taxon::detail {

constexpr int bytes_of(const Buffer& buffer) {
    return round_up(static_cast<int>(size_of(buffer.view.element)) * buffer.elements(), 64);
}

/// End to end, if every value is kept.
template <class Plan>
constexpr void allocate_end_to_end(Plan& plan) {
    for (int i = 0; i < plan.buffer_count; ++i) {
        plan.buffers[size(i)].at = plan.arena_bytes;
        plan.arena_bytes += bytes_of(plan.buffers[size(i)]);
    }
}

/// Second stage of the planner: allocates the buffers in one arena. Largest first, each at the lowest address free of
/// buffers with an overlapping live range. Buffers are numbered by the start of their live range, so only neighbours
/// have to be checked: constant expressions may take a limited number of steps.
template <class Plan>
constexpr void allocate_by_live_range(Plan& plan) {
    const int count = plan.buffer_count;
    auto& buffers = plan.buffers;
    typename Plan::template OfBuffers<int> order{}, bytes{}, last_live{};
    typename Plan::template OfBuffers<bool> allocated{};
    make_room(size(count), order, bytes, last_live, allocated);
    for (int i = 0; i < count; ++i) {
        const std::size_t n = size(i);
        order[n] = i;
        bytes[n] = bytes_of(buffers[n]);
        last_live[n] = std::max(i > 0 ? last_live[n - 1] : 0, buffers[n].live_to);
    }
    std::sort(order.begin(), order.begin() + count,
              [&](int a, int b) { return bytes[size(a)] != bytes[size(b)] ? bytes[size(a)] > bytes[size(b)] : a < b; });
    for (int k = 0; k < count; ++k) {
        const int i = order[size(k)];
        Buffer& mine = buffers[size(i)];
        const auto lift = [&](int j) {  // above that neighbour, if they overlap
            const Buffer& other = buffers[size(j)];
            const bool apart = !allocated[size(j)] || other.live_to < mine.live_from || mine.live_to < other.live_from;
            if (apart || mine.at >= other.at + bytes[size(j)] || other.at >= mine.at + bytes[size(i)]) return false;
            mine.at = other.at + bytes[size(j)];
            return true;
        };
        for (bool moved = true; moved;) {
            moved = false;
            for (int j = i - 1; j >= 0 && last_live[size(j)] >= mine.live_from; --j) moved |= lift(j);
            for (int j = i + 1; j < count && buffers[size(j)].live_from <= mine.live_to; ++j) moved |= lift(j);
        }
        allocated[size(i)] = true;
        plan.arena_bytes = std::max(plan.arena_bytes, mine.at + bytes[size(i)]);
    }
}

}  // namespace taxon::detail
