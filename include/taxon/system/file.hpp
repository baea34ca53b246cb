#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <system_error>
#include <taxon/core/separate_compilation.hpp>
#include <utility>

namespace taxon::system {

/// Who may use a file: its mode and owner. Windows gives a new file those of its folder.
struct Permissions {
    unsigned mode = 0, user = 0, group = 0;
};

struct FileFacts {
    enum class Kind : unsigned char { regular, folder, other };
    Kind kind{};
    std::uintmax_t bytes = 0;
    Permissions permissions{};
};

/// Of what a path leads to. Nothing, and no error, if that does not exist.
std::optional<FileFacts> facts_of(const std::filesystem::path& path, std::error_code& error);

/// A file of the system, closed when this goes. What fails sets `error`, and what succeeds leaves it as it is; calls
/// that a signal interrupts are repeated.
class File {
  public:
    File() = default;
    File(File&& other) noexcept : handle_(std::exchange(other.handle_, none)) {}
    File& operator=(File&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~File() { close(); }

    /// For reading. Does not wait for the writer of a pipe.
    static File open(const std::filesystem::path& path, std::error_code& error);

    /// A new file for writing, locked until it is closed, or the process ends. std::errc::file_exists if there is one.
    /// `mode`: minus the process's umask.
    static File create(const std::filesystem::path& path, unsigned mode, std::error_code& error);

    bool is_open() const { return handle_ != none; }
    FileFacts facts(std::error_code& error) const;

    /// The number of bytes read: 0 at the end of the file.
    std::size_t read(std::span<std::byte> bytes, std::error_code& error);
    void write(std::span<const std::byte> bytes, std::error_code& error);
    /// Until the disk has it.
    void sync(std::error_code& error);
    /// Gives it the permissions of another file, and its owner where the system allows.
    void take_over(const Permissions& permissions, std::error_code& error);
    /// Gives a file that was created as `from` the name `to`, in the same folder, in place of a file of that name.
    void rename(const std::filesystem::path& from, const std::filesystem::path& to, std::error_code& error);
    void close();

    /// Maps the first bytes into memory, read-only, until `unmap`; the file may be closed before. Null if it fails.
    const std::byte* map(std::size_t bytes, std::error_code& error) const;
    static void unmap(const std::byte* start, std::size_t bytes);

  private:
    friend std::optional<FileFacts> facts_of(const std::filesystem::path& path, std::error_code& error);

    static constexpr std::intptr_t none = -1;
    explicit File(std::intptr_t handle) : handle_(handle) {}

    std::intptr_t handle_ = none;
};

/// Removes a file that was created by `File::create` and is not open any more.
void remove_if_unlocked(const std::filesystem::path& path);

/// Until the disk has the names in a folder. Windows has no call for that, and NTFS a journal.
void sync_folder(const std::filesystem::path& folder, std::error_code& error);

/// The largest file that this process may write: `ulimit -f`.
std::optional<std::uintmax_t> most_file_bytes();

}  // namespace taxon::system

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/system/impl/file.ipp>
#endif
