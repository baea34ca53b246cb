#pragma once
#if defined(_WIN32)
#include <taxon/system/impl/kernel32.ipp>
#else
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace taxon::system {

#if defined(_WIN32)

TAXON_DECL std::byte* allocate_pages(std::size_t bytes) {
    constexpr kernel32::Dword commit_and_reserve = 0x3000, read_and_write = 4;
    return static_cast<std::byte*>(kernel32::virtual_allocate(nullptr, bytes, commit_and_reserve, read_and_write));
}

TAXON_DECL void free_pages(std::byte* start, std::size_t) {
    constexpr kernel32::Dword all = 0x8000;
    kernel32::virtual_free(start, 0, all);
}

TAXON_DECL std::size_t page_size() { return 4096; }

/// Pages that are not locked leave the working set.
TAXON_DECL void forget_pages(const std::byte* start, std::size_t bytes) {
    kernel32::virtual_unlock(const_cast<std::byte*>(start), bytes);
}

TAXON_DECL void prefer_huge_pages(void*, std::size_t) {}

#else

TAXON_DECL std::byte* allocate_pages(std::size_t bytes) {
    void* const start = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return start == MAP_FAILED ? nullptr : static_cast<std::byte*>(start);
}

TAXON_DECL void free_pages(std::byte* start, std::size_t bytes) { ::munmap(start, bytes); }

TAXON_DECL std::size_t page_size() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

TAXON_DECL void forget_pages(const std::byte* start, std::size_t bytes) {
    static_cast<void>(::madvise(const_cast<std::byte*>(start), bytes, MADV_DONTNEED));
}

TAXON_DECL void prefer_huge_pages([[maybe_unused]] void* start, [[maybe_unused]] std::size_t bytes) {
#if defined(__linux__)
    static_cast<void>(::madvise(start, bytes, MADV_HUGEPAGE));
#endif
}

#endif

}  // namespace taxon::system
