// Winograd's convolution of any geometry: the plan of winograd.inl, made when the kernel is called.
namespace taxon::cpu::TAXON_ISA::any_size {

/// The strips of a panel for that many tiles of a block.
inline Panel winograd_panel(int tiles, int width) {
    Panel panel{.width = width};
    for (int from = 0; from < width;) {
        const StripShape shape = winograd_strip<Floats>(width - from, tiles);
        panel.strips[panel.count++] = strip_of<false>(from, shape, tiles);
        from += shape.width();
    }
    return panel;
}

/// As assemble_block, with an epilogue that is known when the program runs.
inline void finished_block(const Geometry& g, const taxon::detail::Winograd& cut, const Operands& o, int number,
                           int tiles, int channel, int width, const float* products) {
    using taxon::detail::Winograd;
    constexpr int side = Winograd::tile;
    alignas(64) float outputs[side * side * Winograd::panel];
    const View own{.shape = {width, side, side}, .pitch = width};
    for (int t = 0; t < tiles; ++t) {
        const int tile = number * cut.block + t, y = tile / cut.across * side, x = tile % cut.across * side;
        const Inside inside{std::min(side, g.out.shape.height - y), std::min(side, g.out.shape.width - x)};
        const float *from = products + t * cut.panel, *bias = o.bias + channel;
        const int wide = width / Wide::lanes * Wide::lanes;
        if (wide > 0)
            assemble_tile<Epilogue{}, Wide>(from, cut.product_plane, wide, bias, outputs, own, from, own, inside, o);
        if (wide < width)
            assemble_tile<Epilogue{}, Narrow>(from + wide, cut.product_plane, width - wide, bias + wide, outputs + wide,
                                              own, from, own, inside, o);
        for (int row = 0; row < inside.rows; ++row)
            finish_tile(g, outputs + row * side * width, inside.columns, width,
                        o.out_as<Element::float32>() + g.out.pixel(y + row, x) + channel, g.out.pitch,
                        o.operand_as<Element::float32>() + g.operand.pixel(y + row, x) + channel, g.operand.pitch);
    }
}

inline void winograd(const Geometry& g, const Operands& o) {
    const auto cut = taxon::detail::winograd(g.in.shape);
    const int channels = round_up(g.out.shape.channels, 8), last = (channels - 1) % g.panel + 1,
              width = std::min(g.panel, channels);
    const Panel panels[2][2] = {{winograd_panel(cut.block, width), winograd_panel(cut.block, last)},
                                {winograd_panel(cut.rest(), width), winograd_panel(cut.rest(), last)}};
    const WinogradPlan plan{cut,
                            &transform_block<Element::float32>,
                            &finished_block,
                            {{&panels[0][0], &panels[0][1]}, {&panels[1][0], &panels[1][1]}}};
    TAXON_ISA::convolve(plan, g, o);
}

inline constexpr KernelCall convolution_call = &convolution, winograd_call = &winograd;

}  // namespace taxon::cpu::TAXON_ISA::any_size
