#pragma once
#include <cstddef>
#include <taxon/number/element.hpp>
#include <taxon/number/half.hpp>
#include <type_traits>

namespace taxon::cpu {

namespace stored {
template <Element E>
struct NumberOf {
    using type = float;
};
template <>
struct NumberOf<Element::float16> {
    using type = half;
};
template <>
struct NumberOf<Element::bfloat16> {
    using type = bfloat16;
};
template <>
struct NumberOf<Element::uint8> {
    using type = std::uint8_t;
};
template <>
struct NumberOf<Element::int8> {
    using type = std::int8_t;
};
template <>
struct NumberOf<Element::int16> {
    using type = std::int16_t;
};
}  // namespace stored

/// A number as it is stored in a buffer or in packed weights.
template <Element E>
using Number = typename stored::NumberOf<E>::type;

constexpr bool is_integer(Element element) {
    return element == Element::uint8 || element == Element::int8 || element == Element::int16;
}

/// Maps stored integers to real numbers: (integer − zero point) · scale. Other types represent themselves.
struct QuantizationParameters {
    float scale = 1, inverse_scale = 1, zero_point = 0;
};

/// Calls `visit` with a function that reads element `index` of `numbers`, stored as `element`.
template <class Visit>
void visit_numbers(const std::byte* numbers, Element element, QuantizationParameters as, Visit visit) {
    const auto of_type = [&]<class T>(const T* stored) {
        visit([=](std::ptrdiff_t index) {
            if constexpr (std::is_integral_v<T>) return (static_cast<float>(stored[index]) - as.zero_point) * as.scale;
            else if constexpr (std::is_same_v<T, float>) return stored[index];
            else return to_float(stored[index]);
        });
    };
    switch (element) {
        case Element::bfloat16: return of_type(reinterpret_cast<const bfloat16*>(numbers));
        case Element::float16: return of_type(reinterpret_cast<const half*>(numbers));
        case Element::uint8: return of_type(reinterpret_cast<const std::uint8_t*>(numbers));
        case Element::int16: return of_type(reinterpret_cast<const std::int16_t*>(numbers));
        default: return of_type(reinterpret_cast<const float*>(numbers));
    }
}

}  // namespace taxon::cpu
