#pragma once
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/places.hpp>
#include <vector>

/// Operators of one number each, with broadcasting. Floats are computed in double and rounded once.
namespace taxon::onnx::elementwise {

using Int = std::int64_t;

/// y = f(x, a, b), where a and b are attributes. Without an integer form it takes floats only.
struct Unary {
    std::string_view name;
    double (*real)(double x, double a, double b);
    Int (*whole)(Int x) = nullptr;
    std::string_view a = {}, b = {};
    float a_otherwise = 0, b_otherwise = 0;
};

inline double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
inline double softplus(double x) { return x > 30 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }
inline Int negative(Int x) { return static_cast<Int>(-static_cast<std::uint64_t>(x)); }

inline constexpr Unary unary_rules[] = {
    {"Abs", [](double x, double, double) { return std::fabs(x); }, [](Int x) { return x < 0 ? negative(x) : x; }},
    {"Acos", [](double x, double, double) { return std::acos(x); }},
    {"Acosh", [](double x, double, double) { return std::acosh(x); }},
    {"Asin", [](double x, double, double) { return std::asin(x); }},
    {"Asinh", [](double x, double, double) { return std::asinh(x); }},
    {"Atan", [](double x, double, double) { return std::atan(x); }},
    {"Atanh", [](double x, double, double) { return std::atanh(x); }},
    {"Ceil", [](double x, double, double) { return std::ceil(x); }},
    {"Celu", [](double x, double a, double) { return x > 0 ? x : a * std::expm1(x / a); }, nullptr, "alpha", {}, 1},
    {"Cos", [](double x, double, double) { return std::cos(x); }},
    {"Cosh", [](double x, double, double) { return std::cosh(x); }},
    {"Elu", [](double x, double a, double) { return x > 0 ? x : a * std::expm1(x); }, nullptr, "alpha", {}, 1},
    {"Erf", [](double x, double, double) { return std::erf(x); }},
    {"Exp", [](double x, double, double) { return std::exp(x); }},
    {"Floor", [](double x, double, double) { return std::floor(x); }},
    {"HardSigmoid", [](double x, double a, double b) { return std::fmax(0.0, std::fmin(1.0, a * x + b)); }, nullptr,
     "alpha", "beta", 0.2f, 0.5f},
    {"HardSwish", [](double x, double, double) { return x * std::fmax(0.0, std::fmin(1.0, x / 6 + 0.5)); }},
    {"LeakyRelu", [](double x, double a, double) { return x < 0 ? a * x : x; }, nullptr, "alpha", {}, 0.01f},
    {"Log", [](double x, double, double) { return std::log(x); }},
    {"Mish", [](double x, double, double) { return x * std::tanh(softplus(x)); }},
    {"Neg", [](double x, double, double) { return -x; }, negative},
    {"Reciprocal", [](double x, double, double) { return 1 / x; }},
    {"Relu", [](double x, double, double) { return x < 0 ? 0 : x; }, [](Int x) { return x < 0 ? Int{0} : x; }},
    {"Round", [](double x, double, double) { return std::nearbyint(x); }},
    {"Selu", [](double x, double a, double b) { return b * (x > 0 ? x : a * std::expm1(x)); }, nullptr, "alpha",
     "gamma", 1.67326319217681884765625f, 1.05070102214813232421875f},
    {"Shrink", [](double x, double a, double b) { return x < -a  ? x + b
                                                         : x > a ? x - b
                                                                 : 0.0; }, nullptr, "lambd",
     "bias", 0.5f, 0},
    {"Sigmoid", [](double x, double, double) { return sigmoid(x); }},
    {"Sign", [](double x, double, double) { return std::isnan(x) ? x : static_cast<double>((x > 0) - (x < 0)); },
     [](Int x) { return static_cast<Int>((x > 0) - (x < 0)); }},
    {"Sin", [](double x, double, double) { return std::sin(x); }},
    {"Sinh", [](double x, double, double) { return std::sinh(x); }},
    {"Softplus", [](double x, double, double) { return softplus(x); }},
    {"Softsign", [](double x, double, double) { return x / (1 + std::fabs(x)); }},
    {"Sqrt", [](double x, double, double) { return std::sqrt(x); }},
    {"Swish", [](double x, double a, double) { return x * sigmoid(a * x); }, nullptr, "alpha", {}, 1},
    {"Tan", [](double x, double, double) { return std::tan(x); }},
    {"Tanh", [](double x, double, double) { return std::tanh(x); }},
    {"ThresholdedRelu", [](double x, double a, double) { return x > a ? x : 0; }, nullptr, "alpha", {}, 1},
};

template <class Rule, std::size_t N>
const Rule& rule_of(const Rule (&rules)[N], const Call& call) {
    for (const Rule& rule : rules)
        if (rule.name == call.node->operation) return rule;
    call.fail(Fault::unsupported, "no rule", "one");
}

inline void require_type(const Call& call, bool holds) {
    call.require(holds && is_computed(call.type(0)), Fault::unsupported,
                 "numbers of type " + std::string(name_of(call.type(0))), "another type");
}
inline void require_same_types(const Call& call) {
    for (std::size_t i = 1; i < call.inputs.size(); ++i)
        call.require(!call.given(i) || call.type(i) == call.type(0), Fault::type,
                     std::string(name_of(call.type(0))) + " and " + std::string(name_of(call.type(i))), "one type");
}

inline void infer_same(Call& call) {
    require_type(call, true);
    call.output(call.type(0), call.shape(0));
}
inline void infer_float(Call& call) {
    require_type(call, is_floating(call.type(0)));
    call.output(call.type(0), call.shape(0));
}
inline void infer_unary(Call& call) {
    require_type(call, is_floating(call.type(0)) || rule_of(unary_rules, call).whole != nullptr);
    call.output(call.type(0), call.shape(0));
}

/// y = f(x) for each number; of the kept type.
template <class F>
void map(Call& call, F&& f) {
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        const auto from = call.operands[0].numbers<T>();
        const auto to = call.results[0].writable<T>();
        for (std::size_t i = 0; i < from.size(); ++i) to[i] = static_cast<T>(f(from[i]));
    });
}

inline void compute_unary(Call& call) {
    const Unary& rule = rule_of(unary_rules, call);
    const double a = rule.a.empty() ? 0 : call.number(rule.a, rule.a_otherwise),
                 b = rule.b.empty() ? 0 : call.number(rule.b, rule.b_otherwise);
    map(call, [&]<class T>(T x) {
        if constexpr (std::is_same_v<T, Int>) return rule.whole(x);
        else return rule.real(x, a, b);
    });
}

inline void compute_same(Call& call) { call.results[0] = call.operands[0]; }

inline void infer_gelu(Call& call) {
    const std::string form = call.text("approximate", "none");
    call.require(form == "none" || form == "tanh", Fault::unsupported, "approximate '" + form + "'", "none or tanh");
    infer_float(call);
}
inline void compute_gelu(Call& call) {
    const bool tanh = call.text("approximate", "none") == "tanh";
    map(call, [&](auto x) {
        const double y = static_cast<double>(x);
        return 0.5 * y *
               (1 + (tanh ? std::tanh(std::sqrt(2 / M_PI) * (y + 0.044715 * y * y * y)) : std::erf(y * M_SQRT1_2)));
    });
}

// ── Two operands ─────────────────────────────────────────────────────────────────────────────────────────────────────

struct Binary {
    std::string_view name;
    double (*real)(double, double);
    Int (*whole)(Int, Int);
    enum class Kind { number, comparison, logic, bits } kind = Kind::number;
};

/// Whole numbers overflow as unsigned ones do.
inline Int wrapped(std::uint64_t number) { return static_cast<Int>(number); }
inline Int quotient(Int a, Int b) {
    if (b == 0) throw Error(Fault::value, {.found = "a whole number divided by 0", .wanted = "other numbers"});
    return b == -1 ? negative(a) : a / b;
}
/// The remainder that has the divisor's sign, as in Python.
inline Int modulus(Int a, Int b) {
    if (b == 0) throw Error(Fault::value, {.found = "a whole number divided by 0", .wanted = "other numbers"});
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
    const Dimensions wide = broadcast_inputs(call);
    if (rule.name == "PRelu")
        call.require(wide == call.shape(0), Fault::shape, io::to_string(call.shape(1)) + " of slopes",
                     "a shape that broadcasts to " + io::to_string(call.shape(0)));
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
    apply(rule_of(binary_rules, call), call.results[0], call.operands[0], call.operands[1]);
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
    Tensor sum = call.operands[0];
    for (std::size_t i = 1; i < call.operands.size(); ++i) {
        const auto wide = broadcast(sum.shape(), call.operands[i].shape());
        Tensor next(sum.type(), *wide);
        apply(rule, next, sum, call.operands[i]);
        sum = next;
    }
    gather_places(call.results[0], sum, sum.shape(), strides_of(sum.shape()));
    if (name == "Mean")
        visit_type(sum.type(), [&]<class T>(T) {
            for (T& number : call.results[0].writable<T>()) number /= static_cast<T>(call.operands.size());
        });
}

inline void infer_mod(Call& call) {
    require_same_types(call);
    require_type(call, call.type(0) != DataType::boolean);
    call.require(!is_floating(call.type(0)) || call.integer("fmod", 0) == 1, Fault::value, "floats without fmod",
                 "fmod 1 for them");
    call.output(call.type(0), broadcast_inputs(call));
}
inline void compute_mod(Call& call) {
    const bool c = call.integer("fmod", 0) == 1;
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        map2<T>(call.results[0], call.operands[0], call.operands[1], [&](T a, T b) {
            if constexpr (std::is_same_v<T, Int>)
                return c ? a - wrapped(static_cast<std::uint64_t>(quotient(a, b)) * static_cast<std::uint64_t>(b))
                         : modulus(a, b);
            else return static_cast<T>(std::fmod(a, b));
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
/// Sums and products of whole numbers are those of unsigned ones.
template <class T>
T sum_of(T a, T b) {
    if constexpr (std::is_same_v<T, Int>) return wrapped(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
    else return a + b;
}
template <class T>
T product_of(T a, T b) {
    if constexpr (std::is_same_v<T, Int>) return wrapped(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
    else return a * b;
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

// ── Others ───────────────────────────────────────────────────────────────────────────────────────────────────────────

inline void infer_not(Call& call) {
    const bool bits = call.node->operation == "BitwiseNot";
    require_type(call, !is_floating(call.type(0)) && bits != (call.type(0) == DataType::boolean));
    call.output(call.type(0), call.shape(0));
}
inline void compute_not(Call& call) {
    const bool bits = call.node->operation == "BitwiseNot";
    for (std::size_t i = 0; i < call.operands[0].size(); ++i) {
        const Int x = call.operands[0].numbers<Int>()[i];
        call.results[0].writable<Int>()[i] = bits ? ~x : Int{x == 0};
    }
}

inline void infer_is(Call& call) {
    require_type(call, is_floating(call.type(0)));
    call.output(DataType::boolean, call.shape(0));
}
inline void compute_is(Call& call) {
    const bool nan = call.node->operation == "IsNaN", up = call.integer("detect_positive", 1) != 0,
               down = call.integer("detect_negative", 1) != 0;
    for (std::size_t i = 0; i < call.operands[0].size(); ++i) {
        const double x = call.operands[0].real(i);
        call.results[0].writable<Int>()[i] = nan ? std::isnan(x) : std::isinf(x) && (x > 0 ? up : down);
    }
}

inline void infer_where(Call& call) {
    call.require(call.type(0) == DataType::boolean, Fault::type, std::string(name_of(call.type(0))),
                 "a bool condition");
    call.require(call.type(1) == call.type(2) && is_computed(call.type(1)), Fault::type,
                 std::string(name_of(call.type(1))) + " and " + std::string(name_of(call.type(2))), "one type");
    call.output(call.type(1), broadcast_inputs(call));
}
inline void compute_where(Call& call) {
    const Dimensions& shape = call.results[0].shape();
    const auto strides = [&](std::size_t i) { return broadcast_strides(call.operands[i].shape(), shape); };
    visit_type(call.results[0].type(), [&]<class T>(T) {
        T* next = call.results[0].writable<T>().data();
        const Int* condition = call.operands[0].numbers<Int>().data();
        const T *yes = call.operands[1].numbers<T>().data(), *no = call.operands[2].numbers<T>().data();
        for_each_place<3>(shape, {strides(0), strides(1), strides(2)},
                          [&](const auto& at) { *next++ = condition[at[0]] != 0 ? yes[at[1]] : no[at[2]]; });
    });
}

inline DataType cast_type(const Call& call) {
    return call.node->operation == "CastLike" ? call.type(1) : static_cast<DataType>(call.integer("to", 0));
}
inline void infer_cast(Call& call) {
    call.require(is_computed(cast_type(call)), Fault::unsupported, "a cast to " + std::string(name_of(cast_type(call))),
                 "numbers");
    require_type(call, true);
    call.output(cast_type(call), call.shape(0));
}
inline void cast(Tensor& to, const Tensor& from) {
    const bool boolean = to.type() == DataType::boolean;
    visit_type(from.type(), [&]<class From>(From) {
        visit_type(to.type(), [&]<class To>(To) {
            const auto numbers = from.numbers<From>();
            const auto results = to.writable<To>();
            for (std::size_t i = 0; i < numbers.size(); ++i)
                if constexpr (std::is_same_v<To, Int> && !std::is_same_v<From, Int>)
                    results[i] = boolean ? Int{numbers[i] != 0} : whole(numbers[i]);
                else results[i] = static_cast<To>(numbers[i]);
        });
    });
}
inline void compute_cast(Call& call) { cast(call.results[0], call.operands[0]); }

/// Bounds are attributes before version 11.
inline void infer_clip(Call& call) {
    require_type(call, call.type(0) != DataType::boolean);
    require_same_types(call);
    for (std::size_t i = 1; i < call.inputs.size(); ++i)
        call.require(!call.given(i) || io::element_count(call.shape(i)) == 1, Fault::shape,
                     io::to_string(call.shape(i)), "one bound");
    call.output(call.type(0), call.shape(0));
}
inline void compute_clip(Call& call) {
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        const auto bound = [&](std::size_t i, const char* name, T otherwise) {
            if (call.opset < 11) return call.has(name) ? static_cast<T>(call.number(name, 0)) : otherwise;
            return call.given(i) ? call.operands[i].numbers<T>()[0] : otherwise;
        };
        constexpr bool real = !std::is_same_v<T, Int>;
        const T low = bound(1, "min", real ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::min()),
                high = bound(2, "max", real ? std::numeric_limits<T>::infinity() : std::numeric_limits<T>::max());
        map(call, [&]<class U>(U x) {
            const U least = x < static_cast<U>(low) ? static_cast<U>(low) : x;
            return least > static_cast<U>(high) ? static_cast<U>(high) : least;
        });
    });
}

inline void infer_dropout(Call& call) {
    const bool training = call.given(2) && (!call.inputs[2].constant || call.constants(2) != Dimensions{0});
    call.require(!training, Fault::unsupported, "training_mode", "inference");
    call.require(!(call.opset < 7 && call.integer("is_test", 0) == 0 && call.opset < 7 && call.wants(1)),
                 Fault::unsupported, "training", "is_test 1");
    infer_same(call);
    if (call.wants(1)) call.output(call.opset < 10 ? call.type(0) : DataType::boolean, call.shape(0));
}
inline void compute_dropout(Call& call) {
    call.results[0] = call.operands[0];
    if (call.results.size() > 1)
        visit_type(call.results[1].type(), [&]<class T>(T) {
            for (T& kept : call.results[1].writable<T>()) kept = 1;
        });
}

inline bool always(const Call&) { return true; }
inline bool same_type(const Call& call) { return call.outputs[0].type == call.type(0); }
inline bool one_input(const Call& call) { return call.inputs.size() == 1; }
inline bool one_output(const Call& call) { return call.outputs.size() == 1; }

inline void add_to(std::vector<Operator>& table) {
    for (const Unary& rule : unary_rules)
        table.push_back({rule.name, 1, 1,
                         rule.a.empty()   ? std::string_view()
                         : rule.b.empty() ? "alpha"
                                          : "alpha beta gamma lambd bias",
                         infer_unary, compute_unary});
    for (const Binary& rule : binary_rules)
        if (rule.name != "Max" && rule.name != "Min")
            table.push_back({rule.name, 2, 2, "", infer_binary, compute_binary});
    for (const std::string_view name : {"Max", "Min", "Sum", "Mean"})
        table.push_back({name, 1, 1 << 20, "", infer_variadic, compute_variadic, one_input});
    const Operator others[] = {
        {"Identity", 1, 1, "", infer_same, compute_same, always},
        {"Dropout", 1, 3, "ratio seed is_test", infer_dropout, compute_dropout, one_output},
        {"Gelu", 1, 1, "approximate", infer_gelu, compute_gelu},
        {"Mod", 2, 2, "fmod", infer_mod, compute_mod},
        {"Pow", 2, 2, "", infer_pow, compute_pow},
        {"Not", 1, 1, "", infer_not, compute_not},
        {"BitwiseNot", 1, 1, "", infer_not, compute_not},
        {"IsNaN", 1, 1, "", infer_is, compute_is},
        {"IsInf", 1, 1, "detect_positive detect_negative", infer_is, compute_is},
        {"Where", 3, 3, "", infer_where, compute_where},
        {"Cast", 1, 1, "to saturate", infer_cast, compute_cast, same_type},
        {"CastLike", 2, 2, "saturate", infer_cast, compute_cast, same_type},
        {"Clip", 1, 3, "min max", infer_clip, compute_clip},
    };
    table.insert(table.end(), std::begin(others), std::end(others));
}

}  // namespace taxon::onnx::elementwise
