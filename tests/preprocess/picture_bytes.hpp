#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <taxon/core/error.hpp>
#include <taxon/io/crc32.hpp>

// Small picture files for the tests, made byte by byte so that each can be spoiled on purpose.
namespace picture_bytes {

using Data = std::vector<std::byte>;

inline Data& operator+=(Data& data, const Data& more) {
    data.insert(data.end(), more.begin(), more.end());
    return data;
}

inline Data text_bytes(std::string_view text) {
    Data data;
    for (const char c : text) data.push_back(static_cast<std::byte>(c));
    return data;
}

inline Data bytes_of(const std::vector<int>& values) {
    Data data;
    for (const int value : values) data.push_back(static_cast<std::byte>(value));
    return data;
}

inline Data of_hex(std::string_view digits) {
    Data data;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        data.push_back(static_cast<std::byte>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
    return data;
}

inline Data big_endian(std::uint32_t value) {
    return {static_cast<std::byte>(value >> 24), static_cast<std::byte>(value >> 16 & 255),
            static_cast<std::byte>(value >> 8 & 255), static_cast<std::byte>(value & 255)};
}

inline Data little_endian(std::uint32_t value, int width = 4) {
    Data data;
    for (int i = 0; i < width; ++i) data.push_back(static_cast<std::byte>(value >> 8 * i & 255));
    return data;
}

inline Data chunk(std::string_view type, const Data& content) {
    Data checked = text_bytes(type);
    checked += content;
    Data made = big_endian(static_cast<std::uint32_t>(content.size()));
    made += checked;
    made += big_endian(taxon::io::Crc32::of(checked));
    return made;
}

/// A zlib stream (RFC 1950) of one stored block, at most 65,535 bytes.
inline Data stored(const Data& content) {
    std::uint32_t a = 1, b = 0;
    for (const std::byte byte : content) {
        a = (a + std::to_integer<std::uint32_t>(byte)) % 65521;
        b = (b + a) % 65521;
    }
    const auto size = static_cast<std::uint32_t>(content.size());
    Data made = bytes_of({0x78, 0x01, 0x01});
    made += little_endian(size, 2);
    made += little_endian(~size & 0xffff, 2);
    made += content;
    made += big_endian(b << 16 | a);
    return made;
}

inline Data png_signature() { return bytes_of({0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'}); }

inline Data png_header(std::uint32_t width, std::uint32_t height, int depth, int colour) {
    Data header = big_endian(width);
    header += big_endian(height);
    header += bytes_of({depth, colour, 0, 0, 0});
    return chunk("IHDR", header);
}

/// A PNG of these chunks between the signature and IEND.
inline Data png_of(const std::vector<Data>& chunks) {
    Data made = png_signature();
    for (const Data& one : chunks) made += one;
    made += chunk("IEND", {});
    return made;
}

/// A PNG of one row or more; `rows` has each row's filter number and samples.
inline Data png(std::uint32_t width, std::uint32_t height, int depth, int colour, const std::vector<int>& rows,
                const std::vector<Data>& before_pixels = {}) {
    std::vector<Data> chunks{png_header(width, height, depth, colour)};
    chunks.insert(chunks.end(), before_pixels.begin(), before_pixels.end());
    chunks.push_back(chunk("IDAT", stored(bytes_of(rows))));
    return png_of(chunks);
}

/// Two RGB pixels: (1, 2, 3) and (250, 251, 252).
inline Data two_pixel_png() { return png(2, 1, 8, 2, {0, 1, 2, 3, 250, 251, 252}); }

/// A BMP with a header of 40 bytes.
inline Data bmp(std::uint32_t width, std::uint32_t height, std::uint32_t bits, const Data& palette, const Data& rows,
                std::uint32_t compression = 0) {
    Data made = text_bytes("BM");
    made += little_endian(static_cast<std::uint32_t>(54 + palette.size() + rows.size()));
    made += little_endian(0);
    made += little_endian(static_cast<std::uint32_t>(54 + palette.size()));
    made += little_endian(40);
    made += little_endian(width);
    made += little_endian(height);
    made += little_endian(1, 2);
    made += little_endian(bits, 2);
    made += little_endian(compression);
    for (int i = 0; i < 5; ++i) made += little_endian(0);
    made += palette;
    made += rows;
    return made;
}

/// 16 x 8 pixels, the left half (200, 40, 40), the right half (40, 60, 200); saved by Pillow at quality 50 without
/// subsampling.
inline Data colour_jpeg() {
    return of_hex("ffd8ffe000104a46494600010100000100010000ffdb004300100b0c0e0c0a100e0d0e1211101318281a181616183123251d"
                  "283a333d3c3933383740"
                  "485c4e404457453738506d51575f626768673e4d71797064785c656763ffdb0043011112121815182f1a1a2f634238426363"
                  "63636363636363636363"
                  "6363636363636363636363636363636363636363636363636363636363636363636363636363ffc000110800080010030111"
                  "00021101031101ffc400"
                  "1500010100000000000000000000000000000405ffc40014100100000000000000000000000000000000ffc4001501010100"
                  "00000000000000000000"
                  "0000000604ffc40014110100000000000000000000000000000000ffda000c03010002110311003f0096889862f0f7ffd9");
}

/// The same picture in grey, levels 88 and 70.
inline Data grey_jpeg() {
    return of_hex("ffd8ffe000104a46494600010100000100010000ffdb004300100b0c0e0c0a100e0d0e1211101318281a181616183123251d"
                  "283a333d3c3933383740"
                  "485c4e404457453738506d51575f626768673e4d71797064785c656763ffc0000b080008001001011100ffc4001500010100"
                  "00000000000000000000"
                  "0000000405ffc40014100100000000000000000000000000000000ffda0008010100003f009633ffd9");
}

/// The same picture, progressive.
inline Data progressive_jpeg() {
    return of_hex("ffd8ffe000104a46494600010100000100010000ffdb004300100b0c0e0c0a100e0d0e1211101318281a181616183123251d"
                  "283a333d3c3933383740"
                  "485c4e404457453738506d51575f626768673e4d71797064785c656763ffdb0043011112121815182f1a1a2f634238426363"
                  "63636363636363636363"
                  "6363636363636363636363636363636363636363636363636363636363636363636363636363ffc200110800080010030111"
                  "00021101031101ffc400"
                  "1500010100000000000000000000000000000304ffc4001501010100000000000000000000000000000503ffda000c030100"
                  "02100310000001960993"
                  "03ff00ffc40014100100000000000000000000000000000010ffda00080101000105023fffc4001411010000000000000000"
                  "0000000000000010ffda"
                  "0008010301013f013fffc40014110100000000000000000000000000000010ffda0008010201013f013fffc4001410010000"
                  "00000000000000000000"
                  "00000010ffda0008010100063f023fffc40014100100000000000000000000000000000010ffda0008010100013f213fffda"
                  "000c0301000200030000"
                  "001053ffc40014110100000000000000000000000000000010ffda0008010301013f103fffc4001411010000000000000000"
                  "0000000000000010ffda"
                  "0008010201013f103fffc40014100100000000000000000000000000000010ffda0008010100013f103fffd9");
}

/// The same picture in CMYK.
inline Data cmyk_jpeg() {
    return of_hex("ffd8ffee000e41646f626500640000000000ffdb004300100b0c0e0c0a100e0d0e1211101318281a181616183123251d283a"
                  "333d3c3933383740485c"
                  "4e404457453738506d51575f626768673e4d71797064785c656763ffc000140800080010044311004d11005911004b1100ff"
                  "c4001700000301000000"
                  "0000000000000000000000060704ffc40014100100000000000000000000000000000000ffda000e0443004d0059004b0000"
                  "3f00642994d404bda950"
                  "0fffd9");
}

/// 24 x 16 pixels of grey noise, progressive, by Pillow: scans correct the coefficients of those before them. Its first
/// levels are 170, 214, 161, 60, 34, 74, 225, 202.
inline Data noisy_jpeg() {
    return of_hex("ffd8ffe000104a46494600010100000100010000ffdb0043000a07070807060a0808080b0a0a0b0e18100e0d0d0e1d151611"
                  "18231f2524221f2221262b372f26293429212230413134393b3e3e3e252e4449433c48373d3e3bffc2000b08001000180101"
                  "1100ffc40017000100030000000000000000000000000000010203ffda00080101000000015b393fffc4001a100002020300"
                  "000000000000000000000000010221224142ffda0008010100010502ea918b86847fffc40020100001030402030000000000"
                  "000000000001001141020312312151224282ffda0008010100063f02777b915405537d9ed6279b7148dae078cdb3b28661fa"
                  "6f45902019ace8afffc4002210010001040103050000000000000000000111003141512161a1b1718191f0f1ffda00080101"
                  "00013f219bd13809834b7ed420f2e408eb8fa54105834af8dd30a1c95ee8f5f8d532b20f8b9ed7d530e4ac0f631f95ffda00"
                  "08010100000010dfffc4001b10010101010003010000000000000000000111213100415171ffda0008010100013f102040ad"
                  "f4ea40317f09f323dc544b1beeedc5c27be59d46721ba8b1d0c5c4fa86c963b1f095226c83ca7c30b11544cfc986f6f828db"
                  "80204827b03d175ddf3fffd9");
}

/// EXIF data, from the TIFF header on, that state an orientation.
inline Data exif_of(int orientation, bool little = true) {
    const auto number = [&](std::uint32_t value, int width) {
        Data data = little_endian(value, width);
        if (!little) std::reverse(data.begin(), data.end());
        return data;
    };
    Data made = text_bytes(little ? "II" : "MM");
    made += number(42, 2);
    made += number(8, 4);
    made += number(2, 2);  // entries: a resolution unit, and the orientation
    for (const auto& [tag, value] : {std::pair{0x0128, 2}, std::pair{0x0112, orientation}}) {
        made += number(static_cast<std::uint32_t>(tag), 2);
        made += number(3, 2);
        made += number(1, 4);
        made += number(static_cast<std::uint32_t>(value), 2);
        made += number(0, 2);
    }
    made += number(0, 4);
    return made;
}

/// A JPEG with a segment put in front of its frame header.
inline Data with_segment(Data jpeg, int marker, const Data& content) {
    Data segment = bytes_of({0xff, marker});
    const Data size = big_endian(static_cast<std::uint32_t>(content.size() + 2));
    segment.insert(segment.end(), size.begin() + 2, size.end());
    segment += content;
    for (std::size_t at = 0; at + 1 < jpeg.size(); ++at)
        if (jpeg[at] == std::byte{0xff} && (jpeg[at + 1] == std::byte{0xc0} || jpeg[at + 1] == std::byte{0xc2})) {
            jpeg.insert(jpeg.begin() + static_cast<std::ptrdiff_t>(at), segment.begin(), segment.end());
            return jpeg;
        }
    throw std::logic_error("no frame header");
}

/// A JPEG whose EXIF data state an orientation.
inline Data turned_jpeg(const Data& jpeg, int orientation, bool little = true) {
    Data content = text_bytes(std::string_view("Exif\0\0", 6));
    content += exif_of(orientation, little);
    return with_segment(jpeg, 0xe1, content);
}

/// Where the bytes `wanted` (hexadecimal) begin in `data`.
inline std::size_t find(const Data& data, std::string_view wanted) {
    const Data bytes = of_hex(wanted);
    const std::string_view text(reinterpret_cast<const char*>(data.data()), data.size());
    return text.find(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

/// `data` with the bytes at `at` replaced.
inline Data with(Data data, std::size_t at, const std::vector<int>& values) {
    for (const int value : values) data.at(at++) = static_cast<std::byte>(value);
    return data;
}

/// The fault of what `act` throws; nothing thrown fails the test by std::logic_error.
template <typename Act>
taxon::Fault fault_of(Act&& act) {
    try {
        act();
    } catch (const taxon::Error& error) { return error.fault(); }
    throw std::logic_error("nothing was thrown");
}

/// 3 x 2 pixels without loss: (250, 10, 20), (20, 240, 30), (30, 40, 230), (1, 2, 3), two greys of 128 and 255.
inline Data lossless_webp() {
    return of_hex("5249464652000000574542505650384c460000002f024000002fa0a88d14687739252105ff0f6c60834cda067a56c2e4cdbf"
                  "815d53d3b611d46fea76f40fd1b1baf98fff37a2372e359eed8242b611e0d4ee213a938be87fac07");
}

/// 16 x 16 pixels: the left half about (200, 40, 40), the right half about (40, 60, 200).
inline Data lossy_webp() {
    return of_hex("524946463c0000005745425056503820300000009001009d012a1000100001402625a00274ba00039800fef27fff1763fe03"
                  "ff5a1f3b7edc7ffdce03edffb64e93000000");
}

}  // namespace picture_bytes
