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

template <Activation Function, Element Weights>
TAXON_NOINLINE void product(const Geometry& g, const Operands& o) {
    const int channels = round_up(g.out.shape.channels, 32);
    const auto blocks = o.share(channels / 32);
    products<Function, Weights>(o.in_as<Element::float32>(), g.depth, o.weights_as<Weights>(), o.bias,
                                o.bias + channels, o.out_as<Element::float32>(), blocks.first, blocks.last);
}

}  // namespace taxon::cpu::TAXON_ISA
