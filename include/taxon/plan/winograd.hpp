#pragma once
#include <algorithm>
#include <taxon/graph/node.hpp>

namespace taxon::detail {

/// How Winograd's convolution F(4x4, 3x3) cuts up a map (Lavin and Gray, "Fast Algorithms for Convolutional Neural
/// Networks", 2015): tiles of 4x4 outputs, each made of 6x6 inputs that become 36 numbers; with those, 36 matrix
/// products over all tiles of a block.
struct Winograd {
    static constexpr int tile = 4, window = tile + 2, products = window * window;
    /// output channels whose products lie in the second cache until they are added up
    static constexpr int panel = 32;
    static constexpr int most_parts = 8;  ///< that share a step, each with memory of its own
    /// of a block's inputs and products, in a second cache of 1 MiB; but at least
    static constexpr int block_bytes = 400 * 1024;
    /// tiles, for every block reads all weights, and they may come from memory
    static constexpr int least_block = 28;

    int across = 0, tiles = 0;  ///< tiles in a row; in the map
    int blocks = 0, block = 0;  ///< blocks; tiles in each but the last
    /// floats from tile to tile of the inputs; from one of the 36 to the next
    int pitch = 0, input_plane = 0, product_plane = 0;

    constexpr int rest() const { return tiles - (blocks - 1) * block; }
    /// Floats that one part needs.
    constexpr int part_size() const { return products * (input_plane + product_plane); }
    constexpr int scratch_size() const { return most_parts * part_size(); }
    constexpr int input_size() const { return products * input_plane; }
};

/// For a map of that many channels. Planes are an odd number of cache lines apart: a transform writes one line of each,
/// and they must not meet in one cache set. Tiles are not whole pages apart, for the same reason.
constexpr Winograd winograd(Shape in) {
    Winograd w;
    w.across = (in.width + Winograd::tile - 1) / Winograd::tile;
    w.tiles = w.across * ((in.height + Winograd::tile - 1) / Winograd::tile);
    w.pitch = round_up(in.channels, 16) + (round_up(in.channels, 16) % 1024 == 0 ? 16 : 0);
    const int tile_bytes = Winograd::products * static_cast<int>(sizeof(float)) * (w.pitch + Winograd::panel);
    const int most = std::max(Winograd::block_bytes / tile_bytes, Winograd::least_block);
    w.blocks = (w.tiles + most - 1) / most;
    w.block = (w.tiles + w.blocks - 1) / w.blocks;
    w.input_plane = (w.block * w.pitch / 16 | 1) * 16;
    w.product_plane = (w.block * Winograd::panel / 16 | 1) * 16;
    return w;
}

/// Whether a convolution is computed so. The weights take four times the memory, so what decides on small maps is how
/// fast they come: times of a direct convolution over Winograd's on one core of a Zen 5 (276 GFLOP/s; 138 with AVX2),
/// weights in the third cache / in memory:
///
///     map      channels     AVX-512        AVX2
///     56x56     64 ->   64  3.1  / 3.2     3.5 / 3.6
///     56x56     16 ->   16  2.0  / 2.0     2.6 / 2.6
///     28x28    128 ->  128  3.5  / 3.3     3.6 / 3.4
///     14x14    256 ->  256  2.9  / 2.4     2.9 / 2.7
///     14x14     16 ->   32  1.8  / 1.4     2.3 / 2.2
///      8x8     256 ->  256  2.3  / 1.2     3.1 / 2.0
///      7x7     512 ->  512  1.5  / 0.93    2.2 / 1.4
///      7x7     160 ->  320  2.1  / 0.94    2.7 / 1.6
///
/// Measured by benchmarks/backend/cpu/kernel/winograd.cpp. At 7x7 a direct convolution is the better choice for large
/// networks, the more so where two cores share one memory.
constexpr bool suits_winograd(const Node& node) {
    const bool window =
        node.kernel == 3 && node.stride == 1 && node.padding == 1 && node.groups == 1 && !node.in.sequence;
    return window && node.in.channels >= 16 && node.out.channels >= 16 && node.in.height >= 7 && node.in.width >= 7 &&
           node.in.pixels() >= 64;
}

}  // namespace taxon::detail
