#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <taxon/preprocess/byte_fields.hpp>
#include <taxon/preprocess/jpeg_code.hpp>

namespace taxon::preprocess {

/// A component of a JPEG's frame. `nonzero`: for each of its blocks, the coefficients that progressive scans have made
/// other than zero, by which later scans are to be read.
struct JpegComponent {
    int id = 0, across = 0, down = 0, quantization = 0;
    std::uint32_t columns = 0, rows = 0;  ///< of blocks
    std::array<int, 64> missing_bits{};   ///< of each coefficient, after the scans so far; -1: all of them
    std::vector<std::uint64_t> nonzero{};

    bool complete() const {
        return std::all_of(missing_bits.begin(), missing_bits.end(), [](int bits) { return bits == 0; });
    }
};

/// A scan of a JPEG: its header, and the tables that hold for it.
struct JpegScan {
    struct Part {
        JpegComponent* component = nullptr;
        const JpegCode *dc = nullptr, *ac = nullptr;
    };
    std::array<Part, 3> parts{};
    std::size_t count = 0;
    int first = 0, last = 63;  ///< coefficients
    int high = 0, low = 0;     ///< the bit before, 0 for a first scan, and the bit that this one brings them to
    bool progressive = false;
    std::uint32_t restart_interval = 0;   ///< of units; 0: none
    std::uint32_t columns = 0, rows = 0;  ///< of units, if the scan has several components
};

namespace detail {

/// Walks the entropy-coded data of a scan (T.81, annexes F and G) block by block. Nothing is decoded, but every bit
/// that a decoder will read has been seen.
class JpegScanWalk {
  public:
    /// `bytes`: of the file; the data begin at `at`.
    JpegScanWalk(const JpegScan& scan, Bytes bytes, std::size_t at) : scan_(scan), bytes_(bytes), at_(at) {}

    /// Throws Fault::truncated if the data end, or a marker comes, before the last block; Fault::syntax for a code that
    /// is not in its table and for restart markers out of place.
    void run() {
        const bool single = scan_.count == 1;
        const JpegComponent& only = *scan_.parts[0].component;
        const std::uint64_t units =
            single ? std::uint64_t{only.columns} * only.rows : std::uint64_t{scan_.columns} * scan_.rows;
        for (std::uint64_t unit = 0; unit < units; ++unit) {
            if (scan_.restart_interval != 0 && unit != 0 && unit % scan_.restart_interval == 0) restart();
            if (single) {
                block(scan_.parts[0], unit);
                continue;
            }
            for (std::size_t i = 0; i < scan_.count; ++i)
                for (int left = scan_.parts[i].component->across * scan_.parts[i].component->down; left > 0; --left)
                    block(scan_.parts[i], 0);  // only scans of one component need to know which
        }
    }

  private:
    [[noreturn]] void refuse(Fault fault, std::string_view found, std::string_view wanted) const {
        throw Error(fault, {.place = byte_place(at_),
                            .found = found,
                            .wanted = wanted,
                            .remedy = fault == Fault::truncated ? "fetch the file again" : "save the picture again"});
    }

    /// 255 is followed by 0 in data; any other byte after it makes a marker, which ends them. Eight bytes without any
    /// are taken at once; bits beyond `count_` may be there already.
    void fill() {
        if (bytes_.size() - at_ >= 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, bytes_.data() + at_, 8);
            if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap64(word);
            constexpr std::uint64_t ones = 0x0101010101010101;
            if (((~word - ones) & word & (ones << 7)) == 0) {
                bits_ |= word >> count_;
                at_ += static_cast<std::size_t>(63 - count_) / 8;
                count_ |= 56;
                return;
            }
        }
        while (count_ <= 56 && at_ < bytes_.size()) {
            const std::uint64_t byte = std::to_integer<std::uint64_t>(bytes_[at_]);
            if (byte == 0xff) {
                if (at_ + 1 >= bytes_.size() || bytes_[at_ + 1] != std::byte{0}) return;
                ++at_;
            }
            ++at_;
            bits_ |= byte << (56 - count_);
            count_ += 8;
        }
    }

    /// At most 32.
    void skip(int count) {
        if (count > count_) {
            fill();
            if (count > count_)
                refuse(Fault::truncated, "the end of a scan's data before its last block", "all blocks of the picture");
        }
        bits_ <<= count;
        count_ -= count;
    }

    /// At most 16.
    std::uint32_t take(int count) {
        if (count == 0) return 0;
        if (count > count_) fill();
        const auto value = static_cast<std::uint32_t>(bits_ >> (64 - count));
        skip(count);
        return value;
    }

    JpegCode::Found found(const JpegCode& code) {
        if (count_ < 32) fill();
        const JpegCode::Found it = code.find(static_cast<std::uint32_t>(bits_ >> 48));
        if (it.length == 0) {
            if (count_ < 16) skip(16);
            refuse(Fault::syntax, "a code that is not in its Huffman table", "undamaged data");
        }
        return it;
    }

    int symbol(const JpegCode& code) {
        const auto [length, value] = found(code);
        skip(length);
        return value;
    }

    /// A code for a coefficient and, after it, its bits, whose number is in the symbol's lower half.
    int coefficient(const JpegCode& code) {
        const auto [length, value] = found(code);
        skip(length + (value & 15));
        return value;
    }

    void restart() {
        fill();
        if (count_ >= 8 || at_ + 1 >= bytes_.size() || bytes_[at_] != std::byte{0xff})
            refuse(at_ + 1 >= bytes_.size() ? Fault::truncated : Fault::syntax, "no restart marker", "one here");
        while (at_ + 2 < bytes_.size() && bytes_[at_ + 1] == std::byte{0xff}) ++at_;
        const int marker = std::to_integer<int>(bytes_[at_ + 1]);
        if (marker < 0xd0 || marker > 0xd7)
            refuse(Fault::truncated, "marker " + std::to_string(marker), "a restart marker and more blocks");
        if (marker != 0xd0 + restarts_ % 8)
            refuse(Fault::syntax, "marker " + std::to_string(marker),
                   "restart marker " + std::to_string(0xd0 + restarts_ % 8));
        ++restarts_;
        at_ += 2;
        bits_ = 0;
        count_ = 0;
        blocks_without_bits_ = 0;
    }

    void block(const JpegScan::Part& part, std::uint64_t number) {
        if (!scan_.progressive) return sequential(part);
        if (scan_.first == 0) {
            if (scan_.high == 0) coefficient(*part.dc);
            else skip(1);
            return;
        }
        std::uint64_t& nonzero = part.component->nonzero[number];
        if (scan_.high == 0) first_bits(*part.ac, nonzero);
        else next_bits(*part.ac, nonzero);
    }

    void sequential(const JpegScan::Part& part) {
        coefficient(*part.dc);
        for (int k = 1; k < 64; ++k) {
            const int run_and_size = coefficient(*part.ac);
            if ((run_and_size & 15) == 0 && run_and_size != 0xf0) break;
            k += run_and_size >> 4;
        }
    }

    /// The number of blocks that a code for the end of the band counts, this one included.
    std::uint32_t band_end(int exponent) { return (1u << exponent) + take(exponent); }

    void first_bits(const JpegCode& code, std::uint64_t& nonzero) {
        if (blocks_without_bits_ > 0) {
            --blocks_without_bits_;
            return;
        }
        for (int k = scan_.first; k <= scan_.last; ++k) {
            const int run_and_size = coefficient(code), run = run_and_size >> 4, size = run_and_size & 15;
            if (size == 0 && run < 15) {
                blocks_without_bits_ = band_end(run) - 1;
                return;
            }
            k += run;
            if (size != 0 && k < 64) nonzero |= std::uint64_t{1} << k;
        }
    }

    /// A bit for each coefficient that is not zero yet is in between the codes for new ones.
    void next_bits(const JpegCode& code, std::uint64_t& nonzero) {
        int k = scan_.first;
        const auto is_nonzero = [&](int coefficient) { return (nonzero >> coefficient & 1) != 0; };
        while (k <= scan_.last && blocks_without_bits_ == 0) {
            const int run_and_size = symbol(code), size = run_and_size & 15;
            int run = run_and_size >> 4;
            if (size == 0 && run < 15) {
                blocks_without_bits_ = band_end(run);
                break;
            }
            if (size != 0) skip(1);
            for (; k <= scan_.last; ++k) {
                if (is_nonzero(k)) skip(1);
                else if (run-- == 0) break;
            }
            if (size != 0 && k <= scan_.last) nonzero |= std::uint64_t{1} << k;
            ++k;
        }
        if (blocks_without_bits_ == 0) return;
        --blocks_without_bits_;
        const std::uint64_t band = (~std::uint64_t{0} >> (63 - scan_.last)) & (~std::uint64_t{0} << std::min(k, 63));
        if (k <= scan_.last)
            for (int left = std::popcount(nonzero & band); left > 0; --left) skip(1);
    }

    const JpegScan& scan_;
    Bytes bytes_;
    std::size_t at_;
    std::uint64_t bits_ = 0;
    int count_ = 0, restarts_ = 0;
    std::uint32_t blocks_without_bits_ = 0;  // their band is all zero: a run of them is one code
};

}  // namespace detail

/// Throws unless a scan's entropy-coded data, which begin at byte `at` of the file, hold all of its blocks:
/// Fault::truncated, Fault::syntax for damage. Notes in the components which coefficients are not zero.
inline void check_jpeg_scan(const JpegScan& scan, Bytes bytes, std::size_t at) {
    detail::JpegScanWalk(scan, bytes, at).run();
}

}  // namespace taxon::preprocess
