// Matrix times vector: linear layers of one sample, gates.
namespace taxon::cpu::TAXON_ISA {

/// Outputs first · 32 to last · 32, 32 at a time and two inputs in flight: bound by reading the weights, which may
/// therefore be narrower than float. Integers are multiplied by each output's scale, which lies after the biases.
template <Activation Function, Element Weights>
TAXON_INLINE void products(const float* in, int inputs, const Number<Weights>* weights, const float* bias,
                           const float* steps, float* __restrict out, int first, int last) {
    constexpr int vectors = 32 / Wide::lanes;
    weights += first * 32 * inputs;
    for (int n = first * 32; n < last * 32; n += 32) {
        typename Wide::type even[vectors], odd[vectors];
        TAXON_UNROLL for (int j = 0; j < vectors; ++j) even[j] =
            is_integer(Weights) ? Wide::set(0) : Wide::load(bias + n + j * Wide::lanes),
                                                       odd[j] = Wide::set(0);
        for (int k = 0; k < inputs; k += 2, weights += 64) TAXON_UNROLL for (int j = 0; j < vectors; ++j) {
                even[j] = Wide::fma(Wide::set(in[k]), Wide::load(weights + j * Wide::lanes), even[j]);
                odd[j] = Wide::fma(Wide::set(in[k + 1]), Wide::load(weights + 32 + j * Wide::lanes), odd[j]);
            }
        TAXON_UNROLL for (int j = 0; j < vectors; ++j) {
            auto sum = even[j] + odd[j];
            if constexpr (is_integer(Weights))
                sum = Wide::fma(sum, Wide::load(steps + n + j * Wide::lanes), Wide::load(bias + n + j * Wide::lanes));
            Wide::store(out + n + j * Wide::lanes, activate<Function, Wide>(sum));
        }
    }
}

/// The same 32 outputs of `Samples` samples: two vectors of them at a time, so that registers hold the sums of all.
template <Activation Function, Element Weights, int Samples>
TAXON_INLINE void products_together(const Operands& o, int inputs, const Number<Weights>* weights, const float* bias,
                                    const float* steps, int first_sample, int first) {
    constexpr int vectors = 2;
    constexpr std::size_t samples = Samples;
    const float* in[samples];
    TAXON_UNROLL for (std::size_t s = 0; s < samples; ++s) in[s] =
        reinterpret_cast<const float*>(o.in + (first_sample + static_cast<int>(s)) * o.in_step);
    for (int n = first; n < first + 32; n += vectors * Wide::lanes, weights += vectors * Wide::lanes) {
        typename Wide::type even[samples][vectors], odd[samples][vectors];
        TAXON_UNROLL for (std::size_t s = 0; s < samples; ++s) TAXON_UNROLL for (int j = 0; j < vectors; ++j)
            even[s][j] = is_integer(Weights) ? Wide::set(0) : Wide::load(bias + n + j * Wide::lanes),
            odd[s][j] = Wide::set(0);
        const auto* from = weights;
        for (int k = 0; k < inputs; k += 2, from += 64) {
            typename Wide::type column[vectors];
            TAXON_UNROLL for (int j = 0; j < vectors; ++j) column[j] = Wide::load(from + j * Wide::lanes);
            TAXON_UNROLL for (std::size_t s = 0; s < samples; ++s) {
                const auto x = Wide::set(in[s][k]);
                TAXON_UNROLL for (int j = 0; j < vectors; ++j) even[s][j] = Wide::fma(x, column[j], even[s][j]);
            }
            TAXON_UNROLL for (int j = 0; j < vectors; ++j) column[j] = Wide::load(from + 32 + j * Wide::lanes);
            TAXON_UNROLL for (std::size_t s = 0; s < samples; ++s) {
                const auto x = Wide::set(in[s][k + 1]);
                TAXON_UNROLL for (int j = 0; j < vectors; ++j) odd[s][j] = Wide::fma(x, column[j], odd[s][j]);
            }
        }
        TAXON_UNROLL for (std::size_t s = 0; s < samples; ++s) TAXON_UNROLL for (int j = 0; j < vectors; ++j) {
            auto sum = even[s][j] + odd[s][j];
            if constexpr (is_integer(Weights))
                sum = Wide::fma(sum, Wide::load(steps + n + j * Wide::lanes), Wide::load(bias + n + j * Wide::lanes));
            auto* out = reinterpret_cast<float*>(o.out + (first_sample + static_cast<int>(s)) * o.out_step);
            Wide::store(out + n + j * Wide::lanes, activate<Function, Wide>(sum));
        }
    }
}

template <Activation Function, Element Weights>
TAXON_NOINLINE void product(const Geometry& g, const Operands& o) {
    const int channels = round_up(g.out.shape.channels, 32);
    const auto blocks = o.share(channels / 32);
    const float *bias = o.bias, *steps = o.bias + channels;
    if (o.samples > 1) {
        constexpr int most = registers == 32 ? 4 : 3;
        for (int n = blocks.first; n < blocks.last; ++n)
            for (int done = 0; done < o.samples;) {
                const auto* weights = o.weights_as<Weights>() + std::ptrdiff_t{n} * 32 * g.depth;
                const auto take = [&]<int Samples> {
                    products_together<Function, Weights, Samples>(o, g.depth, weights, bias, steps, done, n * 32);
                    done += Samples;
                };
                if (done + most <= o.samples) take.template operator()<most>();
                else if (done + 2 <= o.samples) take.template operator()<2>();
                else take.template operator()<1>();
            }
        return;
    }
    products<Function, Weights>(o.in_as<Element::float32>(), g.depth, o.weights_as<Weights>(), bias, steps,
                                o.out_as<Element::float32>(), blocks.first, blocks.last);
}

}  // namespace taxon::cpu::TAXON_ISA
