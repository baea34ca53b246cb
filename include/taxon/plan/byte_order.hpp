#pragma once
#include <taxon/plan/panel.hpp>

namespace taxon::detail {

inline constexpr int most_byte_groups = 1536;  ///< of four inputs: eight outputs' lie on a kernel's stack

/// The order in which kernels without VNNI multiply a panel's bytes: see packing/byte_order.hpp. It lies behind the
/// weights of a step, for every eight outputs: the numbers of pairs and of single groups of four inputs, then all
/// groups, pairs first.
constexpr bool has_byte_order(const Geometry& g) {
    return g.kernel == Kernel::convolution && g.weights == Element::int8 && g.groups == 1 && !g.transposed &&
           g.depth / fold_of(g.weights) <= most_byte_groups;
}
/// Numbers of 16 bits for eight outputs.
constexpr int byte_order_length(const Geometry& g) { return g.depth / fold_of(g.weights) + 2; }

/// Bytes before it and of it.
constexpr int byte_order_at(const Geometry& g) { return round_up(round_up(g.out.shape.channels, 8) * g.depth, 64); }
constexpr int byte_order_bytes(const Geometry& g) {
    return has_byte_order(g) ? (g.out.shape.channels + 7) / 8 * byte_order_length(g) * 2 : 0;
}

}  // namespace taxon::detail
