#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <taxon/core/image.hpp>

namespace taxon::preprocess {

/// The rows of a picture resized like OpenCV's INTER_LINEAR for 8 bits, to the last bit: each output is interpolated
/// from the four nearest pixels (also when shrinking; nothing is averaged), weights have 11 bits, and horizontal sums
/// keep 7 fractional bits until the vertical pass. Each source row is interpolated at most once if rows are requested
/// in ascending order.
class BilinearRows {
  public:
    /// The source, of at least one pixel, must outlive this.
    BilinearRows(const Image& source, int height, int width)
        : source_(source), columns_(taps(source.width, width)), rows_(taps(source.height, height)) {
        const std::size_t blocks = (static_cast<std::size_t>(width) * 3 + block - 1) / block;
        for (auto& line : lines_) line.resize(blocks * block);
        row_.resize(blocks * block);
    }

    /// Row y, from 0 to height - 1: width * 3 bytes, valid until the next call.
    const std::uint8_t* row(int y) {
        const Tap& tap = rows_[static_cast<std::size_t>(y)];
        // A row beyond an edge is the edge's, but is weighted separately, as in the reference: each share is rounded
        // down by itself.
        const std::int16_t *const above = line(tap.first), *const below = line(tap.second);
        const int weight_above = tap.weights[0], weight_below = tap.weights[1];
        for (std::size_t start = 0; start < row_.size(); start += block) {
            std::uint8_t made[block];  // of constant size, so that GCC's -O2 vectorizes: twice as fast
            for (std::size_t i = 0; i < block; ++i) {
                const int sum = (above[start + i] * weight_above >> 16) + (below[start + i] * weight_below >> 16);
                made[i] = static_cast<std::uint8_t>((sum + 2) >> 2);
            }
            std::copy_n(made, block, row_.data() + start);
        }
        return row_.data();
    }

  private:
    static constexpr std::size_t block = 32;

    /// The two neighbours of each output, and their weights in 1/2048.
    struct Tap {
        int first, second;
        std::array<std::int16_t, 2> weights;
    };

    /// Positions are computed in float by the reference's formula, because their last bits decide weights.
    static std::vector<Tap> taps(int from, int to) {
        constexpr float one = 2048;
        const double scale = 1.0 / (static_cast<double>(to) / from);
        std::vector<Tap> made;
        made.reserve(static_cast<std::size_t>(to));
        for (int i = 0; i < to; ++i) {
            const float position = static_cast<float>((i + 0.5) * scale - 0.5), floor = std::floor(position),
                        share = position - floor;
            const auto weight = [](float part) { return static_cast<std::int16_t>(std::lrint(part * one)); };
            const auto inside = [&](int pixel) { return std::clamp(pixel, 0, from - 1); };
            made.push_back({inside(static_cast<int>(floor)),
                            inside(static_cast<int>(floor) + 1),
                            {weight(1.0f - share), weight(share)}});
        }
        return made;
    }

    /// Source row `row` interpolated along its columns, in 1/128 levels: at most 255 * 128, so 16 bits hold it.
    const std::int16_t* line(int row) {
        const auto slot = static_cast<std::size_t>(row % 2);  // neighbours never share a slot
        if (held_[slot] != row) {
            const std::uint8_t* const pixels =
                source_.pixels.data() + static_cast<std::ptrdiff_t>(row) * source_.width * 3;
            std::int16_t* to = lines_[slot].data();
            for (const Tap& tap : columns_) {
                const std::uint8_t *const left = pixels + std::ptrdiff_t{3} * tap.first, *const right =
                                                                                             pixels +
                                                                                             std::ptrdiff_t{3} *
                                                                                                 tap.second;
                const int weight_left = tap.weights[0], weight_right = tap.weights[1];
                for (int channel = 0; channel < 3; ++channel)
                    to[channel] =
                        static_cast<std::int16_t>((left[channel] * weight_left + right[channel] * weight_right) >> 4);
                to += 3;
            }
            held_[slot] = row;
        }
        return lines_[slot].data();
    }

    const Image& source_;
    std::vector<Tap> columns_, rows_;
    std::array<std::vector<std::int16_t>, 2> lines_;
    std::array<int, 2> held_{-1, -1};
    std::vector<std::uint8_t> row_;
};

}  // namespace taxon::preprocess
