#pragma once
#include <limits>
#include <taxon/graph/names.hpp>
#include <taxon/onnx/writer/layer_context.hpp>

namespace taxon::onnx::writer {

/// An activation as a value: Activation::relu, Activation(Activation::elu, 1).
inline std::string activation_value(const Activation& function) {
    std::string kind = "Activation::" + std::string(name_of(function));
    if (function == Activation(function.kind)) return kind;
    kind = "Activation(" + kind + ", " + text_of(function.first);
    return kind + (function.second == Real() ? ")" : ", " + text_of(function.second) + ")");
}

/// The type of an activation.
inline Expression activation_type(const Activation& function) {
    struct Kind {
        Activation activation;  ///< with its default numbers
        const char* name;
        int numbers = 0;
    };
    static const Kind kinds[] = {{Activation::relu, "ReLU"},
                                 {Activation::relu6, "ReLU6"},
                                 {Activation::hard_sigmoid, "HardSigmoid"},
                                 {Activation::hard_swish, "HardSwish"},
                                 {Activation::sigmoid, "Sigmoid"},
                                 {Activation::silu, "SiLU"},
                                 {Activation::gelu, "GELU"},
                                 {Activation::tanh, "Tanh"},
                                 {Activation::mish, "Mish"},
                                 {{Activation::leaky_relu, 0.01}, "LeakyReLU", 1},
                                 {{Activation::elu, 1}, "ELU", 1},
                                 {{Activation::softplus, 1, 20}, "Softplus", 2},
                                 {{Activation::hard_tanh, -1, 1}, "HardTanh", 2},
                                 {{Activation::times, 0}, "Times", 1}};
    for (const auto& [usual, name, numbers] : kinds) {
        const bool first = function.first == usual.first, second = function.second == usual.second;
        if (function.kind != usual.kind || (numbers < 1 && !first) || (numbers < 2 && !second)) continue;
        if (function.kind == Activation::times) return of_template(name, {{text_of(function.first), false}});
        if (numbers == 0) return name;
        return of_template(name, {{text_of(function.first), first && second}, {text_of(function.second), second}});
    }
    return of_template("Activate", {{activation_value(function), false}});
}

/// Normalisations, whose weights are one number for each channel.
inline Spelling spelled_normalisation(const LayerContext& context) {
    const Node& node = context.node();
    if (context.operands() != 1) return {};
    const Shape in = context.in();
    const int channels = in.channels;
    const std::pair<Expression, bool> size{number(channels, "Channels"), false};
    const auto epsilon = std::pair(Expression(std::to_string(node.inverse_epsilon)), node.inverse_epsilon == 100'000);
    const bool fits_int = node.inverse_epsilon > 0 && node.inverse_epsilon <= std::numeric_limits<int>::max();
    if (!context.makes({.op = node.op, .groups = node.groups, .inverse_epsilon = node.inverse_epsilon}, in)) return {};
    switch (node.op) {
        case Op::batch_norm:
            if (node.groups != 1 || !fits_int ||
                !context.has({{"weight", {channels}},
                              {"bias", {channels}},
                              {"running_mean", {channels}, Role::statistic},
                              {"running_var", {channels}, Role::statistic},
                              {"num_batches_tracked", {}, Role::ignored}}))
                return {};
            return context.applied(of_template("BatchNorm2d", {size, epsilon}));
        case Op::layer_norm:
            if (node.groups != 1 || !context.has({{"weight", {channels}}, {"bias", {channels}}})) return {};
            return context.applied(of_template("LayerNorm", {size, epsilon}));
        case Op::group_norm: {
            const bool affine = !context.layer.weights.empty(), divides = !in.sequence && node.groups > 0 &&
                                                                          channels % node.groups == 0 &&
                                                                          channels / node.groups * in.pixels() > 1;
            if (!divides || (affine && !context.has({{"weight", {channels}}, {"bias", {channels}}}))) return {};
            return context.applied(of_template(
                "GroupNorm", {{number(node.groups, "Groups"), false}, size, {text_of(affine), affine}, epsilon}));
        }
        default: return {};
    }
}

/// Layers of one operand without windows: activations, slices, attention, …
inline Spelling spelled_simple(const LayerContext& context) {
    const Node& node = context.node();
    if (context.operands() != 1) return {};
    const Shape in = context.in(), out = context.layer.out;
    const auto spelled = [&](const Expression& type, const Node& expected, const Shape& made) -> Spelling {
        if (!context.makes(expected, made)) return {};
        return context.applied(type);
    };
    Shape same_pixels = in;
    same_pixels.channels = out.channels;
    const bool bare = context.has({});
    switch (node.op) {
        case Op::activation:
            // which the type asserts
            if (!bare ||
                (node.activation.kind == Activation::hard_tanh &&
                 !(double{node.activation.first} <= double{node.activation.second})) ||
                (node.activation.kind == Activation::softplus && !(double{node.activation.first} > 0)))
                return {};
            return spelled(activation_type(node.activation), {.op = node.op, .activation = node.activation}, in);
        case Op::prelu: {
            const int slopes = context.layer.weights.empty() || context.layer.weights[0].shape.empty()
                                   ? 0
                                   : context.layer.weights[0].shape[0];
            if (!context.has({{"weight", {slopes}}}) || (slopes != 1 && slopes != in.channels)) return {};
            return spelled(of_template("PReLU", {{number(slopes, "Slopes"), slopes == 1}}), {.op = node.op}, in);
        }
        case Op::slice:
            if (!bare || in.sequence || node.channel < 0 || node.channel + out.channels > in.channels) return {};
            return spelled(
                of_template("Slice", {{number(node.channel, "First"), false}, {number(out.channels, "Count"), false}}),
                {.op = node.op, .channel = node.channel}, same_pixels);
        case Op::upsample:
            if (!bare || in.sequence) return {};
            return spelled(of_template("Upsample", {{number(node.stride, "Factor"), false}}),
                           {.op = node.op, .stride = node.stride},
                           {in.channels, in.height * node.stride, in.width * node.stride});
        case Op::attention:
            if (!bare || in.table || in.channels != 3 * out.channels || node.heads < 1 ||
                out.channels % node.heads != 0)
                return {};
            return spelled(of_template("SelfAttention", {{number(out.channels, "Features"), false},
                                                         {number(node.heads, "Heads"), false}}),
                           {.op = node.op, .heads = node.heads}, same_pixels);
        case Op::softmax:
        case Op::l2_normalize:
            if (!bare || in.table) return {};
            return spelled(node.op == Op::softmax ? "Softmax" : "L2Normalize", {.op = node.op}, in);
        case Op::first_token:
        case Op::mean_tokens:
            if (!bare || !in.sequence) return {};
            return spelled(node.op == Op::first_token ? "FirstToken" : "MeanTokens", {.op = node.op}, {in.channels});
        default: return {};
    }
}

/// Learned values: layers without operands whose tensor is called like them.
inline Spelling spelled_learned(const LayerContext& context) {
    const Shape out = context.layer.out;
    const int channels = out.channels;
    const auto is = [&](const Shape& made, std::vector<int> shape) {
        return context.makes({.op = Op::parameter}, made) && context.has({{"", std::move(shape)}});
    };
    if (context.operands() != 0) return {};
    const std::pair<Expression, bool> features{number(channels, "Features"), false};
    if (is({channels}, {1, 1, channels})) return context.applied(of_template("LearnedToken", {features}));
    if (is({channels}, {channels, 1, 1})) return context.applied(of_template("LearnedFactors", {features}));
    if (is({channels, out.height, out.width}, {1, out.height, out.width, channels}))
        return context.applied(of_template(
            "PositionEmbeddings",
            {features, {number(out.height, "Height"), false}, {number(out.width, "Width"), out.width == out.height}}));
    if (is({channels, 1, out.width}, {1, out.width, channels}))
        return context.applied(of_template("TokenEmbeddings", {features, {number(out.width, "Tokens"), false}}));
    return {};
}

/// Sums, gates and concatenations.
inline Spelling spelled_several(const LayerContext& context) {
    const Op op = context.node().op;
    const Shape out = context.layer.out;
    if (context.operands() < 1 || !context.has({}) || !context.makes({.op = op}, out)) return {};
    if (op == Op::add && context.operands() == 2 && context.in(0) == out && context.in(1) == out)
        return context.called("add");
    if (op == Op::multiply && context.operands() == 2 && context.in(0) == out &&
        (context.in(1) == out || context.in(1) == Shape{out.channels}))
        return context.called("multiply");
    if (op != Op::concat) return {};
    int Shape::*const axis = out.table ? &Shape::height : &Shape::channels;
    int sum = 0;
    for (std::size_t i = 0; i < context.operands(); ++i) {
        Shape alike = context.in(i);
        sum += alike.*axis;
        alike.*axis = out.*axis;
        if (alike != out) return {};
    }
    if (sum != out.*axis) return {};
    Expression call("concat(t, ");
    call.name(context.layer.name) << ", {";
    for (std::size_t i = 0; i < context.operands(); ++i) (i > 0 ? call << ", " : call).value(context.layer.operands[i]);
    return call << "})";
}

}  // namespace taxon::onnx::writer
