#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <taxon/core/error.hpp>
#include <type_traits>

/// How large a network gets: its sizes, strides and places are ints, in numbers and in bytes.
namespace taxon::onnx::lowering {

/// Numbers of a value, and whatever counts them.
inline constexpr std::int64_t most_numbers = std::numeric_limits<int>::max() / 8;
inline constexpr const char* number_bound = "at most 2^28 numbers";

/// A size or a stride of a network. Throws Fault::limit for one that it has no room for.
template <class T>
int int_of(T number) {
    static_assert(std::is_integral_v<T>);
    const auto whole = static_cast<std::int64_t>(number);
    if (whole < -most_numbers || whole > most_numbers)
        throw Error(Fault::limit, {.found = "a size of " + std::to_string(whole), .wanted = number_bound});
    return static_cast<int>(whole);
}

/// The axis that indices choose from: they are floats in a network, which hold each of them.
inline int indexed_size(std::int64_t size) {
    if (size > std::int64_t{1} << 24)
        throw Error(Fault::limit, {.found = "indices up to " + std::to_string(size), .wanted = "at most 2^24"});
    return static_cast<int>(size);
}

}  // namespace taxon::onnx::lowering
