// The functions of a map, of one register each. Results are NaN where an operand is and the function does not choose
// another one.
namespace taxon::cpu::TAXON_ISA {

/// Integers of a register's size: of comparisons, all bits set where they hold.
template <class V>
using Bits = decltype(V::set(0) < V::set(0));

template <class V>
TAXON_INLINE typename V::type choose(Bits<V> where, typename V::type a, typename V::type b) {
    return where ? a : b;
}
template <class V>
TAXON_INLINE typename V::type truth(Bits<V> where) {
    return choose<V>(where, V::set(1), V::set(0));
}
/// Whole numbers below 2^31 and back.
template <class V>
TAXON_INLINE Bits<V> whole(typename V::type x) {
    return __builtin_convertvector(x, Bits<V>);
}
template <class V>
TAXON_INLINE typename V::type real(Bits<V> x) {
    return __builtin_convertvector(x, typename V::type);
}
template <class V>
TAXON_INLINE typename V::type magnitude(typename V::type x) {
    return (typename V::type)((Bits<V>)x & 0x7fffffff);
}
template <class V>
TAXON_INLINE typename V::type with_sign_of(typename V::type sign, typename V::type x) {
    return (typename V::type)(((Bits<V>)sign & ~0x7fffffff) | ((Bits<V>)x & 0x7fffffff));
}

/// To the nearest whole number, halves to even: adding 2^23 leaves no bits after the point, and from there on there are
/// none.
template <class V>
TAXON_INLINE typename V::type nearest(typename V::type x) {
    const auto whole = V::set(0x1p23f), size = magnitude<V>(x);
    return choose<V>(size < whole, with_sign_of<V>(x, (size + whole) - whole), x);
}
template <class V>
TAXON_INLINE typename V::type floored(typename V::type x) {
    const auto r = nearest<V>(x);
    return choose<V>(r > x, r - V::set(1), r);
}

/// e^x for all x; 0 below the least normal number; relative error below 4e-7.
template <class V>
TAXON_INLINE typename V::type whole_exponential(typename V::type x) {
    const auto least = V::set(-87.33654f), shift = V::set(0x1.8p23f);
    const auto inside = V::min(V::set(89), V::max(least, x));
    const auto n = V::fma(inside, V::set(1.44269502f), shift) - shift, half = V::fma(n, V::set(.5f), shift) - shift;
    // n · ln 2 in two parts, the first of which has few enough bits to be exact
    const auto rest = V::fma(n, V::set(2.12194440e-4f), V::fma(n, V::set(-.693359375f), inside)),
               r = rest * V::set(1.44269502f);
    // 2^128, which n may lead to, is not a float
    const auto y = V::scale_by_power_of_two(V::scale_by_power_of_two(root_of_two<V>(r), half), n - half);
    return choose<V>(x < least, V::set(0), y);
}

/// ln x; relative error below 3e-7, of a number next to 1 as well. NaN below 0, and -∞ below the least normal number.
template <class V>
TAXON_INLINE typename V::type logarithm(typename V::type x) {
    // x = m · 2^n with m from 1/√2 to √2
    const auto bits = (Bits<V>)magnitude<V>(x) - 0x3f3504f3;
    const auto n = __builtin_convertvector(bits >> 23, typename V::type),
               m = (typename V::type)((bits & 0x7fffff) + 0x3f3504f3);
    const auto y = V::fma(n, V::set(.693147181f), logarithm_of_one_plus<V>(m - V::set(1)));
    const auto infinite = V::set(__builtin_inff());
    const auto low = choose<V>(x < V::set(0), V::set(__builtin_nanf("")), V::set(0) - infinite);
    return choose<V>(x < V::set(0x1p-126f), low, choose<V>(x < infinite, y, x));
}

/// Of each number in turn, by the compiler's library.
template <class V, class Function>
TAXON_INLINE typename V::type singly(typename V::type a, typename V::type b, const Function& function) {
    float of_a[V::lanes], of_b[V::lanes];
    V::store(of_a, a), V::store(of_b, b);
    for (int i = 0; i < V::lanes; ++i) of_a[i] = function(of_a[i], of_b[i]);
    return V::load(of_a);
}

/// a^b: the square, which normalisations take, and the root without a call.
TAXON_INLINE float power_of(float a, float b) {
    if (b == 2) return a * a;
    if (b == .5f && a >= 0) return __builtin_sqrtf(a);
    return __builtin_powf(a, b);
}

template <MapFunction Function, class V>
TAXON_INLINE typename V::type map_singly(typename V::type a, typename V::type b) {
    return singly<V>(
        a, b, [](float x, [[maybe_unused]] float y) __attribute__((always_inline)) {
            if constexpr (Function == MapFunction::sine) return __builtin_sinf(x);
            else if constexpr (Function == MapFunction::cosine) return __builtin_cosf(x);
            else if constexpr (Function == MapFunction::tangent) return __builtin_tanf(x);
            else if constexpr (Function == MapFunction::arc_sine) return __builtin_asinf(x);
            else if constexpr (Function == MapFunction::arc_cosine) return __builtin_acosf(x);
            else if constexpr (Function == MapFunction::arc_tangent) return __builtin_atanf(x);
            else if constexpr (Function == MapFunction::hyperbolic_sine) return __builtin_sinhf(x);
            else if constexpr (Function == MapFunction::hyperbolic_cosine) return __builtin_coshf(x);
            else if constexpr (Function == MapFunction::inverse_hyperbolic_sine) return __builtin_asinhf(x);
            else if constexpr (Function == MapFunction::inverse_hyperbolic_cosine) return __builtin_acoshf(x);
            else if constexpr (Function == MapFunction::inverse_hyperbolic_tangent) return __builtin_atanhf(x);
            else if constexpr (Function == MapFunction::remainder) return __builtin_fmodf(x, y);
            else return power_of(x, y);
        });
}

template <MapFunction Function, Activation::Kind Kind, class V>
TAXON_INLINE typename V::type map_register(typename V::type a, [[maybe_unused]] typename V::type b,
                                           [[maybe_unused]] typename V::type c, [[maybe_unused]] float first,
                                           [[maybe_unused]] float second) {
    [[maybe_unused]] const auto zero = V::set(0);
    if constexpr (Function == MapFunction::copy) return a;
    else if constexpr (Function == MapFunction::activation) return activate<Kind, V>(a, first, second);
    else if constexpr (Function == MapFunction::absolute) return magnitude<V>(a);
    else if constexpr (Function == MapFunction::negative) return -a;
    else if constexpr (Function == MapFunction::exponential) return whole_exponential<V>(a);
    else if constexpr (Function == MapFunction::logarithm) return logarithm<V>(a);
    else if constexpr (Function == MapFunction::square_root) return V::square_root(a);
    else if constexpr (Function == MapFunction::reciprocal) return V::set(1) / a;
    else if constexpr (Function == MapFunction::floor) return floored<V>(a);
    else if constexpr (Function == MapFunction::ceiling) return -floored<V>(-a);
    else if constexpr (Function == MapFunction::round) return nearest<V>(a);
    else if constexpr (Function == MapFunction::truncate) return with_sign_of<V>(a, floored<V>(magnitude<V>(a)));
    else if constexpr (Function == MapFunction::error_function) return gaussian_error<V>(a * V::set(1.41421356f));
    else if constexpr (Function == MapFunction::sign)
        return choose<V>(a > zero, V::set(1), choose<V>(a < zero, V::set(-1), a));
    else if constexpr (Function == MapFunction::logical_not) return truth<V>(a == zero);
    else if constexpr (Function == MapFunction::is_nan) return truth<V>(a != a);
    else if constexpr (Function == MapFunction::is_infinite)
        return truth<V>(magnitude<V>(a) == V::set(__builtin_inff()));
    else if constexpr (Function == MapFunction::add) return a + b;
    else if constexpr (Function == MapFunction::subtract) return a - b;
    else if constexpr (Function == MapFunction::multiply) return a * b;
    else if constexpr (Function == MapFunction::divide) return a / b;
    else if constexpr (Function == MapFunction::divide_whole)
        return with_sign_of<V>(a / b, floored<V>(magnitude<V>(a / b)));
    else if constexpr (Function == MapFunction::minimum) return choose<V>((a != a) | (a < b), a, b);
    else if constexpr (Function == MapFunction::maximum) return choose<V>((a != a) | (a > b), a, b);
    else if constexpr (Function == MapFunction::modulo) return a - b * floored<V>(a / b);
    else if constexpr (Function == MapFunction::prelu) return choose<V>(a < zero, b * a, a);
    else if constexpr (Function == MapFunction::equal) return truth<V>(a == b);
    else if constexpr (Function == MapFunction::less) return truth<V>(a < b);
    else if constexpr (Function == MapFunction::less_or_equal) return truth<V>(a <= b);
    else if constexpr (Function == MapFunction::logical_and) return truth<V>((a != zero) & (b != zero));
    else if constexpr (Function == MapFunction::logical_or) return truth<V>((a != zero) | (b != zero));
    else if constexpr (Function == MapFunction::logical_xor) return truth<V>((a != zero) ^ (b != zero));
    else if constexpr (Function == MapFunction::bitwise_and) return real<V>(whole<V>(a) & whole<V>(b));
    else if constexpr (Function == MapFunction::bitwise_or) return real<V>(whole<V>(a) | whole<V>(b));
    else if constexpr (Function == MapFunction::bitwise_xor) return real<V>(whole<V>(a) ^ whole<V>(b));
    else if constexpr (Function == MapFunction::where) return choose<V>(a != zero, b, c);
    else if constexpr (Function == MapFunction::clamp) {
        const auto above = choose<V>(a < b, b, a);
        return choose<V>(above > c, c, above);
    } else return map_singly<Function, V>(a, b);
}

}  // namespace taxon::cpu::TAXON_ISA
