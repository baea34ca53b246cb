#pragma once
#include <taxon/onnx/lowering/volume.hpp>

/// Convolutions of one to three dimensions, and their transposes.
namespace taxon::onnx::lowering {

/// An axis of a window as the graph has it; `at` counts the three axes of onnx::Window.
inline WindowAxis axis_of(const onnx::Window& window, std::size_t at) {
    return {static_cast<int>(window.kernel[at]), static_cast<int>(window.stride[at]),
            static_cast<int>(window.dilation[at]), static_cast<int>(window.before[at]),
            static_cast<int>(window.after[at])};
}
inline taxon::Window window_of(const onnx::Window& window) {
    return {window.rank == 1 ? WindowAxis{} : axis_of(window, 1), axis_of(window, 2)};
}

inline std::vector<int> ints(const Dimensions& shape) { return {shape.begin(), shape.end()}; }

/// Samples of a batch as one picture below each other, each `height` rows high and beginning `before` rows in it:
/// (N, C, …) to (1, C, N · height, …).
inline View stacked(const Operation& o, const View& x, std::int64_t before, std::int64_t height) {
    const std::int64_t samples = x.shape[0], channels = x.shape[1];
    const bool one_axis = x.rank() == 3;
    Dimensions shape = x.shape, begin(x.rank());
    shape[2] = height, begin[2] = before;
    const View padded = height == x.shape[2] ? x : framed(o, o.name() + ".stack", x, begin, shape, 0);
    std::vector<std::size_t> axes{0, 2};
    if (!one_axis) axes.push_back(3);
    axes.push_back(1);
    const View rows = padded.transposed(axes);
    Dimensions whole{1, samples * height};
    if (!one_axis) whole.push_back(x.shape[3]);
    whole.push_back(channels);
    const View joined = View::in_order(o.to.in_order(rows, o.name()), whole);
    return one_axis ? joined.transposed({0, 2, 1}) : joined.transposed({0, 3, 1, 2});
}
/// With the window's padding around each. The window starts at whole samples only if their height is a multiple of its
/// stride.
inline View stacked(const Operation& o, const View& x, taxon::Window& window) {
    WindowAxis& axis = x.rank() == 3 ? window.x : window.y;
    const std::int64_t least = axis.before + x.shape[2] + axis.after;
    const View stack = stacked(o, x, axis.before, (least + axis.stride - 1) / axis.stride * axis.stride);
    axis.before = axis.after = 0;
    return stack;
}

/// The samples of a stacked result: each begins `rows` rows after the one before, the first at row `before`.
inline View unstacked(const Lowering& to, int value, const Dimensions& shape, std::int64_t rows,
                      std::int64_t before = 0) {
    const Shape picture = to.shape_of(value);
    View view{value, shape, Dimensions(shape.size())};
    std::int64_t stride = picture.channels;
    for (std::size_t i = shape.size(); i-- > 2; stride *= i == 3 ? shape[i] : 1) view.by[i] = stride;
    view.by[1] = 1;
    const std::int64_t row = shape.size() == 4 ? picture.channels * shape[3] : picture.channels;
    view.by[0] = rows * row, view.first = before * row;
    return view;
}

/// Parameters of a convolution.
inline std::vector<Network::Weight> convolution_weights(const Tensor& weights, const Tensor* bias) {
    std::vector<Network::Weight> all{Lowering::weight("weight", ints(weights.shape()), weights)};
    if (bias != nullptr) all.push_back(Lowering::weight("bias", {static_cast<int>(bias->size())}, *bias));
    return all;
}

inline View convolution(const Operation& o, const Operands& operands) {
    View x = operands.x;
    const onnx::convolution::Convolution sizes(o.call(), x.shape, operands.weights.shape());
    if (sizes.window.rank == 3) return volume_convolution(o, operands, sizes);
    taxon::Window window = window_of(sizes.window);
    const bool stacks = x.shape[0] != 1;
    const std::int64_t stride = stacks ? (x.rank() == 3 ? window.x.stride : window.y.stride) : 1;
    if (stacks) x = stacked(o, x, window);
    const int source = o.to.picture(x, o.name());
    const Shape in = o.to.shape_of(source);
    const Shape out{static_cast<int>(sizes.filters), window.y.outputs(in.height), window.x.outputs(in.width)};
    const int value =
        o.to.add({.name = operands.name,
                  .node = {.op = Op::convolution, .window = window, .groups = static_cast<int>(sizes.groups)},
                  .out = out,
                  .operands = {source},
                  .weights = convolution_weights(operands.weights, operands.bias),
                  .shape = o.shape()});
    if (!stacks) return o.to.of_picture(value, o.shape());
    return unstacked(o.to, value, o.shape(), x.shape[2] / operands.x.shape[0] / stride);
}
inline void lower_convolution(const Operation& o) {
    const Tensor& weights = o.require_constant(1, "weights");
    o.define(convolution(o, {o.operand(0), weights, bias_of(o, 2), o.module(1)}));
}

/// Samples are stacked with so many rows of zeros between them that their results do not meet.
inline void lower_transposed_convolution(const Operation& o) {
    const Tensor& weights = o.require_constant(1, "weights");
    View x = o.operand(0);
    const onnx::convolution::TransposedWindow sizes(o.call(), x.shape, weights.shape());
    if (sizes.rank == 3) return o.define(transposed_volume_convolution(o, sizes));
    taxon::Window window = window_of(sizes);
    WindowAxis& axis = x.rank() == 3 ? window.x : window.y;
    const std::int64_t samples = x.shape[0], before = axis.before;
    Shape out = Lowering::picture_shape(o.shape());
    std::int64_t height = x.shape[2];
    if (samples > 1) {
        const std::int64_t extent = axis.reach(), end = before + o.shape()[2],
                           least = std::max({(height - 1) * axis.stride + extent, end, end - extent + axis.stride});
        height = (least + axis.stride - 1) / axis.stride;
        x = stacked(o, x, 0, height);
        axis.before = axis.after = 0;
        (x.rank() == 3 ? out.width : out.height) = static_cast<int>((samples * height - 1) * axis.stride + extent);
    }
    const int source = o.to.picture(x, o.name());
    const int value = o.to.add({.name = o.module(1),
                                .node = {.op = Op::convolution,
                                         .window = window,
                                         .groups = static_cast<int>(sizes.groups),
                                         .transposed = true},
                                .out = out,
                                .operands = {source},
                                .weights = convolution_weights(weights, bias_of(o, 2)),
                                .shape = o.shape()});
    o.define(samples == 1 ? o.to.of_picture(value, o.shape())
                          : unstacked(o.to, value, o.shape(), height * axis.stride, before));
}

}  // namespace taxon::onnx::lowering
