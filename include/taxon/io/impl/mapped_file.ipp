#pragma once
#include <cerrno>
#include <functional>
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
    const bool mapped = size >= mapped_from;
    void* start = ::mmap(nullptr, size, mapped ? PROT_READ : PROT_READ | PROT_WRITE,
                         mapped ? MAP_PRIVATE : MAP_PRIVATE | MAP_ANONYMOUS, mapped ? file.number : -1, 0);
    if (start == MAP_FAILED) fail(Fault::io, reason(), "a file that can be mapped into memory", "");
    bytes_ = {static_cast<const std::byte*>(start), size};
    for (std::size_t at = 0; !mapped && at < size;) {
        const ::ssize_t count = ::read(file.number, static_cast<std::byte*>(start) + at, size - at);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) {
            const std::string why = reason();
            ::munmap(start, size);
            if (count < 0) fail(Fault::io, why, "a readable file", "");
            fail(Fault::truncated, std::to_string(at) + " bytes", std::to_string(size) + ", as when it was opened",
                 "make sure that no other program writes it meanwhile");
        }
        at += static_cast<std::size_t>(count);
    }
}

TAXON_DECL void MappedFile::release(std::span<const std::byte> part) const {
    const std::less<const std::byte*> before;
    const std::byte *const begin = bytes_.data(), *const end = begin + bytes_.size();
    if (bytes_.size() < mapped_from || part.empty() || before(part.data(), begin) || !before(part.data(), end)) return;
    const std::size_t page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)),
                      first = (static_cast<std::size_t>(part.data() - begin) + page - 1) / page * page,
                      last = static_cast<std::size_t>(part.data() - begin + std::ssize(part)) / page * page;
    if (first < last) static_cast<void>(::madvise(const_cast<std::byte*>(begin) + first, last - first, MADV_DONTNEED));
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
