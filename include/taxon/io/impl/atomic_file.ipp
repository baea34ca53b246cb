#pragma once
#include <algorithm>
#include <mutex>
#include <set>
#include <taxon/core/printable.hpp>
#include <taxon/system/process.hpp>
#include <utility>

namespace taxon::io {

namespace detail {

/// The marks of a temporary file's name. What comes before them is cut, so that any name of 255 bytes can be written.
inline constexpr std::string_view part_mark = ".taxon-", part_ending = ".part";

inline std::string part_name(std::string name, int attempt) {
    constexpr std::size_t most = 200;
    return name.substr(0, taxon::detail::character_end(name, std::min(name.size(), most)))
        .append(part_mark)
        .append(std::to_string(system::process_id()))
        .append("-")
        .append(std::to_string(attempt))
        .append(part_ending);
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
            system::remove_if_unlocked(at->path());
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
    std::error_code error;
    const auto replaced = system::facts_of(path_, error);
    if (error) fail(error, "a name that cannot be looked up", "a path that can be written to");
    if (replaced && replaced->kind != system::FileFacts::Kind::regular)
        throw Error(Fault::io, {.file = path_.string(),
                                .found = "something that is not a regular file",
                                .wanted = "a file, new or to be replaced"});
    folder_ = path_.has_parent_path() ? path_.parent_path() : std::filesystem::path(".");
    detail::remove_abandoned_once(folder_);
    constexpr unsigned of_owner = 0600, of_all = 0666;  // minus the process's umask; what is replaced may be secret
    create(replaced ? replaced->permissions.mode & of_owner : of_all);
    if (!replaced) return;
    file_.take_over(replaced->permissions, error);
    if (!error) return;
    discard();
    fail(error, "cannot set its mode", "the mode of the old file");
}

TAXON_DECL void AtomicFile::create(unsigned mode) {
    constexpr int most_tries = 100;  // other threads may be writing the same file
    std::error_code error;
    for (int attempt = 0; attempt < most_tries; ++attempt) {
        temporary_ = folder_ / detail::part_name(path_.filename().string(), attempt);
        error.clear();
        file_ = system::File::create(temporary_, mode, error);
        if (!error) return;
        if (error != std::errc::file_exists) break;
    }
    fail(error, "a folder in which no file can be created", "a folder that can be written to");
}

TAXON_DECL AtomicFile::~AtomicFile() { discard(); }

TAXON_DECL void AtomicFile::discard() {
    if (!file_.is_open()) return;
    file_.close();
    std::error_code ignored;
    std::filesystem::remove(temporary_, ignored);
}

TAXON_DECL void AtomicFile::write(std::span<const std::byte> bytes) {
    if (const auto most = system::most_file_bytes(); most && written_ + bytes.size() > *most)
        fail(std::make_error_code(std::errc::file_too_large), "cannot write",
             "at most " + std::to_string(*most) + " bytes, as ulimit -f says");
    std::error_code error;
    file_.write(bytes, error);
    if (error) fail(error, "cannot write", "room on the disk");
    written_ += bytes.size();
}

TAXON_DECL void AtomicFile::commit() {
    std::error_code error;
    file_.sync(error);
    if (error) fail(error, "cannot sync", "a disk that keeps what is written");
    file_.rename(temporary_, path_, error);
    if (error) fail(error, "cannot rename to it", "a path that can be replaced");
    file_.close();
    system::sync_folder(folder_, error);
    if (error) fail(error, "cannot sync its folder", "a disk that keeps what is written");
}

[[noreturn]] TAXON_DECL void AtomicFile::fail(std::error_code error, std::string_view what,
                                              std::string_view wanted) const {
    throw Error(Fault::io,
                {.file = path_.string(), .found = std::string(what) + ": " + error.message(), .wanted = wanted});
}

}  // namespace taxon::io
