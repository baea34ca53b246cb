#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <taxon/onnx/call.hpp>

/// What operators ask of their inputs' types, and arithmetic that they share.
namespace taxon::onnx::elementwise {

using Int = std::int64_t;

template <class Rule, std::size_t N>
const Rule& rule_of(const Rule (&rules)[N], const Call& call) {
    for (const Rule& rule : rules)
        if (rule.name == call.node->operation) return rule;
    call.fail(Fault::unsupported, "no rule", "one");
}

inline void require_type(const Call& call, bool holds) {
    call.require(holds && is_computed(call.type(0)), Fault::unsupported,
                 "numbers of type " + std::string(name_of(call.type(0))), "another type");
}
inline void require_same_types(const Call& call) {
    for (std::size_t i = 1; i < call.inputs.size(); ++i)
        call.require(!call.given(i) || call.type(i) == call.type(0), Fault::type,
                     std::string(name_of(call.type(0))) + " and " + std::string(name_of(call.type(i))), "one type");
}

/// Before version 7 the second operand said where its dimensions belong: from an axis on, for PRelu the second one.
inline Dimensions aligned_shape(const Call& call) {
    const Dimensions &wide = call.shape(0), &own = call.shape(1);
    const bool slopes = call.node->operation == "PRelu" && own.size() == 1 && wide.size() > 1;
    if (call.opset >= 7 || !(call.has("axis") || slopes)) return own;
    const std::size_t axis = slopes ? 1 : call.axis(call.integer("axis", 0), wide.size());
    call.require(axis + own.size() <= wide.size(), Fault::shape,
                 io::to_string(own) + " from axis " + std::to_string(axis), "a part of " + io::to_string(wide));
    Dimensions shape(wide.size(), 1);
    std::copy(own.begin(), own.end(), shape.begin() + static_cast<std::ptrdiff_t>(axis));
    return shape;
}

/// Whole numbers overflow as unsigned ones do.
inline Int wrapped(std::uint64_t number) { return static_cast<Int>(number); }
inline Int negative(Int x) { return static_cast<Int>(-static_cast<std::uint64_t>(x)); }
/// Sums and products of whole numbers are those of unsigned ones.
template <class T>
T sum_of(T a, T b) {
    if constexpr (std::is_same_v<T, Int>) return wrapped(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
    else return a + b;
}
template <class T>
T product_of(T a, T b) {
    if constexpr (std::is_same_v<T, Int>) return wrapped(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
    else return a * b;
}
/// y = f(x) for each number; of the kept type.
template <class F>
void map(Call& call, F&& f) {
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        const auto from = call.operands[0].numbers<T>();
        const auto to = call.results[0].writable<T>();
        for (std::size_t i = 0; i < from.size(); ++i) to[i] = static_cast<T>(f(from[i]));
    });
}

}  // namespace taxon::onnx::elementwise
