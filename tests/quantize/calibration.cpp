#include <taxon/quantize/calibration.hpp>

#include <taxon/backend/reference/reference.hpp>

#include "catch.hpp"
#include "networks.hpp"
#include "quantize/numbers.hpp"

using namespace taxon::quantize;
using taxon::Fault;

TEST_CASE("a calibration gives every value that it saw its range") {
    Calibration calibration;
    calibration.observe(3, numbers::uniform(100, -1, 1));
    calibration.observe(7, std::vector{5.f, 2.f});
    calibration.observe(7, std::vector{6.f});
    calibration.observe(9, {});
    const auto ranges = calibration.ranges(Method::linear, u8);
    REQUIRE(ranges.size() == 2);
    CHECK(ranges.at(7) == Range{2, 6});
    for (const Method method : {Method::percentile, Method::mean_square_error, Method::entropy})
        CHECK(calibration.ranges(method, u8, 99).at(3) == choose_range(calibration.histograms().at(3), method, u8, 99));
}

TEST_CASE("a network that is walked shows a calibration all its values") {
    constexpr taxon::GraphView graph = taxon::graph_of<networks::Gates>;
    const taxon::Shape in = graph.node(0).out;
    Calibration calibration;
    std::map<int, Range> expected;
    taxon::reference::Interpreter(graph, taxon::io::SyntheticWeights("calibration"))
        .walk(taxon::io::synthetic_input("calibration", "input", static_cast<std::size_t>(in.size())), in.width,
              [&](const taxon::LayerView& layer) {
                  calibration.observe(layer.value, layer.numbers);
                  const auto [low, high] = std::minmax_element(layer.numbers.begin(), layer.numbers.end());
                  expected[layer.value] = {*low, *high};
              });
    CHECK(expected.size() == graph.nodes.size() - 1);
    CHECK(calibration.ranges(Method::linear, u8) == expected);
}

TEST_CASE("the number of shards and the order in which they are merged do not matter") {
    constexpr std::size_t samples = 20;
    const auto observe = [](Calibration& calibration, std::size_t sample) {
        for (const int value : {1, 2, 5}) {
            auto numbers = numbers::laplace(500, std::to_string(sample));
            for (float& x : numbers) x *= static_cast<float>(value) * static_cast<float>(sample + 1);
            calibration.observe(value, value == 5 ? numbers::rectified(numbers) : numbers);
        }
    };
    Calibration whole;
    for (std::size_t i = 0; i < samples; ++i) observe(whole, i);
    for (const std::size_t count : {2u, 3u, 7u, 20u}) {
        std::vector<Calibration> shards(count);
        for (std::size_t i = 0; i < samples; ++i) observe(shards[i % count], i);
        Calibration forwards, backwards;
        for (std::size_t i = 0; i < count; ++i) forwards.merge(shards[i]), backwards.merge(shards[count - 1 - i]);
        CHECK(forwards == whole);
        CHECK(backwards == whole);
        for (const Method method : {Method::linear, Method::percentile, Method::mean_square_error, Method::entropy})
            CHECK(forwards.ranges(method, u8) == whole.ranges(method, u8));
    }
}

TEST_CASE("a calibration of nothing is refused, and so are values that are none") {
    Calibration calibration;
    CHECK(numbers::refusal([&] { calibration.ranges(Method::linear, u8); }) == Fault::missing);
    CHECK(numbers::refusal([&] { calibration.observe(-1, std::vector{1.f}); }) == Fault::usage);
    try {
        calibration.observe(4, std::vector{1.f, std::nanf("")});
        FAIL("a NaN was counted");
    } catch (const taxon::Error& error) {
        CHECK(error.fault() == Fault::value);
        CHECK(error.facts().place == "value 4, number 1");
    }
    CHECK(calibration.empty());
}

TEST_CASE("a calibration gives every channel its range, which contains 0, in any order of merging") {
    Calibration first, second;
    first.observe(3, std::vector{1.f, 2.f, -3.f, 4.f, 5.f, 6.f}, taxon::Shape{3, 1, 2});
    second.observe(3, std::vector{-1.f, 0.f, 7.f, 1.f, 9.f, 0.f}, taxon::Shape{3, 1, 2});
    second.observe(4, std::vector{1.f, -2.f, 3.f, -4.f}, taxon::Shape::tokens(2, 8));
    second.observe(5, std::vector{1.f});
    CHECK(first.channels().at(3) == std::vector<Range>{{0, 2}, {-3, 4}, {0, 6}});
    Calibration merged = first, backwards = second;
    merged.merge(second), backwards.merge(first);
    CHECK(merged.channels().at(3) == std::vector<Range>{{-1, 2}, {-3, 7}, {0, 9}});
    CHECK(merged.channels().at(4) == std::vector<Range>{{0, 3}, {-4, 0}});
    CHECK_FALSE(merged.channels().contains(5));
    CHECK(merged == backwards);
}
