#pragma once
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace taxon::io {

TAXON_DECL AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
    std::error_code unknown;
    for (int links = 0; links < 40 && std::filesystem::is_symlink(path_, unknown); ++links) {
        const auto target = std::filesystem::read_symlink(path_, unknown);
        path_ = target.is_absolute() ? target : path_.parent_path() / target;
    }
    const auto status = std::filesystem::status(path_, unknown);
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
        throw Error(Fault::io, {.file = path_.string(),
                                .found = "something that is no regular file",
                                .wanted = "a file, new or to be replaced"});
    folder_ = path_.has_parent_path() ? path_.parent_path() : std::filesystem::path(".");
    constexpr int most_tries = 100;     // files left by crashes may have the first names
    constexpr ::mode_t for_all = 0666;  // minus the process's umask
    for (int attempt = 0; attempt < most_tries && file_ < 0; ++attempt) {
        temporary_ = (folder_ / (path_.filename().string() + "." + std::to_string(::getpid()) + "-" +
                                 std::to_string(attempt) + ".part"))
                         .string();
        file_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, for_all);
        if (file_ < 0 && errno != EEXIST) break;
    }
    if (file_ < 0) fail("a folder in which no file can be created", "a folder that can be written to");
}

TAXON_DECL AtomicFile::~AtomicFile() {
    if (file_ < 0) return;
    ::close(file_);
    ::unlink(temporary_.c_str());
}

TAXON_DECL void AtomicFile::write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ::ssize_t written = ::write(file_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail("cannot write", "room on the disk");
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

TAXON_DECL void AtomicFile::commit() {
    if (::fsync(file_) != 0) fail("cannot sync", "a disk that keeps what is written");
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("cannot rename to it", "a path that can be replaced");
    ::close(std::exchange(file_, -1));
    sync_folder();
}

TAXON_DECL void AtomicFile::sync_folder() const {
    const int folder = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = folder >= 0 && ::fsync(folder) == 0;
    if (folder >= 0) ::close(folder);
    if (!synced) fail("cannot sync its folder", "a disk that keeps what is written");
}

[[noreturn]] TAXON_DECL void AtomicFile::fail(std::string_view what, std::string_view wanted) const {
    throw Error(Fault::io, {.file = path_.string(),
                            .found = std::string(what) + ": " + std::generic_category().message(errno),
                            .wanted = wanted});
}

}  // namespace taxon::io
