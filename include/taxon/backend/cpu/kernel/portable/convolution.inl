// Convolution as an implicit matrix product over (H, W, C): 1x1 convolutions, tokens times a matrix, and dense windows.
namespace taxon::cpu::portable {

/// Parts share the pixels, each reading all weights, or the channels, each reading all pixels: whichever reads less.
template <Element Weights>
void convolution(const Geometry& g, const Operands& o) {
    using D = Dot<Weights>;
    constexpr int most = tile_pixels<D>;
    const Pixels map{g.out.shape.sequence ? o.length : g.out.shape.width};
    const int channels = round_up(g.out.shape.channels, column), count = g.out.shape.height * map.width;
    const bool by_pixels = long{count} * g.out.pitch > long{g.depth} * channels;
    const auto columns = by_pixels ? Operands::Range{0, channels / column} : o.share(channels / column),
               mine = by_pixels ? o.share(count) : Operands::Range{0, count};
    const Reach reach = reach_of<Reach>(g);
    const auto& [rows, taps] = g.window;
    const auto* in = reinterpret_cast<const typename D::Number*>(o.in);
    for (int channel = columns.first * column; channel < columns.last * column; channel += column) {
        const int panel = channel / g.panel * g.panel, width = std::min(g.panel, channels - panel);
        const auto* weights = o.weights_as<Weights>() + panel * g.depth + (channel - panel) * D::fold;
        Pixel next = map.at(mine.first);
        for (int first = mine.first; first < mine.last; first += most) {
            const int pixels = std::min(most, mine.last - first);
            Pixel place[most_tile_pixels];
            Windows<typename D::Number> windows;
            for (int i = 0; i < pixels; ++i, map.advance(next)) {
                place[i] = next;
                windows[i] = in + g.in.pixel(next.y * rows.stride - rows.before, next.x * taps.stride - taps.before);
            }
            float sums[most_tile_pixels * column];
            tile_of<Weights>(pixels, windows, reach, weights, width, o.bias + channel,
                             round_up(g.out.shape.channels, 32), sums, column);
            finish(g, o, sums, place, pixels, channel);
        }
    }
}

template <Geometry G>
inline constexpr KernelCall convolution_kernel = &convolution<G.weights>;

}  // namespace taxon::cpu::portable
