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

/// Third stage of the planner: allocates the buffers in one arena. Largest first, each at the lowest address free of
/// buffers with an overlapping live range. Buffers are numbered by the start of their live range, so only neighbours
/// have to be checked, and the few that live long: constant expressions may take a limited number of steps.
template <class Plan>
constexpr void allocate_by_live_range(Plan& plan) {
    const int count = plan.buffer_count;
    constexpr int long_life = 16;  // steps
    typename Plan::template OfBuffers<int> orders{}, sizes{}, last_lives{}, long_lives{}, neighbours{};
    typename Plan::template OfBuffers<bool> are_allocated{};
    make_room(size(count), orders, sizes, last_lives, long_lives, neighbours, are_allocated);
    // pointers take fewer steps than arrays
    Buffer* const buffers = plan.buffers.data();
    int *const order = orders.data(), *const bytes = sizes.data(), *const last_live = last_lives.data(),
               *const long_lived = long_lives.data(), *const near = neighbours.data();
    int long_lived_count = 0, filled = 0;
    for (int i = 0; i < count; ++i) {
        const bool is_long = buffers[i].live_to - buffers[i].live_from > long_life;
        bytes[i] = bytes_of(buffers[i]);
        last_live[i] = std::max(i > 0 ? last_live[i - 1] : 0, is_long ? 0 : buffers[i].live_to);
        if (is_long) long_lived[long_lived_count++] = i;
        if (bytes[i] > 0) order[filled++] = i;
    }
    std::sort(order, order + filled, [&](int a, int b) { return bytes[a] != bytes[b] ? bytes[a] > bytes[b] : a < b; });
    for (int k = 0; k < filled; ++k) {
        const int i = order[k];
        Buffer& mine = buffers[i];
        int near_count = 0;  // those that live at the same time
        const auto add = [&](int j) {
            if (buffers[j].live_to >= mine.live_from && are_allocated[size(j)]) near[near_count++] = j;
        };
        for (int l = 0; l < long_lived_count && buffers[long_lived[l]].live_from <= mine.live_to; ++l)
            if (long_lived[l] < i) add(long_lived[l]);
        for (int j = i - 1; j >= 0 && last_live[j] >= mine.live_from; --j)
            if (buffers[j].live_to - buffers[j].live_from <= long_life) add(j);
        for (int j = i + 1; j < count && buffers[j].live_from <= mine.live_to; ++j) add(j);
        for (bool moved = true; moved;) {
            moved = false;
            for (int n = 0; n < near_count; ++n) {
                const int j = near[n], at = buffers[j].at;
                if (mine.at >= at + bytes[j] || at >= mine.at + bytes[i]) continue;
                mine.at = at + bytes[j];  // above it
                moved = true;
            }
        }
        are_allocated[size(i)] = true;
        plan.arena_bytes = std::max(plan.arena_bytes, mine.at + bytes[i]);
    }
}

}  // namespace taxon::detail
