// The kernel of a geometry that is known when the program runs.
namespace taxon::cpu::TAXON_ISA::any_size {

/// Activates the products of a part where they are.
inline void product(const Geometry& g, const Operands& o) {
    const auto blocks = o.share(round_up(g.out.shape.channels, 32) / 32);
    TAXON_ISA::product<Activation{}, Element::float32>(g, o);
    for (int sample = 0; sample < o.samples; ++sample)
        activate_all(g.activation, o.of_sample(sample).out_as<Element::float32>() + blocks.first * 32,
                     (blocks.last - blocks.first) * 32);
}

/// Kernels that take from their geometry, besides the numbers that they read when they run, one of `Count` values.
template <Kernel K, std::size_t Count, Geometry (*Of)(std::size_t)>
inline constexpr auto calls_of = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<KernelCall, Count>{kernel_of<Of(I)>()...};
}
(std::make_index_sequence<Count>{});

template <Kernel K>
constexpr Geometry with_activation(std::size_t kind) {
    return {.kernel = K, .activation = static_cast<Activation::Kind>(kind)};
}
template <Kernel K>
constexpr Geometry with_function(std::size_t function) {
    return {.kernel = K, .function = static_cast<unsigned char>(function)};
}
constexpr Geometry with_mapped_activation(std::size_t kind) {
    return {.kernel = Kernel::map,
            .activation = static_cast<Activation::Kind>(kind),
            .function = static_cast<unsigned char>(MapFunction::activation)};
}
constexpr Geometry with_pooling(std::size_t maximum) {
    return {.kernel = Kernel::pool, .pooling = maximum != 0 ? Pooling::max : Pooling::mean};
}
constexpr Geometry with_interpolation(std::size_t bilinear) {
    return {.kernel = Kernel::resize,
            .resizing = {.interpolation = bilinear != 0 ? Interpolation::bilinear : Interpolation::nearest}};
}
constexpr Geometry with_code(std::size_t darknet) {
    return {.kernel = Kernel::boxes, .code = darknet != 0 ? BoxCode::darknet : BoxCode::yolov5};
}

template <Kernel K>
KernelCall plain() {
    return kernel_of<Geometry{.kernel = K}>();
}
template <Kernel K>
KernelCall by_activation(const Geometry& g) {
    return calls_of<K, Activation::count, &with_activation<K>>[g.activation.kind];
}

/// A kernel without its activation, then that on what it wrote, part by part. Few layers have one here.
inline void activate_written(const Geometry& g, const Operands& o) {
    if (g.activation.kind == Activation::none) return;
    Geometry own = g;
    own.in = g.out;
    Operands written = o;
    written.in = o.out;
    by_activation<Kernel::activation>(g)(own, written);
}
template <Kernel K>
void then_activated(const Geometry& g, const Operands& o) {
    plain<K>()(g, o);
    activate_written(g, o);
}
inline void group_norm(const Geometry& g, const Operands& o) {
    plain<Kernel::group_norm>()(g, o);
    const int channels = g.out.shape.channels, run = run_of_groups(g);
    const auto mine = o.share((channels + run - 1) / run);
    const int first = mine.first * run, last = std::min(mine.last * run, channels);
    if (first >= last) return;
    Geometry own = g;
    own.out.shape.channels = last - first;
    Operands part = o;
    part.out += sizeof(float) * static_cast<std::size_t>(first), part.part = 0, part.parts = 1;
    activate_written(own, part);
}

template <Kernel K, std::size_t Count>
KernelCall by_function(const Geometry& g) {
    return calls_of<K, Count, &with_function<K>>[g.function];
}

/// The kernel of any geometry of floats. Null for other number types.
inline KernelCall kernel_for(const Geometry& g) {
    for (const Element element : {g.in.element, g.operand.element, g.out.element, g.weights})
        if (element != Element::float32) return nullptr;
    switch (g.kernel) {
        case Kernel::convolution: return convolution_call;
        case Kernel::winograd: return winograd_call;
        case Kernel::depthwise: return &depthwise<Element::float32, Element::float32>;
        case Kernel::product: return &product;
        case Kernel::attention: return &attention;
        case Kernel::embedding: return &embedding;
        case Kernel::affine: return &then_activated<Kernel::affine>;
        case Kernel::activation: return by_activation<Kernel::activation>(g);
        case Kernel::add: return &then_activated<Kernel::add>;
        case Kernel::scale: return &then_activated<Kernel::scale>;
        case Kernel::group_norm: return &group_norm;
        case Kernel::pool: return calls_of<Kernel::pool, 2, &with_pooling>[g.pooling == Pooling::max];
        case Kernel::resize:
            return calls_of<Kernel::resize, 2, &with_interpolation>[g.resizing.interpolation ==
                                                                    Interpolation::bilinear];
        case Kernel::boxes: return calls_of<Kernel::boxes, 2, &with_code>[g.code == BoxCode::darknet];
        case Kernel::map:
            return g.function == static_cast<unsigned char>(MapFunction::activation)
                       ? calls_of<Kernel::map, Activation::count, &with_mapped_activation>[g.activation.kind]
                       : by_function<Kernel::map, map_function_count>(g);
        case Kernel::reduce: return by_function<Kernel::reduce, reduction_count>(g);
        case Kernel::row: return by_function<Kernel::row, row_function_count>(g);
        case Kernel::scatter: return by_function<Kernel::scatter, scatter_count>(g);
        case Kernel::recurrent: return by_function<Kernel::recurrent, cell_count>(g);
        case Kernel::layer_norm: return plain<Kernel::layer_norm>();
        case Kernel::copy: return plain<Kernel::copy>();
        case Kernel::upsample: return plain<Kernel::upsample>();
        case Kernel::prelu: return plain<Kernel::prelu>();
        case Kernel::parameter: return plain<Kernel::parameter>();
        case Kernel::outlook_attention: return plain<Kernel::outlook_attention>();
        case Kernel::class_attention: return plain<Kernel::class_attention>();
        case Kernel::shuffle: return plain<Kernel::shuffle>();
        case Kernel::softmax: return plain<Kernel::softmax>();
        case Kernel::prepend: return plain<Kernel::prepend>();
        case Kernel::mean_tokens: return plain<Kernel::mean_tokens>();
        case Kernel::l2_normalize: return plain<Kernel::l2_normalize>();
        case Kernel::constant: return plain<Kernel::constant>();
        case Kernel::assemble: return plain<Kernel::assemble>();
        case Kernel::matrix_product: return plain<Kernel::matrix_product>();
        case Kernel::scaled_dot_product: return plain<Kernel::scaled_dot_product>();
        case Kernel::gather: return plain<Kernel::gather>();
        case Kernel::sort: return plain<Kernel::sort>();
        case Kernel::flatten: return plain<Kernel::flatten>();
        case Kernel::picture: return plain<Kernel::picture>();
    }
    return nullptr;
}

}  // namespace taxon::cpu::TAXON_ISA::any_size
