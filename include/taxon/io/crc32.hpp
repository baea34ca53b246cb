#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <taxon/core/separate_compilation.hpp>

namespace taxon::io {

/// tables[k][b] is the remainder of the byte b followed by k zero bytes.
inline constexpr auto crc32_tables = [] {
    std::array<std::array<std::uint32_t, 256>, 16> tables{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t remainder = byte;
        for (int bit = 0; bit < 8; ++bit) remainder = (remainder >> 1) ^ ((remainder & 1u) != 0 ? 0xEDB88320u : 0u);
        tables[0][byte] = remainder;
    }
    for (std::size_t zeros = 1; zeros < tables.size(); ++zeros)
        for (std::size_t byte = 0; byte < 256; ++byte)
            tables[zeros][byte] = (tables[zeros - 1][byte] >> 8) ^ tables[0][tables[zeros - 1][byte] & 0xFFu];
    return tables;
}();

/// CRC-32 of zip and PNG: reflected polynomial 0xEDB88320, initial value and final inversion all ones (ISO-HDLC).
/// Sixteen bytes per step from sixteen tables, after Kounavis and Berry, "A systematic approach to building high
/// performance software-based CRC generators" (2005).
class Crc32 {
  public:
    static std::uint32_t of(std::span<const std::byte> bytes);

  private:
    static constexpr std::size_t step = crc32_tables.size();
    static std::uint32_t one(std::uint32_t remainder, std::uint8_t byte) {
        return (remainder >> 8) ^ crc32_tables[0][(remainder ^ byte) & 0xFFu];
    }

    static std::uint32_t sixteen(std::uint32_t remainder, const std::byte* at) {
        std::array<std::uint32_t, 4> words;
        std::memcpy(words.data(), at, step);
        if constexpr (std::endian::native == std::endian::big)
            for (std::uint32_t& word : words) word = __builtin_bswap32(word);
        words[0] ^= remainder;
        std::uint32_t next = 0;
        for (std::size_t word = 0; word < 4; ++word)
            for (std::size_t byte = 0; byte < 4; ++byte)
                next ^= crc32_tables[step - 1 - (4 * word + byte)][(words[word] >> (8 * byte)) & 0xFFu];
        return next;
    }
};

}  // namespace taxon::io

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/io/impl/crc32.ipp>
#endif
