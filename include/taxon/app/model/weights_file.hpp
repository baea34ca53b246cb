#pragma once
#include <filesystem>
#include <string>
#include <system_error>
#include <taxon/system/process.hpp>

namespace taxon::app {

/// Where a program finds a file that was made with it: beside itself, if it is there, so that both can be moved
/// together; else `built`, where the build wrote it.
inline std::string weights_file(const std::filesystem::path& built) {
    std::error_code error;
    const auto program = system::program_path();
    const auto beside = program.parent_path() / built.filename();
    return (!program.empty() && std::filesystem::exists(beside, error) ? beside : built).string();
}

}  // namespace taxon::app
