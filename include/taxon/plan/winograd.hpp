#pragma once
#include <algorithm>
#include <taxon/graph/node.hpp>

namespace taxon::detail {

/// Tiling of Winograd's convolution F(4x4, 3x3) (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks",
/// 2015): tiles of 4x4 outputs, each from 6x6 inputs transformed to 36 numbers; then 36 matrix products over all tiles
/// of a block.
struct Winograd {
    static constexpr int tile = 4, window = tile + 2, products = window * window;
    /// output channels whose products stay in the L2 cache until they are transformed
    static constexpr int panel = 32;
    static constexpr int most_parts = 8;  ///< parallel parts of a step, each with memory of its own
    /// of a block's inputs and products, in an L2 cache of 1 MiB; but at least
    static constexpr int block_bytes = 400 * 1024;
    /// tiles, because every block reads all weights, possibly from memory
    static constexpr int least_block = 28;

    int across = 0, tiles = 0;  ///< tiles per row; in the map
    int blocks = 0, block = 0;  ///< blocks; tiles in each but the last
    /// floats from tile to tile of the inputs; from one of the 36 to the next
    int pitch = 0, input_plane = 0, product_plane = 0;

    constexpr int rest() const { return tiles - (blocks - 1) * block; }
    /// Floats that one part needs.
    constexpr int part_size() const { return products * (input_plane + product_plane); }
    constexpr int scratch_size() const { return most_parts * part_size(); }
    constexpr int input_size() const { return products * input_plane; }

    /// The same with the planes of a block of that many samples, their tiles one after the other. Planes are an odd
    /// number of cache lines apart: a transform writes one line of each, and they must not map to one cache set.
    constexpr Winograd of_samples(int samples) const {
        Winograd w = *this;
        w.input_plane = (samples * block * pitch / 16 | 1) * 16;
        w.product_plane = (samples * block * panel / 16 | 1) * 16;
        return w;
    }

    /// True if the memory of all parts holds such a block's inputs, and its products with all output channels.
    constexpr bool holds(int samples, int channels) const {
        const Winograd w = of_samples(samples);
        return products * (w.input_plane + (channels + panel - 1) / panel * w.product_plane) <= scratch_size();
    }
};

/// For a map with that many channels. Tiles are not whole pages apart, so that they do not map to one cache set.
constexpr Winograd winograd(Shape in) {
    Winograd w;
    w.across = (in.width + Winograd::tile - 1) / Winograd::tile;
    w.tiles = w.across * ((in.height + Winograd::tile - 1) / Winograd::tile);
    w.pitch = round_up(in.channels, 16) + (round_up(in.channels, 16) % 1024 == 0 ? 16 : 0);
    const int tile_bytes = Winograd::products * static_cast<int>(sizeof(float)) * (w.pitch + Winograd::panel);
    const int most = std::max(Winograd::block_bytes / tile_bytes, Winograd::least_block);
    w.blocks = (w.tiles + most - 1) / most;
    w.block = (w.tiles + w.blocks - 1) / w.blocks;
    return w.of_samples(1);
}

/// True if a convolution uses Winograd. The weights take four times the memory, so on small maps the bandwidth of
/// weights decides: time of a direct convolution over Winograd's on one core of a Zen 5 (276 GFLOP/s; 138 with AVX2),
/// weights in L3 / in memory:
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
/// Measured by benchmarks/backend/cpu/kernel/winograd.cpp. At 7x7 direct convolution is the better choice for large
/// networks, the more so where two cores share one memory.
constexpr bool suits_winograd(const Node& node) {
    constexpr WindowAxis three{.size = 3, .before = 1, .after = 1};
    const bool window =
        node.window == Window{three, three} && node.groups == 1 && !node.transposed && !node.in.sequence;
    return window && node.in.channels >= 16 && node.out.channels >= 16 && node.in.height >= 7 && node.in.width >= 7 &&
           node.in.pixels() >= 64;
}

}  // namespace taxon::detail
