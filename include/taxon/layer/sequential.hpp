#pragma once
#include <taxon/graph/tracer.hpp>
#include <type_traits>

namespace taxon {

/// A child with an explicit name: `Named<"classifier", Linear<…>>` has the parameters classifier.weight and
/// classifier.bias.
template <FixedString Name, Layer Child>
struct Named {
    static constexpr auto name = Name;
    static constexpr void trace(Tracer& tracer) { Child::trace(tracer); }
};

/// An absent child, which takes no number.
struct Absent {
    static constexpr void trace(Tracer&) {}
};
template <bool Present, Layer Child>
using If = std::conditional_t<Present, Child, Absent>;

namespace detail {

/// Traces a child under its name, or else under its number.
template <class Child>
constexpr void trace_child(Tracer& tracer, int& number) {
    if constexpr (std::is_same_v<Child, Absent>) return;
    else if constexpr (requires { Child::name; }) tracer.scope(Child::name.view(), Child::trace);
    else tracer.scope(number, Child::trace);
    ++number;
}

/// Traces a layer's only child, which takes no number: under its name if it has one.
template <class Child>
constexpr void trace_only_child(Tracer& tracer) {
    if constexpr (requires { Child::name; }) tracer.scope(Child::name.view(), Child::trace);
    else Child::trace(tracer);
}

}  // namespace detail

/// Children in sequence, named 0, 1, 2, … unless `Named`.
template <Layer... Children>
struct Sequential {
    static constexpr void trace(Tracer& tracer) {
        int number = 0;
        (detail::trace_child<Children>(tracer, number), ...);
    }
};

}  // namespace taxon
