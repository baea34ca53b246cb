#pragma once
#include <taxon/onnx/exporter/dense/read.hpp>

namespace taxon::onnx {

/// A parameter, which its readers write as they want it.
inline ValueRef export_constant(Exporter& exporter, const Node& node) {
    return detail::dense_constant(exporter, node, exporter.name_of(node.parameter),
                                  exporter.parameters[node.parameter]);
}

/// A picture's tensor as it is, where its numbers lie in the order that is wanted.
inline ValueRef export_flatten(Exporter& exporter, const Node& node) {
    const ValueRef& x = exporter.operand(node, 0);
    const bool matrix = node.channels_last && Exporter::layout_of(x) == Layout::matrix;
    const Layout layout = x->shape.pixels() == 1 ? Layout::vector
                          : matrix               ? Layout::matrix
                          : node.channels_last   ? Layout::rows
                                                 : Layout::planes;
    const ValueRef made = exporter.value(node, Layout::dense, {});
    const Integers sizes = exporter.sizes(x->shape, layout);
    made->axes.assign(sizes.begin() + 1, sizes.end());
    made->merged = layout == Layout::matrix, made->constant = x->constant;
    made->picture = x, made->picture_layout = layout;
    return made;
}

/// The reverse: a tensor of pixels, or one that linear layers multiply as it is.
inline ValueRef export_picture(Exporter& exporter, const Node& node) {
    const ValueRef& x = exporter.operand(node, 0);
    const std::string_view path = exporter.graph.name(node);
    bool linear = false, spatial = false;
    for (const int reader : exporter.readers(exporter.number(node))) {
        const Node& other = exporter.graph.node(reader);
        const bool multiplies = other.op == Op::convolution && exporter.shape_of(other.parameter).size() == 2;
        linear |= multiplies;
        spatial |= !multiplies && other.op != Op::layer_norm && other.op != Op::add && other.op != Op::activation;
    }
    linear = node.channels_last && !exporter.is_output(exporter.number(node)) && (linear || !spatial);
    const Layout layout = node.out.pixels() == 1 ? Layout::vector
                          : linear               ? Layout::matrix
                          : node.channels_last   ? Layout::rows
                                                 : Layout::planes;
    const Integers shape = exporter.sizes(node.out, layout);
    detail::Reading all;
    all.sizes = {x->shape.size()}, all.by = {1};
    std::string name;
    if (x->constant) {
        name = detail::for_samples(exporter, path, x, detail::read(exporter, path, x, all), all.sizes);
        name = exporter.reshaped(path, name, shape);
    } else if (layout == Layout::matrix)
        name = detail::reshaped(exporter, path, detail::tensor_of(exporter, x), {}, shape);
    else name = detail::with_axes(exporter, path, x, Integers(shape.begin() + 1, shape.end()));
    return exporter.value(node, layout, name);
}

}  // namespace taxon::onnx
