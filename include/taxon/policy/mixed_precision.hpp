#pragma once
#include <taxon/core/text.hpp>
#include <taxon/policy/precision.hpp>

namespace taxon::precision {

/// As `Base`, a quantized precision or BFloat16, but the named convolutions and linear layers are computed in floats, with weights as
/// `Base` stores the other ones. A layer's name is its path in the state dict; that of a block is for all layers in it:
///
///     using O2 = precision::Keeping<"o2", precision::QInt8MixedFloat32, "features.0.0", "features.4">;
///
/// `Name` is all of the policy's name, and not a suffix of Base's: the layers to keep differ from network to network, and a command line's
/// table wants one word for the level that each of them has. A name that no such layer has is a compile-time error.
/// quantize::keep finds the layers that are worth it.
template <FixedString Name, class Base, FixedString... Layers>
struct Keeping {
    static_assert(Base::storage.values != Element::float32, "taxon::precision::Keeping: wants a quantized precision or BFloat16, for others compute in floats anyway");
    static_assert(Base::storage.kept.empty(), "taxon::precision::Keeping: of another Keeping; name all layers in one");
    static_assert(sizeof...(Layers) <= LayerNames::most, "taxon::precision::Keeping: more than 32 names; name blocks, whose layers are all kept");
    static constexpr std::string_view name = Name.view();
    static constexpr std::array<std::string_view, sizeof...(Layers)> layers{Layers.view()...};
    static constexpr Storage storage{Base::storage.values, Base::storage.matrices, Base::storage.others, LayerNames::of(layers)};
};

}  // namespace taxon::precision
