// The kernel of a step.
namespace taxon::cpu::TAXON_ISA {

/// The kernel that a geometry asks for. Equal geometries are one function, whatever the layer, the model or the batch.
template <Geometry G>
void call(const Operands& o) {
    constexpr View in = G.in, out = G.out;
    constexpr int second = round_up(out.shape.channels, 32);  // where the shifts of a normalisation begin
    const Extent mine = extent<G>(o);
    if constexpr (G.kernel == Kernel::convolution) Convolution<G>::run(o);
    if constexpr (G.kernel == Kernel::winograd) WinogradConvolution<G>::run(o);
    if constexpr (G.kernel == Kernel::depthwise) Depthwise<G>::run(o);
    if constexpr (G.kernel == Kernel::product) product<G>(o);
    if constexpr (G.kernel == Kernel::affine)
        affine<G.activation, in.element, out.element>(mine, o, in, o.bias, o.bias + second, out);
    if constexpr (G.kernel == Kernel::layer_norm)
        layer_norm<in.element, out.element>(mine, out.shape.channels, 1.f / static_cast<float>(G.inverse_epsilon), o,
                                            in, o.bias, o.bias + second, out);
    if constexpr (G.kernel == Kernel::attention) Attention<G>::run(o);
    if constexpr (G.kernel == Kernel::embedding) embedding<G>(o);
    if constexpr (G.kernel == Kernel::activation)
        elementwise<G.activation, Alone, in.element, in.element, out.element>(mine, o, in, 0, 0, out);
    if constexpr (G.kernel == Kernel::add)
        elementwise<G.activation, Sum, in.element, G.operand.element, out.element>(mine, o, in, G.operand.row(),
                                                                                   G.operand.pitch, out);
    if constexpr (G.kernel == Kernel::scale)
        elementwise<G.activation, Gate, in.element, G.operand.element, out.element>(mine, o, in, 0, 0, out);
    if constexpr (G.kernel == Kernel::pool) pool<G>(o);
    if constexpr (G.kernel == Kernel::upsample) {
        const auto rows = o.share(in.shape.height);
        upsample<in.element, out.element>(rows.first, rows.last, G.stride, o, in, out);
    }
    if constexpr (G.kernel == Kernel::boxes) boxes<G>(o);
    if constexpr (G.kernel == Kernel::copy)
        copy<in.element, out.element>(mine, out.shape.channels, G.panel, o, in, out);
}

}  // namespace taxon::cpu::TAXON_ISA
