#pragma once
#include <cstddef>
#include <span>
#include <taxon/core/separate_compilation.hpp>

namespace taxon::system {

/// New memory that starts at a page. Throws std::bad_alloc if there is none. It comes from operator new, so that
/// AddressSanitizer knows where it ends.
std::byte* allocate_pages(std::size_t bytes);
void free_pages(std::byte* start);

/// Bytes of a page.
std::size_t page_size();

/// Lets the system take back whole pages of a mapped file; they can be read again.
void forget_pages(const std::byte* start, std::size_t bytes);

/// Asks for pages of 2 MB. Advisory: Linux may do it, other systems do not.
void prefer_huge_pages(void* start, std::size_t bytes);

}  // namespace taxon::system

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/system/impl/pages.ipp>
#endif
