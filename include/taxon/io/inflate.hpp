#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include <taxon/core/error.hpp>

namespace taxon::io {

namespace detail {

[[noreturn]] inline void refuse_deflated(Fault fault, const char* found) {
    throw Error(fault, {.place = "compressed data", .found = found, .remedy = "fetch or save the file again"});
}

/// Reads bits, the least significant first (RFC 1951, 3.1.1).
class DeflateBits {
  public:
    explicit DeflateBits(std::span<const std::byte> bytes) : bytes_(bytes) {}

    /// The next 15 bits, those beyond the end zero.
    std::uint32_t peek() {
        while (count_ <= 56 && at_ < bytes_.size())
            bits_ |= std::to_integer<std::uint64_t>(bytes_[at_++]) << count_, count_ += 8;
        return static_cast<std::uint32_t>(bits_ & 0x7fff);
    }
    void skip(int count) {
        if (count > count_) refuse_deflated(Fault::truncated, "the end of the data within a block");
        bits_ >>= count;
        count_ -= count;
    }
    /// At most 15.
    std::uint32_t take(int count) {
        const std::uint32_t value = peek() & ((1u << count) - 1);
        skip(count);
        return value;
    }
    void align() { skip(count_ % 8); }

  private:
    std::span<const std::byte> bytes_;
    std::size_t at_ = 0;
    std::uint64_t bits_ = 0;
    int count_ = 0;
};

/// A Huffman code of at most 15 bits (RFC 1951, 3.2.2).
class DeflateCode {
  public:
    /// `lengths`: bits of each symbol's code, 0 for an unused one. Throws Fault::syntax for too many codes.
    explicit DeflateCode(std::span<const std::uint8_t> lengths) {
        for (const std::uint8_t length : lengths) ++counts_[length];
        counts_[0] = 0;
        std::array<std::uint32_t, 17> next{}, place{};
        for (std::size_t length = 1; length < 16; ++length) {
            next[length + 1] = (next[length] + counts_[length]) << 1;
            place[length + 1] = place[length] + counts_[length];
            if (next[length] + counts_[length] > 1u << length)
                refuse_deflated(Fault::syntax, "a Huffman table with too many codes");
        }
        for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
            const std::size_t length = lengths[symbol];
            if (length == 0) continue;
            symbols_[place[length]++] = static_cast<std::uint16_t>(symbol);
            std::uint32_t code = next[length]++, reversed = 0;
            if (length > short_bits) continue;
            for (std::size_t bit = 0; bit < length; ++bit) reversed |= (code >> bit & 1) << (length - 1 - bit);
            for (; reversed < of_short_.size(); reversed += 1u << length)
                of_short_[reversed] = static_cast<std::uint16_t>(symbol << 4 | length);
        }
    }

    std::size_t symbol(DeflateBits& bits) const {
        const std::uint32_t ahead = bits.peek();
        if (const std::uint16_t known = of_short_[ahead & (of_short_.size() - 1)]; known != 0) {
            bits.skip(known & 15);
            return known >> 4;
        }
        std::uint32_t code = 0, first = 0, place = 0;
        for (std::size_t length = 1; length < 16; ++length) {
            code |= ahead >> (length - 1) & 1;
            if (code < first + counts_[length]) {
                bits.skip(static_cast<int>(length));
                return symbols_[place + (code - first)];
            }
            place += counts_[length];
            first = (first + counts_[length]) << 1;
            code <<= 1;
        }
        refuse_deflated(Fault::syntax, "a code that is not in the Huffman table");
    }

  private:
    static constexpr std::size_t short_bits = 10;
    std::array<std::uint16_t, 1u << short_bits> of_short_{};  // symbol and length by the next bits; 0: a longer code
    std::array<std::uint32_t, 16> counts_{};
    std::array<std::uint16_t, 288> symbols_{};  // by code
};

}  // namespace detail

/// Decompresses a zlib stream (RFC 1950): see(bytes) receives the result in order, at most 64 KiB at a time, so memory
/// does not depend on how much there is; it may throw to end it. Throws Fault::truncated, ::syntax, and ::checksum.
/// Bytes behind the stream are ignored.
template <class See>
void inflate(std::span<const std::byte> packed, See&& see) {
    using detail::refuse_deflated;
    constexpr std::size_t farthest = 32'768;
    detail::DeflateBits bits(packed);
    const std::uint32_t method = bits.take(8), flags = bits.take(8);
    if (method % 16 != 8 || method > 0x78 || (method * 256 + flags) % 31 != 0 || (flags & 32) != 0)
        refuse_deflated(Fault::syntax, "no zlib stream");

    std::vector<std::byte> window(2 * farthest + 258);
    std::size_t end = 0, seen = 0;
    std::uint32_t low = 1, high = 0;  // Adler-32
    const auto flush = [&] {
        const auto fresh = std::span<const std::byte>(window).subspan(seen, end - seen);
        for (std::size_t at = 0; at < fresh.size(); low %= 65521, high %= 65521)
            for (const std::size_t stop = std::min(at + 5552, fresh.size()); at < stop; ++at)
                low += std::to_integer<std::uint32_t>(fresh[at]), high += low;
        see(fresh);
        if (end > farthest) {
            std::copy_n(window.begin() + static_cast<std::ptrdiff_t>(end - farthest), farthest, window.begin());
            end = farthest;
        }
        seen = end;
    };
    const auto room = [&] {
        if (end >= 2 * farthest) flush();
    };

    for (bool last = false; !last;) {
        last = bits.take(1) != 0;
        const std::uint32_t kind = bits.take(2);
        if (kind == 3) refuse_deflated(Fault::syntax, "a block of unknown kind");
        if (kind == 0) {
            bits.align();
            std::uint32_t size = bits.take(8);
            size |= bits.take(8) << 8;
            std::uint32_t inverse = bits.take(8);
            inverse |= bits.take(8) << 8;
            if ((size ^ inverse) != 0xffff) refuse_deflated(Fault::syntax, "a stored block of two sizes");
            for (; size > 0; --size, room()) window[end++] = static_cast<std::byte>(bits.take(8));
            continue;
        }
        std::array<std::uint8_t, 320> lengths{};
        std::size_t literals = 288, distances = 30;
        if (kind == 1) {
            for (std::size_t i = 0; i < 288; ++i)
                lengths[i] = static_cast<std::uint8_t>(i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8);
            std::fill_n(lengths.begin() + 288, 30, std::uint8_t{5});
        } else {
            constexpr std::uint8_t order[] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
            literals = 257 + bits.take(5);
            distances = 1 + bits.take(5);
            const std::size_t described = 4 + bits.take(4);
            if (literals > 286 || distances > 30) refuse_deflated(Fault::syntax, "a block of too many symbols");
            std::array<std::uint8_t, 19> short_lengths{};
            for (std::size_t i = 0; i < described; ++i)
                short_lengths[order[i]] = static_cast<std::uint8_t>(bits.take(3));
            const detail::DeflateCode code(short_lengths);
            for (std::size_t i = 0; i < literals + distances;) {
                const std::size_t symbol = code.symbol(bits);
                if (symbol == 16 && i == 0) refuse_deflated(Fault::syntax, "a length repeated before the first");
                const std::size_t times = symbol < 16    ? 1
                                          : symbol == 16 ? 3 + bits.take(2)
                                          : symbol == 17 ? 3 + bits.take(3)
                                                         : 11 + bits.take(7);
                const std::uint8_t length = symbol < 16    ? static_cast<std::uint8_t>(symbol)
                                            : symbol == 16 ? lengths[i - 1]
                                                           : std::uint8_t{0};
                if (times > literals + distances - i) refuse_deflated(Fault::syntax, "too many code lengths");
                std::fill_n(lengths.begin() + static_cast<std::ptrdiff_t>(i), times, length);
                i += times;
            }
        }
        const std::span<const std::uint8_t> all = lengths;
        const detail::DeflateCode code(all.first(literals)), far(all.subspan(literals, distances));
        for (std::size_t symbol = code.symbol(bits); symbol != 256; symbol = code.symbol(bits)) {
            if (symbol < 256) {
                window[end++] = static_cast<std::byte>(symbol);
                room();
                continue;
            }
            // Lengths and distances come in groups that double in width (RFC 1951, 3.2.5).
            const auto spread = [&](std::size_t index, std::size_t each, std::size_t base) {
                if (index < 2 * each) return index + base;
                const std::size_t extra = index / each - 1;
                return ((each + index % each) << extra) + base + bits.take(static_cast<int>(extra));
            };
            if (symbol > 285) refuse_deflated(Fault::syntax, "a length of unknown kind");
            const std::size_t length = symbol == 285 ? 258 : spread(symbol - 257, 4, 3);
            const std::size_t far_symbol = far.symbol(bits);
            if (far_symbol > 29) refuse_deflated(Fault::syntax, "a distance of unknown kind");
            const std::size_t distance = spread(far_symbol, 2, 1);
            if (distance > end) refuse_deflated(Fault::syntax, "a reference to before the beginning");
            if (distance == 1) std::fill_n(&window[end], length, window[end - 1]);
            else if (distance >= length) std::memcpy(&window[end], &window[end - distance], length);
            else
                for (std::size_t i = 0; i < length; ++i) window[end + i] = window[end + i - distance];
            end += length;
            room();
        }
    }
    flush();
    bits.align();
    std::uint32_t checksum = 0;
    for (int i = 0; i < 4; ++i) checksum = checksum << 8 | bits.take(8);
    if (checksum != (high << 16 | low)) refuse_deflated(Fault::checksum, "data that do not match their checksum");
}

}  // namespace taxon::io
