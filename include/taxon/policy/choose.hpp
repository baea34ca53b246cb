#pragma once
#include <taxon/policy/backend.hpp>
#include <taxon/policy/execution.hpp>
#include <taxon/policy/precision.hpp>
#include <taxon/policy/preprocess.hpp>
#include <taxon/policy/shape_mode.hpp>
#include <type_traits>

/// Policies are recognised by their members, so their order does not matter.
namespace taxon::policy {

// C++20 has no concepts as template parameters, so every axis has a template that can be one.
template <class P>
struct IsBackend : std::bool_constant<Backend<P>> {};
template <class P>
struct IsPrecision : std::bool_constant<Precision<P>> {};
template <class P>
struct IsShapeMode : std::bool_constant<ShapeMode<P>> {};
template <class P>
struct IsPreprocess : std::bool_constant<Preprocess<P>> {};
template <class P>
struct IsExecution : std::bool_constant<Execution<P>> {};

template <class P>
inline constexpr int axes = Backend<P> + Precision<P> + ShapeMode<P> + Preprocess<P> + Execution<P>;

/// Names the offending argument: NotAPolicy<int>.
template <class P>
struct NotAPolicy {
    static_assert(
        axes<P> > 0,
        "taxon::Model: the argument of NotAPolicy<...> is no Backend, Precision, ShapeMode, Preprocess or Execution");
    static_assert(axes<P> < 2, "taxon::Model: the argument of NotAPolicy<...> is a policy of several axes at once");
    static constexpr bool absent = true;
};

template <template <class> class Axis, class... Policies>
inline constexpr bool at_most_one = (0 + ... + Axis<Policies>::value) <= 1;

/// The first of `Policies` on the axis, or the default.
template <template <class> class Axis, class Default, class... Policies>
struct Choose : std::type_identity<Default> {};
template <template <class> class Axis, class Default, class First, class... Rest>
struct Choose<Axis, Default, First, Rest...>
    : std::conditional_t<Axis<First>::value, std::type_identity<First>, Choose<Axis, Default, Rest...>> {};

}  // namespace taxon::policy
