#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <vector>

namespace taxon::cpu::packing {

/// The products of eight outputs with four inputs, as vpmaddubsw adds them: for each output two sums of two. Inputs are
/// 0 … 255, so neither sum leaves 16 bits if its positive weights sum to at most 128, and the magnitudes of its
/// negative ones, too: 255 · 128 = 32640.
struct ByteGroup {
    static constexpr int most = 128, outputs = 8;
    std::array<std::uint8_t, 32> sums{};  ///< of the positive ones, then of the negative ones
    std::uint8_t greatest = 0;

    /// `weights`: [output][input].
    explicit ByteGroup(const std::int8_t* weights) {
        for (std::size_t i = 0; i < 16; ++i, weights += 2) {
            const auto positive = [](int w) { return std::max(w, 0); };
            sums[i] = static_cast<std::uint8_t>(positive(weights[0]) + positive(weights[1]));
            sums[16 + i] = static_cast<std::uint8_t>(positive(-weights[0]) + positive(-weights[1]));
        }
        greatest = *std::max_element(sums.begin(), sums.end());
    }

    /// True if both may be added in 16 bits.
    bool suits(const ByteGroup& other) const {
        int greatest_sum = 0;
        for (std::size_t i = 0; i < sums.size(); ++i) greatest_sum = std::max(greatest_sum, sums[i] + other.sums[i]);
        return greatest_sum <= most;
    }
};

/// Sorts the groups of eight outputs into pairs of groups whose sums may be added in 16 bits, groups that are exact
/// alone, and others, whose bytes have to be widened first. The heaviest group looks for a partner among the lightest.
/// Where most would have to be widened, all are: that takes 4.5 instructions for 32 products, a pair 2.5, a single
/// group 3, one of the others 6.3. Writes the numbers of pairs and single groups, then all groups. `weights`: those of
/// the first group, `stride` before those of the next.
inline void write_byte_order(const std::int8_t* weights, std::size_t count, std::size_t stride, std::uint16_t* to) {
    constexpr std::size_t most_tries = 24;
    std::vector<ByteGroup> groups;
    for (std::size_t i = 0; i < count; ++i) groups.emplace_back(weights + i * stride);
    std::vector<std::uint16_t> by_weight(count);
    std::iota(by_weight.begin(), by_weight.end(), std::uint16_t{0});
    std::stable_sort(by_weight.begin(), by_weight.end(),
                     [&](std::size_t a, std::size_t b) { return groups[a].greatest < groups[b].greatest; });
    std::vector<std::array<std::uint16_t, 2>> pairs;
    std::vector<std::uint16_t> singles, others;
    std::vector<bool> taken(count);
    std::size_t lightest = 0;
    for (std::size_t i = count; i-- > 0;) {
        const std::uint16_t group = by_weight[i];
        if (taken[group]) continue;
        taken[group] = true;
        if (groups[group].greatest > ByteGroup::most) {
            others.push_back(group);
            continue;
        }
        while (lightest < i && taken[by_weight[lightest]]) ++lightest;
        std::size_t partner = lightest;
        for (std::size_t tries = 0; partner < i && tries < most_tries; ++partner)
            if (!taken[by_weight[partner]]) {
                if (groups[group].suits(groups[by_weight[partner]])) break;
                ++tries;
            }
        if (partner < i && !taken[by_weight[partner]] && groups[group].suits(groups[by_weight[partner]])) {
            taken[by_weight[partner]] = true;
            pairs.push_back({std::min(group, by_weight[partner]), std::max(group, by_weight[partner])});
        } else singles.push_back(group);
    }
    const double sorted = 5. * static_cast<double>(pairs.size()) + 3. * static_cast<double>(singles.size()) +
                          6.3 * static_cast<double>(others.size());
    if (sorted > 4.5 * static_cast<double>(count)) {
        *to++ = 0, *to++ = 0;
        std::iota(to, to + count, std::uint16_t{0});
        return;
    }
    std::sort(pairs.begin(), pairs.end());
    std::sort(singles.begin(), singles.end());
    std::sort(others.begin(), others.end());
    *to++ = static_cast<std::uint16_t>(pairs.size()), *to++ = static_cast<std::uint16_t>(singles.size());
    for (const auto& [first, second] : pairs) *to++ = first, *to++ = second;
    to = std::copy(singles.begin(), singles.end(), to);
    std::copy(others.begin(), others.end(), to);
}

}  // namespace taxon::cpu::packing
