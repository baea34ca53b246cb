#pragma once
#include <filesystem>
#include <string>
#include <taxon/app/console/output_file.hpp>
#include <taxon/io/npy.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

/// Writes times as they are: a .npy file of doubles, or else text, one a line. Throws Fault::io.
inline void write_times(const std::filesystem::path& path, const std::vector<double>& times) {
    if (path.extension() == ".npy")
        return write_file(path, io::npy_bytes(times, {static_cast<std::int64_t>(times.size())}));
    std::string text;
    for (const double time : times) text += fmt::format("{}\n", time);
    write_file(path, text);
}

}  // namespace taxon::app
