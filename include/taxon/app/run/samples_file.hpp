#pragma once
#include <span>
#include <string>
#include <taxon/app/console/output_file.hpp>
#include <taxon/core/shape.hpp>
#include <taxon/io/npy.hpp>

namespace taxon::app {

/// Writes `count` samples of `shape`: (N, C, H, W); vectors (N, C), tables (N, rows, columns). An empty path is an
/// option that was not given.
inline void write_samples(const std::string& path, std::span<const float> numbers, std::size_t count, Shape shape) {
    if (path.empty()) return;
    Dimensions sizes{static_cast<std::int64_t>(count), shape.channels};
    if (shape.table) sizes.insert(sizes.begin() + 1, shape.height);
    else if (shape.pixels() > 1) sizes.insert(sizes.end(), {shape.height, shape.width});
    write_file(path, io::npy_bytes(numbers, sizes));
}

}  // namespace taxon::app
