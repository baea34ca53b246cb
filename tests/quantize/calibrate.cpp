#include <taxon/quantize/calibrate.hpp>

#include <taxon/preprocess/image_net.hpp>

#include "catch.hpp"
#include "networks.hpp"
#include "quantize/numbers.hpp"
#include "quantize/ranges_of_samples.hpp"

using namespace taxon;
using quantize::Calibrator;

namespace {

struct Small {
    static constexpr Shape input{3, 16, 16};
    static constexpr void trace(Tracer& tracer) { Sequential<Conv2d<3, 8, 3, 2>, BatchNorm2d<8>, ReLU, Conv2d<8, 16, 1>, BatchNorm2d<16>, ReLU, Conv2d<16, 4, 1>>::trace(tracer); }
};

using M = Model<Small, precision::QInt8MixedFloat32, preprocess::ImageNet<16>>;

Image picture(int height, int width) {
    Image image{height, width, std::vector<std::uint8_t>(static_cast<std::size_t>(height * width * 3))};
    for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = static_cast<std::uint8_t>(i * 37 % 256);
    return image;
}

}  // namespace

TEST_CASE("a picture is observed as the tensor that preprocessing makes of it") {
    const io::SyntheticWeights weights("calibrate");
    const Image image = picture(40, 52);
    std::vector<float> tensor(3 * 16 * 16);
    M::Preprocess::apply(image, {.at = tensor.data(), .row = 16, .column = 1, .channel = 256});
    Calibrator<M> of_picture(weights), of_tensor(weights);
    of_picture.observe(image);
    of_tensor.observe(tensor);
    const auto one = of_picture.ranges(), other = of_tensor.ranges();
    REQUIRE(one.size() == quantize::stored_values(M::Engine::plan).size());
    REQUIRE(one.size() == other.size());
    for (const auto& [value, range] : one) {
        CHECK(range.low == other.at(value).low);
        CHECK(range.high == other.at(value).high);
    }
    CHECK(one.contains(0));  // the picture itself is stored as bytes
}

TEST_CASE("ranges widen with what is observed, and are refused before anything is") {
    const io::SyntheticWeights weights("calibrate");
    Calibrator<M> calibrator(weights);
    CHECK(numbers::refusal([&] { calibrator.ranges(); }) == Fault::missing);
    std::vector<float> sample(3 * 16 * 16, .25f);
    calibrator.observe(sample);
    const float before = calibrator.ranges().at(0).high;
    sample[100] = 9;
    calibrator.observe(sample);
    CHECK(before < 1);
    CHECK(calibrator.ranges().at(0).high == Approx(9).epsilon(.01));
}
