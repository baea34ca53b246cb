#pragma once
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <span>
#include <system_error>
#include <taxon/core/error.hpp>
#include <utility>

namespace taxon::io {

/// A whole file mapped read-only. Its bytes stay in place when the object is moved.
class MappedFile {
  public:
    /// Throws Fault::io if it cannot be opened or is not a regular file, Fault::truncated if it is empty.
    explicit MappedFile(const std::filesystem::path& path) : path_(path) {
        const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};  // a pipe must not block
        if (file.number < 0) fail(Fault::io, reason(errno), "a readable file", "check the path");
        struct ::stat about {};
        if (::fstat(file.number, &about) != 0) fail(Fault::io, reason(errno), "a readable file", "");
        if (S_ISDIR(about.st_mode)) fail(Fault::io, "a folder", "a file", "name a file in it");
        if (!S_ISREG(about.st_mode))
            fail(Fault::io, "a device, pipe or socket", "a regular file", "copy it to a file first");
        if (about.st_size == 0) fail(Fault::truncated, "an empty file", "", "fetch it again");
        const auto size = static_cast<std::size_t>(about.st_size);
        void* start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number, 0);
        if (start == MAP_FAILED) fail(Fault::io, reason(errno), "a file that can be mapped into memory", "");
        bytes_ = {static_cast<const std::byte*>(start), size};
    }

    MappedFile(MappedFile&& other) noexcept : path_(std::move(other.path_)), bytes_(std::exchange(other.bytes_, {})) {}
    MappedFile& operator=(MappedFile&& other) noexcept {
        std::swap(path_, other.path_);
        std::swap(bytes_, other.bytes_);
        return *this;
    }
    ~MappedFile() {
        if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
    }

    const std::filesystem::path& path() const { return path_; }
    std::span<const std::byte> bytes() const { return bytes_; }

  private:
    struct Descriptor {
        int number;
        explicit Descriptor(int opened) : number(opened) {}
        Descriptor(const Descriptor&) = delete;
        Descriptor& operator=(const Descriptor&) = delete;
        ~Descriptor() {
            if (number >= 0) ::close(number);
        }
    };

    static std::string reason(int code) { return std::generic_category().message(code); }

    [[noreturn]] void fail(Fault fault, std::string found, std::string wanted, std::string remedy) const {
        throw Error(fault, {.file = path_.string(),
                            .found = std::move(found),
                            .wanted = std::move(wanted),
                            .remedy = std::move(remedy)});
    }

    std::filesystem::path path_;
    std::span<const std::byte> bytes_;
};

}  // namespace taxon::io
