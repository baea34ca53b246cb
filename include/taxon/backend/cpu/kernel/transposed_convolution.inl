// Transposed convolution: as many convolutions of stride 1 as there are places between the pixels of its input.
namespace taxon::cpu::TAXON_ISA {

/// Phases have tiles for one of two lengths of lines; all else about them is a run-time argument.
template <Geometry G>
struct TransposedConvolution {
    static constexpr int step = G.window.x.stride, least = G.out.shape.width / step,
                         most = (G.out.shape.width + step - 1) / step;

    template <int Line>
    static constexpr std::array<const Panel*, 2> panels = Panels<G, Line>::template all<true, true>();

    static void run(const Geometry& g, const Operands& o) {
        taxon::detail::for_each_phase(g, [&](const Phase& phase) {
            const Geometry own = taxon::detail::geometry_of(g, phase);
            const int lines = phase.y.outputs(g.out.shape.height), line = phase.x.outputs(g.out.shape.width);
            if (lines == 0 || line == 0) return;
            Operands operands = o;
            const ConvolutionPlan plan{.tokens = false,
                                       .flat = false,
                                       .lines = lines,
                                       .line = line,
                                       .groups = g.groups,
                                       .channels = taxon::detail::outputs_of_group(g),
                                       .blocks = 1,
                                       .block_depth = own.depth,
                                       .block_groups = own.depth / fold_of(g.weights),
                                       .block_step = 0,
                                       .reach = reach_of<Reach>(own),
                                       .panels = {line == most ? panels<most> : panels<std::max(least, 1)>},
                                       .first_y = phase.y.first,
                                       .first_x = phase.x.first,
                                       .step_y = phase.y.step,
                                       .step_x = phase.x.step};
            operands.weights += size_of(g.weights) * static_cast<std::size_t>(phase.weights_before) *
                                static_cast<std::size_t>(round_up(g.out.shape.channels, 8));
            operands.bias += phase.floats_before;
            convolve(plan, own, operands);
        });
    }
};

template <Geometry G>
constexpr KernelCall convolution_call() {
    if constexpr (G.transposed) return &TransposedConvolution<G>::run;
    else return &Convolution<G>::run;
}
template <Geometry G>
inline constexpr KernelCall convolution_kernel = convolution_call<G>();

}  // namespace taxon::cpu::TAXON_ISA
