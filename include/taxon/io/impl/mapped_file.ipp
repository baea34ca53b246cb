#pragma once
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace taxon::io {
namespace detail {

struct Descriptor {
    int number;
    explicit Descriptor(int opened) : number(opened) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number >= 0) ::close(number);
    }
};

}  // namespace detail

TAXON_DECL MappedFile::MappedFile(const std::filesystem::path& path) : path_(path) {
    const auto fail = [&](Fault fault, std::string_view found, std::string_view wanted, std::string_view remedy) {
        throw Error(fault, {.file = path.string(), .found = found, .wanted = wanted, .remedy = remedy});
    };
    const auto reason = [] { return std::generic_category().message(errno); };
    const detail::Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};  // a pipe must not block
    if (file.number < 0) fail(Fault::io, reason(), "a readable file", "check the path");
    struct ::stat about {};
    if (::fstat(file.number, &about) != 0) fail(Fault::io, reason(), "a readable file", "");
    if (S_ISDIR(about.st_mode)) fail(Fault::io, "a folder", "a file", "name a file in it");
    if (!S_ISREG(about.st_mode))
        fail(Fault::io, "a device, pipe or socket", "a regular file", "copy it to a file first");
    if (about.st_size == 0) fail(Fault::truncated, "an empty file", "", "fetch it again");
    const auto size = static_cast<std::size_t>(about.st_size);
    void* start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number, 0);
    if (start == MAP_FAILED) fail(Fault::io, reason(), "a file that can be mapped into memory", "");
    bytes_ = {static_cast<const std::byte*>(start), size};
}

TAXON_DECL MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)), bytes_(std::exchange(other.bytes_, {})) {}

TAXON_DECL MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(bytes_, other.bytes_);
    return *this;
}

TAXON_DECL MappedFile::~MappedFile() {
    if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace taxon::io
