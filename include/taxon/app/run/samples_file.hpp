#pragma once
#include <span>
#include <string>
#include <taxon/app/console/output_file.hpp>
#include <taxon/core/shape.hpp>
#include <taxon/io/npy.hpp>

namespace taxon::app {

/// The sizes of a sample in a file: (C, H, W); of a vector (C), a table (rows, columns), a sequence (tokens, features).
inline Dimensions sizes_of(Shape shape) {
    if (shape.sequence) return {shape.width, shape.channels};
    if (shape.table) return {shape.height, shape.channels};
    if (shape.pixels() > 1) return {shape.channels, shape.height, shape.width};
    return {shape.channels};
}

/// The file of `count` samples of `shape`: (N, …) as sizes_of says.
inline std::string samples_npy(std::span<const float> numbers, std::size_t count, Shape shape) {
    Dimensions sizes = sizes_of(shape);
    sizes.insert(sizes.begin(), static_cast<std::int64_t>(count));
    return io::npy_bytes(numbers, sizes);
}

/// Writes it. An empty path is an option that was not given.
inline void write_samples(const std::string& path, std::span<const float> numbers, std::size_t count, Shape shape) {
    if (!path.empty()) write_file(path, samples_npy(numbers, count, shape));
}

}  // namespace taxon::app
