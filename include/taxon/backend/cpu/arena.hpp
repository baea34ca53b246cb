#pragma once
#include <algorithm>
#include <cstring>
#include <taxon/core/image.hpp>
#include <taxon/graph/plan.hpp>

namespace taxon::cpu {

inline float* at(std::byte* arena, int offset) { return reinterpret_cast<float*>(arena + offset); }

/// Zeroes the halo of a buffer: other values may have lain there since the last run. `origin` is its pixel (0, 0).
inline void clear_halo(float* origin, const View& view) {
    const int halo = view.halo, height = view.shape.height, width = view.shape.width, whole = width + 2 * halo;
    if (halo == 0) return;
    const auto zero = [&](int y, int x, int pixels) { std::memset(origin + view.pixel(y, x), 0, sizeof(float) * static_cast<std::size_t>(pixels * view.pitch)); };
    zero(-halo, -halo, halo * whole + halo);
    for (int y = 0; y < height - 1; ++y) zero(y, width, 2 * halo);
    zero(height - 1, width, halo * whole + halo);
}

/// Zeroes what lies between the channels and the pitch of every pixel: kernels read it with weights of zero, and zero times NaN is NaN.
inline void clear_padding(float* origin, const View& view) {
    if (view.pitch == view.shape.channels) return;
    for (int y = 0; y < view.shape.height; ++y)
        for (int x = 0; x < view.shape.width; ++x) {
            float* pixel = origin + view.pixel(y, x);
            std::fill(pixel + view.shape.channels, pixel + view.pitch, 0.f);
        }
}

/// Copies a value out of the arena: (C, H, W) dense, as PyTorch lays it out.
inline void copy_planes(const float* origin, const View& view, float* planes) {
    for (int c = 0; c < view.shape.channels; ++c)
        for (int y = 0; y < view.shape.height; ++y)
            for (int x = 0; x < view.shape.width; ++x) *planes++ = origin[view.pixel(y, x) + c];
}

}  // namespace taxon::cpu
