// Convolution as an implicit matrix product over (H, W, C): 1x1 convolutions, tokens times a matrix, windows. Groups
// are products of their own, and so are the phases of a transposed convolution.
namespace taxon::cpu::portable {

/// The outputs of one phase. Parts share the pixels, each reading all weights, or the channels, each reading all
/// pixels: whichever reads less.
template <Element Weights>
void convolve(const Geometry& g, const Operands& o, const Phase& phase) {
    using D = Dot<Weights>;
    constexpr int most = tile_pixels<D>;
    const Pixels map{g.out.shape.sequence ? o.length : phase.x.outputs(g.out.shape.width)};
    const int of_group = taxon::detail::outputs_of_group(g), channels = g.groups * of_group,
              count = phase.y.outputs(g.out.shape.height) * map.width;
    if (count == 0) return;
    const bool by_pixels = std::int64_t{count} * g.out.pitch > std::int64_t{g.depth} * channels;
    const auto columns = by_pixels ? Operands::Range{0, channels / column} : o.share(channels / column),
               rows = o.rows_of(g),
               mine = o.rows.count() > 0 || (by_pixels && count == g.out.shape.pixels() && o.by_rows(g))
                          ? Operands::Range{rows.first * map.width, rows.last * map.width}
                      : by_pixels ? o.share(count)
                                  : Operands::Range{0, count};
    const Reach reach = reach_of<Reach>(g);
    const auto& [window_rows, taps] = g.window;
    const auto* in = reinterpret_cast<const typename D::Number*>(o.in);
    for (int channel = columns.first * column; channel < columns.last * column; channel += column) {
        const int group = channel / of_group, in_group = channel % of_group, panel = in_group / g.panel * g.panel,
                  width = std::min(g.panel, of_group - panel);
        const auto* weights =
            o.weights_as<Weights>() + (group * of_group + panel) * g.depth + (in_group - panel) * D::fold;
        const auto* first_input = in + group * (g.in.shape.channels / g.groups);
        Pixel next = map.at(mine.first);
        for (int first = mine.first; first < mine.last; first += most) {
            const int pixels = std::min(most, mine.last - first);
            Pixel place[most_tile_pixels];
            Windows<typename D::Number> windows;
            for (int i = 0; i < pixels; ++i, map.advance(next)) {
                place[i] = {phase.y.output(next.y), phase.x.output(next.x)};
                windows[i] = first_input + g.in.pixel(next.y * window_rows.stride - window_rows.before,
                                                      next.x * taps.stride - taps.before);
            }
            float sums[most_tile_pixels * column];
            tile_of<Weights>(pixels, windows, reach, weights, width, o.bias + channel,
                             round_up(g.out.shape.channels, 32), sums, column);
            finish(g, o, sums, place, pixels, channel);
        }
    }
}

template <Element Weights>
void convolution(const Geometry& g, const Operands& o) {
    if (!g.transposed) return convolve<Weights>(g, o, {});
    taxon::detail::for_each_phase(g, [&](const Phase& phase) {
        Operands operands = o;
        operands.weights += size_of(Weights) * static_cast<std::size_t>(phase.weights_before) *
                            static_cast<std::size_t>(round_up(g.out.shape.channels, 8));
        operands.bias += phase.floats_before;
        convolve<Weights>(taxon::detail::geometry_of(g, phase), operands, phase);
    });
}

template <Geometry G>
inline constexpr KernelCall convolution_kernel = &convolution<G.weights>;

}  // namespace taxon::cpu::portable
