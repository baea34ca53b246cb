// The mean of a sequence's valid tokens.
namespace taxon::cpu::TAXON_ISA {

/// One register of channels at a time: a row of 384 channels and 128 tokens lies in L2 and takes microseconds. Parts
/// share the channels, so every sum is in the tokens' order.
template <Element In, Element Out>
TAXON_NOINLINE void mean_tokens(const Geometry& g, const Operands& o) {
    const auto vectors = o.share(round_up(g.out.shape.channels, 8) / Narrow::lanes);
    const auto share = Narrow::set(1.f / static_cast<float>(o.valid));
    for (int v = vectors.first; v < vectors.last; ++v) {
        const int c = v * Narrow::lanes;
        auto sum = Narrow::set(0);
        for (int token = 0; token < o.valid; ++token)
            sum = sum + read<In, Narrow>(o.in_as<In>() + g.in.pixel(0, token) + c, o.in_quantization);
        write<Out, Narrow>(o.out_as<Out>() + c, sum * share, o.out_quantization);
    }
}

}  // namespace taxon::cpu::TAXON_ISA
