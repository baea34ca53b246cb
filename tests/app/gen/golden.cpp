#include <taxon/app/gen/golden.hpp>

#include <limits>

#include "catch.hpp"

#include <array>
#include <taxon/policy/precision.hpp>

using namespace taxon;
using namespace taxon::app;

TEST_CASE("a replayed answer is compared bit by bit, then by the stored answer's standard deviation") {
    const std::array<float, 4> stored{1, 3, 1, 3};  // its deviation is 1
    CHECK(Replay::of(stored, stored).identical);
    const auto off = Replay::of(std::array<float, 4>{1, 3, 1.25f, 3.5f}, stored);
    CHECK_FALSE(off.identical);
    CHECK(off.difference == .5);
    CHECK(off.within(.5));
    CHECK_FALSE(off.within(.49));
    const auto signs = Replay::of(std::array<float, 2>{0.f, 2.f}, std::array<float, 2>{-0.f, 2.f});
    CHECK_FALSE(signs.identical);
    CHECK(signs.difference == 0);
}

TEST_CASE("answers that are no numbers, and other ones than a constant, are never within a tolerance") {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    CHECK_FALSE(Replay::of(std::array<float, 3>{1, nan, 5}, std::array<float, 3>{1, 2, 3}).within(1e9));
    CHECK_FALSE(Replay::of(std::array<float, 2>{7, 7.001f}, std::array<float, 2>{7, 7}).within(1e9));
}

TEST_CASE("tolerances grow as numbers get narrower") {
    CHECK(golden_tolerance(precision::Float32::data_types) == 1e-4);
    CHECK(golden_tolerance(precision::Float16::data_types) == 2e-2);
    CHECK(golden_tolerance(precision::BFloat16::data_types) == .12);
    CHECK(golden_tolerance(precision::QInt16MixedFloat32::data_types) <
          golden_tolerance(precision::QInt8MixedFloat32::data_types));
    CHECK(golden_tolerance(precision::QInt8MixedFloat16::data_types) ==
          golden_tolerance(precision::QInt8MixedFloat32::data_types));
}

TEST_CASE("R6: the one number of a regression is compared by its size") {
    CHECK(Replay::of(std::array<float, 1>{2.0001f}, std::array<float, 1>{2}).within(1e-4));
    CHECK_FALSE(Replay::of(std::array<float, 1>{2.001f}, std::array<float, 1>{2}).within(1e-4));
    CHECK_FALSE(Replay::of(std::array<float, 1>{1e-9f}, std::array<float, 1>{0}).within(1e-4));
}
