#include <taxon/backend/cpu/memory.hpp>

#include <cstdint>
#include <cstring>

#include "catch.hpp"

using namespace taxon;

TEST_CASE("Memory starts on a cache line, large memory on a huge page", "[memory]") {
    for (const std::size_t bytes :
         {std::size_t{1}, std::size_t{4097}, 2 * cpu::huge_page - 1, 2 * cpu::huge_page, 3 * cpu::huge_page + 5}) {
        void* memory = cpu::allocate(bytes);
        INFO(bytes << " bytes");
        CHECK(reinterpret_cast<std::uintptr_t>(memory) %
                  (bytes < 2 * cpu::huge_page ? cpu::cache_line : cpu::huge_page) ==
              0);
        std::memset(memory, 1, bytes);
        cpu::release(memory, bytes);
    }
}
