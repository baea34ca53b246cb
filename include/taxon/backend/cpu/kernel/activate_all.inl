// An activation that is known when the program runs.
namespace taxon::cpu::TAXON_ISA {

template <Activation::Kind Function>
void activate_all(float first, float second, float* numbers, int count) {
    const auto all = [&]<class V>(V, int from, int to) {
        for (int i = from; i < to; i += V::lanes)
            V::store(numbers + i, TAXON_ISA::activate<Function, V>(V::load(numbers + i), first, second));
    };
    const int wide = count / Wide::lanes * Wide::lanes;
    all(Wide{}, 0, wide);
    all(Narrow{}, wide, count);
}

/// Applies a function to `count` numbers, a multiple of Narrow::lanes.
inline void activate_all(Activation function, float* numbers, int count) {
    const auto all = [&]<Activation::Kind Kind> {
        activate_all<Kind>(static_cast<float>(function.first), static_cast<float>(function.second), numbers, count);
    };
    switch (function.kind) {
        case Activation::none: return;
        case Activation::relu: return all.template operator()<Activation::relu>();
        case Activation::relu6: return all.template operator()<Activation::relu6>();
        case Activation::leaky_relu: return all.template operator()<Activation::leaky_relu>();
        case Activation::hard_sigmoid: return all.template operator()<Activation::hard_sigmoid>();
        case Activation::hard_swish: return all.template operator()<Activation::hard_swish>();
        case Activation::sigmoid: return all.template operator()<Activation::sigmoid>();
        case Activation::silu: return all.template operator()<Activation::silu>();
        case Activation::gelu: return all.template operator()<Activation::gelu>();
        case Activation::tanh: return all.template operator()<Activation::tanh>();
        case Activation::elu: return all.template operator()<Activation::elu>();
        case Activation::softplus: return all.template operator()<Activation::softplus>();
        case Activation::mish: return all.template operator()<Activation::mish>();
        case Activation::hard_tanh: return all.template operator()<Activation::hard_tanh>();
        case Activation::times: return all.template operator()<Activation::times>();
    }
}

}  // namespace taxon::cpu::TAXON_ISA
