#pragma once
#include <taxon/core/text.hpp>
#include <taxon/policy/precision.hpp>

namespace taxon::precision {

/// As `Base`, a quantized precision or BFloat16, but the named convolutions and linear layers are computed in floats,
/// with weights as `Base` stores the other ones. A layer's name is its path in the state dict; that of a block is for
/// all layers in it:
///
///     using O2 = precision::MixedPrecision<"o2", precision::QInt8MixedFloat32, "features.0.0", "features.4">;
///
/// `Name` is all of the policy's name, and not a suffix of Base's: the layers to keep differ from network to network,
/// and a command line's table wants one word for the level that each of them has. A name that no such layer has is a
/// compile-time error. quantize::keep finds the layers that are worth it.
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
                                          LayerNames::of(layers)};
};

}  // namespace taxon::precision
