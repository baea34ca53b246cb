#pragma once
#include <taxon/onnx/exporter/convolution_weights.hpp>

namespace taxon::onnx {

namespace detail {

inline Attributes window_attributes(const Node& node, std::size_t axes) {
    const WindowAxis all[] = {node.window.y, node.window.x};
    Integers sizes, strides, dilations, pads;
    for (const WindowAxis& axis : std::span(all).last(axes)) {
        sizes.push_back(axis.size), strides.push_back(axis.stride);
        dilations.push_back(axis.dilation), pads.push_back(axis.before);
    }
    for (const WindowAxis& axis : std::span(all).last(axes)) pads.push_back(axis.after);
    return {{"dilations", dilations},
            {"group", std::int64_t{node.groups}},
            {"kernel_shape", sizes},
            {"pads", pads},
            {"strides", strides}};
}

inline Attributes transposed_attributes(const Node& node, std::size_t axes) {
    Attributes attributes = window_attributes(node, axes);
    Integers more;
    for (const auto& [axis, in, out] : {std::tuple{node.window.y, node.in.height, node.out.height},
                                        std::tuple{node.window.x, node.in.width, node.out.width}})
        more.push_back(out - (in - 1) * axis.stride - axis.least());
    if (axes == 1) more.erase(more.begin());
    attributes.insert(attributes.begin() + 3, {"output_padding", more});
    return attributes;
}

/// `torch.nn.Linear`: a Gemm with the state dict's (outputs, inputs). Pixels and tokens are rows of one matrix.
inline ValueRef linear(Exporter& exporter, const Node& node, const ConvolutionPart& part, const ValueRef& x,
                       const std::optional<Affine>& norm) {
    const Layout layout = Exporter::features_last(x->shape);
    const std::string_view path = exporter.graph.name(node);
    Names operands{exporter.as(x, layout), weights_of(exporter, node, part, norm)};
    if (norm || part.bias != none) operands.push_back(bias_of(exporter, part, norm));
    Shape shape = node.out;
    shape.channels = part.channels;
    return exporter.value(path, shape, layout, exporter.to.node(path, "Gemm", operands, {{"transB", std::int64_t{1}}}));
}

}  // namespace detail

/// Convolutions of pictures, lines and features, with a batch normalisation that follows multiplied into the weights.
/// Parts are nodes of their own.
inline ValueRef export_convolution(Exporter& exporter, const Node& node) {
    const Node* const folded = detail::folded_norm(exporter, node);
    const std::optional<Affine> norm = folded ? std::optional(affine(*folded, exporter.parameters)) : std::nullopt;
    const ValueRef& x = exporter.operand(node, 0);
    const auto one = [&](int number) {
        const detail::ConvolutionPart part = detail::part_of(node, number);
        const Dimensions dimensions = exporter.shape_of(part.weight);
        if (dimensions.size() == 2) return detail::linear(exporter, node, part, x, norm);
        const Layout layout = dimensions.size() == 4 ? Layout::planes : Layout::line;
        const std::string path(exporter.graph.name(node));
        Names operands{exporter.as(x, layout), detail::weights_of(exporter, node, part, norm)};
        if (norm || part.bias != none) operands.push_back(detail::bias_of(exporter, part, norm));
        Shape shape = node.out;
        shape.channels = part.channels;
        const std::size_t axes = dimensions.size() - 2;
        return exporter.value(
            path, shape, layout,
            node.transposed
                ? exporter.to.node(path, "ConvTranspose", operands, detail::transposed_attributes(node, axes))
                : exporter.to.node(path, "Conv", operands, detail::window_attributes(node, axes)));
    };
    if (node.parts == 1) return one(0);
    auto all = std::make_shared<ExportedValue>(
        ExportedValue{std::string(exporter.graph.name(node)), exporter.fixed(node.out)});
    for (int i = 0; i < node.parts; ++i) all->parts.push_back(one(i));
    return all;
}

}  // namespace taxon::onnx
