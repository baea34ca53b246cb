// A matrix and a vector: linear layers of one sample, gates.
namespace taxon::cpu::TAXON_ISA {

/// Outputs first · 32 to last · 32, 32 at a time and two inputs in flight: bound by reading the weights.
template <Activation Function, class Weight>
TAXON_NOINLINE void product(const float* in, int inputs, const Weight* weights, const float* bias, float* __restrict out, int first, int last) {
    constexpr int vectors = 32 / Wide::lanes;
    weights += first * 32 * inputs;
    for (int n = first * 32; n < last * 32; n += 32) {
        typename Wide::type even[vectors], odd[vectors];
        TAXON_UNROLL for (int j = 0; j < vectors; ++j) even[j] = Wide::load(bias + n + j * Wide::lanes), odd[j] = Wide::set(0);
        for (int k = 0; k < inputs; k += 2, weights += 64)
            TAXON_UNROLL for (int j = 0; j < vectors; ++j) {
                even[j] = Wide::fma(Wide::set(in[k]), Wide::load(weights + j * Wide::lanes), even[j]);
                odd[j] = Wide::fma(Wide::set(in[k + 1]), Wide::load(weights + 32 + j * Wide::lanes), odd[j]);
            }
        TAXON_UNROLL for (int j = 0; j < vectors; ++j) Wide::store(out + n + j * Wide::lanes, activate<Function, Wide>(even[j] + odd[j]));
    }
}

}  // namespace taxon::cpu::TAXON_ISA
