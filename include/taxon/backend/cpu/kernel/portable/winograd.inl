// Winograd's convolution F(4x4, 3x3) as 36 matrix products.
namespace taxon::cpu::portable {

inline constexpr float no_bias[column] = {};

/// Transforms 36 planes of a column's products to 4x4 outputs: (pixel, channel).
inline void assemble(const float* products, int plane, const float* bias, float* out) {
    for (int c = 0; c < column; c += Wide::lanes) {
        Wide::type m[6], y[4], w[4][6];
        for (int i = 0; i < 6; ++i) {
            TAXON_UNROLL for (int j = 0; j < 6; ++j) m[j] = Wide::load(products + (6 * j + i) * plane + c);
            from_points<Wide>(m, y);
            TAXON_UNROLL for (int j = 0; j < 4; ++j) w[j][i] = y[j];
        }
        for (int j = 0; j < 4; ++j) {
            from_points<Wide>(w[j], y);
            TAXON_UNROLL for (int i = 0; i < 4; ++i)
                Wide::store(out + (4 * j + i) * column + c, y[i] + Wide::load(bias + c));
        }
    }
}

/// Parts share the columns of all blocks. Those that share a block each transform it for themselves.
template <Element In, Element Weights>
void winograd(const Geometry& g, const Operands& o) {
    using taxon::detail::Winograd;
    constexpr int most = tile_pixels<Dot<Weights>>;
    const Winograd cut = taxon::detail::winograd(g.in.shape);
    const int depth = g.in.shape.channels, channels = round_up(g.out.shape.channels, column),
              columns = channels / column, parts = std::min(o.parts, Winograd::most_parts),
              units = cut.blocks * columns;
    if (o.part >= parts) return;
    float *inputs = o.scratch + o.part * cut.part_size(), *products = inputs + cut.input_size();
    const Reach reach{1, 1, depth, 0, 0};
    int transformed = -1;
    for (int unit = units * o.part / parts; unit < units * (o.part + 1) / parts; ++unit) {
        const int block = unit / columns, channel = unit % columns * column,
                  tiles = block == cut.blocks - 1 ? cut.rest() : cut.block;
        if (block != transformed) transform_block<In>(g, cut, o, block, tiles, inputs);
        transformed = block;
        const int panel = channel / g.panel * g.panel, width = std::min(g.panel, channels - panel);
        const auto* weights = o.weights_as<Weights>() + panel * g.depth + channel - panel;
        for (int q = 0; q < Winograd::products; ++q, weights += depth * width)
            for (int t = 0; t < tiles; t += most) {
                const int count = std::min(most, tiles - t);
                Windows<float> windows;
                for (int i = 0; i < count; ++i) windows[i] = inputs + q * cut.input_plane + (t + i) * cut.pitch;
                tile_of<Weights>(count, windows, reach, weights, width, no_bias, 0,
                                 products + q * cut.product_plane + t * column, column);
            }
        for (int t = 0; t < tiles; ++t) {
            const int tile = block * cut.block + t, y = tile / cut.across * cut.tile, x = tile % cut.across * cut.tile,
                      height = std::min(cut.tile, g.out.shape.height - y),
                      breadth = std::min(cut.tile, g.out.shape.width - x);
            float outputs[Winograd::tile * Winograd::tile * column];
            assemble(products + t * column, cut.product_plane, o.bias + channel, outputs);
            for (int row = 0; row < height; ++row) {
                Pixel pixels[Winograd::tile];
                for (int i = 0; i < breadth; ++i) pixels[i] = {y + row, x + i};
                finish(g, o, outputs + row * Winograd::tile * column, pixels, breadth, channel);
            }
        }
    }
}

template <Geometry G>
inline constexpr KernelCall winograd_kernel = &winograd<G.in.element, G.weights>;

template <Geometry G>
inline constexpr KernelCall depthwise_kernel = &any_size::depthwise<G.in.element, G.out.element>;

}  // namespace taxon::cpu::portable
