#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <taxon/core/error.hpp>
#include <taxon/core/image.hpp>

namespace taxon::preprocess {

/// Interpolation kernels. Bicubic is Keys' kernel with a = -0.5.
enum class Filter : unsigned char { bilinear, bicubic };

/// A part of a picture, in pixels from its top left corner.
struct Window {
    int top = 0, left = 0, height = 0, width = 0;
    friend bool operator==(const Window&, const Window&) = default;
};

namespace detail {

constexpr double support_of(Filter filter) { return filter == Filter::bilinear ? 1.0 : 2.0; }

constexpr double weight_at(Filter filter, double x) {
    if (x < 0.0) x = -x;
    if (filter == Filter::bilinear) return x < 1.0 ? 1.0 - x : 0.0;
    constexpr double a = -0.5;
    if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
    if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * a;
    return 0.0;
}

/// 8 bits of pixel, 22 of weight, 2 spare for bicubic's overshoot: together an int.
inline constexpr int weight_bits = 32 - 8 - 2;

/// The source pixels and weights of each output pixel along one axis. The order of operations follows Pillow's, so that
/// the fixed-point weights are equal to the last bit.
class ResizeWeights {
  public:
    struct Taps {
        int first, count;
        const std::int32_t* weights;
    };

    /// Outputs begin ... begin + count - 1 of an axis resized from `from` to `to` pixels.
    ResizeWeights(int from, int to, int begin, int count, Filter filter) {
        const double scale = static_cast<double>(from) / to, stretch = std::max(scale, 1.0),
                     support = support_of(filter) * stretch;
        most_taps_ = static_cast<std::size_t>(std::ceil(support)) * 2 + 1;
        ranges_.reserve(static_cast<std::size_t>(count));
        fixed_.resize(static_cast<std::size_t>(count) * most_taps_);
        std::vector<double> weights(most_taps_);
        for (int i = 0; i < count; ++i) {
            const double center = (begin + i + 0.5) * scale;
            const int first = std::max(static_cast<int>(center - support + 0.5), 0);
            const int taps = std::min(static_cast<int>(center + support + 0.5), from) - first;
            double sum = 0.0;
            for (int tap = 0; tap < taps; ++tap) {
                weights[static_cast<std::size_t>(tap)] =
                    weight_at(filter, (tap + first - center + 0.5) * (1.0 / stretch));
                sum += weights[static_cast<std::size_t>(tap)];
            }
            for (int tap = 0; tap < taps; ++tap) {
                double weight = weights[static_cast<std::size_t>(tap)];
                if (sum != 0.0) weight /= sum;
                weight *= 1 << weight_bits;
                fixed_[static_cast<std::size_t>(i) * most_taps_ + static_cast<std::size_t>(tap)] =
                    static_cast<std::int32_t>(weight < 0 ? weight - 0.5 : weight + 0.5);
            }
            ranges_.push_back({first, taps});
        }
    }

    Taps taps(int i) const {
        const auto index = static_cast<std::size_t>(i);
        return {ranges_[index].first, ranges_[index].count, fixed_.data() + index * most_taps_};
    }

    /// The range of source pixels that any output needs, end exclusive.
    int first_needed() const { return ranges_.front().first; }
    int end_needed() const { return ranges_.back().first + ranges_.back().count; }

  private:
    struct Range {
        int first, count;
    };
    std::size_t most_taps_ = 0;
    std::vector<Range> ranges_{};
    std::vector<std::int32_t> fixed_{};
};

constexpr std::uint8_t rounded_byte(std::int32_t sum) {
    return static_cast<std::uint8_t>(std::clamp(sum >> weight_bits, 0, 255));
}

inline constexpr std::int32_t half_of_a_level = 1 << (weight_bits - 1);

inline std::size_t bytes_of(int rows, int columns) {
    return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns) * 3;
}

/// Rows first_row ... end_row - 1 of `source`, resized along the rows.
inline Image resize_rows(const Image& source, const ResizeWeights& weights, int first_row, int end_row, int width) {
    Image made{.height = end_row - first_row,
               .width = width,
               .pixels = std::vector<std::uint8_t>(bytes_of(end_row - first_row, width))};
    std::uint8_t* to = made.pixels.data();
    for (int row = first_row; row < end_row; ++row) {
        const std::uint8_t* const line = source.pixels.data() + bytes_of(row, source.width);
        for (int x = 0; x < width; ++x, to += 3) {
            const auto taps = weights.taps(x);
            const std::uint8_t* from = line + bytes_of(taps.first, 1);
            std::int32_t red = half_of_a_level, green = half_of_a_level, blue = half_of_a_level;
            for (int tap = 0; tap < taps.count; ++tap, from += 3) {
                red += from[0] * taps.weights[tap];
                green += from[1] * taps.weights[tap];
                blue += from[2] * taps.weights[tap];
            }
            to[0] = rounded_byte(red);
            to[1] = rounded_byte(green);
            to[2] = rounded_byte(blue);
        }
    }
    return made;
}

/// `source`, whose row 0 is row `first_row` of the whole, resized along the columns.
inline Image resize_columns(const Image& source, const ResizeWeights& weights, int first_row, int height) {
    const std::size_t line = bytes_of(1, source.width);
    Image made{
        .height = height, .width = source.width, .pixels = std::vector<std::uint8_t>(bytes_of(height, source.width))};
    std::vector<std::int32_t> sums(line);
    for (int y = 0; y < height; ++y) {
        const auto taps = weights.taps(y);
        std::fill(sums.begin(), sums.end(), half_of_a_level);
        for (int tap = 0; tap < taps.count; ++tap) {
            const std::uint8_t* const from =
                source.pixels.data() + bytes_of(taps.first - first_row + tap, source.width);
            const std::int32_t weight = taps.weights[tap];
            for (std::size_t i = 0; i < line; ++i) sums[i] += from[i] * weight;
        }
        std::uint8_t* const to = made.pixels.data() + static_cast<std::size_t>(y) * line;
        for (std::size_t i = 0; i < line; ++i) to[i] = rounded_byte(sums[i]);
    }
    return made;
}

}  // namespace detail

/// Crops `source` to `window`. Throws Fault::bounds if it reaches outside.
inline Image crop(const Image& source, const Window& window) {
    if (window.top < 0 || window.left < 0 || window.height < 0 || window.width < 0 ||
        window.top > source.height - window.height || window.left > source.width - window.width)
        throw Error(Fault::bounds, {.place = "crop",
                                    .found = "a window outside of the picture",
                                    .wanted = "one within " + std::to_string(source.width) + " x " +
                                              std::to_string(source.height) + " pixels"});
    Image made{.height = window.height, .width = window.width, .pixels = {}};
    made.pixels.reserve(detail::bytes_of(window.height, window.width));
    for (int y = 0; y < window.height; ++y) {
        const auto from =
            source.pixels.begin() + static_cast<std::ptrdiff_t>(detail::bytes_of(window.top + y, source.width) +
                                                                detail::bytes_of(window.left, 1));
        made.pixels.insert(made.pixels.end(), from,
                           from + static_cast<std::ptrdiff_t>(detail::bytes_of(1, window.width)));
    }
    return made;
}

/// Resizes the part `window` of `source` to `height` x `width`: only that part is computed, with the same bytes as a
/// crop afterwards. Antialiased when shrinking (the kernel's support grows with the ratio): rows first, then columns,
/// rounded to 8 bits in between, in fixed point. Byte for byte Pillow's `Image.resize` for RGB. Throws Fault::shape for
/// an empty picture or size, Fault::bounds for a window outside.
inline Image resize(const Image& source, int height, int width, Filter filter, const Window& window) {
    if (source.height <= 0 || source.width <= 0 ||
        source.pixels.size() != detail::bytes_of(source.height, source.width) || height <= 0 || width <= 0)
        throw Error(Fault::shape, {.place = "resize",
                                   .found = std::to_string(source.width) + " x " + std::to_string(source.height) +
                                            " to " + std::to_string(width) + " x " + std::to_string(height),
                                   .wanted = "pictures of at least one pixel"});
    if (window.top < 0 || window.left < 0 || window.height <= 0 || window.width <= 0 ||
        window.top > height - window.height || window.left > width - window.width)
        throw Error(Fault::bounds,
                    {.place = "resize",
                     .found = "a window outside of the resized picture",
                     .wanted = "one within " + std::to_string(width) + " x " + std::to_string(height) + " pixels"});
    if (height == source.height && width == source.width) return crop(source, window);
    if (height == source.height) {
        const detail::ResizeWeights across(source.width, width, window.left, window.width, filter);
        return detail::resize_rows(source, across, window.top, window.top + window.height, window.width);
    }
    const detail::ResizeWeights down(source.height, height, window.top, window.height, filter);
    const int first = down.first_needed(), end = down.end_needed();
    if (width == source.width)
        return detail::resize_columns(crop(source, {first, window.left, end - first, window.width}), down, first,
                                      window.height);
    const detail::ResizeWeights across(source.width, width, window.left, window.width, filter);
    return detail::resize_columns(detail::resize_rows(source, across, first, end, window.width), down, first,
                                  window.height);
}

/// Resizes all of `source` to `height` x `width`.
inline Image resize(const Image& source, int height, int width, Filter filter) {
    return resize(source, height, width, filter, {0, 0, height, width});
}

}  // namespace taxon::preprocess
