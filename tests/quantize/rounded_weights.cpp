#include <taxon/quantize/rounded_weights.hpp>

#include <taxon/io/synthetic_weights.hpp>

#include "catch.hpp"

using namespace taxon;
using quantize::RoundedWeights;

namespace {

std::vector<float> read(const WeightSource& source, std::string_view name, const Dimensions& shape) {
    std::size_t count = 1;
    for (const auto n : shape) count *= static_cast<std::size_t>(n);
    std::vector<float> numbers(count);
    source.read(name, shape, numbers);
    return numbers;
}

}  // namespace

TEST_CASE("rounded weights are what the integers of each row stand for, and others are as they were") {
    const io::SyntheticWeights weights("rounded");
    const Dimensions shape{6, 10, 3, 3};
    const auto exact = read(weights, "a.weight", shape);
    for (const Element as : {Element::int8, Element::int16}) {
        const RoundedWeights rounded(weights, {{"a.weight", {}}}, as);
        const auto found = read(rounded, "a.weight", shape);
        CHECK(found != exact);
        for (std::size_t n = 0; n < 6; ++n) {
            const auto row = std::span(exact).subspan(n * 90, 90);
            const double step = as == Element::int8
                                    ? static_cast<double>(quantize::quantize_row<std::int8_t>(row).step)
                                    : static_cast<double>(quantize::quantize_row<std::int16_t>(row).step);
            double worst = 0;
            for (std::size_t i = 0; i < 90; ++i)
                worst = std::max(worst, std::abs(static_cast<double>(found[n * 90 + i]) - static_cast<double>(row[i])));
            CHECK(worst <= .5001 * step);
            CHECK(worst > .4 * step);
        }
        CHECK(read(rounded, "b.weight", shape) == read(weights, "b.weight", shape));
        CHECK(rounded.origin() == weights.origin());
        CHECK(rounded.shape_of("a.weight", shape) == shape);
    }
    const auto seven_bits = read(RoundedWeights(weights, {{"a.weight", {}}}, Element::int8, true), "a.weight", shape);
    const auto first = std::span(exact).first(90);
    const auto row = quantize::quantize_row<std::int8_t>(first, quantize::most_of_seven_bits);
    for (std::size_t i = 0; i < 90; ++i) CHECK(seven_bits[i] == row.step * static_cast<float>(row.weights[i]));
}

TEST_CASE("weights are rounded as multiples of the factors of their inputs") {
    const io::SyntheticWeights weights("factors");
    const Dimensions shape{4, 3, 2, 2};
    const std::vector<float> factors{.25f, 1, 8};
    const auto exact = read(weights, "a.weight", shape);
    const auto found = read(RoundedWeights(weights, {{"a.weight", factors}}, Element::int8), "a.weight", shape);
    for (std::size_t n = 0; n < 4; ++n) {
        std::vector<float> row(exact.begin() + static_cast<std::ptrdiff_t>(n) * 12,
                               exact.begin() + static_cast<std::ptrdiff_t>(n + 1) * 12);
        for (std::size_t i = 0; i < 12; ++i) row[i] *= factors[i / 4];
        const auto integers = quantize::quantize_row<std::int8_t>(std::span<const float>(row));
        for (std::size_t i = 0; i < 12; ++i)
            CHECK(found[n * 12 + i] == integers.step * static_cast<float>(integers.weights[i]) / factors[i / 4]);
    }
}
