#include <taxon/quantize/histogram.hpp>

#include <cmath>
#include <limits>

#include "catch.hpp"
#include "quantize/numbers.hpp"

using namespace taxon::quantize;
using taxon::Fault;

namespace {

/// Counts every bin anew, and looks at how many there are.
void check(const Histogram& histogram, std::span<const float> numbers) {
    REQUIRE(histogram.count() == numbers.size());
    const int bins = histogram.last() - histogram.first() + 1;
    CHECK(bins <= Histogram::most_bins);
    std::vector<std::uint64_t> expected(static_cast<std::size_t>(bins));
    std::uint64_t zeros = 0;
    for (const float x : numbers) {
        const double place = static_cast<double>(x) / histogram.width();
        const int bin = x < 0 ? static_cast<int>(std::ceil(place)) - 1 : static_cast<int>(std::floor(place));
        REQUIRE((bin >= histogram.first() && bin <= histogram.last()));
        ++expected[static_cast<std::size_t>(bin - histogram.first())];
        zeros += x == 0 ? 1 : 0;
    }
    CHECK(histogram.zeros() == zeros);
    bool equal = true;
    for (int bin = histogram.first(); bin <= histogram.last(); ++bin)
        equal = equal && histogram.at(bin) == expected[static_cast<std::size_t>(bin - histogram.first())];
    CHECK(equal);
    CHECK(histogram.range() ==
          Range{*std::min_element(numbers.begin(), numbers.end()), *std::max_element(numbers.begin(), numbers.end())});
}

}  // namespace

TEST_CASE("a histogram counts every number in its bin, and knows the ends exactly") {
    for (const auto& sample :
         {numbers::uniform(5000, -3, 1), numbers::laplace(5001), numbers::rectified(numbers::laplace(5002)),
          numbers::uniform(17, 7, 8), numbers::uniform(100, -1e-38f, 1e-38f), numbers::uniform(100, -1e38f, 1e38f),
          std::vector<float>{-0.0f, 0.0f, 1e-45f, -1e-45f}})
        check(numbers::histogram_of(sample), sample);
}

TEST_CASE("at least half of the bins are used") {
    for (const auto& sample : {numbers::uniform(500, -3, 1), numbers::rectified(numbers::laplace(500)),
                               numbers::with({}, {5}), numbers::with({}, {-0.1f, -0.1f})}) {
        const Histogram histogram = numbers::histogram_of(sample);
        CHECK(histogram.last() - histogram.first() + 1 >= Histogram::most_bins / 2);
    }
}

TEST_CASE("numbers are what a histogram depends on, not their order, their chunks or the way they came") {
    const auto sample =
        numbers::with(numbers::laplace(3000), {40, -100, 0, 0, 1e-30f, -512, 512, 1e-36f, -3e-38f, 2e-38f});
    const Histogram whole = numbers::histogram_of(sample);

    std::vector<float> turned(sample.rbegin(), sample.rend());
    CHECK(numbers::histogram_of(turned) == whole);

    for (const std::size_t chunk : {1u, 7u, 1000u}) {
        Histogram histogram, merged;
        for (std::size_t i = 0; i < sample.size(); i += chunk) {
            const std::span<const float> part = std::span(sample).subspan(i, std::min(chunk, sample.size() - i));
            histogram.observe(part), merged.merge(numbers::histogram_of(part));
        }
        CHECK(histogram == whole);
        CHECK(merged == whole);
    }
    const Histogram first = numbers::histogram_of(std::span(sample).first(1234)),
                    second = numbers::histogram_of(std::span(sample).subspan(1234));
    Histogram forwards = first, backwards = second;
    forwards.merge(second), backwards.merge(first);
    CHECK(forwards == whole);
    CHECK(backwards == whole);
}

TEST_CASE("a width may double more often than an int has bits") {
    for (int exponent = -95; exponent < 100; ++exponent) {  // from bins of 2^-126
        const std::vector<float> tiny{1e-36f, -1e-36f}, great{std::ldexp(1.f, exponent)},
            both{1e-36f, -1e-36f, std::ldexp(1.f, exponent)};
        Histogram merged = numbers::histogram_of(great), grown = numbers::histogram_of(tiny);
        merged.merge(numbers::histogram_of(tiny)), grown.observe(great);
        CHECK(merged == grown);
        check(grown, both);
    }
}

TEST_CASE("a number that is not finite is refused, and nothing is counted") {
    Histogram histogram = numbers::histogram_of(numbers::laplace(100));
    const Histogram before = histogram;
    for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                            -std::numeric_limits<float>::infinity()})
        for (const std::size_t at : {0u, 50u, 64u, 69u}) {
            auto sample = numbers::laplace(70);
            sample[at] = bad;
            CHECK(numbers::refusal([&] { histogram.observe(sample); }) == Fault::value);
        }
    CHECK(histogram == before);
}

TEST_CASE("a histogram of nothing has no range, and observing nothing or merging it changes nothing") {
    Histogram histogram;
    histogram.observe({}), histogram.merge(Histogram());
    CHECK(histogram.empty());
    CHECK(numbers::refusal([&] { histogram.range(); }) == Fault::missing);
    histogram = numbers::histogram_of(numbers::laplace(10));
    const Histogram before = histogram;
    histogram.observe({}), histogram.merge(Histogram());
    CHECK(histogram == before);
}

TEST_CASE("the greatest floats have bins") {
    constexpr float greatest = std::numeric_limits<float>::max();
    const std::vector<float> sample{-greatest, greatest, 1};
    check(numbers::histogram_of(sample), sample);
}
