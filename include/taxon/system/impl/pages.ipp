#pragma once
#include <new>
#if defined(_WIN32)
#include <taxon/system/impl/kernel32.ipp>
#else
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace taxon::system {

#if defined(_WIN32)

TAXON_DECL std::size_t page_size() { return 4096; }

/// Pages that are not locked leave the working set.
TAXON_DECL void forget_pages(const std::byte* start, std::size_t bytes) {
    kernel32::virtual_unlock(const_cast<std::byte*>(start), bytes);
}

TAXON_DECL void prefer_huge_pages(void*, std::size_t) {}

#else

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

TAXON_DECL std::byte* allocate_pages(std::size_t bytes) {
    return static_cast<std::byte*>(::operator new(bytes, std::align_val_t(page_size())));
}

TAXON_DECL void free_pages(std::byte* start) { ::operator delete(start, std::align_val_t(page_size())); }

}  // namespace taxon::system
