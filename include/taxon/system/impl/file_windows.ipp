#pragma once
#include <algorithm>
#include <cstring>
#include <string>
#include <taxon/system/impl/kernel32.ipp>
#include <vector>

namespace taxon::system {

namespace detail {

inline kernel32::Handle handle_of(std::intptr_t handle) { return reinterpret_cast<kernel32::Handle>(handle); }
inline std::intptr_t number_of(kernel32::Handle handle) { return reinterpret_cast<std::intptr_t>(handle); }

inline std::error_code last_error() {
    constexpr kernel32::Dword file_exists = 80;  // of CREATE_NEW
    const kernel32::Dword number = kernel32::last_error();
    if (number == file_exists) return std::make_error_code(std::errc::file_exists);
    return {static_cast<int>(number), std::system_category()};
}

inline constexpr kernel32::Dword generic_read = 0x80000000u, generic_write = 0x40000000u, may_delete = 0x10000u,
                                 share_all = 7, create_new = 1, open_existing = 3, usual = 0x80u,
                                 folders_too = 0x2000000u;
inline constexpr std::size_t most_at_once = std::size_t{1} << 30;  // a call counts in 32 bits

}  // namespace detail

TAXON_DECL std::optional<FileFacts> facts_of(const std::filesystem::path& path, std::error_code& error) {
    constexpr kernel32::Dword not_found[] = {2, 3};
    const kernel32::Handle handle = kernel32::create_file(path.c_str(), 0, detail::share_all, nullptr,
                                                          detail::open_existing, detail::folders_too, nullptr);
    if (handle != kernel32::invalid_handle) return File(detail::number_of(handle)).facts(error);
    if (std::ranges::find(not_found, kernel32::last_error()) == std::end(not_found)) error = detail::last_error();
    return std::nullopt;
}

TAXON_DECL File File::open(const std::filesystem::path& path, std::error_code& error) {
    const kernel32::Handle handle = kernel32::create_file(path.c_str(), detail::generic_read, detail::share_all,
                                                          nullptr, detail::open_existing, detail::folders_too, nullptr);
    if (handle == kernel32::invalid_handle) error = detail::last_error();
    return File(detail::number_of(handle));
}

/// Shared with nobody, so none can delete it.
TAXON_DECL File File::create(const std::filesystem::path& path, unsigned, std::error_code& error) {
    const kernel32::Handle handle = kernel32::create_file(path.c_str(), detail::generic_write | detail::may_delete, 0,
                                                          nullptr, detail::create_new, detail::usual, nullptr);
    if (handle == kernel32::invalid_handle) error = detail::last_error();
    return File(detail::number_of(handle));
}

TAXON_DECL FileFacts File::facts(std::error_code& error) const {
    struct {
        std::int64_t allocated = 0, end = 0;
        kernel32::Dword links = 0;
        unsigned char is_deleted = 0, is_folder = 0;
    } standard;  // FILE_STANDARD_INFO
    constexpr int standard_kind = 1;
    constexpr kernel32::Dword disk = 1;
    using enum FileFacts::Kind;
    if (kernel32::file_type(detail::handle_of(handle_)) != disk) return {other, 0, {}};
    if (kernel32::file_information(detail::handle_of(handle_), standard_kind, &standard, sizeof standard) == 0)
        error = detail::last_error();
    return {standard.is_folder != 0 ? folder : regular, static_cast<std::uintmax_t>(standard.end), {}};
}

TAXON_DECL std::size_t File::read(std::span<std::byte> bytes, std::error_code& error) {
    kernel32::Dword count = 0;
    const auto wanted = static_cast<kernel32::Dword>(std::min(bytes.size(), detail::most_at_once));
    if (kernel32::read_file(detail::handle_of(handle_), bytes.data(), wanted, &count, nullptr) == 0)
        error = detail::last_error();
    return count;
}

TAXON_DECL void File::write(std::span<const std::byte> bytes, std::error_code& error) {
    while (!bytes.empty()) {
        kernel32::Dword count = 0;
        const auto wanted = static_cast<kernel32::Dword>(std::min(bytes.size(), detail::most_at_once));
        if (kernel32::write_file(detail::handle_of(handle_), bytes.data(), wanted, &count, nullptr) == 0) {
            error = detail::last_error();
            return;
        }
        bytes = bytes.subspan(count);
    }
}

TAXON_DECL void File::sync(std::error_code& error) {
    if (kernel32::flush_file(detail::handle_of(handle_)) == 0) error = detail::last_error();
}

TAXON_DECL void File::take_over(const Permissions&, std::error_code&) {}

/// First as POSIX does it, which replaces even a file that is open or mapped: NTFS of Windows 10 and newer.
TAXON_DECL void File::rename(const std::filesystem::path&, const std::filesystem::path& to, std::error_code& error) {
    struct Head {
        kernel32::Dword flags;
        kernel32::Handle folder;
        kernel32::Dword name_bytes;
    };  // FILE_RENAME_INFO, and the name after it
    constexpr std::size_t name_at = 20;
    constexpr int posix_kind = 22, usual_kind = 3;
    constexpr kernel32::Dword replace = 1, as_posix = 2;
    std::filesystem::path whole = std::filesystem::absolute(to, error).make_preferred();
    if (error) return;
    const std::wstring& name = whole.native();
    const std::size_t name_bytes = name.size() * sizeof(wchar_t);
    std::vector<std::byte> facts(name_at + name_bytes + sizeof(wchar_t) + sizeof(Head));
    const auto set = [&](int kind, kernel32::Dword flags) {
        const Head head{flags, nullptr, static_cast<kernel32::Dword>(name_bytes)};
        std::memcpy(facts.data(), &head, name_at);
        std::memcpy(facts.data() + name_at, name.c_str(), name_bytes + sizeof(wchar_t));
        return kernel32::set_file_information(detail::handle_of(handle_), kind, facts.data(),
                                              static_cast<kernel32::Dword>(facts.size())) != 0;
    };
    if (!set(posix_kind, replace | as_posix) && !set(usual_kind, replace)) error = detail::last_error();
}

TAXON_DECL void File::close() {
    if (is_open()) kernel32::close_handle(detail::handle_of(std::exchange(handle_, none)));
}

TAXON_DECL const std::byte* File::map(std::size_t bytes, std::error_code& error) const {
    constexpr kernel32::Dword read_only = 2, map_read = 4;
    const kernel32::Handle mapping =
        kernel32::create_mapping(detail::handle_of(handle_), nullptr, read_only, 0, 0, nullptr);
    const void* const start = mapping == nullptr ? nullptr : kernel32::map_view(mapping, map_read, 0, 0, bytes);
    if (start == nullptr) error = detail::last_error();
    if (mapping != nullptr) kernel32::close_handle(mapping);  // the view keeps it
    return static_cast<const std::byte*>(start);
}

TAXON_DECL void File::unmap(const std::byte* start, std::size_t) { kernel32::unmap_view(start); }

/// The system refuses to delete what is open.
TAXON_DECL void remove_if_unlocked(const std::filesystem::path& path) { kernel32::delete_file(path.c_str()); }

TAXON_DECL void sync_folder(const std::filesystem::path&, std::error_code&) {}

TAXON_DECL std::optional<std::uintmax_t> most_file_bytes() { return std::nullopt; }

}  // namespace taxon::system
