#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <taxon/number/element.hpp>

namespace taxon::io {

/// An element type by its name in safetensors. `element` is empty for types that the library does not compute with.
struct SafetensorsType {
    std::string_view name;
    std::uint64_t bits;
    std::optional<Element> element;
};

/// In the order in which the safetensors library sorts tensors when it writes, smallest alignment first.
inline constexpr SafetensorsType safetensors_types[] = {
    {"BOOL", 8, Element::boolean},
    {"F4", 4, {}},
    {"F6_E2M3", 6, {}},
    {"F6_E3M2", 6, {}},
    {"U8", 8, Element::uint8},
    {"I8", 8, Element::int8},
    {"F8_E5M2", 8, {}},
    {"F8_E4M3", 8, {}},
    {"F8_E8M0", 8, {}},
    {"F8_E4M3FNUZ", 8, {}},
    {"F8_E5M2FNUZ", 8, {}},
    {"I16", 16, Element::int16},
    {"U16", 16, {}},
    {"F16", 16, Element::float16},
    {"BF16", 16, Element::bfloat16},
    {"I32", 32, Element::int32},
    {"U32", 32, {}},
    {"F32", 32, Element::float32},
    {"C64", 64, {}},
    {"F64", 64, Element::float64},
    {"I64", 64, Element::int64},
    {"U64", 64, {}},
};

/// The type of this name, or null.
constexpr const SafetensorsType* find_safetensors_type(std::string_view name) {
    for (const SafetensorsType& type : safetensors_types)
        if (type.name == name) return &type;
    return nullptr;
}

}  // namespace taxon::io
