#pragma once
#include <taxon/onnx/compute.hpp>
#include <taxon/onnx/lowering/normalization.hpp>

/// Operators that go along an axis in order: TopK, CumSum, CumProd; and triangles of matrices.
namespace taxon::onnx::lowering {

/// The numbers, and their places along the axis.
inline void lower_top_k(const Operation& o) {
    const View x = o.to.in_dense(o.operand(0));
    const std::size_t axis = o.call().axis(o.call().integer("axis", -1), x.rank());
    const std::int64_t count = o.shape()[axis];
    std::vector<std::size_t> axes;
    for (std::size_t i = 0; i < x.rank(); ++i)
        if (i != axis) axes.push_back(i);
    axes.push_back(axis);
    const View rows = x.transposed(axes);
    LoopNest nest = nest_of(rows.shape, 1, {rows});
    nest.limit = int_of(count), nest.last = o.call().integer("largest", 1) != 0;
    Dimensions shape = rows.shape;
    shape.back() = count;
    std::vector<std::size_t> back(axes.size());
    for (std::size_t i = 0; i < axes.size(); ++i) back[axes[i]] = i;
    for (const bool places : {false, true}) {
        if (!o.wants(places ? 1 : 0)) continue;
        nest.reverse = places;
        const View sorted = View::in_order(0, shape);
        const int value =
            o.to.add_dense(o.name() + (places ? ".places" : ""), Op::sort, nest, sorted.size(), {x.value}, o.shape());
        o.define(View::in_order(value, shape).transposed(back), places ? 1 : 0);
    }
}

inline std::size_t cumulative_axis(const Operation& o) {
    return o.call().axis(o.require_constant(1, "an axis").integers()[0], o.shape().size());
}
inline void lower_cumulative_sum(const Operation& o) {
    o.define(row_function(o, o.name(), RowFunction::cumulative_sum, o.operand(0), cumulative_axis(o), 0,
                          o.call().integer("exclusive", 0) != 0, o.call().integer("reverse", 0) != 0));
}
/// One product after the other.
inline void lower_cumulative_product(const Operation& o) {
    const View x = o.operand(0);
    const std::size_t axis = cumulative_axis(o);
    const std::int64_t size = x.shape[axis];
    constexpr std::int64_t most = 64;
    if (size > most) o.refuse("a product along " + std::to_string(size) + " places", "at most " + std::to_string(most));
    const bool exclusive = o.call().integer("exclusive", 0) != 0, reverse = o.call().integer("reverse", 0) != 0;
    const View whole = View::in_order(0, x.shape);
    Dimensions one = x.shape;
    one[axis] = 1;
    View product = o.to.constant_view(1, o.name() + ".one").broadcast(one);
    std::vector<std::pair<View, View>> pieces;
    for (std::int64_t i = 0; i < size; ++i) {
        const std::int64_t at = reverse ? size - 1 - i : i;
        const View own = x.sliced(axis, at, 1, 1);
        const View next = i == 0 ? own : o.map(".product", MapFunction::multiply, product, own);
        pieces.emplace_back(exclusive ? product : next, whole.sliced(axis, at, 1, 1));
        product = next;
    }
    o.define(View::in_order(assembled(o, o.name(), x.shape, pieces), x.shape));
}

/// A matrix's numbers on one side of a diagonal, 0 on the other.
inline void lower_triangle(const Operation& o) {
    const View x = o.operand(0);
    const std::int64_t k = o.given(1) ? o.require_constant(1, "a diagonal").integers()[0] : 0,
                       rows = x.shape[x.rank() - 2], columns = x.shape.back();
    const bool upper = o.call().integer("upper", 1) != 0;
    const View kept =
        o.to.numbered_view({rows, columns}, DataType::boolean, o.name() + ".triangle", [=](std::int64_t i) {
            const std::int64_t diagonal = i % columns - i / columns;
            return upper ? diagonal >= k : diagonal <= k;
        });
    o.define(o.to.map(o.name(), MapFunction::where, x.shape, {kept, x, o.to.constant_view(0, o.name() + ".zero")}));
}

/// Ones on a diagonal; the shape of the input is all that counts.
inline void lower_eye_like(const Operation& o) {
    const std::int64_t k = o.call().integer("k", 0), columns = o.shape()[1];
    const auto number = [=](std::int64_t i) { return i % columns - i / columns == k; };
    o.define(o.to.numbered_view(o.shape(), o.to.value(o.step.outputs[0]).type, o.name(), number));
}

}  // namespace taxon::onnx::lowering
