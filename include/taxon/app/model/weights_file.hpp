#pragma once
#include <filesystem>
#include <string>
#include <system_error>

namespace taxon::app {

/// Where a program finds a file that was made with it: beside itself, if it is there, so that both can be moved
/// together; else `built`, where the build wrote it.
inline std::string weights_file(const std::filesystem::path& built) {
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);  // Linux; elsewhere an error
    const auto beside = program.parent_path() / built.filename();
    return (!error && std::filesystem::exists(beside, error) ? beside : built).string();
}

}  // namespace taxon::app
