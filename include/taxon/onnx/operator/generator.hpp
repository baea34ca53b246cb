#pragma once
#include <algorithm>
#include <cmath>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/view.hpp>
#include <taxon/onnx/places.hpp>
#include <taxon/onnx/stored_numbers.hpp>
#include <vector>

/// Operators that make numbers from shapes and constants.
namespace taxon::onnx::movement {

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
        constant = tensor_of(*tensor, call.checking);
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
    call.read(x.size());
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

}  // namespace taxon::onnx::movement
