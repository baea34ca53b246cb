#include <taxon/preprocess/image_file.hpp>
#include <taxon/preprocess/webp_structure.hpp>

#include <cstdlib>

#include "catch.hpp"
#include "preprocess/picture_bytes.hpp"

using namespace picture_bytes;
using taxon::Fault;
using taxon::preprocess::read_webp_structure;

namespace {

/// The container with a chunk of an even size behind the last one.
Data with_chunk(const Data& file, std::string_view kind, const Data& content) {
    Data made = text_bytes("RIFF");
    made += little_endian(static_cast<std::uint32_t>(file.size() + content.size()));
    made.insert(made.end(), file.begin() + 8, file.end());
    made += text_bytes(kind);
    made += little_endian(static_cast<std::uint32_t>(content.size()));
    made += content;
    return made;
}

Fault refusal(const Data& data) {
    return fault_of([&] { read_webp_structure(data); });
}

}  // namespace

TEST_CASE("a WebP states its size, its orientation and what follows it") {
    const auto lossy = read_webp_structure(lossy_webp()).facts, lossless = read_webp_structure(lossless_webp()).facts;
    CHECK((lossy.width == 16 && lossy.height == 16 && lossy.orientation == 1 && lossy.trailing_bytes == 0));
    CHECK((lossless.width == 3 && lossless.height == 2));
    CHECK(read_webp_structure(with_chunk(lossy_webp(), "EXIF", exif_of(8))).facts.orientation == 8);
    Data longer = lossy_webp();
    longer += text_bytes("more");
    CHECK(read_webp_structure(longer).facts.trailing_bytes == 4);
    CHECK(read_webp_structure(longer).file.size() == longer.size() - 4);
}

TEST_CASE("a WebP that is cut, animated, too large or without a picture is refused") {
    const Data whole = lossy_webp();
    for (std::size_t size = 12; size < whole.size(); ++size)
        CHECK(refusal(Data(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))) == Fault::truncated);
    CHECK(refusal(with_chunk(whole, "ANIM", Data(6))) == Fault::unsupported);
    CHECK(refusal(with(whole, 12, {'V', 'P', '9', ' '})) == Fault::syntax);
    CHECK(refusal(with(whole, 26, {0, 0})) == Fault::value);
    // found by fuzzing: a container that ends before its first chunk would begin
    for (const int size : {0, 3}) CHECK(refusal(with(whole, 4, {size, 0, 0, 0})) == Fault::syntax);
    CHECK(refusal(with(whole, 4, {4, 0, 0, 0})) == Fault::syntax);
    taxon::Limits limits;
    limits.picture_pixels = 255;
    CHECK(fault_of([&] { read_webp_structure(whole, limits); }) == Fault::limit);
    CHECK(refusal(with(whole, 16, {255, 255, 255, 255})) == Fault::truncated);
}

TEST_CASE("WebP pictures are decoded where libwebp is") {
    if (!taxon::preprocess::reads_webp) {
        CHECK(fault_of([] { taxon::decode_image(lossy_webp(), ""); }) == Fault::unsupported);
        return;
    }
    CHECK(taxon::decode_image(lossless_webp(), "").pixels ==
          std::vector<std::uint8_t>{250, 10, 20, 20, 240, 30, 30, 40, 230, 1, 2, 3, 128, 128, 128, 255, 255, 255});
    const auto turned = taxon::decode_image(with_chunk(lossless_webp(), "EXIF", exif_of(6)), "", {.upright = true});
    CHECK((turned.width == 2 && turned.height == 3 && turned.pixels[0] == 1 && turned.pixels[3] == 250));
    const auto lossy = taxon::decode_image(lossy_webp(), "");
    const int wanted[] = {200, 40, 40, 40, 60, 200};
    for (std::size_t channel = 0; channel < 3; ++channel) {
        CHECK(std::abs(lossy.pixels[(4 * 16 + 2) * 3 + channel] - wanted[channel]) <= 8);
        CHECK(std::abs(lossy.pixels[(4 * 16 + 13) * 3 + channel] - wanted[3 + channel]) <= 8);
    }
    Data damaged = lossy_webp();
    damaged.resize(40);
    damaged = with(with(damaged, 4, {32, 0, 0, 0}), 16, {20, 0, 0, 0});
    CHECK(fault_of([&] { taxon::decode_image(damaged, ""); }) == Fault::syntax);
}
