#pragma once
#include <taxon/onnx/lowering/movement.hpp>

/// Elements at places that other values give.
namespace taxon::onnx::lowering {

/// Constant places that are an arithmetic progression within the axis: a slice.
inline std::optional<View> gathered_by_strides(const View& x, std::size_t axis, const Tensor& indices) {
    const std::int64_t size = x.shape[axis], count = static_cast<std::int64_t>(indices.size());
    const Dimensions places = indices.integers();
    if (count == 0 || indices.rank() > 1) return std::nullopt;
    const auto at = [&](std::int64_t i) {
        return places[static_cast<std::size_t>(i)] + (places[static_cast<std::size_t>(i)] < 0 ? size : 0);
    };
    const std::int64_t step = count > 1 ? at(1) - at(0) : 1;
    for (std::int64_t i = 0; i < count; ++i)
        if (at(i) != at(0) + i * step || at(i) < 0 || at(i) >= size) return std::nullopt;
    const View slice = x.sliced(axis, at(0), step, count);
    return indices.rank() == 0 ? slice.without_axis(axis) : slice;
}

/// The element of x along `axis` that each index gives.
inline void lower_gather(const Operation& o) {
    const View x = o.operand(0);
    const std::size_t axis = o.call().axis(o.call().integer("axis", 0), x.rank());
    if (const Tensor* constant = o.constant(1))
        if (const auto slice = gathered_by_strides(x, axis, *constant)) return o.define(*slice);
    const View from = o.to.in_dense(x), at = o.to.in_dense(o.operand(1));
    View data{from.value, o.shape(), {}, from.first}, places{at.value, o.shape(), {}, at.first};
    for (std::size_t i = 0; i < x.rank(); ++i) {
        if (i != axis) data.by.push_back(from.by[i]), places.by.push_back(0);
        else
            for (const std::int64_t stride : at.by) data.by.push_back(0), places.by.push_back(stride);
    }
    LoopNest nest = Lowering::nest(o.shape(), 0, {data, places});
    nest.limit = static_cast<int>(x.shape[axis]), nest.step = static_cast<int>(from.by[axis]);
    const std::string module = Names::module_of(o.input_name(0));
    const int value = o.to.add_dense(o.to.names.is_free(module) ? module : o.name(), Op::gather, nest,
                                     View::in_order(0, o.shape()).size(), {from.value, at.value}, o.shape());
    o.define(View::in_order(value, o.shape()));
}

inline void lower_gather_elements(const Operation& o) {
    const View x = o.operand(0);
    const std::size_t axis = o.call().axis(o.call().integer("axis", 0), x.rank());
    View data = o.to.in_dense(x);
    const View at = o.to.in_dense(o.operand(1));
    const std::int64_t step = data.by[axis], limit = data.shape[axis];
    data.by[axis] = 0, data.shape = at.shape;
    LoopNest nest = Lowering::nest(at.shape, 0, {data, at});
    nest.limit = static_cast<int>(limit), nest.step = static_cast<int>(step);
    const int value = o.to.add_dense(o.name(), Op::gather, nest, at.size(), {data.value, at.value}, o.shape());
    o.define(View::in_order(value, o.shape()));
}

}  // namespace taxon::onnx::lowering
