#include <taxon/preprocess/jpeg_structure.hpp>

#include "catch.hpp"
#include "preprocess/picture_bytes.hpp"

using namespace picture_bytes;
using taxon::Fault;
using taxon::preprocess::read_jpeg_structure;

namespace {

Fault refusal(const Data& data) {
    return fault_of([&] { read_jpeg_structure(data); });
}

/// The colour picture with a segment put in front of its frame header.
Data with_segment(int marker, const std::vector<int>& content) {
    return picture_bytes::with_segment(colour_jpeg(), marker, bytes_of(content));
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
        const auto facts = read_jpeg_structure(file).facts;
        CHECK((facts.height == 8 && facts.width == 16 && facts.trailing_bytes == 0));
        CHECK(facts.format == taxon::preprocess::PictureFormat::jpeg);
    }
}

TEST_CASE("an end-of-image marker inside of application data, as thumbnails have, does not end the picture") {
    CHECK(read_jpeg_structure(with_segment(0xe1, {0xff, 0xd8, 0xff, 0xd9})).facts.trailing_bytes == 0);
}

TEST_CASE("Huffman tables that would overrun the decoder's are refused") {
    CHECK_NOTHROW(read_jpeg_structure(with_segment(0xc4, huffman_table(3, {0, 0, 0, 0, 0, 0, 0, 0, 255, 1}, 256))));
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

TEST_CASE("each number in a frame's and a scan's header has its bounds") {
    const Data jpeg = colour_jpeg(), progressive = progressive_jpeg();
    const std::size_t frame = find(jpeg, "ffc00011"), scan = find(jpeg, "ffda000c"),
                      bands = find(progressive, "ffda0008");
    const Data without_frame = [&] {
        Data made(jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(frame));
        made.insert(made.end(), jpeg.begin() + static_cast<std::ptrdiff_t>(scan), jpeg.end());
        return made;
    }();
    struct Row {
        const char* what;
        Data file;
    };
    const Row rows[] = {{"a marker without a length", with(jpeg, frame, {0xff, 0x01})},
                        {"a restart marker between segments", with(jpeg, frame, {0xff, 0xd3})},
                        {"a restart interval of one byte", with_segment(0xdd, {1})},
                        {"a frame header of five bytes", with_segment(0xc0, {8, 0, 8, 0, 16})},
                        {"three components, bytes of one", with_segment(0xc0, {8, 0, 8, 0, 16, 3, 1, 0x11, 0})},
                        {"no sample across", with(jpeg, frame + 11, {0x01})},
                        {"no sample down", with(jpeg, frame + 11, {0x10})},
                        {"five samples down", with(jpeg, frame + 11, {0x15})},
                        {"quantization table 4", with(jpeg, frame + 12, {4})},
                        {"a quantization table of precision 2", with_segment(0xdb, std::vector<int>(65, 0x20))},
                        {"a scan before the frame", without_frame},
                        {"a scan of nothing", with(jpeg, scan + 4, {0})},
                        {"two components, bytes of three", with(jpeg, scan + 4, {2})},
                        {"a component twice", with(jpeg, scan + 7, {1})},
                        {"DC table 4", with(jpeg, scan + 6, {0x40})},
                        {"AC table 4", with(jpeg, scan + 6, {0x04})},
                        {"AC table 3, which is not there", with(jpeg, scan + 6, {0x03})},
                        {"a band that ends before it starts", with(progressive, bands + 7, {5, 4})},
                        {"a band past 63", with(progressive, bands + 8, {64})},
                        {"bit 14", with(progressive, bands + 9, {0x0e})},
                        {"a correction by two bits", with(progressive, bands + 9, {0x20})},
                        {"a band from 0 to 5", with(progressive, bands + 7, {0, 5})}};
    for (const auto& [what, file] : rows) {
        INFO(what);
        CHECK(refusal(file) == Fault::syntax);
    }
    CHECK(refusal(with(jpeg, frame + 9, {2})) == Fault::unsupported);                     // components
    CHECK_NOTHROW(read_jpeg_structure(with_segment(0xdb, std::vector<int>(129, 0x10))));  // of 16 bits
    CHECK_NOTHROW(read_jpeg_structure(with_segment(0xdc, {0, 8})));                       // the height, again
    for (const int marker : {0xcc, 0xde}) CHECK_THROWS(read_jpeg_structure(with_segment(marker, {0, 1})));
}

TEST_CASE("a JPEG's EXIF data count where they say what they are") {
    const auto turned = [](const std::vector<int>& head) {
        Data content = bytes_of(head);
        content += exif_of(6);
        return read_jpeg_structure(picture_bytes::with_segment(colour_jpeg(), 0xe1, content)).facts.orientation;
    };
    CHECK(turned({'E', 'x', 'i', 'f', 0, 0}) == 6);
    CHECK(turned({'E', 'x', 'i', 'f', 0, 1}) == 1);
    CHECK(turned({'h', 't', 't', 'p', ':', '/'}) == 1);
}

TEST_CASE("a component that no scan holds makes the picture truncated") {
    const Data jpeg = grey_jpeg();
    Data without_scan(jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(find(jpeg, "ffda")));
    without_scan += bytes_of({0xff, 0xd9});
    CHECK(refusal(without_scan) == Fault::truncated);
}

TEST_CASE("R8: a JPEG whose coded data end too soon is truncated, whatever comes then", "[cases]") {
    const Data end = bytes_of({0xff, 0xd9});
    for (const Data& whole : {colour_jpeg(), grey_jpeg()}) {
        const std::size_t scan = find(whole, "ffda") + 2 + 6 + (whole == grey_jpeg() ? 2 : 6);
        for (std::size_t size = scan; size < whole.size() - 2; ++size) {
            Data cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            INFO(size << " of " << whole.size());
            CHECK(refusal(cut) == Fault::truncated);
            cut += end;
            CHECK(refusal(cut) == Fault::truncated);
        }
        CHECK(read_jpeg_structure(whole).facts.width == 16);
    }
}

TEST_CASE("R8: every scan of a progressive JPEG is walked", "[cases]") {
    const Data whole = progressive_jpeg();
    int complete = 0;
    for (std::size_t size = find(whole, "ffda"); size < whole.size() - 2; ++size) {
        Data cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        CHECK(refusal(cut) == Fault::truncated);  // not all bits are there, and no end says that no more were wanted
        cut += bytes_of({0xff, 0xd9});
        try {
            read_jpeg_structure(cut);
            ++complete;  // a picture of fewer scans
        } catch (const taxon::Error& error) {
            // syntax: within a table, which then has the end marker in it
            CHECK((error.fault() == Fault::truncated || error.fault() == Fault::syntax));
        }
    }
    // Ten scans: the cut may come behind the last bit of each, behind the tables for the next, or within their markers.
    CHECK(complete <= 40);
}

TEST_CASE("R8: a JPEG that lacks only its end marker is read", "[cases]") {
    for (const Data& whole : {colour_jpeg(), grey_jpeg(), progressive_jpeg()})
        for (const std::size_t missing : {std::size_t{1}, std::size_t{2}}) {
            const Data cut(whole.begin(), whole.end() - static_cast<std::ptrdiff_t>(missing));
            CHECK(read_jpeg_structure(cut).lacks_end);
            CHECK_FALSE(read_jpeg_structure(whole).lacks_end);
        }
}

TEST_CASE("restart markers are where the interval puts them") {
    // Grey, 16 x 8: two blocks, of 8 and of 6 bits.
    const Data jpeg = grey_jpeg();
    const std::size_t scan = find(jpeg, "ffda");
    const auto made = [&](const std::vector<int>& coded) {
        Data head(jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(scan));
        Data file = picture_bytes::with_segment(head, 0xdd, bytes_of({0, 1}));
        file += bytes_of({0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0});
        file += bytes_of(coded);
        file += bytes_of({0xff, 0xd9});
        return file;
    };
    CHECK_NOTHROW(read_jpeg_structure(made({0x96, 0xff, 0xd0, 0x33})));
    CHECK(refusal(made({0x96, 0xff, 0xd0})) == Fault::truncated);
    CHECK(refusal(made({0x96})) == Fault::truncated);
    CHECK(refusal(made({0x96, 0xff, 0xd1, 0x33})) == Fault::syntax);        // another one's number
    CHECK(refusal(made({0x96, 0x00, 0xff, 0xd0, 0x33})) == Fault::syntax);  // not behind the block
}

TEST_CASE("a restart interval of two blocks has a marker behind every second one") {
    // Grey, 32 x 8: four blocks, of 8 and of 6 bits in turn.
    Data jpeg = grey_jpeg();
    const std::size_t frame = find(jpeg, "ffc0"), scan = find(jpeg, "ffda");
    jpeg[frame + 8] = std::byte{32};
    const auto made = [&](const std::vector<int>& coded) {
        Data head(jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(scan));
        Data file = picture_bytes::with_segment(head, 0xdd, bytes_of({0, 2}));
        file += bytes_of({0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0});
        file += bytes_of(coded);
        return file;
    };
    CHECK_NOTHROW(read_jpeg_structure(made({0x96, 0x33, 0xff, 0xd0, 0x96, 0x33, 0xff, 0xd9})));
    CHECK_NOTHROW(
        read_jpeg_structure(made({0x96, 0x33, 0xff, 0xff, 0xff, 0xd0, 0x96, 0x33, 0xff, 0xd9})));  // filled up
    CHECK(refusal(made({0x96, 0x33, 0x96, 0x33, 0xff, 0xd9})) == Fault::syntax);                   // none
    CHECK(refusal(made({0x96, 0xff, 0xd0, 0x33, 0x96, 0x33, 0xff, 0xd9})) == Fault::truncated);    // behind the first
    CHECK(refusal(made({0x96, 0x33})) == Fault::truncated);
}

TEST_CASE("A6: a JPEG has a limited number of scans, and of pixels in all of them", "[cases]") {
    const Data whole = progressive_jpeg();
    const auto last = static_cast<std::ptrdiff_t>(whole.size() - 2);
    const Data refinement = of_hex("ffda0008010100013f21");  // a scan of the first component, its data left out
    const std::size_t from = find(whole, "ffda0008010100013f21");
    REQUIRE(from < whole.size());
    // The scan's own data: up to the next marker.
    Data scan(whole.begin() + static_cast<std::ptrdiff_t>(from), whole.begin() + last);
    scan.resize(find(Data(scan.begin() + 2, scan.end()), "ff") + 2);
    const auto of_scans = [&](std::uint32_t more) {
        Data made(whole.begin(), whole.begin() + last);
        for (std::uint32_t i = 0; i < more; ++i) made += scan;
        made += bytes_of({0xff, 0xd9});
        return made;
    };
    const std::uint32_t there = 10;
    CHECK_NOTHROW(read_jpeg_structure(of_scans(64 - there)));
    CHECK(refusal(of_scans(64 - there + 1)) == Fault::limit);
    taxon::Limits limits;
    limits.picture_scans = 9;
    CHECK(fault_of([&] { read_jpeg_structure(whole, limits); }) == Fault::limit);
    // Tables are limited with them.
    limits.picture_scans = 10;
    CHECK_NOTHROW(read_jpeg_structure(whole, limits));
    const auto of_tables = [&](int count) {
        Data made = whole;
        for (int i = 0; i < count; ++i)
            made = picture_bytes::with_segment(made, 0xc4, bytes_of(huffman_table(3, {1}, 1)));
        return made;
    };
    const int tables_there = 10;
    CHECK_NOTHROW(read_jpeg_structure(of_tables(80 - tables_there), limits));
    CHECK(fault_of([&] { read_jpeg_structure(of_tables(81 - tables_there), limits); }) == Fault::limit);
    limits = {};
    limits.picture_scanned_pixels = 10 * 16 * 8;
    CHECK_NOTHROW(read_jpeg_structure(whole, limits));
    --limits.picture_scanned_pixels;
    CHECK(fault_of([&] { read_jpeg_structure(whole, limits); }) == Fault::limit);
}
