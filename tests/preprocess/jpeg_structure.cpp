#include <taxon/preprocess/jpeg_structure.hpp>

#include "catch.hpp"
#include "preprocess/picture_bytes.hpp"

using namespace picture_bytes;
using taxon::Fault;
using taxon::preprocess::read_jpeg_facts;

namespace {

Fault refusal(const Data& data) {
    return fault_of([&] { read_jpeg_facts(data); });
}

/// The colour picture with a segment put in front of its frame header.
Data with_segment(int marker, const std::vector<int>& content) {
    Data made = colour_jpeg();
    Data segment = bytes_of({0xff, marker});
    Data size = big_endian(static_cast<std::uint32_t>(content.size() + 2));
    segment.insert(segment.end(), size.begin() + 2, size.end());
    segment += bytes_of(content);
    const auto frame = static_cast<std::ptrdiff_t>(find(made, "ffc00011"));
    made.insert(made.begin() + frame, segment.begin(), segment.end());
    return made;
}

/// A Huffman table's head: class and slot, then how many codes there are of each length from 1 to 16.
std::vector<int> huffman_table(int slot, std::vector<int> counts, std::size_t symbols) {
    counts.resize(16);
    counts.insert(counts.begin(), slot);
    counts.resize(17 + symbols);
    return counts;
}

}  // namespace

TEST_CASE("a JPEG states its size, and passes over comments and unknown application data") {
    for (const Data& file :
         {colour_jpeg(), grey_jpeg(), progressive_jpeg(), with_segment(0xfe, {1, 2, 3}), with_segment(0xe7, {})}) {
        const auto facts = read_jpeg_facts(file);
        CHECK((facts.height == 8 && facts.width == 16 && facts.trailing_bytes == 0));
        CHECK(facts.format == taxon::preprocess::PictureFormat::jpeg);
    }
}

TEST_CASE("an end-of-image marker inside of application data, as thumbnails have, does not end the picture") {
    CHECK(read_jpeg_facts(with_segment(0xe1, {0xff, 0xd8, 0xff, 0xd9})).trailing_bytes == 0);
}

TEST_CASE("Huffman tables that would overrun the decoder's are refused") {
    CHECK_NOTHROW(read_jpeg_facts(with_segment(0xc4, huffman_table(3, {0, 0, 0, 0, 0, 0, 0, 0, 255, 1}, 256))));
    // 510 symbols
    CHECK(refusal(with_segment(0xc4, huffman_table(3, {0, 0, 0, 0, 0, 0, 0, 0, 255, 255}, 510))) == Fault::syntax);
    CHECK(refusal(with_segment(0xc4, huffman_table(3, {3}, 3))) == Fault::syntax);        // three codes of one bit
    CHECK(refusal(with_segment(0xc4, huffman_table(3, {0, 3, 3}, 6))) == Fault::syntax);  // 3/4 + 3/8 of all codes
    CHECK(refusal(with_segment(0xc4, huffman_table(4, {1}, 1))) == Fault::syntax);
    CHECK(refusal(with_segment(0xc4, huffman_table(0x20, {1}, 1))) == Fault::syntax);
    CHECK(refusal(with_segment(0xc4, huffman_table(0, {1}, 0))) == Fault::syntax);
    CHECK(refusal(with_segment(0xc4, {0, 1})) == Fault::syntax);
}

TEST_CASE("malformed segments are refused") {
    const Data jpeg = colour_jpeg();
    const std::size_t frame = find(jpeg, "ffc00011"), scan = find(jpeg, "ffda000c");
    CHECK(refusal(with_segment(0xdb, {0, 1})) == Fault::syntax);
    CHECK(refusal(with_segment(0xdb, std::vector<int>(65, 4))) == Fault::syntax);
    CHECK(refusal(with_segment(0xc0, {8, 0, 8, 0, 16, 1, 1, 0x11, 0})) == Fault::syntax);  // a second frame header
    CHECK(refusal(with_segment(0x02, {})) == Fault::syntax);
    CHECK(refusal(with(jpeg, frame + 2, {0, 1})) == Fault::syntax);   // a length that does not hold itself
    CHECK(refusal(with(jpeg, frame + 11, {0x51})) == Fault::syntax);  // sampling 5
    CHECK(refusal(with(jpeg, frame + 13, {1})) == Fault::syntax);     // two components numbered 1
    CHECK(refusal(with(jpeg, frame + 12, {3})) == Fault::syntax);     // quantization table 3, which is not there
    CHECK(refusal(with(jpeg, scan + 5, {9})) == Fault::syntax);       // component 9
    CHECK(refusal(with(jpeg, scan + 6, {0x20})) == Fault::syntax);    // Huffman table 2, which is not there
    CHECK(refusal(with(jpeg, scan + 4, {4})) == Fault::syntax);       // four components in the scan
    CHECK(refusal(with(jpeg, frame, {0})) == Fault::syntax);          // no marker
    CHECK(refusal(bytes_of({0xff, 0xd8, 0xff, 0xd9})) == Fault::syntax);
}

TEST_CASE("a component that no scan holds makes the picture truncated") {
    const Data jpeg = grey_jpeg();
    Data without_scan(jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(find(jpeg, "ffda")));
    without_scan += bytes_of({0xff, 0xd9});
    CHECK(refusal(without_scan) == Fault::truncated);
}
