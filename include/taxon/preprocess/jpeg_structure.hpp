#pragma once
#include <algorithm>
#include <string>

#include <taxon/preprocess/picture_facts.hpp>

namespace taxon::preprocess {

namespace detail {

/// Walks the markers of a JPEG file (ITU-T T.81, annex B) and rejects what the decoder cannot be trusted with.
class JpegWalk {
  public:
    explicit JpegWalk(Bytes bytes) : bytes_(bytes) {}

    PictureFacts facts() {
        at_ = 2;  // after SOI
        for (;;) {
            const int marker = next_marker();
            if (marker == 0xd9) break;
            segment(marker);
            if (marker == 0xda) skip_entropy_coded_data();
        }
        if (parts_ == 0) refuse(Fault::syntax, "no frame header", "one before the end of the picture");
        for (int i = 0; i < parts_; ++i)
            if (!components_[i].seen)
                refuse(Fault::truncated, "no scan of component " + std::to_string(components_[i].id),
                       "one a component");
        facts_.trailing_bytes = bytes_.size() - at_;
        return facts_;
    }

  private:
    struct Component {
        int id = 0, across = 0, down = 0, quantization = 0;
        bool seen = false;
    };

    [[noreturn]] void refuse(Fault fault, std::string found, std::string wanted) const {
        throw Error(fault, {.place = byte_place(at_),
                            .found = std::move(found),
                            .wanted = std::move(wanted),
                            .remedy = "save the picture again"});
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
            case 0xc2: frame(data); break;
            case 0xc4: huffman_tables(data); break;
            case 0xdb: quantization_tables(data); break;
            case 0xda: scan(data); break;
            case 0xdc:
            case 0xdd:
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

    void frame(Bytes data) {
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
        check_size(height, width);
        facts_ = {.format = PictureFormat::jpeg, .height = static_cast<int>(height), .width = static_cast<int>(width)};
        for (int i = 0; i < parts; ++i) component(i, data.subspan(6 + 3 * static_cast<std::size_t>(i), 3));
        parts_ = parts;
        check_plausible(bytes_.size() - at_, blocks() / 8);  // a block takes at least one bit
    }

    void component(int index, Bytes data) {
        const int sampling = std::to_integer<int>(data[1]);
        Component& it = components_[index];
        it = {.id = std::to_integer<int>(data[0]),
              .across = sampling >> 4,
              .down = sampling & 15,
              .quantization = std::to_integer<int>(data[2])};
        if (it.across < 1 || it.across > 4 || it.down < 1 || it.down > 4 || it.quantization > 3)
            refuse(Fault::syntax, "a component with sampling " + std::to_string(sampling),
                   "1 to 4 each way, and quantization table 0 to 3");
        for (int i = 0; i < index; ++i)
            if (components_[i].id == it.id)
                refuse(Fault::syntax, "two components numbered " + std::to_string(it.id), "different numbers");
    }

    /// The number of 8 x 8 blocks, all components together.
    std::uint64_t blocks() const {
        std::uint64_t across = 1, down = 1, total = 0;
        for (int i = 0; i < parts_; ++i) {
            across = std::max(across, static_cast<std::uint64_t>(components_[i].across));
            down = std::max(down, static_cast<std::uint64_t>(components_[i].down));
        }
        const auto blocks_of = [](int pixels, int sampling, std::uint64_t most) {
            return static_cast<std::uint64_t>(pixels) * static_cast<std::uint64_t>(sampling) / most / 8;
        };
        for (int i = 0; i < parts_; ++i)
            total += blocks_of(facts_.width, components_[i].across, across) *
                     blocks_of(facts_.height, components_[i].down, down);
        return total;
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
            huffman_[kind][slot] = true;
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
        const bool has_dc = data[1 + 2 * parts] == std::byte{0};
        for (std::size_t i = 0; i < parts; ++i) {
            const int id = std::to_integer<int>(data[1 + 2 * i]), tables = std::to_integer<int>(data[2 + 2 * i]);
            Component* const end = components_ + parts_;
            Component* const found = std::find_if(components_, end, [&](const Component& it) { return it.id == id; });
            if (found == end)
                refuse(Fault::syntax, "a scan of component " + std::to_string(id), "a component of the frame");
            if (has_dc ? tables >> 4 > 3 || !(huffman_[0][tables >> 4])
                       : (tables & 15) > 3 || !huffman_[1][tables & 15])
                refuse(Fault::syntax, "a scan with an undefined Huffman table", "its tables first");
            if (!quantization_[found->quantization])
                refuse(Fault::syntax, "a scan with an undefined quantization table", "its table first");
            if (has_dc) found->seen = true;
        }
    }

    /// In entropy-coded data 255 is followed by 0; restart markers (208 to 215) are part of it; any other marker ends
    /// it.
    void skip_entropy_coded_data() {
        for (;; ++at_) {
            const auto rest = bytes_.subspan(at_);
            at_ += static_cast<std::size_t>(std::find(rest.begin(), rest.end(), std::byte{0xff}) - rest.begin());
            need(bytes_, at_, 2, "coded pixels or the end-of-image marker");
            const int next = byte_at(at_ + 1);
            if (next != 0 && next != 0xff && !(next >= 0xd0 && next <= 0xd7)) return;
        }
    }

    Bytes bytes_;
    std::size_t at_ = 0;
    PictureFacts facts_{};
    int parts_ = 0;
    Component components_[3] = {};
    bool huffman_[2][4] = {};
    bool quantization_[4] = {};
};

}  // namespace detail

/// Reads the facts of a JPEG file, its segments checked up to the end-of-image marker. `bytes` begins with SOI. Throws
/// Fault::truncated (no end-of-image marker, a cut segment, fewer bytes than blocks), ::syntax, ::value and ::limit
/// (size), ::unsupported (CMYK, 12 bits, arithmetic, lossless, hierarchical).
inline PictureFacts read_jpeg_facts(Bytes bytes) { return detail::JpegWalk(bytes).facts(); }

}  // namespace taxon::preprocess
