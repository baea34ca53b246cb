#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

namespace taxon::io {

/// crc32c_table[b] is the remainder of the byte b.
inline constexpr auto crc32c_table = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        std::uint32_t remainder = byte;
        for (int bit = 0; bit < 8; ++bit) remainder = (remainder >> 1) ^ ((remainder & 1u) != 0 ? 0x82F63B78u : 0u);
        table[byte] = remainder;
    }
    return table;
}();

/// CRC-32C, Castagnoli's (iSCSI, ext4): reflected polynomial 0x82F63B78, initial value and final inversion all ones. It
/// detects every error within 32 neighbouring bits. x86 and 64-bit Arm have an instruction for it, several times faster
/// than the sixteen tables of Crc32.
class Crc32c {
  public:
    static std::uint32_t of(std::span<const std::byte> bytes) {
#if defined(__x86_64__)
        if (__builtin_cpu_supports("sse4.2")) return by_instruction(bytes);
#elif defined(__aarch64__) && defined(__linux__)
        constexpr unsigned long crc32 = 1ul << 7;  // HWCAP_CRC32
        static const bool has = (::getauxval(AT_HWCAP) & crc32) != 0;
        if (has) return by_instruction(bytes);
#endif
        return by_table(bytes);
    }

    /// Gives the same number on any processor.
    static std::uint32_t by_table(std::span<const std::byte> bytes) {
        std::uint32_t remainder = 0xFFFFFFFFu;
        for (const std::byte byte : bytes)
            remainder = (remainder >> 8) ^ crc32c_table[(remainder ^ std::to_integer<std::uint32_t>(byte)) & 0xFFu];
        return ~remainder;
    }

  private:
#if defined(__x86_64__)
    /// One chain, 8 bytes in 3 cycles: 6 GB/s from memory. Three interleaved chains read 12, but combining them takes
    /// more code than that is worth.
    __attribute__((target("sse4.2"))) static std::uint32_t by_instruction(std::span<const std::byte> bytes) {
        std::uint64_t remainder = 0xFFFFFFFFu;
        std::uint64_t word = 0;
        for (; bytes.size() >= sizeof word; bytes = bytes.subspan(sizeof word)) {
            std::memcpy(&word, bytes.data(), sizeof word);
            remainder = _mm_crc32_u64(remainder, word);
        }
        auto rest = static_cast<std::uint32_t>(remainder);
        for (const std::byte byte : bytes) rest = _mm_crc32_u8(rest, std::to_integer<std::uint8_t>(byte));
        return ~rest;
    }
#elif defined(__aarch64__) && defined(__linux__)
    static std::uint32_t by_instruction(std::span<const std::byte> bytes) {
        std::uint32_t remainder = 0xFFFFFFFFu;
        std::uint64_t word = 0;
        for (; bytes.size() >= sizeof word; bytes = bytes.subspan(sizeof word)) {
            std::memcpy(&word, bytes.data(), sizeof word);
            __asm__(".arch_extension crc\n\tcrc32cx %w0, %w0, %1" : "+r"(remainder) : "r"(word));
        }
        for (const std::byte byte : bytes)
            __asm__(".arch_extension crc\n\tcrc32cb %w0, %w0, %w1"
                    : "+r"(remainder)
                    : "r"(std::to_integer<std::uint32_t>(byte)));
        return ~remainder;
    }
#endif
};

}  // namespace taxon::io
