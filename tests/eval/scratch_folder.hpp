#pragma once
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>

#include <taxon/core/error.hpp>

/// A folder of its own for one test of one process, gone at its end.
class ScratchFolder {
  public:
    explicit ScratchFolder(std::string_view name)
        : path_(std::filesystem::temp_directory_path() /
                ("taxon_test_" + std::string(name) + "_" + std::to_string(getpid()))) {
        std::filesystem::remove_all(path_);
        std::filesystem::create_directories(path_);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    const std::filesystem::path& path() const { return path_; }

    std::filesystem::path write(const std::filesystem::path& name, std::string_view content = "") const {
        std::filesystem::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name, std::ios::binary) << content;
        return path_ / name;
    }

  private:
    std::filesystem::path path_;
};

/// The error that `act` throws; none is std::logic_error.
template <typename Act>
taxon::Error error_of(Act&& act) {
    try {
        act();
    } catch (const taxon::Error& error) { return error; }
    throw std::logic_error("nothing was thrown");
}
