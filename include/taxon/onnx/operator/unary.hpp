#pragma once
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/requirement.hpp>

/// Operators of one number. Floats are computed in double and rounded once.
namespace taxon::onnx::elementwise {

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

inline void infer_float(Call& call) {
    require_type(call, is_floating(call.type(0)));
    call.output(call.type(0), call.shape(0));
}
inline void infer_unary(Call& call) {
    require_type(call, is_floating(call.type(0)) || rule_of(unary_rules, call).whole != nullptr);
    call.output(call.type(0), call.shape(0));
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
               (1 + (tanh ? std::tanh(std::sqrt(2 / std::numbers::pi) * (y + 0.044715 * y * y * y))
                          : std::erf(y * std::numbers::sqrt2 / 2)));
    });
}

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

}  // namespace taxon::onnx::elementwise
