#pragma once
#include <string_view>

namespace taxon {

/// A policy that says how numbers are stored: the type of a packed weight.
template <class P>
concept Precision = requires { typename P::Weight; P::name; };

namespace precision {

/// Weights and activations as 32-bit floats. The default.
struct Float32 {
    static constexpr std::string_view name = "force_float32";
    using Weight = float;
};

}  // namespace precision
}  // namespace taxon
