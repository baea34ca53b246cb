// Convolution of any geometry: the plan of convolution.inl, made when the kernel is called.
namespace taxon::cpu::TAXON_ISA::any_size {

/// The strips of a panel for lines of that many pixels; for an unknown number of tokens: 0.
inline Panel panel_of(const Geometry& g, int line, int width) {
    Panel panel{.width = width};
    Geometry plain = g;
    plain.groups = 1;  // no tiles of window_tile.inl
    for (int from = 0; from < width;) {
        const StripShape shape = strip_shape<Floats>(plain, line > 0 ? line : line_of(g), width - from);
        panel.strips[panel.count++] = strip_of<true>(from, shape, line);
        from += shape.width();
    }
    return panel;
}

/// The outputs of one phase; of a convolution that is not transposed, all.
inline void convolve(const Geometry& g, const Operands& o, const Phase& phase, bool flat) {
    const bool tokens = g.out.shape.sequence;
    const int channels = taxon::detail::outputs_of_group(g), last = channels % g.panel ? channels % g.panel : g.panel,
              lines = flat ? 1 : phase.y.outputs(g.out.shape.height),
              line = flat ? line_of(g) : phase.x.outputs(g.out.shape.width);
    if (lines == 0 || line == 0) return;
    const Panel whole = panel_of(g, tokens ? 0 : line, std::min(g.panel, channels)),
                rest = panel_of(g, tokens ? 0 : line, last);
    const ConvolutionPlan plan{.tokens = tokens,
                               .flat = flat,
                               .lines = lines,
                               .line = line,
                               .groups = g.groups,
                               .channels = channels,
                               .blocks = 1,
                               .block_depth = g.depth,
                               .block_groups = g.depth,
                               .block_step = 0,
                               .reach = reach_of<Reach>(g),
                               .panels = {std::array<const Panel*, 2>{&whole, &rest}},
                               .first_y = phase.y.first,
                               .first_x = phase.x.first,
                               .step_y = phase.y.step,
                               .step_x = phase.x.step};
    TAXON_ISA::convolve(plan, g, o);
}

inline void convolution(const Geometry& g, const Operands& o) {
    if (!g.transposed) return convolve(g, o, {}, is_flat(g));
    taxon::detail::for_each_phase(g, [&](const Phase& phase) {
        Operands operands = o;
        operands.weights += sizeof(float) * static_cast<std::size_t>(phase.weights_before) *
                            static_cast<std::size_t>(round_up(g.out.shape.channels, 8));
        operands.bias += phase.floats_before;
        convolve(taxon::detail::geometry_of(g, phase), operands, phase, false);
    });
}

}  // namespace taxon::cpu::TAXON_ISA::any_size
