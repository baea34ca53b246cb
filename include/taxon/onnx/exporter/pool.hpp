#pragma once
#include <taxon/graph/pool_range.hpp>
#include <taxon/onnx/exporter/exporter.hpp>

namespace taxon::onnx {

namespace detail {

/// The windows of a pool as a node needs them: without a mode that rounds up, by the padding after the picture.
inline WindowAxis explicit_window(const WindowAxis& axis, int pixels, int outputs) {
    if (axis.size == 0) return {.size = pixels / outputs, .stride = pixels / outputs};
    if (axis.outputs(pixels) == outputs) return axis;
    WindowAxis window = axis;
    window.after = std::max(0, (outputs - 1) * axis.stride + axis.reach() - pixels - axis.before);
    return window;
}

/// Adaptive windows of different sizes, one axis after the other: a slice and a reduction for each output.
inline std::string adaptive(Exporter& exporter, const Node& node, std::string x) {
    const std::string_view path = exporter.graph.name(node);
    const char* const reduction = node.pooling == Pooling::max ? "ReduceMax" : "ReduceMean";
    for (const auto& [axis, pixels, outputs] : {std::tuple{std::int64_t{2}, node.in.height, node.out.height},
                                                {std::int64_t{3}, node.in.width, node.out.width}}) {
        Names parts;
        for (int i = 0; i < outputs; ++i) {
            const PoolRange range = pool_range({.size = 0}, false, i, pixels, outputs);
            const std::string some = exporter.sliced(path, x, axis, range.first, range.last);
            parts.push_back(exporter.to.node(path, reduction, {some}, {{"axes", Integers{axis}}}));
        }
        x = parts.size() == 1 ? parts.front() : exporter.to.node(path, "Concat", parts, {{"axis", axis}});
    }
    return x;
}

/// What a mean that counts only pixels of the picture is to be multiplied by where padding counts, but not positions
/// beyond the padding.
inline std::vector<float> shares_of_pixels(const Node& node) {
    std::vector<float> shares;
    for (int i = 0; i < node.out.height; ++i)
        for (int j = 0; j < node.out.width; ++j) {
            const auto count = [&](bool padded) {
                return pool_range(node.window.y, padded, i, node.in.height, node.out.height).count *
                       pool_range(node.window.x, padded, j, node.in.width, node.out.width).count;
            };
            shares.push_back(static_cast<float>(count(false)) / static_cast<float>(count(true)));
        }
    return shares;
}

}  // namespace detail

inline ValueRef export_pool(Exporter& exporter, const Node& node) {
    const ValueRef& operand = exporter.operand(node, 0);
    const std::string_view path = exporter.graph.name(node);
    const Shape &in = node.in, &out = node.out;
    const bool is_max = node.pooling == Pooling::max;
    GraphWriter& to = exporter.to;
    const taxon::Window& window = node.window;
    if (window.taps() == 1 && out.pixels() == 1 && window.y.before + window.x.before == 0 && in.pixels() > 1) {
        // the first pixel
        const std::string tokens = exporter.as(operand, Layout::tokens);
        const std::string first = exporter.sliced(path, tokens, 1, 0, 1);
        return exporter.value(node, Layout::vector,
                              exporter.reshaped(path, first, exporter.sizes(out, Layout::vector)));
    }
    const std::string x = exporter.as(operand, Layout::planes);
    if (window.adaptive()) {
        if (out.pixels() == 1)
            return exporter.value(node, Layout::planes,
                                  to.node(path, is_max ? "GlobalMaxPool" : "GlobalAveragePool", {x}));
        if (in.height % out.height != 0 || in.width % out.width != 0)
            return exporter.value(node, Layout::planes, detail::adaptive(exporter, node, x));
    }
    const WindowAxis y_axis = detail::explicit_window(window.y, in.height, out.height),
                     x_axis = detail::explicit_window(window.x, in.width, out.width);
    Attributes attributes{{"kernel_shape", Integers{y_axis.size, x_axis.size}},
                          {"pads", Integers{y_axis.before, x_axis.before, y_axis.after, x_axis.after}},
                          {"strides", Integers{y_axis.stride, x_axis.stride}}};
    if (is_max) {
        if (y_axis.dilation != 1 || x_axis.dilation != 1)
            attributes.insert(attributes.begin(), {"dilations", Integers{y_axis.dilation, x_axis.dilation}});
        return exporter.value(node, Layout::planes, to.node(path, "MaxPool", {x}, attributes));
    }
    const bool padded = node.pooling == Pooling::padded_mean,
               beyond = padded && (y_axis.after > window.y.after || x_axis.after > window.x.after);
    attributes.insert(attributes.begin(), {"count_include_pad", std::int64_t{padded && !beyond ? 1 : 0}});
    const std::string mean = to.node(path, "AveragePool", {x}, attributes);
    if (!beyond) return exporter.value(node, Layout::planes, mean);
    const std::string shares =
        to.initializer(std::string(path) + "/shares", {out.height, out.width}, detail::shares_of_pixels(node));
    return exporter.value(node, Layout::planes, to.node(path, "Mul", {mean, shares}));
}

}  // namespace taxon::onnx
