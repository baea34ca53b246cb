#include "allocations.hpp"

#include <algorithm>
#include <cstdlib>
#include <malloc.h>
#include <new>

namespace taxon::test {

thread_local Allocations allocations;

#if OWN_ALLOCATOR
namespace {

void* counted(std::size_t size, std::size_t alignment = alignof(std::max_align_t)) {
    if (++allocations.count == allocations.fail_at) {
        allocations.fail_at = -1;
        throw std::bad_alloc();
    }
    void* memory = nullptr;
    if (posix_memalign(&memory, alignment, size) != 0) throw std::bad_alloc();
    allocations.bytes += static_cast<long>(malloc_usable_size(memory));
    allocations.taken += static_cast<long>(size);
    allocations.peak = std::max(allocations.peak, allocations.bytes);
    return memory;
}

void release(void* memory) {
    allocations.bytes -= static_cast<long>(malloc_usable_size(memory));
    std::free(memory);
}

}  // namespace
#endif

}  // namespace taxon::test

#if OWN_ALLOCATOR
using taxon::test::counted;
using taxon::test::release;

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
    return counted(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
    return counted(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { release(memory); }
void operator delete[](void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { release(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }
#endif
