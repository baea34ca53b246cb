#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <taxon/core/weight_source.hpp>
#include <taxon/onnx/tensor.hpp>

namespace taxon::onnx {

/// Elements from one place of each dimension to the next, row-major.
inline Dimensions strides_of(const Dimensions& shape) {
    Dimensions strides(shape.size());
    std::uint64_t stride = 1;  // it may wrap where there is a 0, and then nothing is strided over
    for (std::size_t i = shape.size(); i-- > 0; stride *= static_cast<std::uint64_t>(shape[i]))
        strides[i] = static_cast<std::int64_t>(stride);
    return strides;
}

/// The strides of an operand that is broadcast to `wide`: 0 where it has one place for many.
inline Dimensions broadcast_strides(const Dimensions& shape, const Dimensions& wide) {
    const Dimensions own = strides_of(shape);
    Dimensions strides(wide.size());
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const std::size_t at = wide.size() - shape.size() + i;
        strides[at] = shape[i] == 1 && wide[at] != 1 ? 0 : own[i];
    }
    return strides;
}

/// The shape that both fit by ONNX's (NumPy's) rule, or nothing.
inline std::optional<Dimensions> broadcast(const Dimensions& a, const Dimensions& b) {
    const Dimensions &longer = a.size() >= b.size() ? a : b, &shorter = a.size() >= b.size() ? b : a;
    Dimensions wide = longer;
    for (std::size_t i = 0; i < shorter.size(); ++i) {
        std::int64_t& size = wide[longer.size() - shorter.size() + i];
        if (size == 1) size = shorter[i];
        else if (shorter[i] != 1 && shorter[i] != size) return std::nullopt;
    }
    return wide;
}

/// Calls f(offsets) for every place of `shape` in row-major order: for each operand, where that place lies by its
/// strides, starting at `starts`.
template <std::size_t N, class F>
void for_each_place(const Dimensions& shape, const std::array<Dimensions, N>& strides, F&& f,
                    std::array<std::int64_t, N> starts = {}) {
    for (const std::int64_t size : shape)
        if (size == 0) return;
    const std::size_t outer = shape.empty() ? 0 : shape.size() - 1;
    const std::int64_t last = shape.empty() ? 1 : shape.back();
    std::array<std::int64_t, N> steps{};
    for (std::size_t n = 0; n < N && !shape.empty(); ++n) steps[n] = strides[n].back();
    Dimensions place(outer);
    std::array<std::int64_t, N> row = starts;
    while (true) {
        std::array<std::int64_t, N> at = row;
        for (std::int64_t i = 0; i < last; ++i) {
            f(at);
            for (std::size_t n = 0; n < N; ++n) at[n] += steps[n];
        }
        std::size_t axis = outer;
        while (axis-- > 0) {
            for (std::size_t n = 0; n < N; ++n) row[n] += strides[n][axis];
            if (++place[axis] < shape[axis]) break;
            for (std::size_t n = 0; n < N; ++n) row[n] -= shape[axis] * strides[n][axis];
            place[axis] = 0;
        }
        if (axis == static_cast<std::size_t>(-1)) return;
    }
}

/// Fills `to` in row-major order from `from`, by strides and a start of its own: transposing, slicing, repeating.
inline void gather_places(Tensor& to, const Tensor& from, const Dimensions& shape, const Dimensions& strides,
                          std::int64_t start = 0) {
    visit_type(to.type(), [&]<class T>(T) {
        T* next = to.writable<T>().data();
        const T* numbers = from.numbers<T>().data();
        for_each_place<1>(shape, {strides}, [&](const auto& at) { *next++ = numbers[at[0]]; }, {start});
    });
}

/// Dimensions in another order: output dimension i is input dimension order[i].
inline Dimensions permuted(const Dimensions& dimensions, const Dimensions& order) {
    Dimensions result;
    for (const std::int64_t axis : order) result.push_back(dimensions[static_cast<std::size_t>(axis)]);
    return result;
}
inline void transpose(Tensor& to, const Tensor& from, const Dimensions& order) {
    gather_places(to, from, permuted(from.shape(), order), permuted(strides_of(from.shape()), order));
}

/// The number of elements in dimensions [first, last). Throws Fault::overflow beyond 2^63.
inline std::int64_t product(const Dimensions& shape, std::size_t first, std::size_t last) {
    return static_cast<std::int64_t>(io::element_count(std::span(shape).subspan(first, last - first)));
}

}  // namespace taxon::onnx
