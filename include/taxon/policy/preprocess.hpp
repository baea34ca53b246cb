#pragma once
#include <concepts>
#include <optional>
#include <string_view>

#include <taxon/core/image.hpp>

namespace taxon::preprocess {

/// The kind of input a caller passes: an image, a text, or a tensor ready for the network.
enum class Takes : unsigned char { picture, text, tensor };

}  // namespace taxon::preprocess

namespace taxon::text {
class Vocabulary;
struct Encoding;
}  // namespace taxon::text

namespace taxon {

/// Preprocess policy for images. Besides the requirements of `Preprocess` it has
///   height, width                    of the picture that it makes, both above zero and known while compiling
///   pixels(image)                    the picture after all geometry: height x width, 8-bit RGB
///   apply(image, target)             writes height x width x 3 normalised floats through the target and nothing else
/// Both accept an image of any size from one pixel up, are stateless, and may run in many threads at once. They throw
/// taxon::Error.
template <typename Policy>
concept PicturePreprocess = requires(const Image& image, PixelTarget target) {
    { Policy::height } -> std::convertible_to<int>;
    { Policy::width } -> std::convertible_to<int>;
    { Policy::pixels(image) } -> std::same_as<Image>;
    { Policy::apply(image, target) } -> std::same_as<void>;
    requires Policy::height >
    0 && Policy::width > 0;
};

/// Preprocess policy that tokenizes a text or a pair. Besides the requirements of `Preprocess` it has
///   max_length                       the most tokens that it makes, the special ones among them
///   apply(vocabulary, text, pair, encoding)
///                                    replaces the contents of the encoding; one text or two, any bytes; no padding
/// Stateless; may run in many threads at once. Throws taxon::Error.
template <typename Policy>
concept TextPreprocess = requires(const text::Vocabulary& vocabulary, std::string_view words,
                                  std::optional<std::string_view> pair, text::Encoding& encoding) {
    { Policy::max_length } -> std::convertible_to<int>;
    { Policy::apply(vocabulary, words, pair, encoding) } -> std::same_as<void>;
    requires Policy::max_length >
    0;
};

/// Policy: input preprocessing. The type is never instantiated; it has
///   name                             its name in tables, errors and offline files: "ImageNet<224>"
///   takes                            what `apply` takes; this member also distinguishes this axis from the others
template <typename Policy>
concept Preprocess = requires {
    { Policy::name } -> std::convertible_to<std::string_view>;
    { Policy::takes } -> std::convertible_to<preprocess::Takes>;
    requires Policy::takes != preprocess::Takes::picture || PicturePreprocess<Policy>;
    requires Policy::takes != preprocess::Takes::text || TextPreprocess<Policy>;
};

}  // namespace taxon
