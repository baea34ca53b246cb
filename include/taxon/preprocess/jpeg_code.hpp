#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include <taxon/preprocess/byte_fields.hpp>

namespace taxon::preprocess {

/// A Huffman code of a JPEG (ITU-T T.81, annex C), of at most 16 bits.
class JpegCode {
  public:
    JpegCode() = default;

    /// `table`: how many codes there are of each length from 1 to 16, and their symbols, checked by the caller.
    explicit JpegCode(Bytes table) : defined_(true) {
        std::uint32_t code = 0;
        std::size_t place = 16;
        for (std::uint32_t length = 1; length <= 16; ++length, code <<= 1)
            for (std::uint32_t i = std::to_integer<std::uint32_t>(table[length - 1]); i > 0; --i, ++code) {
                const std::uint32_t symbol = std::to_integer<std::uint32_t>(table[place++]);
                symbols_[place - 17] = static_cast<std::uint8_t>(symbol);
                if (length > short_bits) continue;
                for (std::uint32_t at = code << (short_bits - length); at < (code + 1) << (short_bits - length); ++at)
                    of_short_[at] = static_cast<std::uint16_t>(symbol << 8 | length);
            }
        code = 0;
        std::uint32_t before = 0;
        for (std::size_t length = 1; length <= 16; ++length) {
            const std::uint32_t count = std::to_integer<std::uint32_t>(table[length - 1]);
            offset_[length] = before - code;  // modulo 2^32
            before += count;
            code += count;
            end_[length] = code << (16 - length);
            code <<= 1;
        }
    }

    bool defined() const { return defined_; }

    /// A code: its length in bits, 0 for one that is not in the table, and its symbol.
    struct Found {
        int length, symbol;
    };
    /// The code with which 16 bits begin.
    Found find(std::uint32_t ahead) const {
        if (const std::uint32_t known = of_short_[ahead >> (16 - short_bits)]; known != 0)
            return {static_cast<int>(known & 255), static_cast<int>(known >> 8)};
        for (std::size_t length = short_bits + 1; length <= 16; ++length)
            if (ahead < end_[length])
                return {static_cast<int>(length), symbols_[(ahead >> (16 - length)) + offset_[length]]};
        return {0, 0};
    }

  private:
    static constexpr std::uint32_t short_bits = 9;
    bool defined_ = false;
    std::array<std::uint16_t, 1u << short_bits> of_short_{};
    std::array<std::uint32_t, 17> end_{}, offset_{};
    std::array<std::uint8_t, 256> symbols_{};
};

}  // namespace taxon::preprocess
