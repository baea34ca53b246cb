#pragma once
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <mutex>
#include <set>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <system_error>
#include <taxon/core/printable.hpp>
#include <unistd.h>
#include <utility>

namespace taxon::io {

namespace detail {

/// Repeats a system call that a signal interrupts.
template <class Call>
auto uninterrupted(Call call) {
    auto result = call();
    while (result < 0 && errno == EINTR) result = call();
    return result;
}

/// The marks of a temporary file's name. What comes before them is cut, so that any name of 255 bytes can be written.
inline constexpr std::string_view part_mark = ".taxon-", part_ending = ".part";

inline std::string part_name(std::string name, int attempt) {
    constexpr std::size_t most = 200;
    return name.substr(0, taxon::detail::character_end(name, std::min(name.size(), most)))
        .append(part_mark)
        .append(std::to_string(::getpid()))
        .append("-")
        .append(std::to_string(attempt))
        .append(part_ending);
}

/// Removes a temporary file that no process has locked any more.
inline void remove_abandoned(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) return;
    struct ::stat facts {};
    if (::fstat(file, &facts) == 0 && S_ISREG(facts.st_mode) && ::flock(file, LOCK_EX | LOCK_NB) == 0)
        ::unlink(path.c_str());
    ::close(file);
}

/// At the process's first write to the folder: more often, many files in one folder would take quadratic time.
inline void remove_abandoned_once(const std::filesystem::path& folder) {
    static std::mutex looking;
    static std::set<std::filesystem::path> looked_at;
    const std::lock_guard lock(looking);
    if (!looked_at.insert(folder).second) return;
    std::error_code failure;
    for (std::filesystem::directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure))
        if (const std::string name = at->path().filename().string();
            name.ends_with(part_ending) && name.find(part_mark) != name.npos)
            remove_abandoned(at->path());
}

/// Gives a file another one's mode, and its owner if the system allows. False if the mode cannot be set.
inline bool take_over(const struct ::stat& from, int file) {
    constexpr ::mode_t permissions = 07777;
    static_cast<void>(::fchown(file, from.st_uid, from.st_gid) == 0);  // only the superuser may give files away
    return uninterrupted([&] { return ::fchmod(file, from.st_mode & permissions); }) == 0;
}

}  // namespace detail

TAXON_DECL std::filesystem::path link_target(std::filesystem::path path) {
    std::error_code unknown;
    for (int links = 0; links < 40 && std::filesystem::is_symlink(path, unknown); ++links) {
        const auto target = std::filesystem::read_symlink(path, unknown);
        path = target.is_absolute() ? target : path.parent_path() / target;
    }
    return path;
}

TAXON_DECL AtomicFile::AtomicFile(std::filesystem::path path) : path_(link_target(std::move(path))) {
    struct ::stat replaced {};
    const bool replaces = detail::uninterrupted([&] { return ::stat(path_.c_str(), &replaced); }) == 0;
    if (!replaces && errno != ENOENT) fail("a name that cannot be looked up", "a path that can be written to");
    if (replaces && !S_ISREG(replaced.st_mode))
        throw Error(Fault::io, {.file = path_.string(),
                                .found = "something that is not a regular file",
                                .wanted = "a file, new or to be replaced"});
    folder_ = path_.has_parent_path() ? path_.parent_path() : std::filesystem::path(".");
    detail::remove_abandoned_once(folder_);
    constexpr unsigned of_owner = 0600, of_all = 0666;  // minus the process's umask; what is replaced may be secret
    create(replaces ? replaced.st_mode & of_owner : of_all);
    if (!replaces || detail::take_over(replaced, file_)) return;
    const int error = errno;
    ::close(file_);
    ::unlink(temporary_.c_str());
    errno = error;
    fail("cannot set its mode", "the mode of the old file");
}

TAXON_DECL void AtomicFile::create(unsigned mode) {
    constexpr int most_tries = 100;  // other threads may be writing the same file
    for (int attempt = 0; attempt < most_tries; ++attempt) {
        temporary_ = (folder_ / detail::part_name(path_.filename().string(), attempt)).string();
        file_ = detail::uninterrupted(
            [&] { return ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode); });
        if (file_ < 0 && errno != EEXIST) break;
        if (file_ < 0) continue;
        // where files cannot be locked, nobody takes this one for abandoned
        struct ::stat facts {};
        const bool taken = ::flock(file_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
        if (!taken && !(::fstat(file_, &facts) == 0 && facts.st_nlink == 0)) return;
        ::close(std::exchange(file_, -1));  // another process took it for abandoned, before it was locked
    }
    fail("a folder in which no file can be created", "a folder that can be written to");
}

TAXON_DECL AtomicFile::~AtomicFile() {
    if (file_ < 0) return;
    ::close(file_);
    ::unlink(temporary_.c_str());
}

TAXON_DECL void AtomicFile::write(std::span<const std::byte> bytes) {
    ::rlimit most{};
    if (::getrlimit(RLIMIT_FSIZE, &most) == 0 && most.rlim_cur != RLIM_INFINITY &&
        written_ + bytes.size() > most.rlim_cur) {
        errno = EFBIG;
        fail("cannot write", "at most " + std::to_string(most.rlim_cur) + " bytes, as ulimit -f says");
    }
    while (!bytes.empty()) {
        const ::ssize_t written = detail::uninterrupted([&] { return ::write(file_, bytes.data(), bytes.size()); });
        if (written < 0) fail("cannot write", "room on the disk");
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        written_ += static_cast<std::size_t>(written);
    }
}

TAXON_DECL void AtomicFile::commit() {
    if (detail::uninterrupted([&] { return ::fsync(file_); }) != 0)
        fail("cannot sync", "a disk that keeps what is written");
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("cannot rename to it", "a path that can be replaced");
    ::close(std::exchange(file_, -1));
    sync_folder();
}

TAXON_DECL void AtomicFile::sync_folder() const {
    const int folder =
        detail::uninterrupted([&] { return ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
    const bool synced = folder >= 0 && detail::uninterrupted([&] { return ::fsync(folder); }) == 0;
    if (folder >= 0) ::close(folder);
    if (!synced) fail("cannot sync its folder", "a disk that keeps what is written");
}

[[noreturn]] TAXON_DECL void AtomicFile::fail(std::string_view what, std::string_view wanted) const {
    throw Error(Fault::io, {.file = path_.string(),
                            .found = std::string(what) + ": " + std::generic_category().message(errno),
                            .wanted = wanted});
}

}  // namespace taxon::io
