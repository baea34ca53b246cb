#pragma once
#include <cmath>
#include <taxon/onnx/exporter/exporter.hpp>

namespace taxon::onnx {

namespace detail {

/// A function of a tensor, in ONNX's operators of the form.
inline std::string activated(Exporter& exporter, std::string_view path, Activation function, const std::string& x) {
    GraphWriter& to = exporter.to;
    const double first = function.first, second = function.second;
    const auto clipped = [&](const std::string& of, double least, double most) {
        return to.node(path, "Clip", {of, to.real(least), to.real(most)});
    };
    const auto with = [&](const char* operation, const std::string& of, double number) {
        return to.node(path, operation, {of, to.real(number)});
    };
    const bool written_out = exporter.options.opset < 17;
    switch (function.kind) {
        case Activation::none: return x;
        case Activation::relu: return to.node(path, "Relu", {x});
        case Activation::relu6: return clipped(x, 0, 6);
        case Activation::leaky_relu: return to.node(path, "LeakyRelu", {x}, {{"alpha", static_cast<float>(first)}});
        case Activation::hard_sigmoid:
            if (written_out) return with("Div", clipped(with("Add", x, 3), 0, 6), 6);
            return to.node(path, "HardSigmoid", {x}, {{"alpha", 1.f / 6}, {"beta", 0.5f}});
        case Activation::hard_swish:
            if (written_out) return with("Div", to.node(path, "Mul", {x, clipped(with("Add", x, 3), 0, 6)}), 6);
            return to.node(path, "HardSwish", {x});
        case Activation::sigmoid: return to.node(path, "Sigmoid", {x});
        case Activation::silu: return to.node(path, "Mul", {x, to.node(path, "Sigmoid", {x})});
        case Activation::gelu: {
            const std::string shares = with("Add", to.node(path, "Erf", {with("Div", x, std::sqrt(2.))}), 1);
            return with("Mul", to.node(path, "Mul", {x, shares}), 0.5);
        }
        case Activation::tanh: return to.node(path, "Tanh", {x});
        case Activation::elu: return to.node(path, "Elu", {x}, {{"alpha", static_cast<float>(first)}});
        case Activation::softplus: {
            const std::string scaled = first == 1 ? x : with("Mul", x, first),
                              soft = to.node(path, "Softplus", {scaled}),
                              y = first == 1 ? soft : with("Div", soft, first);
            // from 17 on, ln(1 + e^x) is x to the last bit of single precision
            if (second >= 17) return y;
            return to.node(path, "Where", {with("Greater", scaled, second), x, y});
        }
        case Activation::mish:
            return to.node(path, "Mul", {x, to.node(path, "Tanh", {to.node(path, "Softplus", {x})})});
        case Activation::hard_tanh: return clipped(x, first, second);
        case Activation::times: return with("Mul", x, first);
    }
    return x;
}

/// A node of two operands, in the layout of one that is a constant, which broadcasts, else of the first.
inline ValueRef of_two(Exporter& exporter, const Node& node, const std::string& operation) {
    const ValueRef &a = exporter.operand(node, 0), &b = exporter.operand(node, 1);
    const Layout layout = exporter.layout_of(!a->constant && b->constant ? b : a);
    return exporter.value(
        node, layout,
        exporter.to.node(exporter.graph.name(node), operation, {exporter.as(a, layout), exporter.as(b, layout)}));
}

}  // namespace detail

inline ValueRef export_activation(Exporter& exporter, const Node& node) {
    const std::string own(exporter.graph.name(node));
    const ValueRef& x = exporter.operand(node, 0);
    return exporter.each(own, x, [&](std::string_view path, const std::string& name, Layout) {
        return detail::activated(exporter, path, node.activation, name);
    });
}

inline ValueRef export_prelu(Exporter& exporter, const Node& node) {
    const ValueRef& x = exporter.operand(node, 0);
    const Dimensions shape = exporter.shape_of(node.parameter);
    Layout layout = exporter.layout_of(x);
    if (layout != Layout::vector) layout = Layout::planes;
    const bool spread = shape.front() > 1 && layout == Layout::planes;
    const std::string slopes =
        exporter.parameter(node.parameter, spread ? std::optional(Dimensions{shape.front(), 1, 1}) : std::nullopt);
    return exporter.value(node, layout,
                          exporter.to.node(exporter.graph.name(node), "PRelu", {exporter.as(x, layout), slopes}));
}

inline ValueRef export_add(Exporter& exporter, const Node& node) { return detail::of_two(exporter, node, "Add"); }

/// By a gate, one number per channel.
inline ValueRef export_multiply(Exporter& exporter, const Node& node) { return detail::of_two(exporter, node, "Mul"); }

}  // namespace taxon::onnx
