#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace taxon::onnx {

/// c (rows, columns) += a (rows, inner) b (inner, columns), all row-major with the given strides from row to row. Tiles
/// of 4 by 16 stay in registers.
template <class T>
void multiply(std::size_t rows, std::size_t columns, std::size_t inner, const T* a, std::size_t a_stride, const T* b,
              std::size_t b_stride, T* c, std::size_t c_stride) {
    if constexpr (std::is_same_v<T, std::int64_t>) {  // which overflow as unsigned ones do
        const auto bits = [](auto* numbers) {
            return reinterpret_cast<std::conditional_t<std::is_const_v<std::remove_pointer_t<decltype(numbers)>>,
                                                       const std::uint64_t, std::uint64_t>*>(numbers);
        };
        return multiply(rows, columns, inner, bits(a), a_stride, bits(b), b_stride, bits(c), c_stride);
    }
    constexpr std::size_t height = 4, width = 16;
    const auto tile = [&]<bool whole>(std::size_t row, std::size_t column) {
        const std::size_t m = whole ? height : std::min(height, rows - row),
                          n = whole ? width : std::min(width, columns - column);
        T sums[height][width] = {};
        for (std::size_t k = 0; k < inner; ++k)
            for (std::size_t i = 0; i < (whole ? height : m); ++i) {
                const T factor = a[(row + i) * a_stride + k];
                const T* line = b + k * b_stride + column;
                for (std::size_t j = 0; j < (whole ? width : n); ++j) sums[i][j] += factor * line[j];
            }
        for (std::size_t i = 0; i < m; ++i)
            for (std::size_t j = 0; j < n; ++j) c[(row + i) * c_stride + column + j] += sums[i][j];
    };
    for (std::size_t row = 0; row < rows; row += height)
        for (std::size_t column = 0; column < columns; column += width)
            if (row + height <= rows && column + width <= columns) tile.template operator()<true>(row, column);
            else tile.template operator()<false>(row, column);
}

}  // namespace taxon::onnx
