#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <webp/decode.h>

#include <taxon/core/error.hpp>
#include <taxon/preprocess/oriented_image.hpp>
#include <taxon/preprocess/webp_structure.hpp>

namespace taxon::preprocess::detail {

/// Memory of the decoder and, if the picture is turned, of a second picture.
inline std::uint64_t bytes_of_libwebp(const WebpStructure& webp, bool turned) {
    const std::uint64_t decoding = webp.facts.decoding_bytes;
    return turned ? std::max(decoding, 6 * webp.facts.pixels()) : decoding;
}

/// Decodes a WebP whose structure has been checked. Alpha is dropped.
inline Image decode_webp(const WebpStructure& webp, int orientation) {
    const PictureFacts& facts = webp.facts;
    const auto* const data = reinterpret_cast<const std::uint8_t*>(webp.file.data());
    const auto refuse = [&](Fault fault, std::string_view found) {
        throw Error(fault, {.place = "pixel data",
                            .found = found,
                            .wanted = std::to_string(facts.width) + " x " + std::to_string(facts.height) + " pixels",
                            .remedy = "save the picture again"});
    };
    int width = 0, height = 0;
    if (WebPGetInfo(data, webp.file.size(), &width, &height) == 0 || width != facts.width || height != facts.height)
        refuse(Fault::syntax, "a damaged WebP header");
    const std::size_t row = 3 * static_cast<std::size_t>(width);
    std::vector<std::uint8_t> pixels(row * static_cast<std::size_t>(height));
    if (WebPDecodeRGBInto(data, webp.file.size(), pixels.data(), pixels.size(), static_cast<int>(row)) == nullptr)
        refuse(Fault::syntax, "damaged WebP data");
    if (orientation == 1) return {.height = height, .width = width, .pixels = std::move(pixels)};
    OrientedImage image(height, width, orientation);
    for (int y = 0; y < height; ++y)
        image.put(y, 0, 1, std::span(pixels).subspan(static_cast<std::size_t>(y) * row, row));
    return std::move(image).take();
}

}  // namespace taxon::preprocess::detail
