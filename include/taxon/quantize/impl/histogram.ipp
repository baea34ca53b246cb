#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <string>
#include <utility>

namespace taxon::quantize {

TAXON_DECL void Histogram::observe(std::span<const float> numbers) {
    if (numbers.empty()) return;
    const Survey survey = look_at(numbers);
    widen(survey.range);
    count_ += numbers.size(), zeros_ += survey.zeros;
    const float per_width = std::ldexp(1.f, -exponent_);
    std::uint64_t* const bins = bins_.data() - first_;
    for (const float x : numbers) ++bins[bin_of(x, per_width)];
}

/// Sixteen at a time, so that the compiler can vectorize.
TAXON_DECL Histogram::Survey Histogram::look_at(std::span<const float> numbers) {
    constexpr std::size_t lanes = 16;
    constexpr std::uint32_t not_finite = 0x7F800000u;
    std::array<float, lanes> low, high;
    std::array<std::uint32_t, lanes> zeros{}, bad{};
    low.fill(numbers[0]), high.fill(numbers[0]);
    const auto look = [&](float x, std::size_t lane) {
        low[lane] = x < low[lane] ? x : low[lane];
        high[lane] = x > high[lane] ? x : high[lane];
        zeros[lane] += x == 0.f ? 1u : 0u;
        bad[lane] |= (std::bit_cast<std::uint32_t>(x) & not_finite) == not_finite ? 1u : 0u;
    };
    const std::size_t whole = numbers.size() / lanes * lanes;
    for (std::size_t i = 0; i < whole; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane) look(numbers[i + lane], lane);
    for (std::size_t i = whole; i < numbers.size(); ++i) look(numbers[i], 0);

    if (std::any_of(bad.begin(), bad.end(), [](std::uint32_t b) { return b != 0; })) {
        const auto at = std::find_if(numbers.begin(), numbers.end(), [](float x) { return !std::isfinite(x); });
        throw Error(Fault::value, {.place = "number " + std::to_string(at - numbers.begin()),
                                   .found = std::to_string(*at),
                                   .wanted = "a finite number",
                                   .remedy = "check the weights and the input"});
    }
    // -0 + 0 is 0
    Survey survey{{*std::min_element(low.begin(), low.end()) + 0.f, *std::max_element(high.begin(), high.end()) + 0.f},
                  0};
    for (const std::uint32_t some : zeros) survey.zeros += some;
    return survey;
}

TAXON_DECL void Histogram::widen(Range more) {
    const Range before = range_;
    range_ = empty() ? more : Range{std::min(range_.low, more.low), std::max(range_.high, more.high)};
    if (!empty() && range_ == before) return;
    int exponent = exponent_;
    const auto bin = [&](float x) {
        return static_cast<int>(std::clamp(std::ldexp(static_cast<double>(x), -exponent), -1e9, 1e9)) -
               (x < 0.f ? 1 : 0);
    };
    const auto lowest = [&] { return bin(std::min(range_.low, 0.f)); };
    const auto highest = [&] { return bin(std::max(range_.high, 0.f)); };
    while (highest() - lowest() >= most_bins) ++exponent;

    std::vector<std::uint64_t> bins(static_cast<std::size_t>(highest() - lowest() + 1));
    for (std::size_t i = 0; i < bins_.size(); ++i)
        bins[static_cast<std::size_t>(joined(first_ + static_cast<int>(i), exponent - exponent_) - lowest())] +=
            bins_[i];
    first_ = lowest(), exponent_ = exponent, bins_ = std::move(bins);
}

}  // namespace taxon::quantize
