#include <taxon/quantize/calibrate.hpp>

#include <limits>
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
    static constexpr void trace(Tracer& tracer) {
        Sequential<Conv2d<3, 8, 3, 2>, BatchNorm2d<8>, ReLU, Conv2d<8, 16, 1>, BatchNorm2d<16>, ReLU,
                   Conv2d<16, 4, 1>>::trace(tracer);
    }
};

/// Two values that share a buffer.
struct Branch {
    static constexpr Shape input{3, 8, 8};
    static constexpr void trace(Tracer& tracer) {
        Sequential<Conv2d<3, 16, 1>, Concat<Conv2d<16, 8, 1>, Conv2d<16, 16, 1>>, Conv2d<24, 8, 1>>::trace(tracer);
    }
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
    REQUIRE(one.size() == quantize::stored_values(M::graph, M::Engine::plan).size());
    REQUIRE(one.size() == other.size());
    for (const auto& [value, range] : one) {
        CHECK(range.low == other.at(value).low);
        CHECK(range.high == other.at(value).high);
    }
    CHECK(one.contains(0));  // the picture itself is stored as bytes
}

TEST_CASE("observing many samples tells its progress, and stops between two") {
    const io::SyntheticWeights weights("calibrate");
    const auto prepare = [](std::size_t i) { return picture(16, 20 + static_cast<int>(i)); };
    Calibrator<M> whole(weights), part(weights), two(weights);
    std::vector<std::size_t> seen;
    std::stop_source stop;
    CHECK(whole.observe_all(3, prepare) == 3);
    const auto progress = [&](std::size_t done, std::size_t total) {
        CHECK(total == 3);
        seen.push_back(done);
        if (done == 2) stop.request_stop();
    };
    CHECK(part.observe_all(3, prepare, {progress, stop.get_token()}) == 2);
    CHECK(seen == std::vector<std::size_t>{1, 2});
    for (std::size_t i = 0; i < 2; ++i) two.observe(prepare(i));
    CHECK(part.calibration() == two.calibration());
    part.observe(prepare(2));
    CHECK(part.calibration() == whole.calibration());
}

TEST_CASE("a sample of another size is refused, not read beyond") {
    const io::SyntheticWeights weights("calibrate");
    Calibrator<M> calibrator(weights);
    CHECK(numbers::refusal([&] { calibrator.observe(std::vector<float>(12)); }) == Fault::shape);
    CHECK(numbers::refusal([&] { calibrator.observe(std::vector<float>(2 * 3 * 16 * 16)); }) == Fault::shape);
    using Tokens = Model<networks::Transformer, precision::QInt8MixedFloat32, shape::Mutable<Range{1, 1}, Range{1, 8}>>;
    Calibrator<Tokens> of_tokens(weights);
    const auto features = static_cast<std::size_t>(Tokens::input_shape.channels);
    CHECK(numbers::refusal([&] { of_tokens.observe(std::vector<float>(9 * features), 9); }) == Fault::shape);
    CHECK(numbers::refusal([&] { of_tokens.observe(std::vector<float>(features), 0); }) == Fault::shape);
    CHECK_NOTHROW(of_tokens.observe(std::vector<float>(3 * features), 3));
}

TEST_CASE("ranges that are not two numbers in order are refused by the layer's name, in a shared buffer too") {
    using B = Model<Branch, precision::QInt8MixedFloat32>;
    const io::SyntheticWeights weights("branch");
    const auto sound = ranges_of_samples<B>(weights, samples_of<B>("branch", 1));
    CHECK_NOTHROW(B::load(weights, sound));
    for (const auto& [value, range] : sound) {
        for (const quantize::Range bad : {quantize::Range{std::nanf(""), std::nanf("")}, quantize::Range{1, -1},
                                          quantize::Range{0, std::numeric_limits<float>::infinity()}}) {
            auto ranges = sound;
            ranges[value] = bad;
            try {
                B::load(weights, ranges);
                FAIL("a range of node " << value << " was taken");
            } catch (const Error& error) {
                CHECK(error.fault() == Fault::value);
                CHECK(error.facts().place ==
                      (value == 0 ? "the input" : "layer '" + std::string(B::graph.name(B::graph.node(value))) + "'"));
            }
        }
    }
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
