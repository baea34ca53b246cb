#pragma once
#include <concepts>
#include <string_view>

namespace taxon {

/// Policy: whether layers may be fused.
template <class E>
concept Execution = requires {
    { E::fuses } -> std::convertible_to<bool>;
};

namespace execution {

/// Fuses convolution, normalisation, activation and residual into one step; values share memory. The default.
struct Fused {
    static constexpr std::string_view name = "fused";
    static constexpr bool fuses = true;
};

/// Runs every layer as a step of its own; every value stays visible.
struct LayerByLayer {
    static constexpr std::string_view name = "layer_by_layer";
    static constexpr bool fuses = false;
};

}  // namespace execution
}  // namespace taxon
