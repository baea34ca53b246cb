#pragma once
#include <algorithm>
#include <cstring>
#include <string>

#include <taxon/preprocess/exif_orientation.hpp>
#include <taxon/preprocess/jpeg_scan.hpp>
#include <taxon/preprocess/picture_facts.hpp>

namespace taxon::preprocess {

/// A parsed JPEG file: its segments and the coded data of all its scans are there.
struct JpegStructure {
    PictureFacts facts{};
    bool progressive = false;
    std::uint64_t samples = 0;  ///< of all components, whole blocks each
    bool lacks_end = false;     ///< the end-of-image marker, and nothing else, is missing
};

namespace detail {

/// Walks the markers of a JPEG file (ITU-T T.81, annex B) and rejects what the decoder cannot be trusted with.
class JpegWalk {
  public:
    JpegWalk(Bytes bytes, const Limits& limits, bool walks_scans)
        : bytes_(bytes), limits_(limits), walks_scans_(walks_scans) {}

    JpegStructure structure() {
        at_ = 2;  // after SOI
        for (;;) {
            if (lacks_end()) break;
            const int marker = next_marker();
            if (marker == 0xd9) break;
            segment(marker);
            if (marker == 0xda) skip_entropy_coded_data();
        }
        if (parts_ == 0) refuse(Fault::syntax, "no frame header", "one before the end of the picture");
        for (int i = 0; i < parts_; ++i)
            if (components_[i].missing_bits[0] < 0)
                refuse(Fault::truncated, "no scan of component " + std::to_string(components_[i].id),
                       "one a component");
        made_.facts.trailing_bytes = bytes_.size() - at_;
        return made_;
    }

  private:
    using Component = JpegComponent;

    /// True at the end of a file whose scans are complete to the last bit: Pillow and browsers show such pictures too.
    bool lacks_end() {
        const bool ended = at_ == bytes_.size() || (at_ + 1 == bytes_.size() && byte_at(at_) == 0xff);
        if (!ended || parts_ == 0) return false;
        for (int i = 0; i < parts_; ++i)
            if (!components_[i].complete()) return false;
        at_ = bytes_.size();
        return made_.lacks_end = true;
    }

    [[noreturn]] void refuse(Fault fault, std::string_view found, std::string_view wanted) const {
        throw Error(fault,
                    {.place = byte_place(at_), .found = found, .wanted = wanted, .remedy = "save the picture again"});
    }

    int byte_at(std::size_t at) const { return std::to_integer<int>(bytes_[at]); }

    int next_marker() {
        need(bytes_, at_, 2, "a JPEG marker");
        if (byte_at(at_) != 0xff) refuse(Fault::syntax, "byte " + std::to_string(byte_at(at_)), "a JPEG marker (255)");
        while (byte_at(at_) == 0xff) need(bytes_, ++at_, 1, "a JPEG marker");
        return byte_at(at_++);
    }

    void segment(int marker) {
        const bool has_length = marker != 0x01 && !(marker >= 0xd0 && marker <= 0xd8) && marker != 0;
        if (!has_length) refuse(Fault::syntax, "marker " + std::to_string(marker), "a segment");
        need(bytes_, at_, 2, "a JPEG segment's length");
        const std::size_t size = big_endian(bytes_, at_, 2);
        if (size < 2) refuse(Fault::syntax, "a segment of " + std::to_string(size) + " bytes", "at least 2");
        need(bytes_, at_, size, "a JPEG segment");
        const Bytes data = bytes_.subspan(at_ + 2, size - 2);
        switch (marker) {
            case 0xc0:
            case 0xc1:
            case 0xc2: frame(data, marker == 0xc2); break;
            case 0xc4: huffman_tables(data); break;
            case 0xdb: quantization_tables(data); break;
            case 0xda: scan(data); break;
            case 0xdd: restart_interval(data); break;
            case 0xe1: application_data(data); break;
            case 0xdc:
            case 0xfe: break;
            default: other(marker);
        }
        at_ += size;
    }

    void other(int marker) const {
        if (marker >= 0xe0 && marker <= 0xef) return;
        if (marker == 0xc3) refuse(Fault::unsupported, "a lossless JPEG", "a baseline or progressive one");
        if (marker >= 0xc9 && marker <= 0xcf)
            refuse(Fault::unsupported, "a JPEG with arithmetic coding", "one with Huffman coding");
        if (marker >= 0xc5 && marker <= 0xc7)
            refuse(Fault::unsupported, "a hierarchical JPEG", "a baseline or progressive one");
        refuse(Fault::syntax, "marker " + std::to_string(marker), "a marker of baseline or progressive JPEG");
    }

    void restart_interval(Bytes data) {
        if (data.size() != 2) refuse(Fault::syntax, "a malformed restart interval", "2 bytes");
        restart_interval_ = big_endian(data, 0, 2);
    }

    /// The first EXIF block counts; XMP has segments of the same number.
    void application_data(Bytes data) {
        constexpr std::string_view head("Exif\0\0", 6);
        if (has_exif_ || data.size() < head.size()) return;
        for (std::size_t i = 0; i < head.size(); ++i)
            if (std::to_integer<int>(data[i]) != head[i]) return;
        has_exif_ = true;
        made_.facts.orientation = exif_orientation(data.subspan(head.size()));
    }

    void frame(Bytes data, bool progressive) {
        if (parts_ != 0) refuse(Fault::syntax, "a second frame header", "one");
        if (data.size() < 6)
            refuse(Fault::syntax, "a frame header of " + std::to_string(data.size()) + " bytes", "at least 6");
        const int precision = std::to_integer<int>(data[0]), parts = std::to_integer<int>(data[5]);
        if (precision != 8)
            refuse(Fault::unsupported, "a JPEG with " + std::to_string(precision) + " bits a sample", "8 bits");
        if (parts == 4) refuse(Fault::unsupported, "a JPEG with four components (CMYK)", "grey or colour (1 or 3)");
        if (parts != 1 && parts != 3)
            refuse(Fault::unsupported, "a JPEG with " + std::to_string(parts) + " components", "1 or 3");
        if (data.size() != 6 + 3 * static_cast<std::size_t>(parts))
            refuse(Fault::syntax, "a frame header of wrong length", "3 bytes a component");
        const std::uint32_t height = big_endian(data, 1, 2), width = big_endian(data, 3, 2);
        check_size(height, width, limits_);
        made_.facts.format = PictureFormat::jpeg;
        made_.facts.height = static_cast<int>(height);
        made_.facts.width = static_cast<int>(width);
        made_.progressive = progressive;
        for (int i = 0; i < parts; ++i) component(i, data.subspan(6 + 3 * static_cast<std::size_t>(i), 3));
        parts_ = parts;
        lay_out(height, width);
    }

    void component(int index, Bytes data) {
        const int sampling = std::to_integer<int>(data[1]);
        Component& it = components_[index];
        it.id = std::to_integer<int>(data[0]);
        it.across = sampling >> 4;
        it.down = sampling & 15;
        it.quantization = std::to_integer<int>(data[2]);
        it.missing_bits.fill(-1);
        if (it.across < 1 || it.across > 4 || it.down < 1 || it.down > 4 || it.quantization > 3)
            refuse(Fault::syntax, "a component with sampling " + std::to_string(sampling),
                   "1 to 4 each way, and quantization table 0 to 3");
        for (int i = 0; i < index; ++i)
            if (components_[i].id == it.id)
                refuse(Fault::syntax, "two components numbered " + std::to_string(it.id), "different numbers");
    }

    /// Counts the 8 x 8 blocks. Components that are sampled less have fewer.
    void lay_out(std::uint32_t height, std::uint32_t width) {
        std::uint32_t across = 1, down = 1;
        for (const Component& it : components_) {
            across = std::max(across, static_cast<std::uint32_t>(it.across));
            down = std::max(down, static_cast<std::uint32_t>(it.down));
        }
        const auto share = [](std::uint32_t pixels, std::uint32_t most) { return (pixels + most - 1) / most; };
        columns_ = share(width, 8 * across);
        rows_ = share(height, 8 * down);
        std::uint64_t blocks = 0;
        for (int i = 0; i < parts_; ++i) {
            Component& it = components_[i];
            const auto it_across = static_cast<std::uint32_t>(it.across), it_down = static_cast<std::uint32_t>(it.down);
            it.columns = share(share(width * it_across, across), 8);
            it.rows = share(share(height * it_down, down), 8);
            blocks += std::uint64_t{it.columns} * it.rows;
            made_.samples += std::uint64_t{columns_ * it_across} * (rows_ * it_down) * 64;
        }
        check_plausible(bytes_.size() - at_, blocks / 8);  // a block takes at least one bit
    }

    /// Codes that overflow their length, or more than 256 of them, would overrun the decoder's tables.
    void huffman_tables(Bytes data) {
        while (!data.empty()) {
            if (data.size() < 17) refuse(Fault::syntax, "a cut Huffman table", "17 bytes and its symbols");
            const int kind = std::to_integer<int>(data[0]) >> 4, slot = std::to_integer<int>(data[0]) & 15;
            if (kind > 1 || slot > 3)
                refuse(Fault::syntax, "Huffman table " + std::to_string(kind * 16 + slot), "class 0 or 1, slot 0 to 3");
            std::uint32_t symbols = 0, code = 0;
            for (std::size_t length = 1; length <= 16; ++length) {
                const std::uint32_t count = std::to_integer<std::uint32_t>(data[length]);
                symbols += count;
                code = (code << 1) + count;
                if (code > (1u << length))
                    refuse(Fault::syntax, "a Huffman table with too many codes", "a prefix code");
            }
            if (symbols > 256 || data.size() < 17 + symbols)
                refuse(Fault::syntax, std::to_string(symbols) + " Huffman symbols", "at most 256, all there");
            if (++tables_ > tables_a_scan * limits_.picture_scans)
                refuse(Fault::limit, "Huffman table " + std::to_string(tables_),
                       "at most " + std::to_string(tables_a_scan * limits_.picture_scans));
            huffman_[kind][slot] = JpegCode(data.subspan(1, 16 + symbols));
            data = data.subspan(17 + symbols);
        }
    }

    void quantization_tables(Bytes data) {
        while (!data.empty()) {
            const int precision = std::to_integer<int>(data[0]) >> 4, slot = std::to_integer<int>(data[0]) & 15;
            const std::size_t size = precision == 0 ? 65 : 129;
            if (precision > 1 || slot > 3 || data.size() < size)
                refuse(Fault::syntax, "a malformed quantization table", "64 values, slot 0 to 3");
            quantization_[slot] = true;
            data = data.subspan(size);
        }
    }

    void scan(Bytes data) {
        if (parts_ == 0) refuse(Fault::syntax, "a scan before the frame header", "the frame header first");
        const std::size_t parts = data.empty() ? 0 : std::to_integer<std::size_t>(data[0]);
        if (parts < 1 || parts > static_cast<std::size_t>(parts_) || data.size() != 4 + 2 * parts)
            refuse(Fault::syntax, "a malformed scan header", "one entry for each of its components");
        limit_scans();
        JpegScan made{.count = parts,
                      .progressive = made_.progressive,
                      .restart_interval = restart_interval_,
                      .columns = columns_,
                      .rows = rows_};
        if (made_.progressive) {
            made.first = std::to_integer<int>(data[1 + 2 * parts]);
            made.last = std::to_integer<int>(data[2 + 2 * parts]);
            made.high = std::to_integer<int>(data[3 + 2 * parts]) >> 4;
            made.low = std::to_integer<int>(data[3 + 2 * parts]) & 15;
            if (made.last < made.first || made.last > 63 || made.low > 13 ||
                (made.high != 0 && made.high != made.low + 1) || (made.first == 0 ? made.last != 0 : parts != 1))
                refuse(Fault::syntax, "a malformed progressive scan", "a band of coefficients, and a bit of them");
        }
        const bool needs_dc = made.first == 0 && made.high == 0, needs_ac = made.last > 0;
        for (std::size_t i = 0; i < parts; ++i) {
            const int id = std::to_integer<int>(data[1 + 2 * i]), tables = std::to_integer<int>(data[2 + 2 * i]);
            Component* const end = components_ + parts_;
            Component* const found = std::find_if(components_, end, [&](const Component& it) { return it.id == id; });
            if (found == end)
                refuse(Fault::syntax, "a scan of component " + std::to_string(id), "a component of the frame");
            for (std::size_t before = 0; before < i; ++before)
                if (made.parts[before].component == found)
                    refuse(Fault::syntax, "component " + std::to_string(id) + " twice in a scan", "once");
            if ((needs_dc && (tables >> 4 > 3 || !huffman_[0][tables >> 4].defined())) ||
                (needs_ac && ((tables & 15) > 3 || !huffman_[1][tables & 15].defined())))
                refuse(Fault::syntax, "a scan with an undefined Huffman table", "its tables first");
            if (!quantization_[found->quantization])
                refuse(Fault::syntax, "a scan with an undefined quantization table", "its table first");
            made.parts[i] = {found, &huffman_[0][tables >> 4 & 3], &huffman_[1][tables & 3]};
            for (int k = made.first; k <= made.last; ++k) found->missing_bits[static_cast<std::size_t>(k)] = made.low;
            if (walks_scans_ && made_.progressive && needs_ac && found->nonzero.empty())
                found->nonzero.resize(std::size_t{found->columns} * found->rows);
        }
        if (walks_scans_) check_jpeg_scan(made, bytes_, at_ + 2 + data.size());
    }

    /// A scan of a few bytes can cost a decoder a pass over the whole picture.
    void limit_scans() {
        scanned_pixels_ += made_.facts.pixels();
        if (++scans_ > limits_.picture_scans)
            refuse(Fault::limit, "scan " + std::to_string(scans_),
                   "at most " + std::to_string(limits_.picture_scans) + " scans");
        if (scanned_pixels_ > limits_.picture_scanned_pixels)
            refuse(Fault::limit,
                   std::to_string(scans_) + " scans of " + std::to_string(made_.facts.pixels()) + " pixels",
                   "at most " + std::to_string(limits_.picture_scanned_pixels) + " pixels in all of them");
    }

    /// In entropy-coded data 255 is followed by 0; restart markers (208 to 215) are part of it; any other marker, or
    /// the end of the file, ends it.
    void skip_entropy_coded_data() {
        for (;; ++at_) {
            const auto rest = bytes_.subspan(at_);
            const void* const marker = rest.empty() ? nullptr : std::memchr(rest.data(), 0xff, rest.size());
            at_ = marker == nullptr ? bytes_.size()
                                    : static_cast<std::size_t>(static_cast<const std::byte*>(marker) - bytes_.data());
            if (at_ + 1 >= bytes_.size()) return;
            const int next = byte_at(at_ + 1);
            if (next != 0 && next != 0xff && !(next >= 0xd0 && next <= 0xd7)) return;
        }
    }

    Bytes bytes_;
    const Limits& limits_;
    bool walks_scans_;
    std::size_t at_ = 0;
    JpegStructure made_{};
    int parts_ = 0;
    Component components_[3] = {};
    JpegCode huffman_[2][4] = {};
    bool quantization_[4] = {}, has_exif_ = false;
    static constexpr std::uint32_t tables_a_scan =
        8;  // all that a scan can use; each costs more work than it has bytes
    std::uint32_t tables_ = 0;
    std::uint32_t restart_interval_ = 0, columns_ = 0, rows_ = 0, scans_ = 0;
    std::uint64_t scanned_pixels_ = 0;
};

}  // namespace detail

/// Parses a JPEG file up to the end-of-image marker, the coded data of its scans as well: what is accepted has bits for
/// every block. `bytes` begins with SOI. Throws Fault::truncated (a cut segment or scan, a component without a scan; a
/// file that lacks its end-of-image marker alone is accepted), ::syntax, ::value and ::limit (size, scans),
/// ::unsupported (CMYK, 12 bits, arithmetic, lossless, hierarchical). Without `walks_scans` the coded data are left to
/// a decoder that tells when they end too soon, unless the file ends without a marker.
inline JpegStructure read_jpeg_structure(Bytes bytes, const Limits& limits = {}, bool walks_scans = true) {
    const JpegStructure jpeg = detail::JpegWalk(bytes, limits, walks_scans).structure();
    return jpeg.lacks_end && !walks_scans ? read_jpeg_structure(bytes, limits) : jpeg;
}

}  // namespace taxon::preprocess
