#pragma once
#include <concepts>
#include <string_view>

namespace taxon {

/// A policy that says whether layers may be fused.
template <class E>
concept Execution = requires {
    { E::fuses } -> std::convertible_to<bool>;
};

namespace execution {

/// Convolution, normalisation, activation and residual in one step; values share memory. The default.
struct Fused {
    static constexpr std::string_view name = "fused";
    static constexpr bool fuses = true;
};

/// Every layer is a step of its own, and every value can be looked at.
struct LayerByLayer {
    static constexpr std::string_view name = "layer_by_layer";
    static constexpr bool fuses = false;
};

}  // namespace execution
}  // namespace taxon
