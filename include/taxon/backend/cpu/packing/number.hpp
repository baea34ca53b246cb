#pragma once
#include <cmath>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/number/number.hpp>
#include <type_traits>

namespace taxon::cpu::packing {

/// Throws Fault::overflow for a number beyond half precision.
template <class T>
T packed_number(double number) {
    if constexpr (std::is_same_v<T, half>) {
        if (std::abs(number) >= 65520)
            throw Error(Fault::overflow, {.place = "weights",
                                          .found = std::to_string(number),
                                          .wanted = "at most 65504, the greatest half",
                                          .remedy = "choose force_bfloat16 or force_float32"});
        return to_half(static_cast<float>(number));
    } else if constexpr (std::is_same_v<T, bfloat16>) return to_bfloat16(static_cast<float>(number));
    else return static_cast<T>(number);
}

}  // namespace taxon::cpu::packing
