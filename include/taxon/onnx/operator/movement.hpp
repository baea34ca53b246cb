#pragma once
#include <algorithm>
#include <cmath>
#include <numeric>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/elementwise.hpp>
#include <taxon/onnx/places.hpp>
#include <taxon/onnx/stored_numbers.hpp>
#include <vector>

/// Operators that move numbers, or make them from shapes. Sizes and places are constants, except indices of Gather.
namespace taxon::onnx::movement {

using elementwise::require_type;
using Int = std::int64_t;

inline std::string text_of(const Dimensions& numbers) { return io::to_string(numbers); }

/// An index that counts from the end if it is negative. Throws Fault::bounds outside.
inline Int checked_index(Int index, Int size) {
    if (index < -size || index >= size)
        throw Error(Fault::bounds,
                    {.found = "index " + std::to_string(index), .wanted = "one of " + std::to_string(size)});
    return index < 0 ? index + size : index;
}

// ── Other shapes of the same numbers ─────────────────────────────────────────────────────────────────────────────────

inline void compute_view(Call& call) { call.results[0] = call.operands[0].reshaped(call.results[0].shape()); }

/// A shape is an attribute before version 5.
inline void infer_reshape(Call& call) {
    require_type(call, true);
    Dimensions shape = call.opset < 5 ? call.integers("shape") : call.constants(1);
    const auto count = static_cast<Int>(io::element_count(call.shape(0)));
    Int known = 1;
    std::size_t open = shape.size();
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (shape[i] == 0 && call.integer("allowzero", 0) == 0) {
            call.require(i < call.shape(0).size(), Fault::shape, text_of(shape), "a 0 only where the input has a size");
            shape[i] = call.shape(0)[i];
        }
        call.require(shape[i] >= -1 && (shape[i] != -1 || open == shape.size()), Fault::shape, text_of(shape),
                     "sizes and one -1");
        if (shape[i] == -1) open = i;
        else
            call.require(!__builtin_mul_overflow(known, shape[i], &known), Fault::overflow, text_of(shape),
                         "a shape of less than 2^63");
    }
    if (open < shape.size()) {
        call.require(known != 0 && count % known == 0, Fault::shape, text_of(shape),
                     "a shape of the input's " + std::to_string(count) + " elements");
        shape[open] = count / known;
    } else
        call.require(known == count, Fault::shape, text_of(shape),
                     "a shape of the input's " + std::to_string(count) + " elements");
    call.output(call.type(0), shape);
}

inline void infer_flatten(Call& call) {
    require_type(call, true);
    const Dimensions& shape = call.shape(0);
    const Int given = call.integer("axis", 1), rank = static_cast<Int>(shape.size());
    call.require(given >= -rank && given <= rank, Fault::bounds, "axis " + std::to_string(given),
                 "one of " + std::to_string(rank));
    const auto axis = static_cast<std::size_t>(given < 0 ? given + rank : given);
    call.output(call.type(0), {product(shape, 0, axis), product(shape, axis, shape.size())});
}

/// Axes are an attribute before version 13.
inline std::vector<bool> chosen_axes(const Call& call, const Dimensions& axes, std::size_t rank) {
    std::vector<bool> chosen(rank);
    for (const Int axis : axes) {
        call.require(!chosen[call.axis(axis, rank)], Fault::duplicate, "axes " + text_of(axes), "each once");
        chosen[call.axis(axis, rank)] = true;
    }
    return chosen;
}
inline void infer_squeeze(Call& call) {
    require_type(call, true);
    const Dimensions& shape = call.shape(0);
    const bool all = !call.has("axes") && !call.given(1);
    const auto chosen = chosen_axes(call, call.attribute_or_input("axes", 1), shape.size());
    Dimensions rest;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (!(all ? shape[i] == 1 : chosen[i])) rest.push_back(shape[i]);
        else call.require(shape[i] == 1, Fault::shape, text_of(shape), "1 at axis " + std::to_string(i));
    }
    call.output(call.type(0), rest);
}
inline void infer_unsqueeze(Call& call) {
    require_type(call, true);
    const Dimensions axes = call.attribute_or_input("axes", 1);
    const auto chosen = chosen_axes(call, axes, call.shape(0).size() + axes.size());
    Dimensions shape;
    auto next = call.shape(0).begin();
    for (const bool is_new : chosen) shape.push_back(is_new ? 1 : *next++);
    call.output(call.type(0), shape);
}

// ── Other places ─────────────────────────────────────────────────────────────────────────────────────────────────────

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
        const auto clamped = [&](Int place, Int least, Int most) {
            return std::clamp(place < 0 ? place + size : place, least, most);
        };
        const Int first = step > 0 ? clamped(starts[i], 0, size) : clamped(starts[i], 0, size - 1),
                  last = step > 0 ? clamped(ends[i], 0, size) : clamped(ends[i], -1, size - 1);
        slices.starts[axis] = first;

        slices.shape[axis] = size == 0 ? 0
                                       : std::max(Int{0}, step > 0 ? (last - first + step - 1) / step
                                                                   : (first - last - step - 1) / -step);
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

/// Pads before and after each dimension; attributes before version 11.
struct Pads {
    Dimensions before, after;
};
inline Pads pads_of(const Call& call) {
    const std::size_t rank = call.shape(0).size();
    Pads pads{Dimensions(rank, 0), Dimensions(rank, 0)};
    Dimensions all(rank);
    std::iota(all.begin(), all.end(), Int{0});
    const Dimensions sizes = call.opset < 11 ? call.integers(call.opset < 2 ? "paddings" : "pads") : call.constants(1),
                     axes = call.constants(3, all);
    chosen_axes(call, axes, rank);
    call.require(sizes.size() == 2 * axes.size(), Fault::shape, "pads " + text_of(sizes), "two for each axis");
    for (std::size_t i = 0; i < axes.size(); ++i) {
        pads.before[call.axis(axes[i], rank)] = sizes[i];
        pads.after[call.axis(axes[i], rank)] = sizes[axes.size() + i];
    }
    return pads;
}
inline void infer_pad(Call& call) {
    require_type(call, true);
    const std::string mode = call.text("mode", "constant");
    call.require(mode == "constant" || mode == "reflect" || mode == "edge" || mode == "wrap", Fault::unsupported,
                 "mode '" + mode + "'", "constant, reflect, edge or wrap");
    call.require(!call.given(2) || call.type(2) == call.type(0), Fault::type, "a filling of another type",
                 std::string(name_of(call.type(0))));
    const Pads pads = pads_of(call);
    Dimensions shape = call.shape(0);
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const Int before = pads.before[i], after = pads.after[i], most = Int{1} << 40;
        call.require(before > -most && before < most && after > -most && after < most, Fault::value, "huge pads",
                     "others");
        call.require(mode != "reflect" || (before < shape[i] && after < shape[i]), Fault::value,
                     "reflections beyond the input", "pads below its sizes");
        call.require(shape[i] != 0 || mode == "constant", Fault::shape, text_of(shape), "something to repeat");
        call.require(shape[i] + before + after >= 0, Fault::shape, "negative pads beyond the input", "a part of it");
        shape[i] += before + after;
    }
    call.output(call.type(0), shape);
}
inline void compute_pad(Call& call) {
    const std::string mode = call.text("mode", "constant");
    const Pads pads = pads_of(call);
    const Dimensions &from = call.operands[0].shape(), &to = call.results[0].shape();
    // for each place of each dimension the place that it is taken from, or -1
    std::vector<Dimensions> sources(to.size());
    for (std::size_t i = 0; i < to.size(); ++i)
        for (Int place = -pads.before[i]; place < to[i] - pads.before[i]; ++place) {
            Int source = place;
            if (mode == "edge") source = std::clamp(place, Int{0}, from[i] - 1);
            else if (mode == "wrap") source = elementwise::modulus(place, from[i]);
            else if (mode == "reflect")
                source = place < 0 ? -place : place >= from[i] ? 2 * (from[i] - 1) - place : place;
            else if (place < 0 || place >= from[i]) source = -1;
            sources[i].push_back(source);
        }
    const Dimensions strides = strides_of(from);
    visit_type(call.results[0].type(), [&]<class T>(T) {
        T filling = static_cast<T>(call.opset < 11 ? call.number("value", 0) : 0);
        if (call.opset >= 11 && call.given(2) && call.operands[2].size() == 1)
            filling = call.operands[2].numbers<T>()[0];
        T* next = call.results[0].writable<T>().data();
        const T* numbers = call.operands[0].numbers<T>().data();
        const Dimensions places = strides_of(to);
        for (std::size_t i = 0; i < call.results[0].size(); ++i) {
            Int at = 0, rest = static_cast<Int>(i);
            for (std::size_t d = 0; d < to.size() && at >= 0; ++d) {
                const Int source = sources[d][static_cast<std::size_t>(rest / places[d])];
                rest %= places[d];
                at = source < 0 ? -1 : at + source * strides[d];
            }
            *next++ = at < 0 ? filling : numbers[at];
        }
    });
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

// ── Numbers from shapes and constants ────────────────────────────────────────────────────────────────────────────────

inline void compute_nothing(Call&) {}

inline void infer_shape(Call& call) {
    const Dimensions& shape = call.shape(0);
    const auto rank = static_cast<Int>(shape.size());
    const auto place = [&](const char* name, Int otherwise) {
        const Int at = call.integer(name, otherwise);
        return std::clamp(at < 0 ? at + rank : at, Int{0}, rank);
    };
    const Int first = place("start", 0), last = std::max(first, place("end", rank));
    call.output(DataType::int64, {last - first});
    call.outputs[0].constant =
        tensor_of(std::span(shape).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first)));
}
inline void infer_size(Call& call) {
    call.output(DataType::int64, {});
    const auto count = static_cast<Int>(io::element_count(call.shape(0)));
    call.outputs[0].constant = tensor_of(std::span(&count, 1)).reshaped({});
}

inline void infer_constant(Call& call) {
    Tensor constant;
    const auto filled = [&](DataType type, const auto& numbers, bool scalar) {
        Tensor tensor(type, scalar ? Dimensions{} : Dimensions{static_cast<Int>(numbers.size())});
        using T = typename std::decay_t<decltype(numbers)>::value_type;
        std::copy(numbers.begin(), numbers.end(), tensor.writable<T>().begin());
        return tensor;
    };
    const AttributeProto* value = call.node->attribute("value");
    const TensorProto* tensor = value == nullptr ? nullptr : std::get_if<TensorProto>(&value->value);
    if (tensor != nullptr) {
        call.require(is_computed(tensor->type), Fault::unsupported,
                     "a constant of type " + std::string(name_of(tensor->type)), "numbers");
        constant = tensor_of(*tensor);
    } else if (call.has("value_float"))
        constant = filled(DataType::float32, std::vector<float>{call.number("value_float", 0)}, true);
    else if (call.has("value_int")) constant = filled(DataType::int64, Dimensions{call.integer("value_int", 0)}, true);
    else if (call.has("value_floats")) constant = filled(DataType::float32, call.numbers("value_floats", {}), false);
    else if (call.has("value_ints")) constant = filled(DataType::int64, call.integers("value_ints"), false);
    else call.fail(Fault::unsupported, "a constant of another kind", "numbers");
    call.output(constant.type(), constant.shape());
    call.outputs[0].constant = constant;
}

inline Tensor filling_of(const Call& call) {
    const AttributeProto* value = call.node->attribute("value");
    if (value == nullptr) return Tensor(DataType::float32, {1});
    const TensorProto* tensor = std::get_if<TensorProto>(&value->value);
    call.require(tensor != nullptr && is_computed(tensor->type) && io::element_count(tensor->shape) == 1,
                 Fault::unsupported, "another value", "one number");
    return tensor_of(*tensor);
}
inline void infer_constant_of_shape(Call& call) {
    const Dimensions shape = call.constants(0);
    call.require(std::ranges::all_of(shape, [](Int size) { return size >= 0; }), Fault::shape, text_of(shape),
                 "sizes of 0 and more");
    call.output(filling_of(call).type(), shape);
}
inline void compute_constant_of_shape(Call& call) {
    const Tensor filling = filling_of(call);
    visit_type(filling.type(),
               [&]<class T>(T) { std::ranges::fill(call.results[0].writable<T>(), filling.numbers<T>()[0]); });
}

inline void infer_range(Call& call) {
    require_type(call, call.type(0) != DataType::boolean);
    elementwise::require_same_types(call);
    for (std::size_t i = 0; i < 3; ++i)
        call.require(call.constant(i).size() == 1, Fault::shape, "a list", "one number");
    const double first = call.constant(0).real(0), last = call.constant(1).real(0), step = call.constant(2).real(0),
                 count = std::ceil((last - first) / step);
    call.require(step != 0 && !(count > 0x1p53), Fault::value, "a range of step " + std::to_string(step), "an end");
    call.output(call.type(0), {count > 0 ? static_cast<Int>(count) : 0});
}
inline void compute_range(Call& call) {
    visit_type(call.type(0), [&]<class T>(T) {
        const T first = call.operands[0].numbers<T>()[0], step = call.operands[2].numbers<T>()[0];
        for (std::size_t i = 0; i < call.results[0].size(); ++i)
            call.results[0].writable<T>()[i] =
                elementwise::sum_of(first, elementwise::product_of(static_cast<T>(i), step));
    });
}

inline void infer_eye_like(Call& call) {
    require_type(call, call.shape(0).size() == 2);
    const auto type = static_cast<DataType>(call.integer("dtype", static_cast<Int>(call.type(0))));
    call.require(is_computed(type), Fault::unsupported, "another type", "numbers");
    call.output(type, call.shape(0));
}
inline void compute_eye_like(Call& call) {
    const Int k = call.integer("k", 0), columns = call.results[0].shape()[1];
    visit_type(call.results[0].type(), [&]<class T>(T) {
        for (Int i = 0; i < static_cast<Int>(call.results[0].size()); ++i)
            call.results[0].writable<T>()[static_cast<std::size_t>(i)] = i % columns - i / columns == k ? T{1} : T{0};
    });
}

inline void infer_non_zero(Call& call) {
    const Tensor& x = call.constant(0);
    Int count = 0;
    for (std::size_t i = 0; i < x.size(); ++i) count += x.real(i) != 0;
    call.output(DataType::int64, {static_cast<Int>(x.rank()), count});
}
inline void compute_non_zero(Call& call) {
    const Tensor& x = call.operands[0];
    const Dimensions strides = strides_of(x.shape());
    const auto count = static_cast<std::size_t>(call.results[0].shape()[1]);
    for (std::size_t i = 0, n = 0; i < x.size(); ++i) {
        if (x.real(i) == 0) continue;
        for (std::size_t d = 0; d < strides.size(); ++d)
            call.results[0].writable<Int>()[d * count + n] = static_cast<Int>(i) / strides[d] % x.shape()[d];
        ++n;
    }
}

inline void infer_one_hot(Call& call) {
    require_type(call, true);
    const Dimensions depth = call.constants(1);
    call.require(depth.size() == 1 && depth[0] >= 0, Fault::value, "another depth", "one size");
    call.require(is_computed(call.type(2)) && io::element_count(call.shape(2)) == 2, Fault::shape, "other values",
                 "two");
    Dimensions shape = call.shape(0);
    shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(call.axis(call.integer("axis", -1), shape.size() + 1)),
                 depth[0]);
    call.output(call.type(2), shape);
}
inline void compute_one_hot(Call& call) {
    const Dimensions& shape = call.results[0].shape();
    const std::size_t axis = call.axis(call.integer("axis", -1), shape.size());
    const Int depth = shape[axis], after = product(shape, axis + 1, shape.size());
    visit_type(call.results[0].type(), [&]<class T>(T) {
        const auto values = call.operands[2].numbers<T>();
        std::ranges::fill(call.results[0].writable<T>(), values[0]);
        for (std::size_t i = 0; i < call.operands[0].size(); ++i) {
            Int index = whole(call.operands[0].real(i));
            if (index < 0) index += depth;
            if (index < 0 || index >= depth) continue;
            const Int place = static_cast<Int>(i);
            call.results[0]
                .writable<T>()[static_cast<std::size_t>((place / after * depth + index) * after + place % after)] =
                values[1];
        }
    });
}

inline void infer_cum_sum(Call& call) {
    require_type(call, call.type(0) != DataType::boolean);
    call.require(call.constants(1).size() == 1, Fault::shape, "several axes", "one");
    call.axis(call.constants(1)[0], call.shape(0).size());
    call.output(call.type(0), call.shape(0));
}
inline void compute_cum_sum(Call& call) {
    const Dimensions& shape = call.operands[0].shape();
    const std::size_t axis = call.axis(call.constants(1)[0], shape.size());
    const Int after = product(shape, axis + 1, shape.size()), size = shape[axis], outer = product(shape, 0, axis);
    const bool exclusive = call.integer("exclusive", 0) != 0, reverse = call.integer("reverse", 0) != 0;
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        const T* x = call.operands[0].numbers<T>().data();
        T* y = call.results[0].writable<T>().data();
        for (Int line = 0; line < outer * after; ++line) {
            T sum = 0;
            for (Int i = 0; i < size; ++i) {
                const Int at = (line / after * size + (reverse ? size - 1 - i : i)) * after + line % after;
                if (!exclusive) sum = elementwise::sum_of(sum, x[at]);
                y[at] = sum;
                if (exclusive) sum = elementwise::sum_of(sum, x[at]);
            }
        }
    });
}

// ── Places that are numbers ──────────────────────────────────────────────────────────────────────────────────────────

inline void require_indices(const Call& call, std::size_t i) {
    call.require(call.type(i) == DataType::int64 || call.type(i) == DataType::int32, Fault::type,
                 "indices of type " + std::string(name_of(call.type(i))), "int64 or int32");
}
/// If indices are constants, they are checked before anything runs.
inline void check_constant_indices(const Call& call, std::size_t i, Int size) {
    if (call.inputs[i].constant)
        for (const Int index : call.inputs[i].constant->numbers<Int>()) checked_index(index, size);
}

inline void infer_gather(Call& call) {
    require_type(call, true);
    require_indices(call, 1);
    const Dimensions& x = call.shape(0);
    const std::size_t axis = call.axis(call.integer("axis", 0), x.size());
    check_constant_indices(call, 1, x[axis]);
    Dimensions shape(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(axis));
    shape.insert(shape.end(), call.shape(1).begin(), call.shape(1).end());
    shape.insert(shape.end(), x.begin() + static_cast<std::ptrdiff_t>(axis) + 1, x.end());
    call.output(call.type(0), shape);
}
inline void compute_gather(Call& call) {
    const Tensor &x = call.operands[0], &indices = call.operands[1];
    const std::size_t axis = call.axis(call.integer("axis", 0), x.rank());
    const auto after = static_cast<std::size_t>(product(x.shape(), axis + 1, x.rank())),
               outer = static_cast<std::size_t>(product(x.shape(), 0, axis));
    const Int size = x.shape()[axis];
    visit_type(x.type(), [&]<class T>(T) {
        T* next = call.results[0].writable<T>().data();
        for (std::size_t i = 0; i < outer; ++i)
            for (const Int index : indices.numbers<Int>()) {
                const auto place = static_cast<std::size_t>(checked_index(index, size));
                next = std::copy_n(x.numbers<T>().data() + (i * static_cast<std::size_t>(size) + place) * after, after,
                                   next);
            }
    });
}

inline void require_elements(Call& call, std::size_t indices) {
    require_type(call, true);
    require_indices(call, indices);
    const Dimensions &x = call.shape(0), &i = call.shape(indices);
    const std::size_t axis = call.axis(call.integer("axis", 0), x.size());
    bool fits = i.size() == x.size();
    for (std::size_t d = 0; fits && d < x.size(); ++d) fits = d == axis || i[d] <= x[d];
    call.require(fits, Fault::shape, "indices " + text_of(i), "a part of " + text_of(x));
    check_constant_indices(call, indices, x[axis]);
}
/// Calls f(i, place): element i of the indices means that place of `x`.
template <class F>
void for_each_element(const Call& call, const Tensor& x, const Tensor& indices, F&& f) {
    const std::size_t axis = call.axis(call.integer("axis", 0), x.rank());
    const Dimensions places = strides_of(indices.shape()), strides = strides_of(x.shape());
    for (std::size_t i = 0; i < indices.size(); ++i) {
        Int at = 0;
        for (std::size_t d = 0; d < places.size(); ++d) {
            const Int place = d == axis ? checked_index(indices.numbers<Int>()[i], x.shape()[d])
                                        : static_cast<Int>(i) / places[d] % indices.shape()[d];
            at += place * strides[d];
        }
        f(i, static_cast<std::size_t>(at));
    }
}
inline void infer_gather_elements(Call& call) {
    require_elements(call, 1);
    call.output(call.type(0), call.shape(1));
}
inline void compute_gather_elements(Call& call) {
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        for_each_element(call, call.operands[0], call.operands[1], [&](std::size_t i, std::size_t at) {
            call.results[0].writable<T>()[i] = call.operands[0].numbers<T>()[at];
        });
    });
}

inline void require_reduction(const Call& call) {
    const std::string name = call.text("reduction", "none");
    for (const char* known : {"none", "add", "mul", "max", "min"})
        if (name == known) return;
    call.fail(Fault::unsupported, "reduction '" + name + "'", "none, add, mul, max or min");
}
template <class T>
T reduced(const std::string& name, T old, T update) {
    return name == "add"   ? elementwise::sum_of(old, update)
           : name == "mul" ? elementwise::product_of(old, update)
           : name == "max" ? std::max(old, update)
           : name == "min" ? std::min(old, update)
                           : update;
}
inline void infer_scatter_elements(Call& call) {
    require_elements(call, 1);
    require_reduction(call);
    call.require(call.shape(2) == call.shape(1) && call.type(2) == call.type(0), Fault::shape,
                 "updates " + text_of(call.shape(2)), text_of(call.shape(1)));
    call.output(call.type(0), call.shape(0));
}
inline void compute_scatter_elements(Call& call) {
    const std::string reduction = call.text("reduction", "none");
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        const auto y = call.results[0].writable<T>();
        std::ranges::copy(call.operands[0].numbers<T>(), y.begin());
        for_each_element(call, call.operands[0], call.operands[1], [&](std::size_t i, std::size_t at) {
            y[at] = reduced(reduction, y[at], call.operands[2].numbers<T>()[i]);
        });
    });
}

/// Indices' last dimension holds places of the first dimensions of x, after those of batches.
inline void require_tuples(Call& call, std::size_t batch) {
    require_type(call, true);
    require_indices(call, 1);
    const Dimensions &x = call.shape(0), &i = call.shape(1);
    bool fits =
        !i.empty() && batch < i.size() && i.back() >= 0 && batch + static_cast<std::size_t>(i.back()) <= x.size();
    for (std::size_t d = 0; fits && d < batch; ++d) fits = i[d] == x[d];
    call.require(fits, Fault::shape, "indices " + text_of(i), "places in " + text_of(x));
}
/// Calls f(n, place): tuple n of the indices means the part of `x` from that place.
template <class F>
void for_each_tuple(const Tensor& x, const Tensor& indices, std::size_t batch, F&& f) {
    const Dimensions strides = strides_of(x.shape());
    const auto length = static_cast<std::size_t>(indices.shape().back());
    const std::size_t count = static_cast<std::size_t>(product(indices.shape(), 0, indices.rank() - 1)),
                      batches = static_cast<std::size_t>(product(indices.shape(), 0, batch));
    for (std::size_t n = 0; n < count; ++n) {
        Int at = batch == 0 ? 0 : static_cast<Int>(n / (count / batches)) * strides[batch - 1];
        for (std::size_t d = 0; d < length; ++d)
            at += checked_index(indices.numbers<Int>()[n * length + d], x.shape()[batch + d]) * strides[batch + d];
        f(n, static_cast<std::size_t>(at));
    }
}
inline std::size_t batch_of(const Call& call) {
    const Int batch = call.integer("batch_dims", 0);
    call.require(batch >= 0 && batch < 64, Fault::value, "batch_dims " + std::to_string(batch), "0 or more");
    return static_cast<std::size_t>(batch);
}
inline void infer_gather_nd(Call& call) {
    const std::size_t batch = batch_of(call);
    require_tuples(call, batch);
    Dimensions shape(call.shape(1).begin(), call.shape(1).end() - 1);
    shape.insert(shape.end(), call.shape(0).begin() + static_cast<std::ptrdiff_t>(batch) + call.shape(1).back(),
                 call.shape(0).end());
    call.output(call.type(0), shape);
}
inline void compute_gather_nd(Call& call) {
    const Tensor &x = call.operands[0], &indices = call.operands[1];
    const std::size_t batch = batch_of(call),
                      part = static_cast<std::size_t>(
                          product(x.shape(), batch + static_cast<std::size_t>(indices.shape().back()), x.rank()));
    visit_type(x.type(), [&]<class T>(T) {
        for_each_tuple(x, indices, batch, [&](std::size_t n, std::size_t at) {
            std::copy_n(x.numbers<T>().data() + at, part, call.results[0].writable<T>().data() + n * part);
        });
    });
}
inline void infer_scatter_nd(Call& call) {
    require_tuples(call, 0);
    require_reduction(call);
    Dimensions shape(call.shape(1).begin(), call.shape(1).end() - 1);
    shape.insert(shape.end(), call.shape(0).begin() + call.shape(1).back(), call.shape(0).end());
    call.require(call.shape(2) == shape && call.type(2) == call.type(0), Fault::shape,
                 "updates " + text_of(call.shape(2)), text_of(shape));
    call.output(call.type(0), call.shape(0));
}
inline void compute_scatter_nd(Call& call) {
    const Tensor &x = call.operands[0], &indices = call.operands[1];
    const std::string reduction = call.text("reduction", "none");
    const auto part =
        static_cast<std::size_t>(product(x.shape(), static_cast<std::size_t>(indices.shape().back()), x.rank()));
    visit_type(x.type(), [&]<class T>(T) {
        const auto y = call.results[0].writable<T>();
        std::ranges::copy(x.numbers<T>(), y.begin());
        for_each_tuple(x, indices, 0, [&](std::size_t n, std::size_t at) {
            for (std::size_t i = 0; i < part; ++i)
                y[at + i] = reduced(reduction, y[at + i], call.operands[2].numbers<T>()[n * part + i]);
        });
    });
}

inline void infer_top_k(Call& call) {
    require_type(call, call.type(0) != DataType::boolean);
    Dimensions shape = call.shape(0);
    const std::size_t axis = call.axis(call.integer("axis", -1), shape.size());
    const Dimensions ks = call.opset < 10 ? Dimensions{call.integer("k", 0)} : call.constants(1);
    call.require(ks.size() == 1, Fault::shape, "k " + text_of(ks), "one number");
    const Int k = ks[0];
    call.require(k >= 0 && k <= shape[axis], Fault::value, "k " + std::to_string(k),
                 "at most " + std::to_string(shape[axis]));
    shape[axis] = k;
    call.output(call.type(0), shape);
    call.output(DataType::int64, shape);
}
inline void compute_top_k(Call& call) {
    const Tensor& x = call.operands[0];
    const std::size_t axis = call.axis(call.integer("axis", -1), x.rank());
    const Int after = product(x.shape(), axis + 1, x.rank()), size = x.shape()[axis], k = call.results[0].shape()[axis];
    const bool largest = call.integer("largest", 1) != 0;
    visit_type(x.type(), [&]<class T>(T) {
        const T* numbers = x.numbers<T>().data();
        Dimensions order(static_cast<std::size_t>(size));
        for (Int line = 0; line < product(x.shape(), 0, axis) * after; ++line) {
            const auto place = [&](Int i, Int count) {
                return static_cast<std::size_t>((line / after * count + i) * after + line % after);
            };
            std::iota(order.begin(), order.end(), Int{0});
            std::ranges::stable_sort(order, [&](Int a, Int b) {
                const T left = numbers[place(a, size)], right = numbers[place(b, size)];
                return largest ? left > right : left < right;
            });
            for (Int i = 0; i < k; ++i) {
                call.results[0].writable<T>()[place(i, k)] = numbers[place(order[static_cast<std::size_t>(i)], size)];
                call.results[1].writable<Int>()[place(i, k)] = order[static_cast<std::size_t>(i)];
            }
        }
    });
}

inline void infer_compress(Call& call) {
    require_type(call, true);
    const Dimensions chosen = call.constants(1);
    Dimensions shape =
        call.has("axis") ? call.shape(0) : Dimensions{static_cast<Int>(io::element_count(call.shape(0)))};
    Int& size = shape[call.axis(call.integer("axis", 0), shape.size())];
    call.require(static_cast<Int>(chosen.size()) <= size, Fault::shape, text_of(chosen),
                 "at most " + std::to_string(size));
    size = static_cast<Int>(std::ranges::count_if(chosen, [](Int one) { return one != 0; }));
    call.output(call.type(0), shape);
}
inline void compute_compress(Call& call) {
    const Tensor x =
        call.has("axis") ? call.operands[0] : call.operands[0].reshaped({static_cast<Int>(call.operands[0].size())});
    const std::size_t axis = call.axis(call.integer("axis", 0), x.rank());
    const Dimensions chosen = call.constants(1);
    for (std::size_t i = 0, n = 0; i < chosen.size(); ++i)
        if (chosen[i] != 0) copy_part(call.results[0], static_cast<Int>(n++), x, static_cast<Int>(i), 1, axis);
}

inline bool same_shape(const Call& call) { return call.outputs[0].shape == call.shape(0); }
inline bool one_part(const Call& call) { return call.node->outputs.size() == 1; }
inline bool one_input(const Call& call) { return call.inputs.size() == 1; }
inline bool no_order(const Call& call) { return std::ranges::is_sorted(order_of(call, call.shape(0).size())); }
inline bool no_slices(const Call& call) {
    const Slices slices = slices_of(call);
    for (std::size_t i = 0; i < slices.shape.size(); ++i)
        if (slices.shape[i] != call.shape(0)[i] || (slices.steps[i] != 1 && slices.shape[i] > 1)) return false;
    return true;
}
inline bool no_pads(const Call& call) {
    const Pads pads = pads_of(call);
    const auto zero = [](Int size) { return size == 0; };
    return std::ranges::all_of(pads.before, zero) && std::ranges::all_of(pads.after, zero);
}

inline void add_to(std::vector<Operator>& table) {
    const Operator all[] = {
        {"Reshape", 1, 2, "shape allowzero", infer_reshape, compute_view, same_shape},
        {"Flatten", 1, 1, "axis", infer_flatten, compute_view, same_shape},
        {"Squeeze", 1, 2, "axes", infer_squeeze, compute_view, same_shape},
        {"Unsqueeze", 1, 2, "axes", infer_unsqueeze, compute_view, same_shape},
        {"Transpose", 1, 1, "perm", infer_transpose, compute_transpose, no_order},
        {"Slice", 1, 5, "starts ends axes", infer_slice, compute_slice, no_slices},
        {"Expand", 2, 2, "", infer_expand, compute_expand, same_shape},
        {"Tile", 2, 2, "", infer_tile, compute_tile, same_shape},
        {"Concat", 1, 1 << 20, "axis", infer_concat, compute_concat, one_input},
        {"Split", 1, 2, "axis split num_outputs", infer_split, compute_split, one_part},
        {"Pad", 1, 4, "mode pads paddings value", infer_pad, compute_pad, no_pads},
        {"DepthToSpace", 1, 1, "blocksize mode", infer_depth_to_space, compute_depth_to_space},
        {"SpaceToDepth", 1, 1, "blocksize mode", infer_space_to_depth, compute_space_to_depth},
        {"Trilu", 1, 2, "upper", infer_trilu, compute_trilu},
        {"Shape", 1, 1, "start end", infer_shape, compute_nothing},
        {"Size", 1, 1, "", infer_size, compute_nothing},
        {"Constant", 0, 0, "value value_float value_floats value_int value_ints", infer_constant, compute_nothing},
        {"ConstantOfShape", 1, 1, "value", infer_constant_of_shape, compute_constant_of_shape},
        {"Range", 3, 3, "", infer_range, compute_range},
        {"EyeLike", 1, 1, "dtype k", infer_eye_like, compute_eye_like},
        {"NonZero", 1, 1, "", infer_non_zero, compute_non_zero},
        {"OneHot", 3, 3, "axis", infer_one_hot, compute_one_hot},
        {"CumSum", 2, 2, "exclusive reverse", infer_cum_sum, compute_cum_sum},
        {"Gather", 2, 2, "axis", infer_gather, compute_gather},
        {"GatherElements", 2, 2, "axis", infer_gather_elements, compute_gather_elements},
        {"GatherND", 2, 2, "batch_dims", infer_gather_nd, compute_gather_nd},
        {"Scatter", 3, 3, "axis", infer_scatter_elements, compute_scatter_elements},
        {"ScatterElements", 3, 3, "axis reduction", infer_scatter_elements, compute_scatter_elements},
        {"ScatterND", 3, 3, "reduction", infer_scatter_nd, compute_scatter_nd},
        {"TopK", 1, 2, "axis largest sorted k", infer_top_k, compute_top_k},
        {"Compress", 2, 2, "axis", infer_compress, compute_compress},
    };
    table.insert(table.end(), std::begin(all), std::end(all));
}

}  // namespace taxon::onnx::movement
