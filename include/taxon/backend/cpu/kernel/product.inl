// A matrix and a vector: linear layers of one sample, gates.
namespace taxon::cpu::TAXON_ISA {

/// 32 outputs at a time, two inputs in flight: bound by reading the weights, about 78 GB/s from the third cache.
template <Activation Function, class Weight>
TAXON_NOINLINE void product(const float* in, int inputs, const Weight* weights, const float* bias, float* __restrict out, int outputs) {
    constexpr int vectors = 32 / Wide::lanes;
    for (int n = 0; n < outputs; n += 32) {
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
