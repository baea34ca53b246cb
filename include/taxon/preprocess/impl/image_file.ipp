#pragma once
#include <climits>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <taxon/core/error.hpp>
#include <taxon/io/mapped_file.hpp>
#include <taxon/preprocess/bmp_structure.hpp>
#include <taxon/preprocess/impl/jpeg_by_stb.ipp>
#include <taxon/preprocess/jpeg_structure.hpp>
#include <taxon/preprocess/oriented_image.hpp>
#include <taxon/preprocess/png_pixels.hpp>
#if defined(TAXON_WITH_LIBJPEG_TURBO)
#include <taxon/preprocess/impl/jpeg_by_libjpeg_turbo.ipp>
#endif
#if defined(TAXON_WITH_LIBWEBP)
#include <taxon/preprocess/impl/webp_by_libwebp.ipp>
#endif

namespace taxon::preprocess {

namespace detail {

/// Reads the structure of a picture, shows its facts to `show`, and then decodes it if `decode` is set.
template <class Show>
Image read_picture(Bytes bytes, const ImageOptions& options, bool decode, Show&& show) {
    const auto see = [&](const PictureFacts& facts) {
        check_memory(facts, options.limits);
        show(facts);
    };
    const auto turn = [&](const PictureFacts& facts) { return options.upright ? facts.orientation : 1; };
    const auto row_by_row = [&](const PictureFacts& facts, auto&& decode_pixels) {
        see(facts);
        if (!decode) return Image{};
        OrientedImage image(facts.height, facts.width, turn(facts));
        decode_pixels(image);
        return std::move(image).take();
    };
    switch (picture_format(bytes)) {
        case PictureFormat::png: {
            const PngStructure png = read_png_structure(bytes, options.limits);
            return row_by_row(png.facts, [&](OrientedImage& image) { decode_png_pixels(png, image); });
        }
        case PictureFormat::bmp: {
            const BmpStructure bmp = read_bmp_structure(bytes, options.limits);
            return row_by_row(bmp.facts, [&](OrientedImage& image) { decode_bmp_pixels(bmp, image); });
        }
        case PictureFormat::webp: {
#if defined(TAXON_WITH_LIBWEBP)
            WebpStructure webp = read_webp_structure(bytes, options.limits);
            webp.facts.decoding_bytes = bytes_of_libwebp(webp, turn(webp.facts) != 1);
            see(webp.facts);
            return decode ? decode_webp(webp, turn(webp.facts)) : Image{};
#else
            break;
#endif
        }
        case PictureFormat::jpeg: break;
    }
    // libjpeg-turbo says itself if a scan ends too soon
    const bool walks_scans = !decode || options.jpeg_decoder == JpegDecoder::stb_image;
    JpegStructure jpeg = read_jpeg_structure(bytes, options.limits, walks_scans);
    const int orientation = turn(jpeg.facts);
    jpeg.facts.decoding_bytes = bytes_of_stb(jpeg, orientation != 1);
#if defined(TAXON_WITH_LIBJPEG_TURBO)
    const bool turbo = options.jpeg_decoder == JpegDecoder::libjpeg_turbo;
    if (turbo) jpeg.facts.decoding_bytes = bytes_of_libjpeg_turbo(jpeg);
#endif
    see(jpeg.facts);
    if (!decode) return {};
    std::vector<std::byte> whole;  // decoders want the end
    if (jpeg.lacks_end) {
        whole.assign(bytes.begin(), bytes.end());
        whole.insert(whole.end(), {std::byte{0xff}, std::byte{0xd9}});
        bytes = whole;
    }
#if defined(TAXON_WITH_LIBJPEG_TURBO)
    if (turbo) return decode_jpeg_by_libjpeg_turbo(bytes, jpeg, orientation);
#endif
    return decode_jpeg_by_stb(bytes, jpeg, orientation);
}

template <typename Read>
auto of_file(std::string_view file_name, Bytes bytes, Read&& read) {
    try {
        if (bytes.size() > INT_MAX)
            throw Error(Fault::limit,
                        {.found = std::to_string(bytes.size()) + " bytes", .wanted = "a picture file below 2 GiB"});
        return read();
    } catch (const Error& error) { throw error.in_file(std::string(file_name)); }
}

}  // namespace detail

TAXON_DECL PictureFacts inspect_image(Bytes bytes, std::string_view file_name, const ImageOptions& options) {
    return detail::of_file(file_name, bytes, [&] {
        PictureFacts found;
        detail::read_picture(bytes, options, false, [&](const PictureFacts& facts) { found = facts; });
        return found;
    });
}

TAXON_DECL Image decode_image(Bytes bytes, std::string_view file_name, const ImageOptions& options) {
    return detail::of_file(file_name, bytes, [&] {
        return detail::read_picture(bytes, options, true, [&](const PictureFacts& facts) {
            if (options.before_decoding) options.before_decoding(facts);
        });
    });
}

TAXON_DECL Image read_image(const std::filesystem::path& path, const ImageOptions& options) {
    const io::MappedFile file(path);
    return decode_image(file.bytes(), path.string(), options);
}

}  // namespace taxon::preprocess
