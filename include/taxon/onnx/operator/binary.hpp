#pragma once
#include <cmath>
#include <cstdint>
#include <string_view>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/requirement.hpp>
#include <taxon/onnx/places.hpp>
#include <type_traits>

/// Operators of two numbers or more, with broadcasting. Floats are computed in double and rounded once.
namespace taxon::onnx::elementwise {

struct Binary {
    std::string_view name;
    double (*real)(double, double);
    Int (*whole)(Int, Int);
    enum class Kind { number, comparison, logic, bits } kind = Kind::number;
};

inline void check_divisor(Int b) {
    if (b == 0) throw Error(Fault::value, {.found = "a whole number divided by 0", .wanted = "other numbers"});
}
inline void check_ready_divisors(const Call& call) {
    if (const Tensor* divisors = is_floating(call.type(1)) ? nullptr : call.ready(1))
        std::ranges::for_each(divisors->numbers<Int>(), check_divisor);
}
inline Int quotient(Int a, Int b) {
    check_divisor(b);
    return b == -1 ? negative(a) : a / b;
}
/// The remainder that has the divisor's sign, as in Python.
inline Int modulus(Int a, Int b) {
    check_divisor(b);
    const Int rest = b == -1 ? 0 : a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}
inline double larger(double a, double b) { return std::isnan(a) || a > b ? a : b; }
inline double smaller(double a, double b) { return std::isnan(a) || a < b ? a : b; }

inline constexpr Binary binary_rules[] = {
    {"Add", [](double a, double b) { return a + b; },
     [](Int a, Int b) { return wrapped(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b)); }},
    {"Sub", [](double a, double b) { return a - b; },
     [](Int a, Int b) { return wrapped(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b)); }},
    {"Mul", [](double a, double b) { return a * b; },
     [](Int a, Int b) { return wrapped(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b)); }},
    {"Div", [](double a, double b) { return a / b; }, quotient},
    {"Max", larger, [](Int a, Int b) { return a > b ? a : b; }},
    {"Min", smaller, [](Int a, Int b) { return a < b ? a : b; }},
    {"PRelu", [](double a, double b) { return a < 0 ? a * b : a; },
     [](Int a, Int b) { return a < 0 ? wrapped(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b)) : a; }},
    {"Equal", [](double a, double b) { return double(a == b); }, [](Int a, Int b) { return Int{a == b}; },
     Binary::Kind::comparison},
    {"Less", [](double a, double b) { return double(a < b); }, [](Int a, Int b) { return Int{a < b}; },
     Binary::Kind::comparison},
    {"LessOrEqual", [](double a, double b) { return double(a <= b); }, [](Int a, Int b) { return Int{a <= b}; },
     Binary::Kind::comparison},
    {"Greater", [](double a, double b) { return double(a > b); }, [](Int a, Int b) { return Int{a > b}; },
     Binary::Kind::comparison},
    {"GreaterOrEqual", [](double a, double b) { return double(a >= b); }, [](Int a, Int b) { return Int{a >= b}; },
     Binary::Kind::comparison},
    {"And", nullptr, [](Int a, Int b) { return Int{a != 0 && b != 0}; }, Binary::Kind::logic},
    {"Or", nullptr, [](Int a, Int b) { return Int{a != 0 || b != 0}; }, Binary::Kind::logic},
    {"Xor", nullptr, [](Int a, Int b) { return Int{(a != 0) != (b != 0)}; }, Binary::Kind::logic},
    {"BitwiseAnd", nullptr, [](Int a, Int b) { return a & b; }, Binary::Kind::bits},
    {"BitwiseOr", nullptr, [](Int a, Int b) { return a | b; }, Binary::Kind::bits},
    {"BitwiseXor", nullptr, [](Int a, Int b) { return a ^ b; }, Binary::Kind::bits},
};

/// The shape that all inputs from `first` fit.
inline Dimensions broadcast_inputs(const Call& call, std::size_t first = 0) {
    Dimensions wide = call.shape(first);
    for (std::size_t i = first + 1; i < call.inputs.size(); ++i) {
        if (!call.given(i)) continue;
        const auto both = broadcast(wide, call.shape(i));
        if (!both)
            call.fail(Fault::shape, io::to_string(wide) + " and " + io::to_string(call.shape(i)),
                      "shapes that broadcast");
        wide = *both;
    }
    return wide;
}

/// to = f(a, b), all kept as T.
template <class T, class F>
void map2(Tensor& to, const Tensor& a, const Tensor& b, F&& f) {
    auto* next = to.writable<std::conditional_t<std::is_same_v<std::invoke_result_t<F, T, T>, Int>, Int, T>>().data();
    const T *left = a.numbers<T>().data(), *right = b.numbers<T>().data();
    for_each_place<2>(to.shape(), {broadcast_strides(a.shape(), to.shape()), broadcast_strides(b.shape(), to.shape())},
                      [&](const auto& at) {
                          *next++ = static_cast<std::remove_pointer_t<decltype(next)>>(f(left[at[0]], right[at[1]]));
                      });
}

inline void infer_binary(Call& call) {
    const Binary& rule = rule_of(binary_rules, call);
    require_same_types(call);
    using Kind = Binary::Kind;
    const bool whole = !is_floating(call.type(0)), boolean = call.type(0) == DataType::boolean;
    require_type(call, rule.kind == Kind::comparison || (rule.kind == Kind::logic ? boolean : !boolean));
    require_type(call, rule.kind != Kind::bits || whole);
    const Dimensions aligned = aligned_shape(call);
    const auto both = broadcast(call.shape(0), aligned);
    call.require(both.has_value(), Fault::shape, io::to_string(call.shape(0)) + " and " + io::to_string(aligned),
                 "shapes that broadcast");
    const Dimensions& wide = *both;
    if (rule.name == "PRelu")
        call.require(wide == call.shape(0), Fault::shape, io::to_string(call.shape(1)) + " of slopes",
                     "a shape that broadcasts to " + io::to_string(call.shape(0)));
    if (rule.name == "Div") check_ready_divisors(call);
    call.output(rule.kind == Kind::comparison ? DataType::boolean : call.type(0), wide);
}

inline void apply(const Binary& rule, Tensor& to, const Tensor& a, const Tensor& b) {
    visit_type(a.type(), [&]<class T>(T) {
        if constexpr (std::is_same_v<T, Int>) map2<T>(to, a, b, rule.whole);
        else if (rule.kind == Binary::Kind::comparison)
            map2<T>(to, a, b, [&](T x, T y) { return static_cast<Int>(rule.real(x, y)); });
        else map2<T>(to, a, b, [&](T x, T y) { return static_cast<T>(rule.real(x, y)); });
    });
}
inline void compute_binary(Call& call) {
    apply(rule_of(binary_rules, call), call.results[0], call.operands[0],
          call.operands[1].reshaped(aligned_shape(call)));
}

/// Max, Min, Sum and Mean of any number of inputs.
inline void infer_variadic(Call& call) {
    require_same_types(call);
    require_type(call, call.type(0) != DataType::boolean);
    require_type(call, call.node->operation != "Mean" || is_floating(call.type(0)));
    call.output(call.type(0), broadcast_inputs(call));
}
inline void compute_variadic(Call& call) {
    const std::string_view name = call.node->operation;
    const Binary& rule = binary_rules[name == "Max" ? 4 : name == "Min" ? 5 : 0];
    Tensor& sum = call.results[0];
    gather_places(sum, call.operands[0], sum.shape(), broadcast_strides(call.operands[0].shape(), sum.shape()));
    for (std::size_t i = 1; i < call.operands.size(); ++i) apply(rule, sum, sum, call.operands[i]);
    if (name == "Mean")
        visit_type(sum.type(), [&]<class T>(T) {
            for (T& number : sum.writable<T>()) number /= static_cast<T>(call.operands.size());
        });
}

inline void infer_mod(Call& call) {
    require_same_types(call);
    require_type(call, call.type(0) != DataType::boolean);
    check_ready_divisors(call);
    call.output(call.type(0), broadcast_inputs(call));
}
inline void compute_mod(Call& call) {
    const bool c = call.integer("fmod", 0) == 1;
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        map2<T>(call.results[0], call.operands[0], call.operands[1], [&](T a, T b) {
            if constexpr (std::is_same_v<T, Int>)
                return c ? a - wrapped(static_cast<std::uint64_t>(quotient(a, b)) * static_cast<std::uint64_t>(b))
                         : modulus(a, b);
            else {
                const T rest = std::fmod(a, b);
                if (c) return rest;
                return rest == 0 ? std::copysign(T{0}, b) : (rest < 0) != (b < 0) ? rest + b : rest;
            }
        });
    });
}

/// Of the base's type; the exponent may have another.
inline void infer_pow(Call& call) {
    require_type(call, call.type(0) != DataType::boolean && is_computed(call.type(1)));
    call.output(call.type(0), broadcast_inputs(call));
}
inline Int power(Int base, Int exponent) {
    if (exponent < 0) return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0;
    std::uint64_t result = 1;
    for (auto factor = static_cast<std::uint64_t>(base); exponent != 0; exponent /= 2, factor *= factor)
        if (exponent % 2 != 0) result *= factor;
    return wrapped(result);
}
inline void compute_pow(Call& call) {
    const Tensor &base = call.operands[0], &exponent = call.operands[1];
    const bool wholes = !is_floating(base.type()) && !is_floating(exponent.type());
    const Dimensions& shape = call.results[0].shape();
    std::size_t next = 0;
    for_each_place<2>(shape, {broadcast_strides(base.shape(), shape), broadcast_strides(exponent.shape(), shape)},
                      [&](const auto& at) {
                          const auto a = static_cast<std::size_t>(at[0]), b = static_cast<std::size_t>(at[1]);
                          visit_type(base.type(), [&]<class T>(T) {
                              T& to = call.results[0].writable<T>()[next];
                              if (wholes)
                                  to = static_cast<T>(power(base.numbers<Int>()[a], exponent.numbers<Int>()[b]));
                              else if constexpr (std::is_same_v<T, Int>)
                                  to = whole(std::pow(base.real(a), exponent.real(b)));
                              else to = static_cast<T>(std::pow(base.real(a), exponent.real(b)));
                          });
                          ++next;
                      });
}

}  // namespace taxon::onnx::elementwise
