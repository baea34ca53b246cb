#pragma once
#include <algorithm>
#include <taxon/plan/row_shares.hpp>

namespace taxon {

/// Rows of a picture; those before the first one and after the last one are its halo.
struct RowRange {
    int first = 0, last = 0;
    constexpr int count() const { return std::max(0, last - first); }
    constexpr bool operator==(const RowRange&) const = default;
};

namespace detail {

/// The rows that a step reads for rows of its output.
constexpr RowRange rows_read(const Geometry& g, RowRange out) {
    const WindowAxis& y = g.window.y;
    const int first = out.first * y.stride - y.before;
    return {first, first + (out.count() - 1) * y.stride + y.reach()};
}

/// True if a kernel can compute some rows of its output alone, from rows of floats, and overwrites no others. A row has
/// at least a tile's pixels. No window lies in the padding alone: a chain's first or last band could then need a single
/// row of the value before, and a depthwise kernel computes two at a time.
constexpr bool computes_rows(const Geometry& g) {
    const bool floats = g.weights == Element::float32 && g.in.element == Element::float32 &&
                        g.out.element == Element::float32 && g.operand.element == Element::float32;
    const WindowAxis& y = g.window.y;
    if (!floats || g.in_place || g.in.shape.sequence || g.in.shape.table || g.out.shape.sequence ||
        g.out.shape.width < 16 || std::max(y.before, y.after) >= y.reach())
        return false;
    switch (g.kernel) {
        case Kernel::convolution:
            return !g.transposed && g.depth * g.panel * static_cast<int>(size_of(g.weights)) <= block_bytes;
        case Kernel::depthwise: return true;
        case Kernel::pool: return !g.window.adaptive() && g.out.shape.height > 1;
        default: return false;
    }
}

}  // namespace detail
}  // namespace taxon
