// The network: a table of kernels in the order of its steps.
namespace taxon::cpu::TAXON_ISA {

/// The kernel that a geometry asks for. Equal geometries are one function, whatever the layer, the model or the batch.
template <Geometry G, class Weight>
void call(const Operands<Weight>& o) {
    constexpr View in = G.in, out = G.out;
    const Extent mine = extent<G>(o);
    if constexpr (G.kernel == Kernel::convolution) Convolution<G, Weight>::run(o);
    if constexpr (G.kernel == Kernel::winograd) WinogradConvolution<G, Weight>::run(o);
    if constexpr (G.kernel == Kernel::depthwise) Depthwise<G, Weight>::run(o);
    if constexpr (G.kernel == Kernel::product) {
        const auto blocks = o.share(round_up(out.shape.channels, 32) / 32);
        product<G.activation>(o.in, G.depth, o.weights, o.bias, o.out, blocks.first, blocks.last);
    }
    if constexpr (G.kernel == Kernel::affine) affine<G.activation>(mine, o.in, in, o.bias, o.bias + round_up(out.shape.channels, 32), o.out, out);
    if constexpr (G.kernel == Kernel::layer_norm)
        layer_norm(mine, out.shape.channels, 1.f / static_cast<float>(G.inverse_epsilon), o.in, in, o.bias, o.bias + round_up(out.shape.channels, 32), o.out, out);
    if constexpr (G.kernel == Kernel::attention) {
        const auto heads = o.share(G.heads);
        attention(out.shape.sequence ? o.length : out.shape.width, G.heads, heads.first, heads.last, out.shape.channels / G.heads, o.in, in.pitch, o.out, out.pitch, o.scratch);
    }
    if constexpr (G.kernel == Kernel::activation) elementwise<G.activation, Alone>(mine, o.in, in, o.in, 0, 0, o.out, out);
    if constexpr (G.kernel == Kernel::add) elementwise<G.activation, Sum>(mine, o.in, in, o.operand, G.operand.row(), G.operand.pitch, o.out, out);
    if constexpr (G.kernel == Kernel::scale) elementwise<G.activation, Gate>(mine, o.in, in, o.operand, 0, 0, o.out, out);
    if constexpr (G.kernel == Kernel::pool) pool<G>(o);
    if constexpr (G.kernel == Kernel::copy) copy(mine, out.shape.channels, G.panel, o.in, in, o.out, out);
}

template <class Program>
inline constexpr auto calls = []<std::size_t... I>(std::index_sequence<I...>) {
    using Call = void (*)(const Operands<typename Program::Weight>&);
    return std::array<Call, sizeof...(I)>{&call<Program::plan.steps[I].geometry, typename Program::Weight>...};
}(std::make_index_sequence<Program::plan.steps.size()>{});

/// What the rest of the program sees of a network compiled for this instruction set.
template <class Program>
inline constexpr Instance<typename Program::Weight> instance{calls<Program>, &load_input};

}  // namespace taxon::cpu::TAXON_ISA
