#pragma once
#include <taxon/onnx/lowering/volume.hpp>

/// Convolutions of one to three dimensions, and their transposes.
namespace taxon::onnx::lowering {

/// An axis of a window as the graph has it; `at` counts the three axes of onnx::Window.
inline WindowAxis axis_of(const onnx::Window& window, std::size_t at) {
    return {int_of(window.kernel[at]), int_of(window.stride[at]), int_of(window.dilation[at]),
            int_of(window.before[at]), int_of(window.after[at])};
}
inline taxon::Window window_of(const onnx::Window& window) {
    return {window.rank == 1 ? WindowAxis{} : axis_of(window, 1), axis_of(window, 2)};
}

/// Kernels, strides and pads of any file are less than a million, and a picture with its pads is a value as others are.
inline void require_window(const Operation& o, const onnx::Window& window, bool transposed = false) {
    const Dimensions& x = o.to.value(o.step.inputs[0]).shape;
    double padded = static_cast<double>(x[0]) * static_cast<double>(x[1]);
    for (std::size_t i = 3 - window.rank; i < 3; ++i) {
        constexpr std::int64_t most = std::int64_t{1} << 20, most_apart = std::int64_t{1} << 16;
        if (window.kernel[i] > most || window.dilation[i] > most || window.stride[i] > most ||
            window.before[i] > most || window.after[i] > most)
            o.refuse("a window of huge sizes", "kernels, dilations, strides and pads up to 2^20");
        if (transposed && window.stride[i] > most_apart)
            o.refuse("a stride of " + std::to_string(window.stride[i]), "at most 2^16");
        const std::int64_t apart = transposed ? window.stride[i] : 1,
                           side = window.input[i] * apart + window.before[i] + window.after[i];
        padded *= static_cast<double>(std::max(side, window.extent(i)) + window.stride[i]);
    }
    if (padded > static_cast<double>(most_numbers)) o.refuse("a window over " + io::to_string(x), number_bound);
}
/// Numbers that the windows of an operator read, where each window is a row of a table.
inline void require_taps(const Operation& o, const onnx::Window& window) {
    constexpr double most = 0x1p26;
    const std::int64_t outputs = onnx::Window::volume(window.output), taps = onnx::Window::volume(window.kernel);
    if (static_cast<double>(outputs) * static_cast<double>(taps) > most)
        o.refuse(std::to_string(outputs) + " windows of " + std::to_string(taps) + " places", "at most 2^26 in all");
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
    if (bias != nullptr) all.push_back(Lowering::weight("bias", {int_of(bias->size())}, *bias));
    return all;
}

inline View convolution(const Operation& o, const Operands& operands) {
    View x = operands.x;
    const onnx::convolution::Convolution sizes(o.call(), x.shape, operands.weights.shape());
    require_window(o, sizes.window);
    if (sizes.window.rank == 3) return volume_convolution(o, operands, sizes);
    taxon::Window window = window_of(sizes.window);
    const bool stacks = x.shape[0] != 1;
    const std::int64_t stride = stacks ? (x.rank() == 3 ? window.x.stride : window.y.stride) : 1;
    if (stacks) x = stacked(o, x, window);
    const int source = o.to.picture(x, o.name());
    const Shape in = o.to.shape_of(source);
    const Shape out{int_of(sizes.filters), window.y.outputs(in.height), window.x.outputs(in.width)};
    const int value = o.to.add({.name = operands.name,
                                .node = {.op = Op::convolution, .window = window, .groups = int_of(sizes.groups)},
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
    require_window(o, sizes, true);
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
        (x.rank() == 3 ? out.width : out.height) = int_of((samples * height - 1) * axis.stride + extent);
    }
    const int source = o.to.picture(x, o.name());
    const int value =
        o.to.add({.name = o.module(1),
                  .node = {.op = Op::convolution, .window = window, .groups = int_of(sizes.groups), .transposed = true},
                  .out = out,
                  .operands = {source},
                  .weights = convolution_weights(weights, bias_of(o, 2)),
                  .shape = o.shape()});
    o.define(samples == 1 ? o.to.of_picture(value, o.shape())
                          : unstacked(o.to, value, o.shape(), height * axis.stride, before));
}

}  // namespace taxon::onnx::lowering
