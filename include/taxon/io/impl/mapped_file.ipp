#pragma once
#include <functional>
#include <string>
#include <system_error>
#include <taxon/system/file.hpp>
#include <taxon/system/pages.hpp>
#include <utility>

namespace taxon::io {

TAXON_DECL MappedFile::MappedFile(const std::filesystem::path& path) : path_(path) {
    using Kind = system::FileFacts::Kind;
    const auto fail = [&](Fault fault, std::string_view found, std::string_view wanted, std::string_view remedy) {
        throw Error(fault, {.file = path.string(), .found = found, .wanted = wanted, .remedy = remedy});
    };
    std::error_code error;
    system::File file = system::File::open(path, error);
    if (error) fail(Fault::io, error.message(), "a readable file", "check the path");
    const system::FileFacts about = file.facts(error);
    if (error) fail(Fault::io, error.message(), "a readable file", "");
    if (about.kind == Kind::folder) fail(Fault::io, "a folder", "a file", "name a file in it");
    if (about.kind != Kind::regular)
        fail(Fault::io, "a device, pipe or socket", "a regular file", "copy it to a file first");
    if (about.bytes == 0) fail(Fault::truncated, "an empty file", "", "fetch it again");
    const auto size = static_cast<std::size_t>(about.bytes);
    if (size >= mapped_from) {
        bytes_ = {file.map(size, error), size};
        if (error) fail(Fault::io, error.message(), "a file that can be mapped into memory", "");
        return;
    }
    std::byte* const start = system::allocate_pages(size);
    for (std::size_t at = 0; at < size;) {
        const std::size_t count = file.read({start + at, size - at}, error);
        at += count;
        if (count > 0) continue;
        system::free_pages(start);
        if (error) fail(Fault::io, error.message(), "a readable file", "");
        fail(Fault::truncated, std::to_string(at) + " bytes", std::to_string(size) + ", as when it was opened",
             "make sure that no other program writes it meanwhile");
    }
    bytes_ = {start, size};
}

TAXON_DECL void MappedFile::release(std::span<const std::byte> part) const {
    const std::less<const std::byte*> before;
    const std::byte *const begin = bytes_.data(), *const end = begin + bytes_.size();
    if (bytes_.size() < mapped_from || part.empty() || before(part.data(), begin) || !before(part.data(), end)) return;
    const std::size_t page = system::page_size(),
                      first = (static_cast<std::size_t>(part.data() - begin) + page - 1) / page * page,
                      last = static_cast<std::size_t>(part.data() - begin + std::ssize(part)) / page * page;
    if (first < last) system::forget_pages(begin + first, last - first);
}

TAXON_DECL MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)), bytes_(std::exchange(other.bytes_, {})) {}

TAXON_DECL MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(bytes_, other.bytes_);
    return *this;
}

TAXON_DECL MappedFile::~MappedFile() {
    if (bytes_.size() >= mapped_from) system::File::unmap(bytes_.data(), bytes_.size());
    else if (!bytes_.empty()) system::free_pages(const_cast<std::byte*>(bytes_.data()));
}

}  // namespace taxon::io
