#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/io/stored_tensor.hpp>
#include <vector>

namespace taxon::io {

/// Strides of a tensor in a storage: element (i, j, …) is number offset + i * stride[0] + j * stride[1] + … All in
/// elements, none negative.
struct Strided {
    std::int64_t offset = 0;
    Dimensions shape{}, stride{};

    /// Throws unless every element is within a storage of `count` elements of `element_bytes`.
    void check(std::uint64_t count, std::size_t element_bytes, const Limits& limits = {}) const;

    /// True if the elements are dense and row-major, so that the storage itself can be viewed.
    bool is_dense() const;

    /// Copies the elements in row-major order, each byte-swapped if `swap`.
    void gather(std::span<const std::byte> storage, std::size_t element_bytes, bool swap, std::byte* to) const;
};

inline void Strided::check(std::uint64_t count, std::size_t element_bytes, const Limits& limits) const {
    const auto fail = [](Fault fault, std::string_view found, std::string_view wanted) {
        throw Error(fault, {.found = found, .wanted = wanted});
    };
    if (shape.size() != stride.size())
        fail(Fault::shape, std::to_string(shape.size()) + " sizes and " + std::to_string(stride.size()) + " strides",
             "a stride for each size");
    if (shape.size() > limits.tensor_rank)
        fail(Fault::limit, std::to_string(shape.size()) + " dimensions",
             "at most " + std::to_string(limits.tensor_rank));
    if (offset < 0) fail(Fault::value, "offset " + std::to_string(offset), "0 or more");
    for (const Dimensions* numbers : {&shape, &stride})
        for (const std::int64_t number : *numbers)
            if (number < 0)
                fail(Fault::value, (numbers == &shape ? "size " : "stride ") + std::to_string(number), "0 or more");

    const std::uint64_t elements = element_count(shape);
    std::int64_t last = offset;
    for (std::size_t axis = 0; axis < shape.size() && elements != 0; ++axis) {
        std::int64_t reach = 0;
        if (__builtin_mul_overflow(shape[axis] - 1, stride[axis], &reach) || __builtin_add_overflow(last, reach, &last))
            fail(Fault::overflow, "a stride that reaches past 2^63", "elements in the storage");
    }
    if (elements != 0 && last == std::numeric_limits<std::int64_t>::max())
        fail(Fault::overflow, "an offset of 2^63 - 1", "elements in the storage");
    if (elements > limits.tensor_elements)
        fail(Fault::limit, std::to_string(elements) + " elements", "at most " + std::to_string(limits.tensor_elements));
    if (std::uint64_t bytes = 0; __builtin_mul_overflow(elements, std::uint64_t{element_bytes}, &bytes))
        fail(Fault::overflow, "more than 2^64 bytes", "");
    const std::uint64_t end = elements == 0 ? static_cast<std::uint64_t>(offset) : static_cast<std::uint64_t>(last) + 1;
    if (end > count)
        fail(Fault::bounds, "elements up to " + std::to_string(end), "at most the storage's " + std::to_string(count));
}

inline bool Strided::is_dense() const {
    std::int64_t wanted = 1;
    for (std::size_t axis = shape.size(); axis-- > 0;) {
        if (shape[axis] != 1 && stride[axis] != wanted) return false;
        wanted *= std::max<std::int64_t>(shape[axis], 1);
    }
    return true;
}

inline void Strided::gather(std::span<const std::byte> storage, std::size_t element_bytes, bool swap,
                            std::byte* to) const {
    std::vector<std::int64_t> index(shape.size(), 0);
    std::int64_t at = offset;
    for (std::uint64_t left = element_count(shape); left != 0; --left) {
        const auto element = storage.subspan(static_cast<std::size_t>(at) * element_bytes, element_bytes);
        if (swap) std::reverse_copy(element.begin(), element.end(), to);
        else std::memcpy(to, element.data(), element_bytes);
        to += element_bytes;
        for (std::size_t axis = shape.size(); axis-- > 0;) {
            at += stride[axis];
            if (++index[axis] < shape[axis]) break;
            at -= stride[axis] * shape[axis];
            index[axis] = 0;
        }
    }
}

}  // namespace taxon::io
