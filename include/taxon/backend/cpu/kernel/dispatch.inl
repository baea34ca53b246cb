// The kernel of a step.
namespace taxon::cpu::TAXON_ISA {

/// The kernel for a geometry. Equal geometries share one function, whatever the layer, the model or the batch; most
/// kernels serve all sizes.
template <Geometry G>
constexpr KernelCall kernel_of() {
    constexpr Element in = G.in.element, operand = G.operand.element, out = G.out.element;
    if constexpr (G.kernel == Kernel::convolution) return convolution_kernel<G>;
    if constexpr (G.kernel == Kernel::winograd) return winograd_kernel<G>;
    if constexpr (G.kernel == Kernel::depthwise) return depthwise_kernel<G>;
    if constexpr (G.kernel == Kernel::product) {
        static_assert(in == Element::float32 && out == Element::float32);
        return &product<G.activation, G.weights>;
    }
    if constexpr (G.kernel == Kernel::affine) return &by_channel<G.activation.kind, Affine, in, out>;
    if constexpr (G.kernel == Kernel::prelu) return &by_channel<Activation::none, Slope, in, out>;
    if constexpr (G.kernel == Kernel::layer_norm) return &layer_norm<in, out>;
    if constexpr (G.kernel == Kernel::group_norm) return &group_norm<G.activation.kind, in, out>;
    if constexpr (G.kernel == Kernel::attention) return &Attention<AttentionSizes<G>>::run;
    if constexpr (G.kernel == Kernel::activation) return &elementwise<G.activation.kind, Alone, in, in, out>;
    if constexpr (G.kernel == Kernel::add) return &elementwise<G.activation.kind, Plus, in, operand, out>;
    if constexpr (G.kernel == Kernel::scale) return &elementwise<G.activation.kind, Gate, in, operand, out>;
    if constexpr (G.kernel == Kernel::outlook_attention) {
        static_assert(in == Element::float32 && operand == Element::float32);
        return &outlook_attention<out>;
    }
    if constexpr (G.kernel == Kernel::class_attention) {
        static_assert(in == Element::float32 && operand == Element::float32 && out == Element::float32);
        return &class_attention;
    }
    if constexpr (G.kernel == Kernel::parameter) return &parameter<out>;
    if constexpr (G.kernel == Kernel::pool) return &pool<G.pooling == Pooling::max, in, out>;
    if constexpr (G.kernel == Kernel::copy) return &copy<in, out>;
    if constexpr (G.kernel == Kernel::resize)
        return &resize<G.resizing.interpolation == Interpolation::bilinear, in, out>;
    if constexpr (G.kernel == Kernel::shuffle) return &shuffle<in, out>;
    if constexpr (G.kernel == Kernel::prepend) return &prepend<in, operand, out>;
    if constexpr (G.kernel == Kernel::softmax) return &softmax<in, out>;
    if constexpr (G.kernel == Kernel::mean_tokens) return &mean_tokens<in, out>;
    if constexpr (G.kernel == Kernel::l2_normalize) return &l2_normalize<in, out>;
    if constexpr (G.kernel == Kernel::embedding) {
        static_assert(in == Element::float32);
        return &embedding<G.out.shape.channels, (G.inverse_epsilon > 0), G.weights, out>;
    }
    if constexpr (G.kernel == Kernel::constant) return &nothing;
    if constexpr (G.kernel == Kernel::map) return &map<static_cast<MapFunction>(G.function), G.activation.kind>;
    if constexpr (G.kernel == Kernel::assemble) return &assemble;
    if constexpr (G.kernel == Kernel::reduce) return &reduce<static_cast<Reduction>(G.function)>;
    if constexpr (G.kernel == Kernel::row) return &row<static_cast<RowFunction>(G.function)>;
    if constexpr (G.kernel == Kernel::matrix_product) return &matrix_product;
    if constexpr (G.kernel == Kernel::gather) return &gather;
    if constexpr (G.kernel == Kernel::scatter) return &scatter<static_cast<Scatter>(G.function)>;
    if constexpr (G.kernel == Kernel::sort) return &sort;
    if constexpr (G.kernel == Kernel::recurrent) return &Recurrent<static_cast<Cell>(G.function)>::run;
    if constexpr (G.kernel == Kernel::scaled_dot_product) return &scaled_dot_product;
    if constexpr (G.kernel == Kernel::flatten) return &flatten<in>;
    if constexpr (G.kernel == Kernel::picture) return &picture<out>;
    if constexpr (G.kernel == Kernel::upsample) return &upsample<in, out>;
    if constexpr (G.kernel == Kernel::boxes) {
        static_assert(in == Element::float32 && out == Element::float32);
        return &boxes<G.code>;
    }
}

}  // namespace taxon::cpu::TAXON_ISA
