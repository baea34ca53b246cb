#include <taxon/io/float_conversion.hpp>

#include <limits>

#include "catch.hpp"
#include "io/checkpoint_writer.hpp"

using namespace taxon;
using namespace taxon::test;

namespace {

std::vector<float> floats_of(Element element, const std::string& bytes) {
    std::vector<float> floats(bytes.size() / size_of(element));
    io::to_floats(element, as_span(bytes), floats);
    return floats;
}

}  // namespace

TEST_CASE("to_floats converts every type of element") {
    using Floats = std::vector<float>;
    CHECK(floats_of(Element::float32, bytes_of<float>({1.5f, -0.25f})) == Floats{1.5f, -0.25f});
    CHECK(floats_of(Element::float64, bytes_of<double>({0.1, -1e300, 1e-300})) ==
          Floats{0.1f, -std::numeric_limits<float>::infinity(), 0.0f});
    CHECK(floats_of(Element::float16, bytes_of<std::uint16_t>({0x3C00, 0x8001, 0x7BFF})) ==
          Floats{1.0f, -0x1p-24f, 65504.0f});
    CHECK(floats_of(Element::bfloat16, bytes_of<std::uint16_t>({0x3F80, 0xC000})) == Floats{1.0f, -2.0f});
    CHECK(floats_of(Element::uint8, bytes_of<std::uint8_t>({0, 255})) == Floats{0, 255});
    CHECK(floats_of(Element::int8, bytes_of<std::int8_t>({-128, 127})) == Floats{-128, 127});
    CHECK(floats_of(Element::int16, bytes_of<std::int16_t>({-32768, 32767})) == Floats{-32768, 32767});
    CHECK(floats_of(Element::int32, bytes_of<std::int32_t>({-16777217, 7})) == Floats{-16777216, 7});
    CHECK(floats_of(Element::int64, bytes_of<std::int64_t>({std::int64_t{1} << 40, -3})) == Floats{0x1p40f, -3});
    CHECK(floats_of(Element::boolean, bytes_of<std::uint8_t>({0, 1, 2, 255})) == Floats{0, 1, 1, 1});
}

TEST_CASE("to_floats reads at any alignment") {
    const std::string bytes = "x" + bytes_of<float>({1, 2, 3});
    float floats[3];
    io::to_floats(Element::float32, as_span(bytes).subspan(1), floats);
    CHECK(floats[2] == 3);
}
