#pragma once
#include <taxon/onnx/lowering/convolution.hpp>
#include <taxon/onnx/operator/pool.hpp>

/// Pools over windows and over everything.
namespace taxon::onnx::lowering {

/// Windows as views that overlap: the axes of the output, then those of the window, of x with `otherwise` around it.
inline View windowed(const Operation& o, View x, const onnx::Window& window, double otherwise) {
    const std::size_t count = x.rank() - 2;
    Dimensions before{0, 0}, shape{x.shape[0], x.shape[1]};
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = 3 - count + i;
        const std::int64_t reach = (window.output[at] - 1) * window.stride[at] + window.extent(at);
        before.push_back(window.before[at]);
        shape.push_back(std::max(reach, window.before[at] + x.shape[2 + i]));
    }
    if (shape != x.shape) x = framed(o, o.name() + ".padded", x, before, shape, otherwise);
    View windows{x.value, o.shape(), {x.by[0], x.by[1]}, x.first};
    for (std::size_t i = 0; i < count; ++i) windows.by.push_back(x.by[2 + i] * window.stride[3 - count + i]);
    for (std::size_t i = 0; i < count; ++i) {
        windows.shape.push_back(window.kernel[3 - count + i]);
        windows.by.push_back(x.by[2 + i] * window.dilation[3 - count + i]);
    }
    return windows;
}
/// One number for each window.
inline View reduced_windows(const Operation& o, const View& windows, Reduction reduction) {
    std::vector<bool> reduced(windows.rank());
    for (std::size_t i = o.shape().size(); i < windows.rank(); ++i) reduced[i] = true;
    View result = o.to.reduce(o.name(), reduction, windows, reduced);
    while (result.rank() > o.shape().size()) result = result.without_axis(result.rank() - 1);
    return result;
}

/// Windows over volumes, or of several samples. A mean is a sum over how many places of the window count.
inline void lower_dense_pool(const Operation& o, const onnx::Window& window, bool is_max) {
    const View x = o.operand(0);
    require_taps(o, window);
    if (is_max) {
        constexpr double least = -std::numeric_limits<double>::infinity();
        return o.define(reduced_windows(o, windowed(o, x, window, least), Reduction::maximum));
    }
    const bool padded = o.call().integer("count_include_pad", 0) != 0;
    Dimensions shape = o.shape();
    shape[0] = shape[1] = 1;
    const Tensor factors = Lowering::late_floats(shape, 0, [=](std::span<float> to) {
        window.for_each_output([&](std::size_t i, const onnx::Window::Sizes& at) {
            std::int64_t count = 0;
            window.for_each_tap(at, [&](std::int64_t, std::int64_t) { ++count; });
            to[i] = static_cast<float>(1 / (padded ? pool::padded_count(window, at) : static_cast<double>(count)));
        });
    });
    const View sums = reduced_windows(o, windowed(o, x, window, 0), Reduction::sum);
    o.define(o.map(".mean", MapFunction::multiply, sums, o.to.constant_view(factors, o.name() + ".factors")));
}

/// |x|ᵖ, and the sums' pth root.
inline View powers(const Operation& o, const View& x, std::int64_t p) {
    if (p == 2) return o.map(".square", MapFunction::multiply, x, x);
    const View absolute = o.map(".absolute", MapFunction::absolute, x);
    return p == 1 ? absolute : o.map(".power", MapFunction::power, absolute, static_cast<double>(p));
}
inline View root(const Operation& o, const View& sums, std::int64_t p) {
    if (p == 2) return o.map(".root", MapFunction::square_root, sums);
    return p == 1 ? sums : o.map(".root", MapFunction::power, sums, 1 / static_cast<double>(p));
}
inline void lower_lp_pool(const Operation& o) {
    const View x = o.operand(0);
    const std::int64_t p = o.call().integer("p", 2);
    const onnx::Window window = pool::window_of(o.call(), x.shape);
    require_window(o, window);
    const View windows = windowed(o, powers(o, x, p), window, 0);
    o.define(root(o, reduced_windows(o, windows, Reduction::sum), p));
}
inline void lower_global_lp_pool(const Operation& o) {
    const View x = o.operand(0);
    const std::int64_t p = o.call().integer("p", 2);
    std::vector<bool> reduced(x.rank(), true);
    reduced[0] = reduced[1] = false;
    o.define(root(o, o.to.reduce(o.name(), Reduction::sum, powers(o, x, p), reduced), p));
}

/// The second output of MaxPool: where each maximum, the first of equal ones, lies among all numbers of the input: the
/// window's place, and from there the number's in the window.
inline void define_places(const Operation& o, const onnx::Window& window) {
    require_taps(o, window);
    const View x = o.operand(0);
    const std::int64_t pixels = onnx::Window::volume(window.input), taps = onnx::Window::volume(window.kernel);
    const auto pixel = [=](std::int64_t z, std::int64_t y, std::int64_t at) {
        return (z * window.input[1] + y) * window.input[2] + at;
    };
    constexpr double least = -std::numeric_limits<double>::infinity();
    Dimensions shape = o.shape(), first_shape = shape, plane_shape(shape.size(), 1);
    shape.push_back(taps), first_shape[0] = first_shape[1] = 1;
    plane_shape[0] = x.shape[0], plane_shape[1] = x.shape[1];
    const auto in_window = [=](std::int64_t tap) {
        return pixel(tap / (window.kernel[1] * window.kernel[2]) * window.dilation[0],
                     tap / window.kernel[2] % window.kernel[1] * window.dilation[1],
                     tap % window.kernel[2] * window.dilation[2]);
    };
    const auto first = [=](std::int64_t i) {
        const auto start = [&](std::size_t axis, std::int64_t at) {
            return at * window.stride[axis] - window.before[axis];
        };
        return pixel(start(0, i / (window.output[1] * window.output[2])),
                     start(1, i / window.output[2] % window.output[1]), start(2, i % window.output[2]));
    };
    const auto plane = [=](std::int64_t i) { return i * pixels; };
    const auto numbers = [&](const Dimensions& sizes, const char* what, auto number) {
        return o.to.numbered_view(sizes, DataType::int64, o.name() + what, number);
    };
    const View windows = o.reshaped(windowed(o, x, window, least), shape);
    std::vector<bool> reduced(shape.size());
    reduced.back() = true;
    const View number = o.to.reduce(o.name() + ".number", Reduction::argument_of_maximum, windows, reduced)
                            .without_axis(shape.size() - 1);
    const View table = numbers({taps}, ".in_window", in_window);
    LoopNest nest = nest_of(o.shape(), 0, {View{table.value, o.shape(), Dimensions(o.shape().size())}, number});
    nest.limit = indexed_size(taps), nest.step = 1;
    const View there = View::in_order(
        o.to.add_dense(o.name() + ".there", Op::gather, nest, number.size(), {table.value, number.value}, o.shape()),
        o.shape());
    o.define(o.map(".places", MapFunction::add,
                   o.map(".inside", MapFunction::add, there, numbers(first_shape, ".first", first)),
                   numbers(plane_shape, ".plane", plane)),
             1);
}

inline void lower_pool(const Operation& o, bool is_max) {
    const View x = o.operand(0);
    require_window(o, onnx::pool::window_of(o.call(), x.shape));
    if (o.wants(1)) define_places(o, onnx::pool::window_of(o.call(), x.shape));
    if (is_max && o.call().integer("storage_order", 0) != 0) o.refuse("storage_order 1", "0");
    const bool ceil = o.call().integer("ceil_mode", 0) != 0;
    const onnx::Window window(o.call(), x.shape, o.call().integers("kernel_shape"), ceil);
    const bool padded = !is_max && o.call().integer("count_include_pad", 0) != 0;
    if (window.rank == 3 || x.shape[0] != 1 || (!is_max && window.dilation != onnx::Window::Sizes{1, 1, 1}))
        return lower_dense_pool(o, window, is_max);
    const taxon::Window own = window_of(window);
    const auto pads = own.y.before + own.y.after + own.x.before + own.x.after > 0;
    const int source = o.to.picture(x, o.name());
    const int value = o.to.add({.name = o.name(),
                                .node = {.op = Op::pool,
                                         .pooling = is_max                     ? Pooling::max
                                                    : padded && (pads || ceil) ? Pooling::padded_mean
                                                                               : Pooling::mean,
                                         .window = own},
                                .out = Lowering::picture_shape(o.shape()),
                                .operands = {source},
                                .shape = o.shape()});
    o.define(o.to.of_picture(value, o.shape()));
}

/// Over all pixels: of one picture by its own kernel, which a convolution may take in.
inline View pooled_globally(const Operation& o, const View& x, bool is_max, const Dimensions& shape) {
    if (x.shape[0] == 1 && (x.rank() == 3 || x.rank() == 4) && o.to.is_picture(x.value)) {
        const int source = o.to.picture(x, o.name());
        const int value = o.to.add({.name = o.name(),
                                    .node = {.op = Op::pool,
                                             .pooling = is_max ? Pooling::max : Pooling::mean,
                                             .window = {{.size = 0}, {.size = 0}}},
                                    .out = {o.to.shape_of(source).channels},
                                    .operands = {source},
                                    .shape = shape});
        return View::in_order(value, shape);
    }
    std::vector<bool> reduced(x.rank(), true);
    reduced[0] = reduced[1] = false;
    View result = o.to.reduce(o.name(), is_max ? Reduction::maximum : Reduction::mean, x, reduced);
    return *result.reshaped(shape);
}
inline void lower_global_pool(const Operation& o, bool is_max) {
    o.define(pooled_globally(o, o.operand(0), is_max, o.shape()));
}

}  // namespace taxon::onnx::lowering
