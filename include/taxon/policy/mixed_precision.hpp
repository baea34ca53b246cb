#pragma once
#include <taxon/core/text.hpp>
#include <taxon/policy/precision.hpp>

namespace taxon::precision {

/// `Base`, a quantized precision or BFloat16, except that the named convolutions and linear layers compute in float,
/// with the type that `Base` has for other weights. A layer's name is its path in the state dict; a block's name stands
/// for all layers in it:
///
///     using O2 = precision::MixedPrecision<"o2", precision::QInt8MixedFloat32, "features.0.0", "features.4">;
///
/// `Name` is the policy's whole name, not a suffix of Base's: the layers differ from network to network, and a command
/// line's table needs one word for the level that each of them offers. A name that matches no such layer is a compile
/// error. quantize::keep finds the layers that are worth it.
template <FixedString Name, class Base, FixedString... Layers>
struct MixedPrecision {
    static_assert(Base::data_types.values != Element::float32,
                  "taxon::precision::MixedPrecision: wants a quantized precision or BFloat16, for others compute in "
                  "floats anyway");
    static_assert(Base::data_types.float_layers.empty(),
                  "taxon::precision::MixedPrecision: of another MixedPrecision; name all layers in one");
    static_assert(sizeof...(Layers) <= LayerNames::most,
                  "taxon::precision::MixedPrecision: more than 32 names; name blocks, whose layers are all kept");
    static constexpr std::string_view name = Name.view();
    static constexpr std::array<std::string_view, sizeof...(Layers)> layers{Layers.view()...};
    static constexpr DataTypes data_types{Base::data_types.values, Base::data_types.matrices, Base::data_types.others,
                                          LayerNames::of(layers), Base::data_types.seven_bits};
};

}  // namespace taxon::precision
