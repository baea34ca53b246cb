#pragma once
#include <cstdint>
#include <taxon/plan/panel.hpp>

namespace taxon::detail {

/// Sums over more weights than this are cut into blocks, which a part must not compute twice.
inline constexpr int block_bytes = 256 * 1024;

/// True if that many parts of a picture's rows have at least two rows each, and sixteen pixels, which is as many as a
/// tile has.
constexpr bool has_rows_for(int parts, Shape shape) {
    const int least = std::max(2, (15 + shape.width) / std::max(shape.width, 1));
    return !shape.sequence && !shape.table && shape.height / least >= parts;
}

/// True if parts share the rows of a convolution's output or of a pool's, each with its own borders between height ·
/// part / parts: then a step that reads pixel by pixel may follow without a barrier. A convolution with more outputs
/// than weights, since each part reads all weights, and not of bytes, whose tiles may leave vectors out; a depthwise
/// one that has more pixels than channels.
constexpr bool shares_rows(const Geometry& g, int parts) {
    const Shape shape = g.out.shape;
    if (!has_rows_for(parts, shape)) return false;
    switch (g.kernel) {
        case Kernel::convolution:
            return !g.transposed && g.weights != Element::int8 &&
                   g.depth * g.panel * static_cast<int>(size_of(g.weights)) <= block_bytes &&
                   std::int64_t{shape.pixels()} * g.out.pitch > std::int64_t{g.depth} * g.groups * outputs_of_group(g);
        case Kernel::depthwise: return !g.sums && shape.pixels() >= shape.channels;
        case Kernel::pool: return true;
        default: return false;
    }
}

}  // namespace taxon::detail
