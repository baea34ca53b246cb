// A function of the numbers of one to three dense values.
namespace taxon::cpu::TAXON_ISA {

/// One number at a time.
template <MapFunction Function, Activation::Kind Kind>
TAXON_INLINE float map_one(float a, float b, float c, float first, float second) {
    if constexpr (Function == MapFunction::activation) {
        float lanes[Narrow::lanes];
        Narrow::store(lanes, activate<Kind, Narrow>(Narrow::set(a), first, second));
        return lanes[0];
    } else if constexpr (Function == MapFunction::absolute) return __builtin_fabsf(a);
    else if constexpr (Function == MapFunction::negative) return -a;
    else if constexpr (Function == MapFunction::exponential) return __builtin_expf(a);
    else if constexpr (Function == MapFunction::logarithm) return __builtin_logf(a);
    else if constexpr (Function == MapFunction::square_root) return __builtin_sqrtf(a);
    else if constexpr (Function == MapFunction::reciprocal) return 1 / a;
    else if constexpr (Function == MapFunction::floor) return __builtin_floorf(a);
    else if constexpr (Function == MapFunction::ceiling) return __builtin_ceilf(a);
    else if constexpr (Function == MapFunction::round) return __builtin_nearbyintf(a);
    else if constexpr (Function == MapFunction::truncate) return __builtin_truncf(a);
    else if constexpr (Function == MapFunction::error_function) return __builtin_erff(a);
    else if constexpr (Function == MapFunction::sign) return a > 0 ? 1 : a < 0 ? -1 : a;
    else if constexpr (Function == MapFunction::sine) return __builtin_sinf(a);
    else if constexpr (Function == MapFunction::cosine) return __builtin_cosf(a);
    else if constexpr (Function == MapFunction::tangent) return __builtin_tanf(a);
    else if constexpr (Function == MapFunction::arc_sine) return __builtin_asinf(a);
    else if constexpr (Function == MapFunction::arc_cosine) return __builtin_acosf(a);
    else if constexpr (Function == MapFunction::arc_tangent) return __builtin_atanf(a);
    else if constexpr (Function == MapFunction::hyperbolic_sine) return __builtin_sinhf(a);
    else if constexpr (Function == MapFunction::hyperbolic_cosine) return __builtin_coshf(a);
    else if constexpr (Function == MapFunction::inverse_hyperbolic_sine) return __builtin_asinhf(a);
    else if constexpr (Function == MapFunction::inverse_hyperbolic_cosine) return __builtin_acoshf(a);
    else if constexpr (Function == MapFunction::inverse_hyperbolic_tangent) return __builtin_atanhf(a);
    else if constexpr (Function == MapFunction::logical_not) return a == 0 ? 1.f : 0.f;
    else if constexpr (Function == MapFunction::is_nan) return a != a ? 1.f : 0.f;
    else if constexpr (Function == MapFunction::is_infinite) return __builtin_fabsf(a) == __builtin_inff() ? 1.f : 0.f;
    else if constexpr (Function == MapFunction::add) return a + b;
    else if constexpr (Function == MapFunction::subtract) return a - b;
    else if constexpr (Function == MapFunction::multiply) return a * b;
    else if constexpr (Function == MapFunction::divide) return a / b;
    else if constexpr (Function == MapFunction::divide_whole) return __builtin_truncf(a / b);
    else if constexpr (Function == MapFunction::power) return __builtin_powf(a, b);
    else if constexpr (Function == MapFunction::minimum) return a != a || a < b ? a : b;
    else if constexpr (Function == MapFunction::maximum) return a != a || a > b ? a : b;
    else if constexpr (Function == MapFunction::modulo) return a - b * __builtin_floorf(a / b);
    else if constexpr (Function == MapFunction::remainder) return __builtin_fmodf(a, b);
    else if constexpr (Function == MapFunction::prelu) return a < 0 ? b * a : a;
    else if constexpr (Function == MapFunction::equal) return a == b ? 1.f : 0.f;
    else if constexpr (Function == MapFunction::less) return a < b ? 1.f : 0.f;
    else if constexpr (Function == MapFunction::less_or_equal) return a <= b ? 1.f : 0.f;
    else if constexpr (Function == MapFunction::logical_and) return a != 0 && b != 0 ? 1.f : 0.f;
    else if constexpr (Function == MapFunction::logical_or) return a != 0 || b != 0 ? 1.f : 0.f;
    else if constexpr (Function == MapFunction::logical_xor) return (a != 0) != (b != 0) ? 1.f : 0.f;
    else if constexpr (Function == MapFunction::where) return a != 0 ? b : c;
    else if constexpr (Function == MapFunction::clamp) {
        const float above = a < b ? b : a;
        return above > c ? c : above;
    } else return a;
}

template <MapFunction Function, Activation::Kind Kind>
TAXON_NOINLINE void map(const Geometry& g, const Operands& o) {
    if (o.part > 0) return;
    const LoopNest& nest = *o.nest;
    const float *a = floats_of(o.in), *b = floats_of(o.operand), *c = floats_of(o.third);
    const float first = static_cast<float>(g.activation.first), second = static_cast<float>(g.activation.second);
    auto* const to = o.out_as<Element::float32>();
    nest.walk(0, nest.rank, nest.operands, [&](int i, const std::array<int, 3>& at) {
        to[i] = map_one<Function, Kind>(a[at[0]], b[at[1]], c[at[2]], first, second);
    });
}

}  // namespace taxon::cpu::TAXON_ISA
