#pragma once
#include <string>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/elementwise.hpp>
#include <vector>

/// Operators that give the same numbers another shape; and what operators that move numbers share.
namespace taxon::onnx::movement {

using elementwise::require_type;
using Int = std::int64_t;

inline std::string text_of(const Dimensions& numbers) { return io::to_string(numbers); }

/// Which axes of a rank are chosen; each once.
inline std::vector<bool> chosen_axes(const Call& call, const Dimensions& axes, std::size_t rank) {
    std::vector<bool> chosen(rank);
    for (const Int axis : axes) {
        call.require(!chosen[call.axis(axis, rank)], Fault::duplicate, "axes " + text_of(axes), "each once");
        chosen[call.axis(axis, rank)] = true;
    }
    return chosen;
}

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

}  // namespace taxon::onnx::movement
