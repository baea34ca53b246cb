#pragma once
#include <taxon/onnx/lowering/operation.hpp>

/// Operators that only move numbers: most are other strides.
namespace taxon::onnx::lowering {

/// To the shape that the program knows: Reshape, Flatten, Squeeze, Unsqueeze.
inline void lower_reshape(const Operation& o) {
    const View x = o.operand(0);
    if (const auto view = x.reshaped(o.shape())) return o.define(*view);
    o.define(View::in_order(o.to.in_order(x, o.name()), o.shape()));
}

inline void lower_transpose(const Operation& o) {
    const View x = o.operand(0);
    std::vector<std::size_t> axes;
    if (o.call().has("perm"))
        for (const std::int64_t axis : o.call().integers("perm")) axes.push_back(o.call().axis(axis, x.rank()));
    else
        for (std::size_t i = x.rank(); i-- > 0;) axes.push_back(i);
    o.define(x.transposed(axes));
}

inline void lower_expand(const Operation& o) { o.define(o.operand(0).broadcast(o.shape())); }

inline void lower_slice(const Operation& o) {
    View x = o.operand(0);
    const auto numbers = [&](std::size_t i, const char* name) {
        if (o.call().has(name)) return o.call().integers(name);
        return o.given(i) ? o.require_constant(i, "places").integers() : Dimensions{};
    };
    const Dimensions starts = numbers(1, "starts"), steps = numbers(4, "steps");
    Dimensions axes = numbers(3, "axes");
    for (std::size_t i = axes.size(); i < starts.size(); ++i) axes.push_back(static_cast<std::int64_t>(i));
    for (std::size_t i = 0; i < starts.size(); ++i) {
        const std::size_t axis = o.call().axis(axes[i], x.rank());
        const std::int64_t size = x.shape[axis], step = steps.empty() ? 1 : steps[i];
        std::int64_t start = starts[i] < 0 ? starts[i] + size : starts[i];
        start = std::clamp<std::int64_t>(start, 0, step > 0 ? size : size - 1);
        x = x.sliced(axis, start, step, o.shape()[axis]);
    }
    o.define(x);
}

inline void lower_split(const Operation& o) {
    const View x = o.operand(0);
    const std::size_t axis = o.call().axis(o.call().integer("axis", 0), x.rank());
    std::int64_t at = 0;
    for (std::size_t i = 0; i < o.step.outputs.size(); ++i) {
        const std::int64_t count = o.shape(i)[axis];
        o.define(x.sliced(axis, at, 1, count), i);
        at += count;
    }
}

/// A dense value made of pieces: each the numbers of a view, and where they lie.
inline int assembled(const Operation& o, const std::string& name, const Dimensions& shape,
                     const std::vector<std::pair<View, View>>& pieces) {
    const std::int64_t count = View::in_order(0, shape).size();
    Network::Layer layer{.name = name, .node = {.op = Op::assemble}, .out = Lowering::dense(count), .shape = shape};
    for (const auto& [piece, target] : pieces) {
        const View from = o.to.in_dense(piece);
        LoopNest nest = nest_of(from.shape, 0, {from}, target.by, target.first);
        nest.result_count = int_of(count);
        layer.operands.push_back(from.value), layer.nests.push_back(nest);
    }
    return o.to.add(std::move(layer));
}

/// The numbers of views one after the other.
inline View chained(const Operation& o, const std::string& name, const std::vector<View>& views) {
    std::int64_t count = 0;
    for (const View& view : views) count += view.size();
    std::vector<std::pair<View, View>> pieces;
    std::int64_t at = 0;
    for (const View& view : views) {
        View target = View::in_order(0, view.shape);
        target.first = at;
        pieces.emplace_back(view, target);
        at += view.size();
    }
    return View::in_order(assembled(o, name, {count}, pieces), {count});
}

/// What place `at` of a padded axis repeats of the axis, for the modes that repeat numbers.
inline std::int64_t padded_place(const std::string& mode, std::int64_t at, std::int64_t size) {
    if (mode == "edge") return std::clamp<std::int64_t>(at, 0, size - 1);
    if (mode == "wrap") return ((at % size) + size) % size;
    if (size == 1) return 0;
    const std::int64_t period = 2 * (size - 1);
    at = ((at % period) + period) % period;
    return at >= size ? period - at : at;
}

/// Elements along an axis: the one at `place(i)` for each of `count`.
template <class Place>
View gathered(const Operation& o, const std::string& name, const View& x, std::size_t axis, std::int64_t count,
              Place place) {
    const View indices = o.to.numbered_view({count}, DataType::float32, name + ".places", place);
    View from = o.to.in_dense(x);
    const std::int64_t step = from.by[axis], limit = from.shape[axis];
    View at{indices.value, from.shape, Dimensions(from.rank())};
    at.shape[axis] = from.shape[axis] = count;
    at.by[axis] = 1, from.by[axis] = 0;
    LoopNest nest = nest_of(from.shape, 0, {from, at});
    nest.limit = indexed_size(limit), nest.step = int_of(step);
    const int value = o.to.add_dense(name, Op::gather, nest, from.size(), {from.value, at.value}, from.shape);
    return View::in_order(value, from.shape);
}
inline View gathered(const Operation& o, const std::string& name, const View& x, std::size_t axis,
                     const std::vector<float>& places) {
    return gathered(o, name, x, axis, static_cast<std::int64_t>(places.size()),
                    [places](std::int64_t i) { return places[static_cast<std::size_t>(i)]; });
}

/// `x` in the middle of a value of `otherwise`, its numbers `steps` apart.
inline View framed(const Operation& o, const std::string& name, const View& x, const Dimensions& before,
                   const Dimensions& shape, double otherwise, const Dimensions& steps = {}) {
    const std::vector<std::size_t> order = o.to.in_dense(x).order();
    Dimensions sizes;
    for (const std::size_t one : order) sizes.push_back(shape[one]);
    const View ordered = View::in_order(0, sizes);
    View whole{0, shape, Dimensions(shape.size())};
    for (std::size_t i = 0; i < shape.size(); ++i) whole.by[order[i]] = ordered.by[i];
    View target = whole;
    for (std::size_t i = 0; i < shape.size(); ++i)
        target = target.sliced(i, before[i], steps.empty() ? 1 : steps[i], x.shape[i]);
    const View from = o.to.in_dense(x).transposed(order);
    target = target.transposed(order);
    LoopNest nest = nest_of(from.shape, 0, {from}, target.by, target.first);
    nest.first = otherwise;
    whole.value = o.to.add_dense(name, Op::assemble, nest, whole.size(), {from.value}, shape);
    return whole;
}

inline void lower_pad(const Operation& o) {
    View x = o.operand(0);
    const std::size_t rank = x.rank();
    const Dimensions pads =
        o.call().has("pads") ? o.call().integers("pads") : o.require_constant(1, "paddings").integers();
    const std::string mode = o.call().text("mode", "constant");
    std::vector<std::size_t> axes;
    if (o.given(3))
        for (const std::int64_t axis : o.require_constant(3, "axes").integers())
            axes.push_back(o.call().axis(axis, rank));
    else
        for (std::size_t i = 0; i < rank; ++i) axes.push_back(i);
    Dimensions before(rank), shape = x.shape;
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const std::size_t axis = axes[i];
        const std::int64_t first = pads[i], last = pads[axes.size() + i];
        const std::int64_t cut_before = std::max<std::int64_t>(0, -first), cut_after = std::max<std::int64_t>(0, -last);
        x = x.sliced(axis, cut_before, 1, x.shape[axis] - cut_before - cut_after);
        before[axis] = std::max<std::int64_t>(0, first);
        shape[axis] = x.shape[axis] + before[axis] + std::max<std::int64_t>(0, last);
    }
    if (shape == x.shape) return o.define(x);
    if (mode == "constant") {
        const double otherwise = o.call().has("value") ? static_cast<double>(o.call().number("value", 0))
                                 : o.given(2)          ? o.require_constant(2, "a padding value").real(0)
                                                       : 0;
        return o.define(framed(o, o.name(), x, before, shape, otherwise));
    }
    for (std::size_t axis = 0; axis < rank; ++axis)
        if (shape[axis] != x.shape[axis])
            x = gathered(o, o.name(), x, axis, shape[axis],
                         [mode, first = before[axis], size = x.shape[axis]](std::int64_t i) {
                             return padded_place(mode, i - first, size);
                         });
    o.define(x);
}

/// Axes of factors are cut off from the one and put beside the other: (b, c, h, w) with blocks of k.
inline void lower_depth_to_space(const Operation& o) {
    const View x = o.operand(0);
    const std::int64_t k = o.call().integer("blocksize", 1), n = x.shape[0], c = x.shape[1] / (k * k), h = x.shape[2],
                       w = x.shape[3];
    const bool by_columns = o.call().text("mode", "DCR") == "CRD";
    const Dimensions cut = by_columns ? Dimensions{n, c, k, k, h, w} : Dimensions{n, k, k, c, h, w};
    const std::vector<std::size_t> axes =
        by_columns ? std::vector<std::size_t>{0, 1, 4, 2, 5, 3} : std::vector<std::size_t>{0, 3, 4, 1, 5, 2};
    const auto split = x.reshaped(cut);
    const View view = split ? *split : View::in_order(o.to.in_order(x, o.name()), cut);
    const View moved = view.transposed(axes);
    const auto joined = moved.reshaped(o.shape());
    o.define(joined ? *joined : View::in_order(o.to.in_order(moved, o.name()), o.shape()));
}
inline void lower_space_to_depth(const Operation& o) {
    const View x = o.operand(0);
    const bool by_columns = o.call().text("mode", "DCR") == "CRD";
    const std::int64_t k = o.call().integer("blocksize", 1), n = x.shape[0], c = x.shape[1], h = x.shape[2] / k,
                       w = x.shape[3] / k;
    const Dimensions cut{n, c, h, k, w, k};
    const auto split = x.reshaped(cut);
    const View view = split ? *split : View::in_order(o.to.in_order(x, o.name()), cut);
    const View moved = view.transposed(by_columns ? std::vector<std::size_t>{0, 1, 3, 5, 2, 4}
                                                  : std::vector<std::size_t>{0, 3, 5, 1, 2, 4});
    const auto joined = moved.reshaped(o.shape());
    o.define(joined ? *joined : View::in_order(o.to.in_order(moved, o.name()), o.shape()));
}

/// Repeats along every axis.
inline void lower_tile(const Operation& o) {
    const View x = o.operand(0);
    const Dimensions repeats = o.require_constant(1, "repeats").integers();
    View view{x.value, {}, {}, x.first, x.type};
    for (std::size_t i = 0; i < x.rank(); ++i) {
        view.shape.push_back(repeats[i]), view.by.push_back(0);
        view.shape.push_back(x.shape[i]), view.by.push_back(x.by[i]);
    }
    if (const auto joined = view.reshaped(o.shape())) return o.define(*joined);
    o.define(View::in_order(o.to.in_order(view, o.name()), o.shape()));
}

}  // namespace taxon::onnx::lowering
