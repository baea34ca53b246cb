#pragma once
#include <taxon/onnx/lowering/movement.hpp>
#include <taxon/onnx/operator/indexing.hpp>

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
    LoopNest nest = nest_of(o.shape(), 0, {data, places});
    nest.limit = indexed_size(x.shape[axis]), nest.step = int_of(from.by[axis]);
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
    LoopNest nest = nest_of(at.shape, 0, {data, at});
    nest.limit = indexed_size(limit), nest.step = int_of(step);
    const int value = o.to.add_dense(o.name(), Op::gather, nest, at.size(), {data.value, at.value}, o.shape());
    o.define(View::in_order(value, o.shape()));
}

/// The reduction that a scatter's attribute names.
inline Scatter scatter_of(const Operation& o) {
    const std::string name = o.call().text("reduction", "none");
    return name == "add"   ? Scatter::add
           : name == "mul" ? Scatter::multiply
           : name == "max" ? Scatter::maximum
           : name == "min" ? Scatter::minimum
                           : Scatter::replace;
}

/// A copy of `whole` in which `updates` are at `place` plus `step` times the index.
inline void scattered(const Operation& o, const View& whole, const View& indices, const View& updates,
                      const View& place, std::int64_t limit, std::int64_t step) {
    LoopNest nest = nest_of(updates.shape, 0, {indices, updates}, place.by, place.first);
    nest.operands = {Strides{}, nest.operands[0], nest.operands[1]};
    nest.scatter = scatter_of(o), nest.limit = indexed_size(limit), nest.step = int_of(step);
    const int to = o.to.in_order(whole, o.name());
    const int value =
        o.to.add_dense(o.name(), Op::scatter, nest, whole.size(), {to, indices.value, updates.value}, o.shape());
    o.define(View::in_order(value, o.shape()));
}

inline void lower_scatter_elements(const Operation& o) {
    const View x = o.operand(0), at = o.to.in_dense(o.operand(1)), updates = o.to.in_dense(o.operand(2));
    const std::size_t axis = o.call().axis(o.call().integer("axis", 0), x.rank());
    View place = View::in_order(0, x.shape);
    const std::int64_t step = place.by[axis];
    place.by[axis] = 0, place.shape = updates.shape;
    scattered(o, x, at, updates, place, x.shape[axis], step);
}

/// Tuples of indices along the last axis as single ones, in the memory of axes that lie in order.
inline View joined_indices(const Operation& o, const View& tuples, const Dimensions& sizes) {
    const Dimensions strides = View::in_order(0, sizes).by;
    Dimensions shape = tuples.shape;
    shape.pop_back();
    if (const Tensor* constant = o.constant(1)) {
        Tensor joined(DataType::int64, shape);
        const auto from = constant->numbers<std::int64_t>();
        for (std::size_t i = 0; i < from.size(); ++i) {
            const std::size_t axis = i % sizes.size();
            const std::int64_t index = movement::checked_index(from[i], sizes[axis]);
            joined.writable<std::int64_t>()[i / sizes.size()] += index * strides[axis];
        }
        return o.to.constant_view(joined, o.name() + ".places");
    }
    const auto row = [&](const Dimensions& numbers, const char* what) {
        Tensor tensor(DataType::int64, {static_cast<std::int64_t>(numbers.size())});
        std::copy(numbers.begin(), numbers.end(), tensor.writable<std::int64_t>().begin());
        return o.to.constant_view(tensor, o.name() + what);
    };
    const View size = row(sizes, ".sizes");
    const View from_end = o.map(".negative", MapFunction::multiply, o.map(".sign", MapFunction::less, tuples, 0), size);
    const View places = o.map(".stride", MapFunction::multiply, o.map(".index", MapFunction::add, tuples, from_end),
                              row(strides, ".strides"));
    std::vector<bool> reduced(places.rank());
    reduced.back() = true;
    return o.to.reduce(o.name() + ".places", Reduction::sum, places, reduced).without_axis(places.rank() - 1);
}

/// What tuples index: axes [batch, batch + length) of x as one.
inline View indexed_axes(const Operation& o, const View& x, std::size_t batch, std::size_t length) {
    Dimensions shape(x.shape.begin(), x.shape.begin() + static_cast<std::ptrdiff_t>(batch));
    shape.push_back(1);
    for (std::size_t i = batch; i < batch + length; ++i) shape.back() *= x.shape[i];
    if (shape.back() > 1 << 24) o.refuse(std::to_string(shape.back()) + " places", "at most 2^24");
    shape.insert(shape.end(), x.shape.begin() + static_cast<std::ptrdiff_t>(batch + length), x.shape.end());
    return o.to.in_dense(o.reshaped(x, shape));
}

inline void lower_gather_nd(const Operation& o) {
    const View x = o.operand(0), tuples = o.operand(1);
    const std::size_t batch = movement::batch_of(o.call()), length = static_cast<std::size_t>(tuples.shape.back());
    const auto first = x.shape.begin() + static_cast<std::ptrdiff_t>(batch);
    const View from = indexed_axes(o, x, batch, length);
    const View at = o.to.in_dense(joined_indices(o, tuples, {first, first + static_cast<std::ptrdiff_t>(length)}));
    View data{from.value, o.shape(), {}, from.first}, places{at.value, o.shape(), at.by, at.first};
    for (std::size_t i = 0; i < at.rank(); ++i) data.by.push_back(i < batch ? from.by[i] : 0);
    data.by.insert(data.by.end(), from.by.begin() + static_cast<std::ptrdiff_t>(batch) + 1, from.by.end());
    places.by.resize(data.by.size());
    LoopNest nest = nest_of(o.shape(), 0, {data, places});
    nest.limit = indexed_size(from.shape[batch]), nest.step = int_of(from.by[batch]);
    const int value = o.to.add_dense(o.name(), Op::gather, nest, View::in_order(0, o.shape()).size(),
                                     {from.value, at.value}, o.shape());
    o.define(View::in_order(value, o.shape()));
}

inline void lower_scatter_nd(const Operation& o) {
    const View x = o.operand(0), tuples = o.operand(1), updates = o.to.in_dense(o.operand(2));
    const auto length = static_cast<std::ptrdiff_t>(tuples.shape.back());
    const Dimensions sizes(x.shape.begin(), x.shape.begin() + length);
    if (View::in_order(0, sizes).size() > 1 << 24) o.refuse("so many places", "at most 2^24");
    const View at = o.to.in_dense(joined_indices(o, tuples, sizes));
    const View whole = View::in_order(0, x.shape);
    View indices{at.value, updates.shape, at.by, at.first}, place{0, updates.shape, Dimensions(at.rank())};
    indices.by.resize(updates.rank());
    place.by.insert(place.by.end(), whole.by.begin() + length, whole.by.end());
    const std::int64_t step = length == 0 ? 1 : whole.by[static_cast<std::size_t>(length) - 1];
    scattered(o, x, indices, updates, place, View::in_order(0, sizes).size(), step);
}

/// 1 or another number where the index is the place along a new axis.
inline void lower_one_hot(const Operation& o) {
    View x = o.operand(0);
    if (is_floating(o.type())) x = o.map(".truncate", MapFunction::truncate, x);
    const std::size_t axis = o.call().axis(o.call().integer("axis", -1), o.shape().size());
    const std::int64_t depth = o.shape()[axis];
    x.shape.insert(x.shape.begin() + static_cast<std::ptrdiff_t>(axis), 1);
    x.by.insert(x.by.begin() + static_cast<std::ptrdiff_t>(axis), 0);
    const auto is_at = [&](const char* what, std::int64_t first) {
        Dimensions shape(o.shape().size(), 1);
        shape[axis] = depth;
        return o.map(what, MapFunction::equal, x,
                     o.to.numbered_view(shape, DataType::int64, o.name() + what + ".places",
                                        [first](std::int64_t i) { return first + i; }));
    };
    const View hot = o.map(".or", MapFunction::logical_or, is_at(".equal", 0), is_at(".from_end", -depth));
    const View values = o.operand(2);
    const auto value = [&](std::int64_t i) { return values.sliced(0, i, 1, 1); };
    o.define(o.to.map(o.name(), MapFunction::where, o.shape(), {hot, value(1), value(0)}));
}

/// Those of an axis, or of all numbers, that a constant chooses.
inline void lower_compress(const Operation& o) {
    View x = o.operand(0);
    if (!o.call().has("axis")) x = o.reshaped(x, {x.size()});
    std::vector<float> places;
    const Dimensions chosen = o.require_constant(1, "choices").integers();
    for (std::size_t i = 0; i < chosen.size(); ++i)
        if (chosen[i] != 0) places.push_back(static_cast<float>(i));
    o.define(gathered(o, o.name(), x, o.call().axis(o.call().integer("axis", 0), x.rank()), places));
}

}  // namespace taxon::onnx::lowering
