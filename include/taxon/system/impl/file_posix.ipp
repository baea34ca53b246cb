#pragma once
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace taxon::system {

namespace detail {

/// Repeats a system call that a signal interrupts.
template <class Call>
auto uninterrupted(Call call) {
    auto result = call();
    while (result < 0 && errno == EINTR) result = call();
    return result;
}

inline std::error_code last_error() { return {errno, std::generic_category()}; }
inline int descriptor(std::intptr_t handle) { return static_cast<int>(handle); }

inline FileFacts facts_of(const struct ::stat& about) {
    using enum FileFacts::Kind;
    constexpr ::mode_t permissions = 07777;
    return {S_ISREG(about.st_mode)   ? regular
            : S_ISDIR(about.st_mode) ? folder
                                     : other,
            static_cast<std::uintmax_t>(about.st_size),
            {about.st_mode & permissions, about.st_uid, about.st_gid}};
}

}  // namespace detail

TAXON_DECL std::optional<FileFacts> facts_of(const std::filesystem::path& path, std::error_code& error) {
    struct ::stat about {};
    if (detail::uninterrupted([&] { return ::stat(path.c_str(), &about); }) == 0) return detail::facts_of(about);
    if (errno != ENOENT) error = detail::last_error();
    return std::nullopt;
}

TAXON_DECL File File::open(const std::filesystem::path& path, std::error_code& error) {
    File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.is_open()) error = detail::last_error();
    return file;
}

TAXON_DECL File File::create(const std::filesystem::path& path, unsigned mode, std::error_code& error) {
    File file(
        detail::uninterrupted([&] { return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode); }));
    if (!file.is_open()) {
        error = detail::last_error();
        return file;
    }
    // where files cannot be locked, nobody takes this one for abandoned
    struct ::stat about {};
    const int descriptor = detail::descriptor(file.handle_);
    const bool taken = ::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (!taken && !(::fstat(descriptor, &about) == 0 && about.st_nlink == 0)) return file;
    error = std::make_error_code(std::errc::file_exists);  // another process took it, before it was locked
    return {};
}

TAXON_DECL FileFacts File::facts(std::error_code& error) const {
    struct ::stat about {};
    if (::fstat(detail::descriptor(handle_), &about) != 0) error = detail::last_error();
    return detail::facts_of(about);
}

TAXON_DECL std::size_t File::read(std::span<std::byte> bytes, std::error_code& error) {
    const ::ssize_t count =
        detail::uninterrupted([&] { return ::read(detail::descriptor(handle_), bytes.data(), bytes.size()); });
    if (count < 0) error = detail::last_error();
    return count < 0 ? 0 : static_cast<std::size_t>(count);
}

TAXON_DECL void File::write(std::span<const std::byte> bytes, std::error_code& error) {
    while (!bytes.empty()) {
        const ::ssize_t written =
            detail::uninterrupted([&] { return ::write(detail::descriptor(handle_), bytes.data(), bytes.size()); });
        if (written < 0) {
            error = detail::last_error();
            return;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

TAXON_DECL void File::sync(std::error_code& error) {
    if (detail::uninterrupted([&] { return ::fsync(detail::descriptor(handle_)); }) != 0) error = detail::last_error();
}

TAXON_DECL void File::take_over(const Permissions& permissions, std::error_code& error) {
    const int descriptor = detail::descriptor(handle_);
    // only the superuser may give files away
    static_cast<void>(::fchown(descriptor, permissions.user, permissions.group) == 0);
    if (detail::uninterrupted([&] { return ::fchmod(descriptor, permissions.mode); }) != 0)
        error = detail::last_error();
}

TAXON_DECL void File::rename(const std::filesystem::path& from, const std::filesystem::path& to,
                             std::error_code& error) {
    if (::rename(from.c_str(), to.c_str()) != 0) error = detail::last_error();
}

TAXON_DECL void File::close() {
    if (is_open()) ::close(detail::descriptor(std::exchange(handle_, none)));
}

TAXON_DECL const std::byte* File::map(std::size_t bytes, std::error_code& error) const {
    void* const start = ::mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, detail::descriptor(handle_), 0);
    if (start != MAP_FAILED) return static_cast<const std::byte*>(start);
    error = detail::last_error();
    return nullptr;
}

TAXON_DECL void File::unmap(const std::byte* start, std::size_t bytes) {
    ::munmap(const_cast<std::byte*>(start), bytes);
}

TAXON_DECL void remove_if_unlocked(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) return;
    struct ::stat about {};
    if (::fstat(file, &about) == 0 && S_ISREG(about.st_mode) && ::flock(file, LOCK_EX | LOCK_NB) == 0)
        ::unlink(path.c_str());
    ::close(file);
}

TAXON_DECL void sync_folder(const std::filesystem::path& path, std::error_code& error) {
    const int folder = detail::uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
    if (folder < 0 || detail::uninterrupted([&] { return ::fsync(folder); }) != 0) error = detail::last_error();
    if (folder >= 0) ::close(folder);
}

TAXON_DECL std::optional<std::uintmax_t> most_file_bytes() {
    ::rlimit most{};
    if (::getrlimit(RLIMIT_FSIZE, &most) != 0 || most.rlim_cur == RLIM_INFINITY) return std::nullopt;
    return most.rlim_cur;
}

}  // namespace taxon::system
