#include <taxon/number/weight_rows.hpp>

#include <cmath>
#include <cstdlib>
#include <limits>

#include "catch.hpp"
#include "quantize/numbers.hpp"

using namespace taxon::quantize;
using taxon::Fault;

namespace {

/// Invariants of every row: its bounds, its sum, and weights that come back within half a step.
template <class Integer, class Real>
Row<Integer> check(const std::vector<Real>& weights) {
    const auto row = quantize_row<Integer>(std::span<const Real>(weights));
    REQUIRE(row.weights.size() == weights.size());
    REQUIRE((row.step > 0 && std::isfinite(1 / row.step)));
    long sum = 0, magnitude = 0;
    bool within = true;
    double worst = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const int q = row.weights[i];
        sum += q, magnitude += std::abs(q), within = within && std::abs(q) <= most_weight<Integer>;
        worst = std::max(worst, std::abs(static_cast<double>(weights[i]) / row.step - q));
    }
    CHECK(row.sum == sum);
    CHECK(magnitude * most_value<Integer> < 1L << 31);
    CHECK(within);
    CHECK(worst <= 0.5 + 1e-6);
    return row;
}

template <class Integer>
std::vector<int> integers(const std::vector<float>& weights) {
    const auto row = check<Integer>(weights);
    return {row.weights.begin(), row.weights.end()};
}

}  // namespace

TEMPLATE_TEST_CASE("rows of all lengths and sizes come back within half a step", "", std::int8_t, std::int16_t) {
    for (const std::size_t length : {0u, 1u, 2u, 27u, 576u, 4608u, 25088u, 200'000u})
        for (const float size : {1e-30f, 1e-3f, 1.f, 1e30f}) {
            auto weights = numbers::laplace(length);
            for (float& w : weights) w *= size;
            INFO(length << " weights of about " << size);
            const auto row = check<TestType>(weights);
            CHECK(row.weights == check<TestType>(std::vector<double>(weights.begin(), weights.end())).weights);
        }
}

TEST_CASE("bytes use their whole width, to the nearest integer") {
    CHECK(integers<std::int8_t>({127, -127, 1.4f, -1.6f, 0}) == std::vector{127, -127, 1, -2, 0});
    CHECK(integers<std::int8_t>({-0.5f, 0.25f}) == std::vector{-127, 64});  // 63.5: halves go to the even number
    CHECK(check<std::int8_t>(std::vector<float>{-0.254f, 0.1f}).step == Approx(0.002).epsilon(1e-6));
}

TEST_CASE("short rows of 16 bits use their whole width, long ones their whole sum") {
    CHECK(integers<std::int16_t>({1, -1, 0.5f}) == std::vector{32767, -32767, 16384});
    for (const std::size_t length : {100u, 1000u, 5000u}) {
        const auto row = check<std::int16_t>(std::vector<float>(length, 0.7f));
        const long magnitude = static_cast<long>(length) * row.weights[0];
        CHECK(row.weights[0] > 0);
        // one less or two: they were rounded, then kept below
        CHECK(magnitude > most_magnitude<std::int16_t> - 2 * static_cast<long>(length));
    }
    const auto row = check<std::int16_t>(numbers::laplace(2000));
    // Laplace's mean magnitude is 1
    CHECK(std::abs(static_cast<double>(row.step) * most_magnitude<std::int16_t> / 2000 - 1) < 0.1);
}

TEST_CASE("weights of seven bits use their whole width and no more") {
    const auto weights = numbers::laplace(500);
    const auto row = quantize_row<std::int8_t>(std::span<const float>(weights), most_of_seven_bits);
    int most = 0;
    for (const int q : row.weights) most = std::max(most, std::abs(q));
    CHECK(most == 63);
}

TEMPLATE_TEST_CASE("sums are exact in 32 bits with the worst values", "", std::int8_t, std::int16_t) {
    const auto weights = numbers::laplace(3000);
    const auto row = check<TestType>(weights);
    std::int64_t greatest = 0, least = 0;
    for (const int q : row.weights) (q > 0 ? greatest : least) += static_cast<std::int64_t>(q) * most_value<TestType>;
    CHECK(greatest - least <= std::numeric_limits<std::int32_t>::max());
}

TEMPLATE_TEST_CASE("rows of nothing are zeros with a usable step", "", std::int8_t, std::int16_t) {
    for (const auto& weights : {std::vector(9, 0.0), std::vector(9, 1e-45), std::vector<double>{}}) {
        const auto row = quantize_row<TestType>(std::span<const double>(weights));
        CHECK(row.step == 1.f);
        CHECK(row.sum == 0);
        CHECK(row.weights == std::vector<TestType>(weights.size()));
    }
}

TEMPLATE_TEST_CASE("weights that no step suits are refused", "", std::int8_t, std::int16_t) {
    for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity(), -1e300}) {
        const std::vector<double> weights{1, bad};
        CHECK(numbers::refusal([&] { quantize_row<TestType>(std::span<const double>(weights)); }) == Fault::value);
    }
    const std::vector<float> many(static_cast<std::size_t>(most_magnitude<TestType>) + 1);
    CHECK(numbers::refusal([&] { quantize_row<TestType>(std::span<const float>(many)); }) == Fault::limit);
    check<TestType>(std::vector<float>(10, std::numeric_limits<float>::max()));
}
