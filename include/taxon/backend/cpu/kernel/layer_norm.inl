// Layer normalisation of each pixel or token over its channels.
namespace taxon::cpu::TAXON_ISA {

/// Two passes over numbers that lie in the first cache: the mean first, so that a large one costs no digits of the variance.
TAXON_NOINLINE inline void layer_norm(Extent extent, int channels, float epsilon, const float* in, View in_view, const float* gamma, const float* beta,
                                      float* out, View out_view) {
    const int vectors = channels / Narrow::lanes * Narrow::lanes;
    const auto total = [](typename Narrow::type v) {
        float lanes[Narrow::lanes], sum = 0;
        Narrow::store(lanes, v);
        for (const float lane : lanes) sum += lane;
        return sum;
    };
    for (int y = extent.top; y < extent.bottom; ++y)
        for (int x = extent.left; x < extent.right; ++x) {
            const float* a = in + in_view.pixel(y, x);
            float* to = out + out_view.pixel(y, x);
            auto sums = Narrow::set(0), squares = Narrow::set(0);
            for (int c = 0; c < vectors; c += Narrow::lanes) sums = sums + Narrow::load(a + c);
            float sum = total(sums);
            for (int c = vectors; c < channels; ++c) sum += a[c];
            const float mean = sum / static_cast<float>(channels);
            for (int c = 0; c < vectors; c += Narrow::lanes) {
                const auto d = Narrow::load(a + c) - Narrow::set(mean);
                squares = Narrow::fma(d, d, squares);
            }
            float square = total(squares);
            for (int c = vectors; c < channels; ++c) square += (a[c] - mean) * (a[c] - mean);
            const auto scale = Narrow::set(1 / __builtin_sqrtf(square / static_cast<float>(channels) + epsilon));
            for (int c = 0; c < extent.channels; c += Narrow::lanes)
                Narrow::store(to + c, Narrow::fma((Narrow::load(a + c) - Narrow::set(mean)) * scale, Narrow::load(gamma + c), Narrow::load(beta + c)));
        }
}

}  // namespace taxon::cpu::TAXON_ISA
