#pragma once
#include <cstdint>
#include <string_view>

namespace taxon {

/// FNV-1a hash of 64 bits (Fowler, Noll and Vo; the constants are theirs), byte by byte.
class Fnv1a {
  public:
    constexpr void add(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3u; }
    constexpr void add(std::string_view text) {
        for (const char c : text) add(static_cast<unsigned char>(c));
    }
    constexpr std::uint64_t value() const { return value_; }

  private:
    std::uint64_t value_ = 0xcbf29ce484222325u;
};

}  // namespace taxon
