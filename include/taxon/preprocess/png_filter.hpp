#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace taxon::preprocess {

/// PNG's filters (chapter 9): each byte of a row is stored less a prediction from the pixel before it, the one above it
/// and the one before that. Works on a pixel at a time, of at most eight bytes; all bytes of a pixel are independent.
class PngFilter {
  public:
    static constexpr std::size_t spare_bytes = 8;  ///< that may be read and written beyond a row
    static constexpr int count = 5;

    /// Restores a row of `size` bytes from the stored ones and the row above. `pixel_bytes`: 1, 2, 3, 4, 6 or 8.
    static void undo(int filter, std::size_t pixel_bytes, const std::uint8_t* stored, const std::uint8_t* above,
                     std::uint8_t* row, std::size_t size) {
        const Rows rows{stored, above, row, size};
        switch (pixel_bytes) {
            case 1: return undo<1>(filter, rows);
            case 2: return undo<2>(filter, rows);
            case 3: return undo<3>(filter, rows);
            case 4: return undo<4>(filter, rows);
            case 6: return undo<6>(filter, rows);
            default: return undo<8>(filter, rows);
        }
    }

  private:
    struct Rows {
        const std::uint8_t *stored, *above;
        std::uint8_t* row;
        std::size_t size;
    };
    using Pixel [[gnu::vector_size(8)]] = std::uint8_t;
    using Lanes [[gnu::vector_size(16)]] = std::int16_t;

    static Lanes load(const std::uint8_t* at) {
        Pixel pixel{};
        std::memcpy(&pixel, at, sizeof pixel);
        return __builtin_convertvector(pixel, Lanes);
    }

    template <std::size_t pixel_bytes>
    static void undo(int filter, const Rows& rows) {
        switch (filter) {
            case 0: std::memcpy(rows.row, rows.stored, rows.size); return;
            case 1: return add<pixel_bytes>(rows, [](Lanes left, Lanes, Lanes) { return left; });
            case 2: return add<8>(rows, [](Lanes, Lanes above, Lanes) { return above; });
            case 3: return add<pixel_bytes>(rows, [](Lanes left, Lanes above, Lanes) { return (left + above) >> 1; });
            default: return add<pixel_bytes>(rows, paeth);
        }
    }

    /// Whichever of the three is nearest to left + above - corner, written without differences: 6 ns a byte became .4
    /// to 3, since the processor could not foresee the branches.
    static Lanes paeth(Lanes left, Lanes above, Lanes corner) {
        const Lanes low = left < above ? left : above, high = left < above ? above : left;
        const Lanes bound = 3 * corner - (left + above);
        const Lanes low_or_corner = high <= bound ? low : corner;
        return bound <= low ? high : low_or_corner;
    }

    /// Writes eight bytes a pixel: what is beyond it is overwritten by the next one.
    template <std::size_t pixel_bytes, class Prediction>
    static void add(const Rows& rows, Prediction predict) {
        Lanes left{}, corner{};
        for (std::size_t i = 0; i < rows.size; i += pixel_bytes) {
            const Lanes above = load(rows.above + i);
            left = (load(rows.stored + i) + predict(left, above, corner)) & 255;
            corner = above;
            const Pixel pixel = __builtin_convertvector(left, Pixel);
            std::memcpy(rows.row + i, &pixel, sizeof pixel);
        }
    }
};

}  // namespace taxon::preprocess
