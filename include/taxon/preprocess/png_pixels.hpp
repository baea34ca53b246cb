#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include <taxon/io/inflate.hpp>
#include <taxon/preprocess/oriented_image.hpp>
#include <taxon/preprocess/png_filter.hpp>
#include <taxon/preprocess/png_structure.hpp>

namespace taxon::preprocess {

namespace detail {

/// Turns the decompressed bytes of a PNG into pixels, row by row as they come.
class PngRows {
  public:
    PngRows(const PngStructure& png, OrientedImage& image)
        : png_(png), image_(image), samples_(static_cast<std::size_t>(png_samples(png.colour))),
          pixel_bytes_(std::max(std::size_t{1}, samples_ * depth() / 8)), pass_(png_passes(png.interlaced).begin()) {
        begin_pass();
    }

    /// Throws Fault::unused for more bytes than the picture has, Fault::syntax for an unknown filter.
    void add(Bytes bytes) {
        received_ += bytes.size();
        if (received_ > png_.unpacked_bytes) refuse(Fault::unused, "more pixels than the header says");
        while (!bytes.empty()) {
            const std::size_t part = std::min(bytes.size(), 1 + row_bytes() - filled_);
            std::memcpy(stored_.data() + filled_, bytes.data(), part);
            filled_ += part;
            bytes = bytes.subspan(part);
            if (filled_ == 1 + row_bytes()) end_row();
        }
    }

    /// Throws Fault::syntax if rows are missing.
    void finish() const {
        if (received_ != png_.unpacked_bytes) refuse(Fault::syntax, std::to_string(received_) + " bytes");
    }

  private:
    [[noreturn]] void refuse(Fault fault, std::string_view found) const {
        refuse_png(fault, "pixel data", found, std::to_string(png_.unpacked_bytes) + " bytes");
    }

    std::size_t depth() const { return static_cast<std::size_t>(png_.depth); }
    int columns() const { return pass_->columns(png_.facts.width); }
    std::size_t row_bytes() const { return (static_cast<std::size_t>(columns()) * samples_ * depth() + 7) / 8; }

    /// Passes without pixels have no rows.
    void begin_pass() {
        const auto end = png_passes(png_.interlaced).end();
        while (pass_ != end && (columns() == 0 || pass_->rows(png_.facts.height) == 0)) ++pass_;
        if (pass_ == end) return;
        y_ = 0;
        filled_ = 0;
        for (auto* const row : {&stored_, &row_, &above_}) row->assign(1 + row_bytes() + PngFilter::spare_bytes, 0);
        rgb_.resize(3 * static_cast<std::size_t>(columns()));
    }

    void end_row() {
        unfilter();
        const bool is_rgb = png_.colour == 2 && png_.depth == 8;
        if (!is_rgb) to_rgb();
        image_.put(pass_->y + y_ * pass_->step_y, pass_->x, pass_->step_x,
                   is_rgb ? std::span(row_).first(row_bytes()) : rgb_);
        std::swap(row_, above_);
        filled_ = 0;
        if (++y_ < pass_->rows(png_.facts.height)) return;
        ++pass_;
        begin_pass();
    }

    /// Byte 0 of a stored row is the number of its filter.
    void unfilter() {
        const int filter = stored_[0];
        if (filter >= PngFilter::count) refuse(Fault::syntax, "a row with filter " + std::to_string(filter));
        PngFilter::undo(filter, pixel_bytes_, stored_.data() + 1, above_.data(), row_.data(), row_bytes());
    }

    /// 16-bit samples keep their high byte; smaller ones are spread over 0 to 255, or are colours of the palette.
    void to_rgb() {
        const std::uint8_t* const bytes = row_.data();
        const std::size_t bits = depth(), step = bits == 16 ? 2 : 1, count = rgb_.size() / 3;
        const auto small = [&](std::size_t i) {
            return static_cast<std::size_t>(bytes[i * bits / 8] >> (8 - bits - i * bits % 8) & ((1 << bits) - 1));
        };
        const bool coloured = png_.colour == 2 || png_.colour == 6;
        for (std::size_t x = 0; x < count; ++x) {
            std::uint8_t* const to = rgb_.data() + 3 * x;
            if (coloured) {
                for (std::size_t channel = 0; channel < 3; ++channel)
                    to[channel] = bytes[(x * samples_ + channel) * step];
            } else if (png_.colour == 3) {
                const std::size_t colour = 3 * (bits == 8 ? bytes[x] : small(x));
                for (std::size_t channel = 0; channel < 3; ++channel)
                    to[channel] = colour < png_.palette.size()
                                      ? std::to_integer<std::uint8_t>(png_.palette[colour + channel])
                                      : std::uint8_t{0};
            } else {
                const std::size_t level =
                    bits < 8 ? small(x) * 255 / ((std::size_t{1} << bits) - 1) : bytes[x * samples_ * step];
                std::fill_n(to, 3, static_cast<std::uint8_t>(level));
            }
        }
    }

    const PngStructure& png_;
    OrientedImage& image_;
    std::size_t samples_, pixel_bytes_;
    std::span<const PngPass>::iterator pass_;
    int y_ = 0;                   // of the pass
    std::size_t filled_ = 0;      // bytes of the row
    std::uint64_t received_ = 0;  // bytes of all rows
    std::vector<std::uint8_t> stored_{}, row_{}, above_{}, rgb_{};
};

}  // namespace detail

/// Decodes the pixels of a PNG: grey is replicated, alpha dropped, colours beyond the palette are black. Memory is the
/// image's and a few rows. Throws Fault::unused for surplus pixels, Fault::syntax for missing ones and an unknown
/// filter, and as io::inflate does.
inline void decode_png_pixels(const PngStructure& png, OrientedImage& image) {
    detail::PngRows rows(png, image);
    io::inflate(png.packed, [&](Bytes bytes) { rows.add(bytes); });
    rows.finish();
}

}  // namespace taxon::preprocess
