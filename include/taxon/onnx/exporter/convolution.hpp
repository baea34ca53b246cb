#pragma once
#include <taxon/onnx/exporter/exporter.hpp>

namespace taxon::onnx {

namespace detail {

/// The batch normalisation that is multiplied into a convolution's weights: its only reader.
inline const Node* folded_norm(const Exporter& exporter, const Node& convolution) {
    const int number = exporter.number(convolution);
    const auto readers = exporter.readers(number);
    if (readers.size() != 1 || exporter.is_output(number)) return nullptr;
    const Node& norm = exporter.graph.node(readers.front());
    return norm.op == Op::batch_norm && norm.parts == convolution.parts ? &norm : nullptr;
}

/// One of a convolution's parts: its parameters, and the channels of the whole that it makes.
struct ConvolutionPart {
    int weight, bias;  ///< parameters; none
    int first, channels;
};

inline ConvolutionPart part_of(const Node& node, int part) {
    const int step = part * (node.bias == none ? 1 : 2), channels = node.out.channels / node.parts;
    return {node.parameter + step, node.bias == none ? none : node.bias + step, part * channels, channels};
}

/// Weights of a layer as (outputs, inputs of a group, taps) or, transposed, (inputs, outputs of a group, taps), times
/// the normalisation's factor of each output.
inline std::vector<float> scaled_weights(const Exporter& exporter, const Node& node, const ConvolutionPart& part,
                                         const std::optional<Affine>& norm) {
    std::vector<float> weights = exporter.parameters[part.weight];
    if (!norm) return weights;
    const auto outputs = static_cast<std::size_t>(part.channels), first = static_cast<std::size_t>(part.first);
    const std::size_t taps = static_cast<std::size_t>(node.window.taps()),
                      group = outputs / static_cast<std::size_t>(node.groups),
                      inputs = static_cast<std::size_t>(node.in.channels / node.groups);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const std::size_t output =
            node.transposed ? i / taps / group / inputs * group + i / taps % group : i / (weights.size() / outputs);
        weights[i] = static_cast<float>(weights[i] * norm->scale[first + output]);
    }
    return weights;
}

/// A layer's biases with those of the normalisation; called like the state dict's, which may not have any.
inline std::string bias_of(Exporter& exporter, const ConvolutionPart& part, const std::optional<Affine>& norm) {
    if (!norm) return exporter.parameter(part.bias);
    constexpr std::string_view weight = "weight";
    std::string name(exporter.name_of(part.bias == none ? part.weight : part.bias));
    if (part.bias == none && name.ends_with(weight)) name.replace(name.size() - weight.size(), weight.size(), "bias");
    return exporter.once(name, [&] {
        std::vector<float> numbers(static_cast<std::size_t>(part.channels));
        if (part.bias != none) numbers = exporter.parameters[part.bias];
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            const std::size_t output = static_cast<std::size_t>(part.first) + i;
            numbers[i] = static_cast<float>(numbers[i] * norm->scale[output] + norm->shift[output]);
        }
        return std::pair(Dimensions{part.channels}, std::move(numbers));
    });
}

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
    Names operands{exporter.as(x, layout), exporter.once(std::string(exporter.name_of(part.weight)), [&] {
                       return std::pair(exporter.shape_of(part.weight), scaled_weights(exporter, node, part, norm));
                   })};
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
        const std::string weight = exporter.once(std::string(exporter.name_of(part.weight)), [&] {
            return std::pair(dimensions, detail::scaled_weights(exporter, node, part, norm));
        });
        Names operands{exporter.as(x, layout), weight};
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
