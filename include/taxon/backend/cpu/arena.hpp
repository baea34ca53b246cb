#pragma once
#include <algorithm>
#include <cstring>
#include <taxon/number/number.hpp>
#include <taxon/plan/plan.hpp>

namespace taxon::cpu {

/// Bytes from pixel (0, 0) of a view to another pixel, which may lie in its halo.
inline std::ptrdiff_t bytes_to(const View& view, int y, int x) {
    return static_cast<std::ptrdiff_t>(size_of(view.element)) * view.pixel(y, x);
}

/// Fills a buffer's halo with the zero point: other values may have lain there since the last run. `origin` is its
/// pixel (0, 0).
inline void clear_halo(std::byte* origin, const View& view, QuantizationParameters as) {
    const auto [above, beside] = view.halo;
    const int height = view.shape.height, width = view.shape.width, whole = width + 2 * beside;
    if (!view.has_halo()) return;
    const int zero = static_cast<int>(as.zero_point);  // 0 for 16-bit integers
    const auto clear = [&](int y, int x, int pixels) {
        std::memset(origin + bytes_to(view, y, x), zero,
                    size_of(view.element) * static_cast<std::size_t>(pixels * view.pitch));
    };
    clear(-above, -beside, above * whole + beside);
    for (int y = 0; y < height - 1 && beside > 0; ++y) clear(y, width, 2 * beside);
    clear(height - 1, width, above * whole + beside);
}

/// Zeroes the padding between the channels and the pitch of every pixel, and after the last one: kernels read it with
/// zero weights, and zero times NaN is NaN.
inline void clear_padding(std::byte* origin, const View& view) {
    const std::size_t element = size_of(view.element);
    // see Buffer::elements
    if (view.element != Element::float32)
        std::memset(origin + bytes_to(view, view.shape.height + view.halo.y, -view.halo.x), 0, 4 * element);
    if (view.pitch == view.shape.channels) return;
    for (int y = 0; y < view.shape.height; ++y)
        for (int x = 0; x < view.shape.width; ++x)
            std::memset(origin + bytes_to(view, y, x) + element * static_cast<std::size_t>(view.shape.channels), 0,
                        element * static_cast<std::size_t>(view.pitch - view.shape.channels));
}

/// Copies a value out of the arena as float32: (C, H, W) dense, as in PyTorch, `length` tokens of features, or rows.
/// `factors`: steps per unit of each channel instead of the scale, if there are any.
inline void copy_out(const std::byte* origin, const View& view, QuantizationParameters as, const float* factors,
                     int length, float* to) {
    const Shape shape = view.shape;
    if (factors) as.scale = 1;
    visit_numbers(origin, view.element, as, [&](auto number) {
        const auto real = [&](std::ptrdiff_t at, int c) { return factors ? number(at) / factors[c] : number(at); };
        if (shape.sequence || shape.table) {
            for (int t = 0; t < (shape.table ? shape.height : length); ++t)
                for (int c = 0; c < shape.channels; ++c) *to++ = real(t * view.pitch + c, c);
        } else
            for (int c = 0; c < shape.channels; ++c)
                for (int y = 0; y < shape.height; ++y)
                    for (int x = 0; x < shape.width; ++x) *to++ = real(view.pixel(y, x) + c, c);
    });
}

}  // namespace taxon::cpu
