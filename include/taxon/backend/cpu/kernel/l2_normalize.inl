// Division of each pixel or token by its Euclidean length.
namespace taxon::cpu::TAXON_ISA {

template <Element In, Element Out>
TAXON_NOINLINE void l2_normalize(const Geometry& g, const Operands& o) {
    const Extent part = extent(g, o);
    for (int y = part.top; y < part.bottom; ++y)
        for (int x = part.left; x < part.right; ++x) {
            const auto* in = o.in_as<In>() + g.in.pixel(y, x);
            auto* out = o.out_as<Out>() + g.out.pixel(y, x);
            const float squares = total<In>(
                in, g.out.shape.channels, o.in_quantization,
                [](auto a, auto sum) __attribute__((always_inline)) { return Narrow::fma(a, a, sum); });
            const float length = __builtin_sqrtf(squares);
            const auto scale = Narrow::set(1 / (length < 1e-12f ? 1e-12f : length));  // a NaN stays
            for (int c = 0; c < part.channels; c += Narrow::lanes)
                write<Out, Narrow>(out + c, read<In, Narrow>(in + c, o.in_quantization) * scale, o.out_quantization);
        }
}

}  // namespace taxon::cpu::TAXON_ISA
