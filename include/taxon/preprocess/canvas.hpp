#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include <taxon/core/limits.hpp>
#include <taxon/preprocess/resize.hpp>

namespace taxon::preprocess {

/// A picture in the middle of the geometry steps. A resize is deferred until its result is needed, so that a subsequent
/// crop narrows what is computed at all. The source must outlive the canvas.
class Canvas {
  public:
    explicit Canvas(const Image& source)
        : picture_(&source), height_(source.height), width_(source.width), window_{0, 0, height_, width_} {}
    Canvas(const Canvas&) = delete;
    Canvas& operator=(const Canvas&) = delete;

    /// The size after all steps so far.
    int height() const { return window_.height; }
    int width() const { return window_.width; }

    void resize(int height, int width, Filter filter) {
        settle();
        height_ = height;
        width_ = width;
        filter_ = filter;
        window_ = {0, 0, height, width};
    }

    /// Crops to a window, relative to the current top left corner.
    void crop(const Window& part) {
        window_ = {window_.top + part.top, window_.left + part.left, part.height, part.width};
    }

    /// Pads with black, so many pixels on each side.
    void pad(int top, int left, int bottom, int right) {
        settle();
        Image framed{.height = height() + top + bottom, .width = width() + left + right, .pixels = {}};
        check_pixels(framed.height, framed.width);
        framed.pixels.resize(detail::bytes_of(framed.height, framed.width));
        for (int y = 0; y < height(); ++y)
            std::copy_n(picture_->pixels.begin() + static_cast<std::ptrdiff_t>(detail::bytes_of(y, width())),
                        detail::bytes_of(1, width()),
                        framed.pixels.begin() + static_cast<std::ptrdiff_t>(detail::bytes_of(y + top, framed.width) +
                                                                            detail::bytes_of(1, left)));
        replace(std::move(framed));
    }

    /// The picture after the steps so far; valid until the next step. Throws as `preprocess::resize` does, and
    /// Fault::limit for an intermediate picture of more pixels than a file may have (`Limits`), which a very narrow
    /// source can require.
    const Image& picture() {
        settle();
        return *picture_;
    }

  private:
    static void check_pixels(int height, int width) {
        constexpr auto most = static_cast<std::int64_t>(Limits{}.picture_pixels);
        if (std::int64_t{height} * width > most)
            throw Error(Fault::limit, {.place = "preprocessing",
                                       .found = "a picture of " + std::to_string(width) + " x " +
                                                std::to_string(height) + " pixels in between",
                                       .wanted = "at most " + std::to_string(most) + " pixels",
                                       .remedy = "crop the picture to a less extreme shape first"});
    }

    void settle() {
        const bool whole = window_.top == 0 && window_.left == 0 && window_.height == picture_->height &&
                           window_.width == picture_->width;
        if (whole && height_ == picture_->height && width_ == picture_->width) return;
        check_pixels(window_.height, window_.width);
        replace(preprocess::resize(*picture_, height_, width_, filter_, window_));
    }

    void replace(Image picture) {
        made_ = std::move(picture);
        picture_ = &made_;
        height_ = made_.height;
        width_ = made_.width;
        window_ = {0, 0, height_, width_};
    }

    Image made_{};
    const Image* picture_;
    int height_, width_;  // the size that picture_ is to be resized to
    Filter filter_ = Filter::bilinear;
    Window window_;  // a part of the resized picture
};

}  // namespace taxon::preprocess
