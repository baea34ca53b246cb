#pragma once
#include <algorithm>
#include <numeric>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/view.hpp>
#include <taxon/onnx/places.hpp>
#include <utility>

/// Operators that move numbers to other places, which are constants.
namespace taxon::onnx::movement {

inline Dimensions order_of(const Call& call, std::size_t rank) {
    Dimensions reversed(rank);
    for (std::size_t i = 0; i < rank; ++i) reversed[i] = static_cast<Int>(rank - 1 - i);
    return call.integers("perm", reversed);
}
inline void infer_transpose(Call& call) {
    require_type(call, true);
    const Dimensions order = order_of(call, call.shape(0).size());
    const auto chosen = chosen_axes(call, order, call.shape(0).size());
    call.require(order.size() == chosen.size() && std::ranges::all_of(order, [](Int axis) { return axis >= 0; }),
                 Fault::shape, "perm " + text_of(order), "each axis once");
    call.output(call.type(0), permuted(call.shape(0), order));
}
inline void compute_transpose(Call& call) {
    transpose(call.results[0], call.operands[0], order_of(call, call.operands[0].rank()));
}

/// Where a slice starts in each dimension, and its steps.
struct Slices {
    Dimensions starts, steps, shape;
};
/// Attributes before version 10.
inline Slices slices_of(const Call& call) {
    const Dimensions& shape = call.shape(0);
    const bool old = call.opset < 10;
    const Dimensions starts = old ? call.integers("starts") : call.constants(1),
                     ends = old ? call.integers("ends") : call.constants(2);
    Dimensions all(starts.size());
    std::iota(all.begin(), all.end(), Int{0});
    const Dimensions axes = old ? call.integers("axes", all) : call.constants(3, all),
                     steps = old ? Dimensions(starts.size(), 1) : call.constants(4, Dimensions(starts.size(), 1));
    call.require(starts.size() == ends.size() && axes.size() == ends.size() && steps.size() == ends.size(),
                 Fault::mismatch, "lists of different lengths", "one start, end, axis and step each");
    chosen_axes(call, axes, shape.size());
    Slices slices{Dimensions(shape.size(), 0), Dimensions(shape.size(), 1), shape};
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const std::size_t axis = call.axis(axes[i], shape.size());
        const Int size = shape[axis], step = steps[i];
        call.require(step != 0 && step > -(Int{1} << 62) && step < Int{1} << 62, Fault::value,
                     "step " + std::to_string(step), "another one");
        if (size == 0) continue;
        const auto clamped = [&](Int place, Int least, Int most) {
            return std::clamp(place < 0 ? place + size : place, least, most);
        };
        const Int first = step > 0 ? clamped(starts[i], 0, size) : clamped(starts[i], 0, size - 1),
                  last = step > 0 ? clamped(ends[i], 0, size) : clamped(ends[i], -1, size - 1);
        slices.starts[axis] = first;
        slices.shape[axis] =
            std::max(Int{0}, step > 0 ? (last - first + step - 1) / step : (first - last - step - 1) / -step);
        if (slices.shape[axis] > 1) slices.steps[axis] = step;
    }
    return slices;
}
inline void infer_slice(Call& call) {
    require_type(call, true);
    call.output(call.type(0), slices_of(call).shape);
}
inline void compute_slice(Call& call) {
    const Slices slices = slices_of(call);
    Dimensions strides = strides_of(call.shape(0));
    Int start = 0;
    for (std::size_t i = 0; i < strides.size(); ++i) {
        start += slices.starts[i] * strides[i];
        strides[i] *= slices.steps[i];
    }
    gather_places(call.results[0], call.operands[0], slices.shape, strides, start);
}

inline void infer_expand(Call& call) {
    require_type(call, true);
    const Dimensions shape = call.constants(1);
    const auto wide = broadcast(call.shape(0), shape);
    call.require(wide.has_value() && std::ranges::all_of(shape, [](Int size) { return size >= 0; }), Fault::shape,
                 text_of(shape), "one that " + text_of(call.shape(0)) + " broadcasts with");
    call.output(call.type(0), *wide);
}
inline void compute_expand(Call& call) {
    const Dimensions& shape = call.results[0].shape();
    gather_places(call.results[0], call.operands[0], shape, broadcast_strides(call.operands[0].shape(), shape));
}

inline void infer_tile(Call& call) {
    require_type(call, true);
    const Dimensions repeats = call.constants(1);
    Dimensions shape = call.shape(0);
    call.require(repeats.size() == shape.size(), Fault::shape, text_of(repeats), "a number for each dimension");
    for (std::size_t i = 0; i < shape.size(); ++i)
        call.require(repeats[i] >= 0 && !__builtin_mul_overflow(shape[i], repeats[i], &shape[i]), Fault::value,
                     text_of(repeats), "numbers of 0 and more");
    call.output(call.type(0), shape);
}
inline void compute_tile(Call& call) {
    Dimensions shape, strides;
    const Dimensions own = strides_of(call.shape(0)), repeats = call.constants(1);
    for (std::size_t i = 0; i < own.size(); ++i) {
        shape.push_back(repeats[i]), strides.push_back(0);
        shape.push_back(call.shape(0)[i]), strides.push_back(own[i]);
    }
    gather_places(call.results[0], call.operands[0], shape, strides);
}

inline void infer_concat(Call& call) {
    require_type(call, true);
    elementwise::require_same_types(call);
    call.require(call.has("axis") || call.opset < 4, Fault::missing, "no axis", "one");
    Dimensions shape = call.shape(0);
    const std::size_t axis = call.axis(call.integer("axis", 1), shape.size());
    for (std::size_t i = 1; i < call.inputs.size(); ++i) {
        Dimensions next = call.shape(i);
        call.require(next.size() == shape.size(), Fault::shape, text_of(next),
                     "as many dimensions as " + text_of(shape));
        const Int more = std::exchange(next[axis], shape[axis]);
        call.require(next == shape, Fault::shape, text_of(call.shape(i)),
                     text_of(shape) + " but for axis " + std::to_string(axis));
        shape[axis] += more;
    }
    call.output(call.type(0), shape);
}
/// Copies a part of the places of an axis, from `from_first` and to `to_first`.
inline void copy_part(Tensor& to, Int to_first, const Tensor& from, Int from_first, Int count, std::size_t axis) {
    const auto after = static_cast<std::size_t>(product(to.shape(), axis + 1, to.rank()));
    const auto outer = static_cast<std::size_t>(product(to.shape(), 0, axis));
    const auto place = [&](const Tensor& tensor, Int first, std::size_t i) {
        return (i * static_cast<std::size_t>(tensor.shape()[axis]) + static_cast<std::size_t>(first)) * after;
    };
    visit_type(to.type(), [&]<class T>(T) {
        for (std::size_t i = 0; i < outer; ++i)
            std::copy_n(from.numbers<T>().data() + place(from, from_first, i), static_cast<std::size_t>(count) * after,
                        to.writable<T>().data() + place(to, to_first, i));
    });
}
inline void compute_concat(Call& call) {
    const std::size_t axis = call.axis(call.integer("axis", 1), call.results[0].rank());
    Int first = 0;
    for (const Tensor& part : call.operands) {
        copy_part(call.results[0], first, part, 0, part.shape()[axis], axis);
        first += part.shape()[axis];
    }
}

/// Sizes are an attribute before version 13, and may be equal parts.
inline void infer_split(Call& call) {
    require_type(call, true);
    const std::size_t axis = call.axis(call.integer("axis", 0), call.shape(0).size());
    const std::size_t parts = call.node->outputs.size();
    const Int size = call.shape(0)[axis], count = call.integer("num_outputs", static_cast<Int>(parts));
    call.require(count == static_cast<Int>(parts), Fault::mismatch, std::to_string(count) + " parts",
                 std::to_string(parts) + " outputs");
    const Int each = (size + count - 1) / count;
    Dimensions sizes(parts, each);
    if (call.has("split") || call.given(1)) sizes = call.attribute_or_input("split", 1);
    else sizes.back() = size - each * (count - 1);
    Int sum = 0;
    for (const Int one : sizes)
        call.require(one >= 0 && !__builtin_add_overflow(sum, one, &sum), Fault::value, "parts " + text_of(sizes),
                     "sizes of 0 and more");
    call.require(sum == size && sizes.size() == parts, Fault::shape, "parts " + text_of(sizes),
                 std::to_string(size) + " in " + std::to_string(parts));
    for (const Int one : sizes) {
        Dimensions shape = call.shape(0);
        shape[axis] = one;
        call.output(call.type(0), shape);
    }
}
inline void compute_split(Call& call) {
    const std::size_t axis = call.axis(call.integer("axis", 0), call.operands[0].rank());
    Int first = 0;
    for (Tensor& part : call.results) {
        copy_part(part, 0, call.operands[0], first, part.shape()[axis], axis);
        first += part.shape()[axis];
    }
}

/// (N, C, H, W) with blocks of pixels as channels, or the other way.
inline Int block_of(Call& call) {
    require_type(call, true);
    const std::string mode = call.text("mode", "DCR");
    call.require(mode == "DCR" || mode == "CRD", Fault::unsupported, "mode '" + mode + "'", "DCR or CRD");
    call.require(call.shape(0).size() == 4, Fault::shape, text_of(call.shape(0)), "four dimensions");
    const Int block = call.integer("blocksize", 0);
    call.require(block > 0 && block < 1 << 10, Fault::value, "blocksize " + std::to_string(block), "1 or more");
    return block;
}
inline void infer_depth_to_space(Call& call) {
    const Int block = block_of(call);
    const Dimensions& x = call.shape(0);
    call.require(x[1] % (block * block) == 0, Fault::shape, text_of(x), "channels in blocks");
    call.output(call.type(0), {x[0], x[1] / (block * block), x[2] * block, x[3] * block});
}
inline void compute_depth_to_space(Call& call) {
    const Int block = call.integer("blocksize", 0);
    const Dimensions &x = call.operands[0].shape(), &y = call.results[0].shape();
    const bool depth_first = call.text("mode", "DCR") == "DCR";
    const Dimensions split = depth_first ? Dimensions{x[0], block, block, y[1], x[2], x[3]}
                                         : Dimensions{x[0], y[1], block, block, x[2], x[3]};
    transpose(call.results[0], call.operands[0].reshaped(split),
              depth_first ? Dimensions{0, 3, 4, 1, 5, 2} : Dimensions{0, 1, 4, 2, 5, 3});
}
inline void infer_space_to_depth(Call& call) {
    const Int block = block_of(call);
    const Dimensions& x = call.shape(0);
    call.require(x[2] % block == 0 && x[3] % block == 0, Fault::shape, text_of(x), "sides in blocks");
    call.output(call.type(0), {x[0], x[1] * block * block, x[2] / block, x[3] / block});
}
inline void compute_space_to_depth(Call& call) {
    const Int block = call.integer("blocksize", 0);
    const Dimensions& x = call.operands[0].shape();
    transpose(call.results[0], call.operands[0].reshaped({x[0], x[1], x[2] / block, block, x[3] / block, block}),
              call.text("mode", "DCR") == "DCR" ? Dimensions{0, 3, 5, 1, 2, 4} : Dimensions{0, 1, 3, 5, 2, 4});
}

inline void infer_trilu(Call& call) {
    require_type(call, call.shape(0).size() >= 2);
    call.require(call.constants(1, {0}).size() == 1, Fault::shape, "another k", "one number");
    call.output(call.type(0), call.shape(0));
}
inline void compute_trilu(Call& call) {
    const Int k = call.constants(1, {0})[0];
    const bool upper = call.integer("upper", 1) != 0;
    const Dimensions& shape = call.operands[0].shape();
    const Int columns = shape.back(), rows = shape[shape.size() - 2];
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        for (std::size_t i = 0; i < call.operands[0].size(); ++i) {
            const Int column = static_cast<Int>(i) % columns, row = static_cast<Int>(i) / columns % rows;
            if (upper ? column - row >= k : column - row <= k)
                call.results[0].writable<T>()[i] = call.operands[0].numbers<T>()[i];
        }
    });
}

}  // namespace taxon::onnx::movement
