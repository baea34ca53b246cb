#pragma once
#include <taxon/onnx/exporter/convolution.hpp>

namespace taxon::onnx {

/// Nothing where a convolution has it in its weights.
inline ValueRef export_batch_norm(Exporter& exporter, const Node& node) {
    const ValueRef& x = exporter.operand(node, 0);
    const Node& before = exporter.graph.node(exporter.graph.operand(node, 0));
    if (before.op == Op::convolution && detail::folded_norm(exporter, before) == &node) return x;
    const auto normalise = [&](const ValueRef& of, int first) {
        const Layout layout = exporter.layout_of(of) == Layout::vector ? Layout::vector : Layout::planes;
        Names operands{exporter.as(of, layout)};
        for (int i = 0; i < 4; ++i) operands.push_back(exporter.parameter(first + i));
        const auto epsilon = static_cast<float>(1 / static_cast<double>(node.inverse_epsilon));
        return exporter.value(
            exporter.graph.name(node), of->shape, layout,
            exporter.to.node(exporter.graph.name(node), "BatchNormalization", operands, {{"epsilon", epsilon}}));
    };
    if (node.parts == 1) return normalise(x, node.parameter);
    constexpr int parameters_of_part = 5;
    auto all = std::make_shared<ExportedValue>(ExportedValue{std::string(exporter.graph.name(node)), x->shape});
    for (const ValueRef& part : x->parts)
        all->parts.push_back(
            normalise(part, node.parameter + static_cast<int>(all->parts.size()) * parameters_of_part));
    return all;
}

/// Over the last axis.
inline ValueRef export_layer_norm(Exporter& exporter, const Node& node) {
    const ValueRef& x = exporter.operand(node, 0);
    const Layout layout = Exporter::features_last(x->shape);
    const std::string_view path = exporter.graph.name(node);
    const std::string weight = exporter.parameter(node.parameter), bias = exporter.parameter(node.parameter + 1),
                      of = exporter.as(x, layout);
    const double epsilon = 1 / static_cast<double>(node.inverse_epsilon);
    GraphWriter& to = exporter.to;
    if (exporter.options.opset >= 17)
        return exporter.value(node, layout,
                              to.node(path, "LayerNormalization", {of, weight, bias},
                                      {{"axis", std::int64_t{-1}}, {"epsilon", static_cast<float>(epsilon)}}));
    const Attributes last{{"axes", Integers{-1}}};  // dimensions are kept, by default
    const std::string centred = to.node(path, "Sub", {of, to.node(path, "ReduceMean", {of}, last)}),
                      square = to.node(path, "Pow", {centred, to.real(2)}),
                      variance = to.node(path, "ReduceMean", {square}, last),
                      deviation = to.node(path, "Sqrt", {to.node(path, "Add", {variance, to.real(epsilon)})}),
                      normal = to.node(path, "Div", {centred, deviation});
    return exporter.value(node, layout, to.node(path, "Add", {to.node(path, "Mul", {normal, weight}), bias}));
}

/// As PyTorch does: every group is an instance, of as many numbers as it has channels and pixels.
inline ValueRef export_group_norm(Exporter& exporter, const Node& node) {
    const std::string x = exporter.as(exporter.operand(node, 0), Layout::planes);
    const std::string_view path = exporter.graph.name(node);
    const auto channels = static_cast<std::size_t>(node.out.channels), groups = static_cast<std::size_t>(node.groups);
    const bool affine = node.parameter != none, instances = groups == channels;
    GraphWriter& to = exporter.to;
    const auto same = [&](const char* name, float number) {
        return to.initializer(std::string(path) + "/" + name, {node.groups}, std::vector<float>(groups, number));
    };
    const Attributes epsilon{{"epsilon", static_cast<float>(1 / static_cast<double>(node.inverse_epsilon))}};
    if (instances)
        return exporter.value(node, Layout::planes,
                              to.node(path, "InstanceNormalization",
                                      {x, affine ? exporter.parameter(node.parameter) : same("ones", 1),
                                       affine ? exporter.parameter(node.bias) : same("zeros", 0)},
                                      epsilon));
    const std::string flat = exporter.reshaped(path, x, {exporter.batch(), node.groups, node.out.size() / node.groups});
    std::string y = to.node(path, "InstanceNormalization", {flat, same("ones", 1), same("zeros", 0)}, epsilon);
    y = exporter.reshaped(path, y, exporter.sizes(node.out, Layout::planes));
    if (!affine) return exporter.value(node, Layout::planes, y);
    const Dimensions by_channel{node.out.channels, 1, 1};
    y = to.node(path, "Mul", {y, exporter.parameter(node.parameter, by_channel)});
    return exporter.value(node, Layout::planes, to.node(path, "Add", {y, exporter.parameter(node.bias, by_channel)}));
}

/// Over the channels, which stand last where they do already.
inline ValueRef export_softmax(Exporter& exporter, const Node& node) {
    const ValueRef& x = exporter.operand(node, 0);
    const Layout layout = exporter.layout_of(x);
    return exporter.value(
        node, layout,
        exporter.to.node(exporter.graph.name(node), "Softmax", {exporter.as(x, layout)}, {{"axis", axis_of(layout)}}));
}

inline ValueRef export_l2_normalize(Exporter& exporter, const Node& node) {
    const ValueRef& x = exporter.operand(node, 0);
    const Layout layout = exporter.layout_of(x);
    const std::string_view path = exporter.graph.name(node);
    GraphWriter& to = exporter.to;
    const std::string of = exporter.as(x, layout),
                      length = to.node(path, "ReduceL2", {of}, {{"axes", Integers{axis_of(layout)}}});
    return exporter.value(node, layout, to.node(path, "Div", {of, to.node(path, "Clip", {length, to.real(1e-12)})}));
}

}  // namespace taxon::onnx
