// Layer normalisation of each pixel or token over its channels.
namespace taxon::cpu::TAXON_ISA {

/// Two passes over numbers that lie in the first cache: the mean first, so that a large one costs no digits of the variance.
template <Element In, Element Out>
TAXON_NOINLINE void layer_norm(Extent extent, int channels, float epsilon, const Operands& o, View in_view, const float* gamma, const float* beta, View out_view) {
    const int vectors = channels / Narrow::lanes * Narrow::lanes;
    const auto total = [](typename Narrow::type v) {
        float lanes[Narrow::lanes], sum = 0;
        Narrow::store(lanes, v);
        for (const float lane : lanes) sum += lane;
        return sum;
    };
    for (int y = extent.top; y < extent.bottom; ++y)
        for (int x = extent.left; x < extent.right; ++x) {
            const auto* a = o.in_as<In>() + in_view.pixel(y, x);
            auto* to = o.out_as<Out>() + out_view.pixel(y, x);
            auto sums = Narrow::set(0), squares = Narrow::set(0);
            for (int c = 0; c < vectors; c += Narrow::lanes) sums = sums + read<In, Narrow>(a + c, o.from);
            const auto rest = [&](float middle, bool square) {  // of the last channels, fewer than a register has lanes
                float lanes[Narrow::lanes], sum = 0;
                Narrow::store(lanes, read<In, Narrow>(a + vectors, o.from));
                for (int c = vectors; c < channels; ++c) sum += square ? (lanes[c - vectors] - middle) * (lanes[c - vectors] - middle) : lanes[c - vectors];
                return sum;
            };
            float sum = total(sums);
            if (vectors < channels) sum += rest(0, false);
            const float mean = sum / static_cast<float>(channels);
            for (int c = 0; c < vectors; c += Narrow::lanes) {
                const auto d = read<In, Narrow>(a + c, o.from) - Narrow::set(mean);
                squares = Narrow::fma(d, d, squares);
            }
            float square = total(squares);
            if (vectors < channels) square += rest(mean, true);
            const auto scale = Narrow::set(1 / __builtin_sqrtf(square / static_cast<float>(channels) + epsilon));
            for (int c = 0; c < extent.channels; c += Narrow::lanes)
                write<Out, Narrow>(to + c, Narrow::fma((read<In, Narrow>(a + c, o.from) - Narrow::set(mean)) * scale, Narrow::load(gamma + c), Narrow::load(beta + c)), o.to);
        }
}

}  // namespace taxon::cpu::TAXON_ISA
