#pragma once
#include <array>
#include <concepts>
#include <span>
#include <string_view>
#include <taxon/core/shape.hpp>

namespace taxon {

/// An input or output of a network. An architecture with several inputs, or with a name for its only one, lists them
/// instead of an `input`; its trace finds them by `Tracer::input` and names its results by `Tracer::output`:
///
///     static constexpr std::array inputs{Port{"picture", {3, 32, 32}}, Port{"place", {4}}};
struct Port {
    std::string_view name{};  ///< empty for an only one without a name
    Shape shape{};
    int node = 0;  ///< whose value it is
};

/// The size of a sample: of its inputs, or its outputs, all of them, at `length` tokens.
constexpr std::size_t sample_size(std::span<const Port> ports, int length) {
    std::size_t sum = 0;
    for (const Port& port : ports) sum += port.shape.size_of(length);
    return sum;
}

namespace detail {

constexpr std::size_t size(int count) { return static_cast<std::size_t>(count); }

}  // namespace detail

/// The shape of an architecture's input, the first if there are several.
template <class A>
inline constexpr Shape first_input = [] {
    if constexpr (requires { A::inputs; }) return A::inputs[0].shape;
    else return A::input;
}();

/// An architecture's inputs, the first one of another shape.
template <class A, Shape First>
inline constexpr auto inputs_of = [] {
    if constexpr (requires { A::inputs; }) {
        auto inputs = A::inputs;
        inputs[0].shape = First;
        for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i].node = static_cast<int>(i);
        return inputs;
    } else return std::array{Port{.shape = First}};
}();

}  // namespace taxon
