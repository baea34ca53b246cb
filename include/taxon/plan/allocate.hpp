#pragma once
#include <algorithm>
#include <cstdint>
#include <limits>

#include <taxon/plan/plan.hpp>

namespace taxon::detail {

/// The bytes of a buffer, or of an arena, beyond 2 GiB: places are ints.
inline constexpr int too_large = -1;

constexpr int bytes_of(const Buffer& buffer) {
    const View& view = buffer.view;
    constexpr std::int64_t most = std::numeric_limits<int>::max() - 4096;
    const std::int64_t rows = view.shape.height + 2 * std::int64_t{view.halo.y},
                       columns = view.shape.width + 2 * std::int64_t{view.halo.x};
    if (rows * columns * view.pitch > most / static_cast<int>(size_of(view.element))) return too_large;
    return round_up(static_cast<int>(size_of(view.element)) * buffer.elements(), 64);
}

/// True if `at` plus `bytes` is a place too.
constexpr bool has_room(int at, int bytes) { return bytes >= 0 && at <= std::numeric_limits<int>::max() - bytes; }

/// End to end, if every value is kept.
template <class Plan>
constexpr void allocate_end_to_end(Plan& plan) {
    for (int i = 0; i < plan.buffer_count; ++i) {
        const int bytes = bytes_of(plan.buffers[size(i)]);
        plan.buffers[size(i)].at = plan.arena_bytes;
        if (!has_room(plan.arena_bytes, bytes)) return void(plan.arena_bytes = too_large);
        plan.arena_bytes += bytes;
    }
}

/// Third stage of the planner: allocates the buffers in one arena. Largest first, each at the lowest address free of
/// buffers with an overlapping live range; without room `arena_bytes` is `too_large`. Buffers are numbered by the start
/// of their live range, so only neighbours and the few that live long have to be checked: constant expressions may take
/// a limited number of steps.
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
        if (bytes[i] == too_large) return void(plan.arena_bytes = too_large);
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
                if (!has_room(mine.at, bytes[i])) return void(plan.arena_bytes = too_large);
            }
        }
        are_allocated[size(i)] = true;
        plan.arena_bytes = std::max(plan.arena_bytes, mine.at + bytes[i]);
    }
}

}  // namespace taxon::detail
