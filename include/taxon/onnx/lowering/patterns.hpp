#pragma once
#include <taxon/onnx/lowering/attention_pattern.hpp>
#include <taxon/onnx/lowering/binary.hpp>
#include <taxon/onnx/lowering/elementwise.hpp>
#include <taxon/onnx/lowering/normalization.hpp>
#include <taxon/onnx/lowering/trail.hpp>

/// Layers that exporters write out in several operators. Each pattern is tried at its last operator; what is not read
/// by anything else is then left out.
namespace taxon::onnx::lowering {

/// x of 1 + erf(x / √2); and of 1 + tanh(√(2/π) · (x + 0.044715 · x³)), with `approximates` set.
inline std::optional<Trail> gelu_gate(const Trail& gate, bool& approximates) {
    const auto inner = gate.beside("Add", 1);
    if (!inner) return std::nullopt;
    if (inner->is("Erf")) return inner->input(0).scaled(0.7071067811865476);
    if (!inner->is("Tanh")) return std::nullopt;
    const auto sum = inner->input(0).scaled(0.7978845608028654);
    if (!sum || !sum->is("Add")) return std::nullopt;
    for (const std::size_t i : {0u, 1u}) {
        const Trail x = sum->input(i);
        const auto cube = sum->input(1 - i).scaled(0.044715);
        if (!cube) continue;
        Factors factors;
        factors.add(*cube);
        const bool by_power = cube->is("Pow") && cube->input(0) == x && cube->input(1).is_number(3),
                   by_products = factors.trails.size() == 3 && factors.number == 1 && factors.trails[0] == x &&
                                 factors.trails[1] == x && factors.trails[2] == x;
        if (by_power || by_products) {
            approximates = true;
            return x;
        }
    }
    return std::nullopt;
}

/// x / 2 · (1 + erf(x / √2)) with its factors in any order.
inline bool lower_gelu_pattern(const Operation& o) {
    Factors factors;
    factors.add({o.to, o.step.outputs[0]});
    if (factors.trails.size() != 2 || std::fabs(factors.number - 0.5) > 1e-6) return false;
    for (const std::size_t i : {0u, 1u}) {
        bool approximates = false;
        const auto x = gelu_gate(factors.trails[1 - i], approximates);
        if (!x || !(*x == factors.trails[i]) || !o.has_shape_of(x->value())) continue;
        const View operand = o.to.view(x->value());
        o.define(approximates ? approximate_gelu(o, operand)
                              : o.to.activate(o.pattern_name(), operand, Activation::gelu));
        return true;
    }
    return false;
}

/// x · min(max(x + 3, 0), 6) / 6.
inline bool lower_hard_swish_pattern(const Operation& o) {
    const Trail last{o.to, o.step.outputs[0]};
    Factors factors;
    if (last.is("Div") && last.input(1).number()) factors.add(last.input(0)), factors.number /= *last.input(1).number();
    else factors.add(last);
    if (factors.trails.size() != 2 || std::fabs(factors.number * 6 - 1) > 1e-6) return false;
    for (const std::size_t i : {0u, 1u}) {
        const Trail &x = factors.trails[i], &gate = factors.trails[1 - i];
        if (!gate.is("Clip")) continue;
        const Operation clip{o.to, *gate.step()};
        const auto bound = [&](std::size_t input, const char* attribute) -> std::optional<double> {
            if (clip.call().has(attribute)) return static_cast<double>(clip.call().number(attribute, 0));
            return clip.scalar(input);
        };
        const auto shifted = gate.input(0).beside("Add", 3);
        if (bound(1, "min") != 0.0 || bound(2, "max") != 6.0 || !shifted || !(*shifted == x) ||
            !o.has_shape_of(x.value()))
            continue;
        o.define(o.to.activate(o.pattern_name(), o.to.view(x.value()), Activation::hard_swish));
        return true;
    }
    return false;
}

/// The axes of a ReduceMean that is over the last axis alone.
inline bool is_mean_of_last(const Lowering& to, const Trail& mean) {
    if (!mean.is("ReduceMean")) return false;
    const Operation o{const_cast<Lowering&>(to), *mean.step()};
    const Dimensions& shape = to.value(mean.step()->inputs[0]).shape;
    if (o.call().integer("keepdims", 1) == 0) return false;
    const Dimensions axes = o.call().has("axes")                     ? o.call().integers("axes")
                            : o.given(1) && o.constant(1) != nullptr ? o.constant(1)->integers()
                                                                     : Dimensions{};
    return axes.size() == 1 && o.call().axis(axes[0], shape.size()) + 1 == shape.size();
}

/// (x − mean) / √(mean of the squares + ε), tried at the quotient: x, with ε.
inline std::optional<std::pair<Trail, double>> standardised(const Lowering& to, const Trail& quotient) {
    if (!quotient.is("Div")) return std::nullopt;
    const Trail difference = quotient.input(0), root = quotient.input(1);
    if (!difference.is("Sub") || !is_mean_of_last(to, difference.input(1)) ||
        !(difference.input(1).input(0) == difference.input(0)))
        return std::nullopt;
    const bool by_power = root.is("Pow") && root.input(1).is_number(0.5);
    if ((!root.is("Sqrt") && !by_power) || !root.input(0).is("Add")) return std::nullopt;
    const Trail sum = root.input(0);
    for (const std::size_t i : {0u, 1u}) {
        const auto epsilon = sum.input(i).number();
        const Trail variance = sum.input(1 - i);
        if (!epsilon || !is_mean_of_last(to, variance)) continue;
        const Trail square = variance.input(0);
        const auto is_difference = [&](const Trail& one) {
            return one == difference ||
                   (one.is("Sub") && one.input(0) == difference.input(0) && is_mean_of_last(to, one.input(1)) &&
                    one.input(1).input(0) == difference.input(0));
        };
        const bool squares = (square.is("Pow") && square.input(1).is_number(2) && is_difference(square.input(0))) ||
                             (square.is("Mul") && square.input(0) == square.input(1) && is_difference(square.input(0)));
        if (squares) return std::pair(difference.input(0), *epsilon);
    }
    return std::nullopt;
}

/// Constants of `features` numbers along the last axis.
inline const Tensor* of_last_axis(const Lowering& to, const Trail& trail, std::int64_t features) {
    const Tensor* tensor = to.constant(trail.value());
    return tensor != nullptr && static_cast<std::int64_t>(tensor->size()) == features && tensor->rank() > 0 &&
                   tensor->shape().back() == features
               ? tensor
               : nullptr;
}

/// A layer normalisation written out, with gain and shift, tried at its last addition.
inline bool lower_layer_norm_pattern(const Operation& o) {
    const Trail last{o.to, o.step.outputs[0]};
    const std::int64_t features = o.shape().empty() ? 0 : o.shape().back();
    if (!last.is("Add")) return false;
    for (const std::size_t i : {0u, 1u}) {
        const Tensor* shift = of_last_axis(o.to, last.input(i), features);
        const Trail product = last.input(1 - i);
        if (shift == nullptr || !product.is("Mul")) continue;
        for (const std::size_t k : {0u, 1u}) {
            const Tensor* gain = of_last_axis(o.to, product.input(k), features);
            const auto inner = gain != nullptr ? standardised(o.to, product.input(1 - k)) : std::nullopt;
            const auto whole = inner ? inverse(inner->second) : std::nullopt;
            if (!whole) continue;
            const View x = o.to.view(inner->first.value());
            if (x.shape != o.shape()) continue;
            const std::string path = Names::module_of(o.to.program.values[last.input(i).value()].name),
                              name = o.to.names.is_free(path) ? path : o.pattern_name();
            const int source = o.to.rows(x, name);
            const auto count = int_of(features);
            const int value = o.to.add(
                {.name = name,
                 .node = {.op = Op::layer_norm, .inverse_epsilon = *whole},
                 .out = o.to.shape_of(source),
                 .operands = {source},
                 .weights = {Lowering::weight("weight", {count}, *gain), Lowering::weight("bias", {count}, *shift)},
                 .shape = o.shape()});
            o.define(View::in_order(value, o.shape()));
            return true;
        }
    }
    return false;
}

/// Tries the patterns that end with a step; true if one of them is there.
inline bool lower_pattern(const Operation& o) {
    const std::string& operation = o.call().node->operation;
    if (!is_floating(o.to.value(o.step.outputs[0]).type)) return false;
    if (operation == "Mul") return lower_gelu_pattern(o) || lower_hard_swish_pattern(o);
    if (operation == "Div") return lower_hard_swish_pattern(o);
    if (operation == "Add") return lower_layer_norm_pattern(o);
    if (operation == "MatMul") return lower_attention_pattern(o) || lower_side_by_side_pattern(o);
    if (operation == "Gemm") return lower_side_by_side_pattern(o);
    return false;
}

}  // namespace taxon::onnx::lowering
