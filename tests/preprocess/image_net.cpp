#include <taxon/preprocess/image_net.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "catch.hpp"
#include "shared_data.hpp"
#include <taxon/io/mapped_file.hpp>
#include <taxon/io/safetensors.hpp>
#include <taxon/preprocess/image_file.hpp>

using taxon::Image;
using namespace taxon::preprocess;

static_assert(taxon::Preprocess<ImageNet<224>> && taxon::Preprocess<ImageNetBicubic<224, 96>>);
static_assert(ImageNet<224>::name == "ImageNet<224>" && ImageNet<224>::height == 224 && ImageNet<224>::width == 224);
static_assert(ImageNetBicubic<224, 96>::name == "ImageNetBicubic<224, 96>");
static_assert(ImageNet<240, 256, Filter::bicubic>::name == "ImageNet<240, 256, bicubic>");
static_assert(taxon::Preprocess<EfficientNetLite<260>> && EfficientNetLite<260>::height == 260);
static_assert(EfficientNetLite<224>::name == "ImageNet<224, 256, bicubic, NormalizeLevels<127, 128>>");

namespace {

Image picture_of(const taxon::io::StoredTensors& stored, const std::string& name) {
    Image image;
    for (const auto& tensor : stored.tensors) {
        if (tensor.name != name) continue;
        image = {static_cast<int>(tensor.shape.at(0)), static_cast<int>(tensor.shape.at(1)), {}};
        for (const std::byte byte : tensor.bytes) image.pixels.push_back(std::to_integer<std::uint8_t>(byte));
    }
    return image;
}

/// The number of the policy's floats that do not represent the expected byte.
template <typename Policy>
int wrong_floats(const Image& source, const Image& wanted) {
    std::vector<float> made(static_cast<std::size_t>(3 * 224 * 224));
    Policy::apply(source, {made.data(), 224, 1, 224 * 224});
    int wrong = 0;
    for (std::size_t i = 0; i < made.size(); ++i) {
        const std::size_t channel = i / (224 * 224), pixel = i % (224 * 224);
        const double level = (double{made[i]} * double{ImageNetStatistics::deviation[channel]} +
                              double{ImageNetStatistics::mean[channel]}) *
                             255;
        wrong += std::lround(level) != wanted.pixels.at(pixel * 3 + channel);
    }
    return wrong;
}

}  // namespace

TEST_CASE("the classifiers' preprocessing gives torchvision's pixels for every golden picture") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const taxon::io::MappedFile file(*shared / "golden" / "preprocess" / "pillow.safetensors");
    const auto stored = taxon::io::Safetensors::read(file.bytes());
    int compared = 0;
    for (const auto& tensor : stored.tensors) {
        const auto end = tensor.name.find(":source");
        if (end == tensor.name.npos) continue;
        const std::string name = tensor.name.substr(0, end);
        INFO(name);
        const Image source = picture_of(stored, tensor.name);
        const Image bilinear = picture_of(stored, name + ":bilinear_256_224"),
                    bicubic = picture_of(stored, name + ":bicubic_233_224");
        CHECK((ImageNet<224>::pixels(source).pixels == bilinear.pixels));
        CHECK((ImageNetBicubic<224, 96>::pixels(source).pixels == bicubic.pixels));
        CHECK(wrong_floats<ImageNet<224>>(source, bilinear) == 0);
        CHECK(wrong_floats<ImageNetBicubic<224, 96>>(source, bicubic) == 0);
        ++compared;
    }
    CHECK(compared == 4);
}

TEST_CASE("the smallest picture is preprocessed too") {
    const Image dot{1, 1, {10, 20, 30}};
    const Image made = ImageNet<224>::pixels(dot);
    REQUIRE(made.pixels.size() == 224 * 224 * 3);
    CHECK((made.pixels[0] == 10 && made.pixels[1] == 20 && made.pixels[2] == 30));
}

TEST_CASE("EfficientNet-Lite's preprocessing gives Pillow's crops") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const auto folder = *shared / "golden" / "efficientnet_lite0";
    const auto facts = nlohmann::json::parse(std::ifstream(folder / "lite0.json"));
    const taxon::io::MappedFile file(folder / "lite0.safetensors");
    const auto stored = taxon::io::Safetensors::read(file.bytes());
    const auto crops = std::find_if(stored.tensors.begin(), stored.tensors.end(),
                                    [](const auto& tensor) { return tensor.name == "crops"; });
    REQUIRE(crops != stored.tensors.end());
    const auto& names = facts.at("crops");
    constexpr std::size_t bytes = 224 * 224 * 3;
    // Pillow decodes by libjpeg-turbo; stb_image is up to 3 levels away from that.
    const int allowed = usual_jpeg_decoder == JpegDecoder::libjpeg_turbo ? 0 : 4;
    REQUIRE(crops->bytes.size() == names.size() * bytes);
    for (std::size_t i = 0; i < names.size(); ++i) {
        INFO(names[i]);
        const auto wanted = crops->bytes.subspan(i * bytes, bytes);
        const auto made = EfficientNetLite<224>::pixels(
            taxon::read_image(*shared / "data/imagenet" / names[i].template get<std::string>()));
        REQUIRE(made.pixels.size() == bytes);
        int apart = 0;
        for (std::size_t k = 0; k < bytes; ++k)
            apart = std::max(apart, std::abs(made.pixels[k] - std::to_integer<int>(wanted[k])));
        CHECK(apart <= allowed);
    }
}
