// Picture files.
#include <taxon/preprocess/image_file.hpp>

#include "fuzz/target.hpp"
#include "preprocess/picture_bytes.hpp"

namespace taxon::fuzz {
namespace {

using namespace picture_bytes;
using preprocess::PictureFormat;

/// Structure first; pixels of pictures of up to a megapixel, so that most inputs are quick. Mutation may make another
/// format of one: that has a target of its own.
template <PictureFormat Format, preprocess::JpegDecoder Decoder = preprocess::JpegDecoder::stb_image>
std::size_t read_picture(std::span<const std::byte> bytes) {
    if (preprocess::picture_format(bytes) != Format) return 0;
    constexpr std::size_t most_pixels = std::size_t{1} << 20;
    const preprocess::ImageOptions options{.upright = bytes.size() % 2 == 1, .jpeg_decoder = Decoder};
    const auto facts = preprocess::inspect_image(bytes, "picture", options);
    const std::size_t pixels = static_cast<std::size_t>(facts.height) * static_cast<std::size_t>(facts.width);
    if (pixels > most_pixels) return 0;
    const Image picture = decode_image(bytes, "picture", options);
    const bool turned = picture.height == facts.width && picture.width == facts.height;
    hold(turned || (picture.height == facts.height && picture.width == facts.width));
    return pixels;
}

std::string text(const Data& data) { return {reinterpret_cast<const char*>(data.data()), data.size()}; }

/// Writes the signature, and the checksum of each chunk.
void mend_png(std::string& bytes) {
    const std::string signature = text(png_signature());
    if (bytes.size() < signature.size()) return;
    bytes.replace(0, signature.size(), signature);
    const auto number = [&](std::size_t at) {
        std::size_t value = 0;
        for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
        return value;
    };
    for (std::size_t at = signature.size(); at + 12 <= bytes.size();) {
        const std::size_t size = number(at);
        if (size > bytes.size() - at - 12) return;
        const auto covered = std::as_bytes(std::span(bytes)).subspan(at + 4, size + 4);
        bytes.replace(at + 8 + size, 4, text(big_endian(io::Crc32::of(covered))));
        at += size + 12;
    }
}

std::vector<std::string> pngs() {
    const Data palette = chunk("PLTE", bytes_of({0, 0, 0, 255, 0, 0, 9, 9, 9}));
    return {text(two_pixel_png()), text(png(4, 2, 1, 0, {0, 0x50, 0, 0xA0})),
            text(png(2, 2, 8, 3, {0, 0, 1, 0, 2, 1}, {palette})), text(png(1, 1, 16, 2, {0, 1, 2, 3, 4, 5, 6})),
            text(png(1, 1, 8, 6, {0, 1, 2, 3, 4}))};
}

std::vector<std::string> bmps() {
    return {text(bmp(2, 1, 24, {}, bytes_of({1, 2, 3, 4, 5, 6, 0, 0}))),
            text(bmp(2, 1, 32, {}, bytes_of({1, 2, 3, 0, 4, 5, 6, 0}))),
            text(bmp(2, 1, 8, bytes_of({1, 2, 3, 0, 4, 5, 6, 0}), bytes_of({0, 1, 0, 0})))};
}

#if defined(TAXON_WITH_LIBWEBP)
std::vector<std::string> webps() { return {text(lossless_webp()), text(lossy_webp())}; }
#endif

std::vector<std::string> jpegs() {
    return {text(colour_jpeg()), text(grey_jpeg()), text(progressive_jpeg()), text(cmyk_jpeg()), text(noisy_jpeg())};
}

}  // namespace

std::vector<Target> picture_targets() {
    using namespace std::string_literals;
    using enum PictureFormat;
    const std::vector<std::string> jpeg_words{"\xff\xd8"s, "\xff\xd9"s, "\xff\xda"s,      "\xff\xc0"s,
                                              "\xff\xc2"s, "\xff\xc4"s, "\xff\xdb"s,      "\xff\xdd"s,
                                              "\xff\xd0"s, "\xff\xe1"s, "Exif\0\0II*\0"s, "Exif\0\0MM\0*"s};
    std::vector<Target> targets{{"jpeg", read_picture<jpeg>, jpegs, jpeg_words},
                                {"png",
                                 read_picture<png>,
                                 pngs,
                                 {"IHDR"s, "PLTE"s, "IDAT"s, "IEND"s, "tRNS"s, "gAMA"s, "eXIf"s},
                                 true,
                                 mend_png},
                                {"bmp", read_picture<bmp>, bmps, {"BM"s, "\x28\0\0\0"s, "\x7c\0\0\0"s}}};
#if defined(TAXON_WITH_LIBJPEG_TURBO)
    targets.push_back({"jpeg_turbo", read_picture<jpeg, preprocess::JpegDecoder::libjpeg_turbo>, jpegs, jpeg_words});
#endif
#if defined(TAXON_WITH_LIBWEBP)
    targets.push_back(
        {"webp",
         read_picture<webp>,
         webps,
         {"RIFF"s, "WEBP"s, "VP8 "s, "VP8L"s, "VP8X\x0a\0\0\0"s, "EXIF"s, "ALPH"s, "ANIM"s, "\x9d\x01\x2a"s}});
#endif
    return targets;
}

}  // namespace taxon::fuzz
