#pragma once
#include <taxon/onnx/lowering/movement.hpp>
#include <taxon/onnx/operator/convolution.hpp>

/// Convolutions over volumes, and their transposes: products over views that overlap.
namespace taxon::onnx::lowering {

/// The biases that an input holds; null if it is left out.
inline const Tensor* bias_of(const Operation& o, std::size_t i) {
    return o.given(i) ? &o.require_constant(i, "biases") : nullptr;
}

/// What a convolution multiplies: its input, its weights, and biases or null.
struct Operands {
    View x;
    const Tensor& weights;
    const Tensor* bias;
    std::string name;
};

/// Sums of products of two views (N, groups, M, D, H, W | C, kD, kH, kW), in order. What has more axes than a nest is
/// one sample, or group, after the other.
inline View volume_product(const Operation& o, const std::string& name, const View& a, const View& b) {
    const Dimensions shape(a.shape.begin(), a.shape.begin() + 6);
    if (std::ranges::count_if(a.shape, [](std::int64_t size) { return size > 1; }) <= LoopNest::most_axes) {
        LoopNest nest = nest_of(a.shape, 4, {a, b});
        nest.first = 1;
        const std::int64_t count = View::in_order(0, shape).size();
        return View::in_order(o.to.add_dense(name, Op::matrix_product, nest, count, {a.value, b.value}, shape), shape);
    }
    const std::size_t axis = shape[0] > 1 ? 0 : 1;
    constexpr std::int64_t most = 64;
    if (shape[axis] > most) o.refuse(std::to_string(shape[axis]) + " samples or groups of volumes", "at most 64");
    const View whole = View::in_order(0, shape);
    std::vector<std::pair<View, View>> pieces;
    for (std::int64_t i = 0; i < shape[axis]; ++i)
        pieces.emplace_back(volume_product(o, name, a.sliced(axis, i, 1, 1), b.sliced(axis, i, 1, 1)),
                            whole.sliced(axis, i, 1, 1));
    return View::in_order(assembled(o, name + ".all", shape, pieces), shape);
}

/// A convolution of a padded volume (N, C, …) by weights (groups, M, C, kD, kH, kW), over views that overlap.
inline View volume_convolution(const Operation& o, const std::string& name, const View& volume, const View& w,
                               const onnx::Window::Sizes& stride, const onnx::Window::Sizes& dilation,
                               const Tensor* bias) {
    const View x = o.to.in_dense(volume);
    const Dimensions& out = o.shape();
    View a{x.value, {out[0], w.shape[0], w.shape[1]}, {x.by[0], x.by[1] * w.shape[2], 0}, x.first},
        b{w.value, {}, {0, w.by[0], w.by[1], 0, 0, 0}, w.first};
    for (std::size_t i = 0; i < 3; ++i) a.shape.push_back(out[2 + i]), a.by.push_back(x.by[2 + i] * stride[i]);
    for (std::size_t i = 0; i < 4; ++i) {
        a.shape.push_back(w.shape[2 + i]);
        a.by.push_back(i == 0 ? x.by[1] : x.by[1 + i] * dilation[i - 1]);
        b.by.push_back(w.by[2 + i]);
    }
    b.shape = a.shape;
    const View result = *volume_product(o, name, a, b).reshaped(out);
    if (bias == nullptr) return result;
    const View biases = o.to.constant_view(*bias, name + ".bias");
    return o.to.map(o.name() + ".add", MapFunction::add, result, *biases.reshaped({1, biases.shape[0], 1, 1, 1}));
}
inline View volume_convolution(const Operation& o, const Operands& operands,
                               const onnx::convolution::Convolution& sizes) {
    const onnx::Window& window = sizes.window;
    View x = operands.x;
    Dimensions before{0, 0}, shape{x.shape[0], x.shape[1]}, of_groups = operands.weights.shape();
    for (std::size_t i = 0; i < 3; ++i) {
        before.push_back(window.before[i]);
        shape.push_back(window.before[i] + x.shape[2 + i] + window.after[i]);
    }
    if (shape != x.shape) x = framed(o, o.name() + ".padded", x, before, shape, 0);
    of_groups[0] /= sizes.groups, of_groups.insert(of_groups.begin(), sizes.groups);
    const View w = *o.to.constant_view(operands.weights, operands.name + ".weight").reshaped(of_groups);
    return volume_convolution(o, operands.name, x, w, window.stride, window.dilation, operands.bias);
}

/// A convolution by the weights turned around of the input with as many zeros between its numbers as it takes strides.
inline View transposed_volume_convolution(const Operation& o, const onnx::convolution::TransposedWindow& window) {
    View x = o.operand(0);
    Dimensions before{0, 0}, shape{x.shape[0], x.shape[1]}, steps{1, 1},
        of_groups = o.require_constant(1, "weights").shape();
    of_groups[0] /= window.groups, of_groups.insert(of_groups.begin(), window.groups);
    const std::string name = o.module(1);
    View w = o.to.constant_view(*o.constant(1), name + ".weight").reshaped(of_groups)->transposed({0, 2, 1, 3, 4, 5});
    for (std::size_t i = 0; i < 3; ++i) {
        const std::int64_t margin = window.extent(i) - 1 - window.before[i],
                           last = (x.shape[2 + i] - 1) * window.stride[i];
        before.push_back(margin), steps.push_back(window.stride[i]);
        shape.push_back(window.output[i] + window.extent(i) - 1);
        if (margin < 0 || margin + last >= shape.back()) o.refuse("pads larger than the window", "smaller ones");
        w.first += w.by[3 + i] * (w.shape[3 + i] - 1), w.by[3 + i] *= -1;
    }
    x = framed(o, o.name() + ".spread", x, before, shape, 0, steps);
    return volume_convolution(o, name, x, w, {1, 1, 1}, window.dilation, bias_of(o, 2));
}

}  // namespace taxon::onnx::lowering
