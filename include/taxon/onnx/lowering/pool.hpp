#pragma once
#include <taxon/onnx/lowering/convolution.hpp>
#include <taxon/onnx/operator/pool.hpp>

/// Pools over windows and over everything.
namespace taxon::onnx::lowering {

/// Windows over volumes, or of several samples: views that overlap, reduced.
inline void lower_dense_pool(const Operation& o, const onnx::Window& window, bool is_max) {
    View x = o.operand(0);
    const std::size_t count = x.rank() - 2;
    Dimensions before{0, 0}, shape{x.shape[0], x.shape[1]};
    bool pads = false;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = 3 - count + i;
        const std::int64_t reach =
            (window.output[at] - 1) * window.stride[at] + (window.kernel[at] - 1) * window.dilation[at] + 1;
        before.push_back(window.before[at]);
        shape.push_back(std::max(reach, window.before[at] + x.shape[2 + i]));
        pads = pads || shape.back() != x.shape[2 + i];
    }
    if (pads && !is_max && o.call().integer("count_include_pad", 0) == 0)
        o.refuse("a mean over volumes without the padding", "count_include_pad 1, or no padding");
    if (pads)
        x = framed(o, o.name() + ".padded", x, before, shape, is_max ? -std::numeric_limits<double>::infinity() : 0.0);
    x = o.to.in_dense(x);
    View windows{x.value, o.shape(), {x.by[0], x.by[1]}, x.first};
    for (std::size_t i = 0; i < count; ++i) windows.by.push_back(x.by[2 + i] * window.stride[3 - count + i]);
    for (std::size_t i = 0; i < count; ++i) {
        windows.shape.push_back(window.kernel[3 - count + i]);
        windows.by.push_back(x.by[2 + i] * window.dilation[3 - count + i]);
    }
    LoopNest nest = Lowering::nest(windows.shape, count, {windows});
    nest.reduction = is_max ? Reduction::maximum : Reduction::mean;
    const int value =
        o.to.add_dense(o.name(), Op::reduce, nest, View::in_order(0, o.shape()).size(), {x.value}, o.shape());
    o.define(View::in_order(value, o.shape()));
}

inline void lower_pool(const Operation& o, bool is_max) {
    const View x = o.operand(0);
    if (o.wants(1)) o.refuse("the places of a pool's maxima", "its values");
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
