// Activations of one register. `max` and `min` return their second operand if either is NaN: with a bound as the first
// one, NaN stays NaN, and a network that overflows gives no class.
namespace taxon::cpu::TAXON_ISA {

/// 2^r for |r| <= 1/2 by a polynomial of degree 5; relative error below 3e-7.
template <class V>
TAXON_INLINE typename V::type root_of_two(typename V::type r) {
    auto p = V::set(.00132764604f);
    p = V::fma(p, r, V::set(.00967554124f));
    p = V::fma(p, r, V::set(.0555071331f));
    p = V::fma(p, r, V::set(.240221197f));
    p = V::fma(p, r, V::set(.693146967f));
    return V::fma(p, r, V::set(1.00000007f));
}

/// e^x for x in [-87, 87], clamped there: 2^n · 2^r; relative error below 3e-7 + 1.4e-8 · |x|.
template <class V>
TAXON_INLINE typename V::type exponential(typename V::type x) {
    x = V::min(V::set(87.f), V::max(V::set(-87.f), x));
    // adding 1.5 · 2^23 leaves no bits after the point
    const auto log2e = V::set(1.44269504f), shift = V::set(0x1.8p23f);
    const auto n = V::fma(x, log2e, shift) - shift, r = V::fma(x, log2e, V::set(0) - n);
    return V::scale_by_power_of_two(root_of_two<V>(r), n);
}

/// erf(x / √2) as x·P(x²)/Q(x²) with |x| clamped to 5.2; relative error below 5e-7.
template <class V>
TAXON_INLINE typename V::type gaussian_error(typename V::type x) {
    const auto inside = V::min(V::set(5.2f), V::max(V::set(-5.2f), x)), t = inside * inside;
    auto p = V::set(4.8241417e-8f), q = V::set(1.24418528e-6f);
    p = V::fma(p, t, V::set(1.28947324e-5f)), q = V::fma(q, t, V::set(7.26708904e-5f));
    p = V::fma(p, t, V::set(3.27426527e-4f)), q = V::fma(q, t, V::set(.00185548113f));
    p = V::fma(p, t, V::set(.0092982399f)), q = V::fma(q, t, V::set(.028311935f));
    p = V::fma(p, t, V::set(.0664434749f)), q = V::fma(q, t, V::set(.249940166f));
    p = V::fma(p, t, V::set(.797884386f)), q = V::fma(q, t, V::set(1));
    return inside * p / q;
}

/// x · Φ(x); absolute error below 1e-6 + 1.2e-7 · |x|.
template <class V>
TAXON_INLINE typename V::type gaussian_error_linear(typename V::type x) {
    const auto half = x * V::set(.5f);
    return V::fma(half, gaussian_error<V>(x), half);
}

/// ln(1 + u) for u in [0, 1] as 2 · artanh(u / (2 + u)); relative error below 2e-7.
template <class V>
TAXON_INLINE typename V::type logarithm_of_one_plus(typename V::type u) {
    const auto s = u / (u + V::set(2)), t = s * s;
    auto p = V::set(.140138194f);
    p = V::fma(p, t, V::set(.139990866f));
    p = V::fma(p, t, V::set(.20010896f));
    p = V::fma(p, t, V::set(.333332062f));
    return V::fma(p * t, s, s) * V::set(2);
}

/// ln(1 + e^x) without overflow; absolute error below 1e-7 + 2e-7 · |x|.
template <class V>
TAXON_INLINE typename V::type soft_plus(typename V::type x) {
    return V::max(V::set(0), x) + logarithm_of_one_plus<V>(exponential<V>(V::min(V::set(0) - x, x)));
}

/// A kind of function with its numbers, which kernels that are bound by memory read at run time.
template <Activation::Kind Kind, class V>
TAXON_INLINE typename V::type activate(typename V::type x, [[maybe_unused]] float first,
                                       [[maybe_unused]] float second) {
    if constexpr (Kind == Activation::relu) return V::max(V::set(0), x);
    if constexpr (Kind == Activation::leaky_relu) {
        const auto slope = x * V::set(first);
        return first <= 1 ? V::max(x, slope) : V::min(x, slope);
    }
    if constexpr (Kind == Activation::elu)
        return V::fma(V::set(first), exponential<V>(V::min(V::set(0), x)) - V::set(1), V::max(V::set(0), x));
    if constexpr (Kind == Activation::softplus) {
        const auto t = x * V::set(first);
        return t > V::set(second) ? x : soft_plus<V>(t) * V::set(1 / first);
    }
    if constexpr (Kind == Activation::mish) {
        // tanh(ln(1 + n)) = (n² + 2n) / (n² + 2n + 2), which is one long before e^40
        const auto n = exponential<V>(V::min(V::set(20), x)), t = V::fma(n, n, n + n);
        return x * (t / (t + V::set(2)));
    }
    if constexpr (Kind == Activation::times) return x * V::set(first);
    if constexpr (Kind == Activation::hard_tanh) return V::min(V::set(second), V::max(V::set(first), x));
    if constexpr (Kind == Activation::relu6) return V::min(V::set(6), V::max(V::set(0), x));
    if constexpr (Kind == Activation::hard_swish || Kind == Activation::hard_sigmoid) {
        const auto gate = V::min(V::set(1), V::max(V::set(0), V::fma(x, V::set(1 / 6.f), V::set(.5f))));
        if constexpr (Kind == Activation::hard_sigmoid) return gate;
        else return x * gate;
    }
    if constexpr (Kind == Activation::sigmoid) return V::set(1) / (V::set(1) + exponential<V>(V::set(0) - x));
    if constexpr (Kind == Activation::silu) return x / (V::set(1) + exponential<V>(V::set(0) - x));
    if constexpr (Kind == Activation::tanh)
        return V::fma(V::set(-2), V::set(1) / (V::set(1) + exponential<V>(x + x)), V::set(1));
    if constexpr (Kind == Activation::gelu) return gaussian_error_linear<V>(x);
    return x;
}

template <Activation Function, class V>
TAXON_INLINE typename V::type activate(typename V::type x) {
    constexpr float first = static_cast<float>(Function.first), second = static_cast<float>(Function.second);
    return activate<Function.kind, V>(x, first, second);
}

}  // namespace taxon::cpu::TAXON_ISA
