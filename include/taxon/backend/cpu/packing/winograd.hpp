#pragma once
#include <taxon/backend/cpu/packing/matrix.hpp>

namespace taxon::cpu::packing {

/// Transforms a column of a 3x3 window to the points of Winograd's F(4x4, 3x3), whose other halves are in
/// kernel/winograd.inl.
inline std::array<double, 6> at_points(double a, double b, double c) {
    const double odd = std::sqrt(2.0) * b;
    return {a, -(2 * a + odd + c) / 3, -(2 * a - odd + c) / 3, (a + odd + 2 * c) / 6, (a - odd + 2 * c) / 6, c};
}

/// Packs 3x3 windows for Winograd's products: [panel][point][input][output of the panel]. Outputs are the inner loop,
/// so that the 36 destinations stay in L1.
template <Element E>
void pack_winograd(const Matrix& matrix, std::byte* bytes) {
    auto* to = reinterpret_cast<Number<E>*>(bytes);
    const std::size_t outputs = matrix.outputs(), inputs = size(matrix.node.in.channels), columns = matrix.columns();
    const std::size_t panel_width = size(matrix.geometry.panel), depth = matrix.depth();
    for (std::size_t panel = 0; panel < outputs; panel += panel_width) {
        const std::size_t width = std::min(panel_width, columns - panel), used = std::min(panel_width, outputs - panel);
        for (std::size_t c = 0; c < inputs; ++c)
            for (std::size_t n = 0; n < used; ++n) {
                const float* window = matrix.from.data() + ((panel + n) * inputs + c) * 9;
                const double scale = matrix.norm.scale[panel + n];
                std::array<std::array<double, 6>, 3> rows;
                for (std::size_t x = 0; x < 3; ++x)
                    rows[x] = at_points(scale * window[x], scale * window[3 + x], scale * window[6 + x]);
                Number<E>* column = to + panel * depth + c * width + n;
                for (std::size_t y = 0; y < 6; ++y)
                    for (const double value : at_points(rows[0][y], rows[1][y], rows[2][y]))
                        *column = packed_number<Number<E>>(value), column += inputs * width;
            }
    }
}

}  // namespace taxon::cpu::packing
