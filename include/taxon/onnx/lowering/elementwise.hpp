#pragma once
#include <taxon/onnx/lowering/operation.hpp>
#include <taxon/onnx/lowering/range.hpp>

/// Functions of single elements.
namespace taxon::onnx::lowering {

inline void lower_activation(const Operation& o, Activation activation) {
    o.define(o.to.activate(o.name(), o.operand(0), activation));
}
inline void lower_map(const Operation& o, MapFunction function) {
    o.define(o.to.map(o.name(), function, o.operand(0)));
}

inline void lower_clip(const Operation& o) {
    const auto bound = [&](std::size_t input, const char* attribute, double otherwise) {
        if (o.call().has(attribute)) return std::optional(static_cast<double>(o.call().number(attribute, 0)));
        return o.given(input) ? o.scalar(input) : std::optional(otherwise);
    };
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const auto low = bound(1, "min", -infinity), high = bound(2, "max", infinity);
    if (!low || !high || *low > *high) {
        const View x = o.operand(0);
        const View below = low ? o.to.constant_view(*low, o.name() + ".min") : o.operand(1),
                   above = high ? o.to.constant_view(*high, o.name() + ".max") : o.operand(2);
        return o.define(o.to.map(o.name(), MapFunction::clamp, x.shape, {x, below, above}));
    }
    if (*low == 0 && *high == infinity) return lower_activation(o, Activation::relu);
    if (*low == 0 && *high == 6) return lower_activation(o, Activation::relu6);
    lower_activation(o, {Activation::hard_tanh, *low, *high});
}

/// max(0, min(1, α · x + β)).
inline void lower_hard_sigmoid(const Operation& o) {
    const double alpha = o.call().number("alpha", 0.2f), beta = o.call().number("beta", 0.5f);
    if (std::fabs(alpha - 1.0 / 6) < 1e-7 && beta == 0.5) return lower_activation(o, Activation::hard_sigmoid);
    const View scaled = o.to.activate(o.name() + ".scale", o.operand(0), {Activation::times, alpha});
    const View shifted =
        o.to.map(o.name() + ".shift", MapFunction::add, scaled, o.to.constant_view(beta, o.name() + ".beta"));
    o.define(o.to.activate(o.name(), shifted, {Activation::hard_tanh, 0, 1}));
}

inline void lower_selu(const Operation& o) {
    const double alpha = o.call().number("alpha", 1.67326319217681884765625f),
                 gamma = o.call().number("gamma", 1.05070102214813232421875f);
    const View x = o.to.activate(o.name() + ".elu", o.operand(0), {Activation::elu, alpha});
    o.define(o.to.activate(o.name(), x, {Activation::times, gamma}));
}
/// max(0, x) + min(0, α · (e^(x/α) − 1)).
inline void lower_celu(const Operation& o) {
    const double alpha = o.call().number("alpha", 1);
    const View x = o.to.activate(o.name() + ".inner", o.operand(0), {Activation::times, 1 / alpha});
    const View elu = o.to.activate(o.name() + ".elu", x, {Activation::elu, 1});
    o.define(o.to.activate(o.name(), elu, {Activation::times, alpha}));
}
inline void lower_thresholded_relu(const Operation& o) {
    const View x = o.operand(0), alpha = o.to.constant_view(o.call().number("alpha", 1), o.name() + ".alpha");
    const View above = o.to.map(o.name() + ".above", MapFunction::less, x.shape, {alpha, x});
    o.define(o.to.map(o.name(), MapFunction::where, x.shape, {above, x, o.to.constant_view(0, o.name() + ".zero")}));
}
/// x − bias above λ, x + bias below −λ, else 0.
inline void lower_shrink(const Operation& o) {
    const double bias = o.call().number("bias", 0), lambda = o.call().number("lambd", 0.5f);
    const View x = o.operand(0);
    const auto constant = [&](double number, const char* what) { return o.to.constant_view(number, o.name() + what); };
    const View above = o.to.map(o.name() + ".above", MapFunction::less, x.shape, {constant(lambda, ".lambda"), x}),
               below = o.to.map(o.name() + ".below", MapFunction::less, x, constant(-lambda, ".minus_lambda"));
    const View lower = o.to.map(o.name() + ".subtract", MapFunction::subtract, x, constant(bias, ".bias")),
               higher = o.to.map(o.name() + ".add", MapFunction::add, x, constant(bias, ".bias")),
               other = o.to.map(o.name() + ".or", MapFunction::where, x.shape, {below, higher, constant(0, ".zero")});
    o.define(o.to.map(o.name(), MapFunction::where, x.shape, {above, lower, other}));
}
inline void lower_softsign(const Operation& o) {
    const View x = o.operand(0);
    const View absolute = o.to.map(o.name() + ".absolute", MapFunction::absolute, x);
    const View divisor =
        o.to.map(o.name() + ".divisor", MapFunction::add, absolute, o.to.constant_view(1, o.name() + ".one"));
    o.define(o.to.map(o.name(), MapFunction::divide, x, divisor));
}
/// x · σ(α · x).
inline void lower_swish(const Operation& o) {
    const double alpha = o.call().number("alpha", 1);
    if (alpha == 1) return lower_activation(o, Activation::silu);
    const View x = o.operand(0), scaled = o.to.activate(o.name() + ".scale", x, {Activation::times, alpha});
    o.define(o.to.map(o.name(), MapFunction::multiply, x,
                      o.to.activate(o.name() + ".sigmoid", scaled, Activation::sigmoid)));
}
/// x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 · x³))), which is x · σ(2 · √(2/π) · (x + 0.044715 · x³)).
inline View approximate_gelu(const Operation& o, const View& x) {
    const auto times = [&](const char* what, const View& a, const View& b) {
        return o.to.map(o.name() + what, MapFunction::multiply, a, b);
    };
    const View square = times(".square", x, x);
    const View inner = o.to.map(o.name() + ".add", MapFunction::add,
                                o.to.activate(o.name() + ".scale", square, {Activation::times, 0.044715}),
                                o.to.constant_view(1, o.name() + ".one"));
    const View cubic = times(".cubic", x, inner);
    const View scaled = o.to.activate(o.name() + ".factor", cubic, {Activation::times, 1.5957691216057308});
    return times("", x, o.to.activate(o.name() + ".sigmoid", scaled, Activation::sigmoid));
}
inline void lower_gelu(const Operation& o) {
    if (o.call().text("approximate", "none") == "none") return lower_activation(o, Activation::gelu);
    o.define(approximate_gelu(o, o.operand(0)));
}

/// To whole numbers: cut towards 0; to truth values: 0 or not.
inline void lower_cast(const Operation& o) {
    const DataType from = o.type(), to = o.to.value(o.step.outputs[0]).type;
    if (to == DataType::boolean && from != DataType::boolean) {
        const View zero = o.to.map(o.name() + ".not", MapFunction::logical_not, o.operand(0));
        return o.define(o.to.map(o.name(), MapFunction::logical_not, zero));
    }
    if (is_floating(from) && !is_floating(to)) return lower_map(o, MapFunction::truncate);
    o.define(o.operand(0));
}

inline void lower_where(const Operation& o) {
    o.define(o.to.map(o.name(), MapFunction::where, o.shape(), {o.operand(0), o.operand(1), o.operand(2)}));
}

inline void lower_is_infinite(const Operation& o) {
    const bool negative = o.call().integer("detect_negative", 1) != 0,
               positive = o.call().integer("detect_positive", 1) != 0;
    if (!negative || !positive) {
        constexpr double infinity = std::numeric_limits<double>::infinity();
        const View which = o.to.constant_view(positive ? infinity : -infinity, o.name() + ".infinity");
        if (negative || positive) return o.define(o.to.map(o.name(), MapFunction::equal, o.operand(0), which));
        o.refuse("neither infinity", "one of them");
    }
    lower_map(o, MapFunction::is_infinite);
}

/// All numbers, and a mask that keeps them.
inline void lower_dropout(const Operation& o) {
    const View x = o.operand(0);
    o.define(x);
    if (o.wants(1)) o.define(o.to.constant_view(1, o.name() + ".mask").broadcast(x.shape), 1);
}

/// −x − 1, or of an unsigned type the largest number less x.
inline void lower_bitwise_not(const Operation& o) {
    const Range range = range_of(o.type());
    const View last = o.to.constant_view(range.low < 0 ? -1 : range.high, o.name() + ".last");
    o.define(o.map("", MapFunction::subtract, last, o.operand(0)));
}

}  // namespace taxon::onnx::lowering
