#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace taxon {

/// Element types of tensors, in memory or in a file.
enum class Element : std::uint8_t { float32, float64, float16, bfloat16, uint8, int8, int16, int32, int64, boolean };

/// Bytes of one element.
constexpr std::size_t size_of(Element element) {
    switch (element) {
        case Element::float64:
        case Element::int64: return 8;
        case Element::float32:
        case Element::int32: return 4;
        case Element::float16:
        case Element::bfloat16:
        case Element::int16: return 2;
        case Element::uint8:
        case Element::int8:
        case Element::boolean: return 1;
    }
    return 0;
}

constexpr std::string_view name_of(Element element) {
    constexpr std::string_view names[] = {"float32", "float64", "float16", "bfloat16", "uint8",
                                          "int8",    "int16",   "int32",   "int64",    "boolean"};
    return names[static_cast<int>(element)];
}

constexpr bool is_floating(Element element) {
    return element == Element::float32 || element == Element::float64 || element == Element::float16 ||
           element == Element::bfloat16;
}

/// Inputs multiplied at once where weights have this type: one 32-bit lane's worth, or a single one that is widened.
constexpr int fold_of(Element weights) {
    switch (weights) {
        case Element::bfloat16:
        case Element::int16: return 2;
        case Element::int8: return 4;
        default: return 1;
    }
}

}  // namespace taxon
