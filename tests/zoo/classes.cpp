// The examples' variants as CMake's TAXON_CLASSES compiles them.
#define TAXON_CLASSES 7
#include "../../examples/bert/variants.hpp"
#include "../../examples/googlenet/variants.hpp"
#include "../../examples/mobilenet_v3/variants.hpp"
#include "../../examples/resnet/variants.hpp"
#include "../../examples/yolov3/variants.hpp"
#include "../../examples/yolov5/variants.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <taxon/graph/graph.hpp>
#include <vector>

#include "catch.hpp"

namespace {

template <class Variant>
int outputs() {
    return taxon::graph_of<typename Variant::Architecture>.output_shape().channels;
}

/// The middle pixel of a variant's input for a picture of one colour.
template <class Variant>
std::array<float, 3> input_of(const std::array<std::uint8_t, 3>& colour) {
    constexpr int side = Variant::Preprocess::height;
    taxon::Image picture{side, side, {}};
    for (int i = 0; i < side * side; ++i) picture.pixels.insert(picture.pixels.end(), colour.begin(), colour.end());
    std::vector<float> made(std::size_t{3} * side * side);
    Variant::Preprocess::apply(picture, {made.data(), side, 1, side * side});
    const std::size_t plane = made.size() / 3, middle = plane / 2;
    return {made[middle], made[plane + middle], made[2 * plane + middle]};
}

}  // namespace

TEST_CASE("R6: TAXON_CLASSES is the number of classes of every family") {
    CHECK(outputs<Small>() == 7);
    CHECK(outputs<SmallKuanWang>() == 7);
    CHECK(outputs<SmallCifar10>() == 7);
    CHECK(outputs<ResNet18>() == 7);
    CHECK(outputs<V1>() == 7);
    CHECK(outputs<MiniLmL6>() == 7);
    CHECK(outputs<N<320>>() == 5 + 7);
    CHECK(outputs<PyTorch>() == 5 + 7);
    CHECK(outputs<Darknet>() == 5 + 7);
}

TEST_CASE("R14: GoogLeNet's v1 expects what torchvision's transform_input makes of the input of v1-imagenet") {
    using Statistics = taxon::preprocess::ImageNetStatistics;
    CHECK(outputs<V1ImageNet>() == outputs<V1>());
    for (const std::array<std::uint8_t, 3> colour : {std::array<std::uint8_t, 3>{0, 128, 255}, {255, 0, 77}}) {
        const auto input = input_of<V1>(colour), normalised = input_of<V1ImageNet>(colour);
        for (std::size_t channel = 0; channel < 3; ++channel) {
            INFO("channel " << channel);
            const float transformed = normalised[channel] * (Statistics::deviation[channel] / 0.5f) +
                                      (Statistics::mean[channel] - 0.5f) / 0.5f;
            // numbers below 2, in steps of epsilon or less, are rounded to the half of one five times: by a difference
            // in both inputs, then by a quotient, a product and a sum
            CHECK(std::abs(transformed - input[channel]) <= 2.5f * std::numeric_limits<float>::epsilon());
            CHECK(std::abs(normalised[channel] - input[channel]) > 0.01f);
        }
    }
}
