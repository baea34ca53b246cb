#include <taxon/number/range.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "quantize/numbers.hpp"

using namespace taxon::quantize;
using taxon::Fault;

namespace {
constexpr float greatest = std::numeric_limits<float>::max(), infinity = std::numeric_limits<float>::infinity();
}

TEST_CASE("scales of ranges that divide evenly") {
    CHECK(scale_of({0, 255}, u8) == Scale{1, 0});
    CHECK(scale_of({-128, 127}, u8) == Scale{1, 128});
    CHECK(scale_of({-51, 0}, u8) == Scale{0.2f, 255});
    CHECK(scale_of({-4095, 4}, s16) == Scale{1, 0});
    CHECK(scale_of({0, 8190}, s16) == Scale{2, 0});
}

TEST_CASE("a range that lacks zero is widened to it") {
    CHECK(scale_of({3, 51}, u8) == scale_of({0, 51}, u8));
    CHECK(scale_of({-51, -3}, u8) == scale_of({-51, 0}, u8));
}

TEST_CASE("a range of nothing has a usable step") {
    for (const Range range : {Range{0, 0}, Range{0, 1e-45f}, Range{-1e-37f, 1e-37f}})
        for (const Grid grid : {u8, s16}) {
            const Scale scale = scale_of(range, grid);
            CHECK(std::isfinite(1 / scale.step));
            CHECK(real(quantized(0, scale, grid), scale) == 0.f);
        }
    CHECK(scale_of({0, 0}, u8) == Scale{1, 0});
    CHECK(scale_of({0, 0}, s16) == Scale{1, 0});
}

TEST_CASE("zero is exact, numbers in the range come back within half a step, others as the nearest end") {
    const auto ends = numbers::uniform(400, -1, 1, "ends");
    for (const Grid grid : {u8, s16})
        for (std::size_t i = 0; i + 1 < ends.size(); i += 2) {
            const float size = std::ldexp(1.f, static_cast<int>(i) / 2 - 100);
            const Range range{std::min(ends[i], ends[i + 1]) * size, std::max(ends[i], ends[i + 1]) * size};
            const Scale scale = scale_of(range, grid);
            INFO(range.low << " to " << range.high << " on " << grid.least << " to " << grid.most);
            REQUIRE((scale.zero >= grid.least && scale.zero <= grid.most && scale.step > 0));
            REQUIRE(real(quantized(0, scale, grid), scale) == 0.f);
            double worst = 0;
            for (const float x : numbers::uniform(100, range.low, range.high))
                worst = std::max(worst, std::abs(static_cast<double>(x) -
                                                 static_cast<double>(real(quantized(x, scale, grid), scale))));
            // the step and the product with it are rounded to floats
            CHECK(worst <= (0.5 + 4095 * 0x1p-23) * scale.step);
            CHECK(quantized(1e3f * size, scale, grid) == grid.most);
            CHECK(quantized(-1e3f * size, scale, grid) == grid.least);
        }
}

TEST_CASE("the widest range has a scale, and one without ends or order has none") {
    CHECK(std::isfinite(scale_of({-greatest, greatest}, u8).step));
    CHECK(quantized(greatest, scale_of({-greatest, greatest}, u8), u8) == 255);
    for (const Range range : {Range{1, 0}, Range{0, infinity}, Range{-infinity, 0}, Range{std::nanf(""), 1}})
        CHECK(numbers::refusal([&] { scale_of(range, u8); }) == Fault::value);
}
