#include <taxon/io/zip_archive.hpp>

#include "catch.hpp"
#include "io/bad_input.hpp"
#include "io/checkpoint_writer.hpp"

using namespace taxon;
using namespace taxon::test;
using taxon::io::ZipArchive;

namespace {

const std::vector<ZipPart> good_parts{
    {.name = "r/a", .bytes = "first"}, {.name = "r/empty"}, {.name = "r/b", .bytes = "second entry"}};
const ZipImage good = zip_of(good_parts);

ZipImage changed(std::size_t at, std::uint64_t number, int count) { return ZipImage(good).put(at, number, count); }

std::string with_names(const std::string& first, const std::string& second) {
    return zip_of({{.name = first, .bytes = "x"}, {.name = second, .bytes = "y"}}).bytes;
}

std::string with_zip64_field(const std::string& field) {
    return zip_of({{.name = "r/a", .bytes = "first", .zip64_field = field}}).bytes;
}

std::string flipped(std::string bytes, std::size_t at) {
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    return bytes;
}

}  // namespace

TEST_CASE("ZipArchive finds entries and their bytes") {
    const ZipArchive zip(as_span(good.bytes));
    REQUIRE(zip.entries().size() == 3);
    CHECK(zip.entries()[0].name == "r/a");
    REQUIRE(zip.find("r/b") != nullptr);
    CHECK(io::as_text(zip.find("r/b")->bytes) == "second entry");
    CHECK(zip.find("r/empty")->bytes.empty());
    CHECK(zip.find("r/c") == nullptr);
    CHECK(zip.find("r") == nullptr);
    CHECK(zip.verified());
}

TEST_CASE("ZipArchive reads what other writers may do") {
    SECTION("without a zip64 end record") {
        CHECK(ZipArchive(as_span(zip_of(good_parts, false).bytes)).entries().size() == 3);
    }
    SECTION("no entries") {
        CHECK(fault_of([] { ZipArchive(as_span(zip_of({}).bytes)); }) == Fault::magic);
    }
    SECTION("sizes in a zip64 field") {
        const std::string bytes =
            with_zip64_field(pickled::little(0x99, 2) + pickled::little(0, 2) + pickled::little(1, 2) +
                             pickled::little(16, 2) + pickled::little(5, 8) + pickled::little(5, 8));
        CHECK(io::as_text(ZipArchive(as_span(bytes)).find("r/a")->bytes) == "first");
    }
    SECTION("one of the sizes in a zip64 field") {
        ZipImage zip = zip_of({{.name = "r/a",
                                .bytes = "first",
                                .zip64_field = pickled::little(1, 2) + pickled::little(8, 2) + pickled::little(5, 8)}});
        zip.put(zip.record_at[0] + 20, 5, 4);
        CHECK(io::as_text(ZipArchive(as_span(zip.bytes)).find("r/a")->bytes) == "first");
    }
    SECTION("the counts in the zip64 end record alone") {
        ZipImage zip = good;
        zip.put(zip.end_at + 8, 0xFFFF, 2).put(zip.end_at + 10, 0xFFFF, 2);
        zip.put(zip.end_at + 12, 0xFFFFFFFFu, 4).put(zip.end_at + 16, 0xFFFFFFFFu, 4);
        CHECK(ZipArchive(as_span(zip.bytes)).entries().size() == 3);
    }
    SECTION("a comment") {
        ZipImage zip = good;
        zip.put(zip.end_at + 20, 5, 2).bytes += "hello";
        CHECK(ZipArchive(as_span(zip.bytes)).entries().size() == 3);
    }
    SECTION("Z40: the end record's signature in an entry") {
        const std::string bytes = zip_of({{.name = "r/a", .bytes = "PK\5\6" + std::string(30, '\0')}}).bytes;
        CHECK(ZipArchive(as_span(bytes)).entries().size() == 1);
    }
}

TEST_CASE("ZipArchive says when nothing could be verified") {
    auto parts = good_parts;
    for (ZipPart& part : parts) part.checksum = 0;
    CHECK_FALSE(ZipArchive(as_span(zip_of(parts).bytes)).verified());                            // Z38
    CHECK(ZipArchive(as_span(zip_of({{.name = "root/empty", .bytes = ""}}).bytes)).verified());  // nothing to verify
    parts[0].checksum.reset();
    CHECK(fault_of([&] { ZipArchive(as_span(zip_of(parts).bytes)); }) == Fault::checksum);  // Z39
}

TEST_CASE("ZipArchive refuses each bad archive with its own fault") {
    using pickled::little;
    const std::size_t record = good.record_at[0], last = good.record_at[2];
    ZipImage wide_overflow = good;
    wide_overflow.put(good.end_at + 12, 0xFFFFFFFFu, 4).put(good.end_at + 16, 0xFFFFFFFFu, 4);
    wide_overflow.put(good.end64_at + 40, 0x10, 8).put(good.end64_at + 48, ~std::uint64_t{7}, 8);
    ZipImage far_locator = changed(good.locator_at + 8, ~std::uint64_t{7}, 8);
    ZipImage two_ends = changed(good.end_at + 20, 22, 2);
    two_ends.bytes += good.bytes.substr(good.end_at);
    ZipImage same_place = changed(last + 42, 0, 4);
    ZipImage gap = zip_of(good_parts, false);
    gap.bytes.insert(gap.end_at, "hidden");
    const ZipImage plain = zip_of(good_parts, false);

    const std::vector<BadInput> rows{
        {"Z01 nothing", "", Fault::truncated, "zip file"},
        {"Z02 end record cut", good.bytes.substr(0, good.bytes.size() - 10), Fault::truncated, "zip directory"},
        {"Z03 half", good.bytes.substr(0, good.bytes.size() / 2), Fault::truncated, "zip directory"},
        {"Z04 a bit flipped in an entry", flipped(good.bytes, good.header_at[2] + 30 + 3 + 4 + 2), Fault::checksum,
         "r/b"},
        {"Z06 Z07 deflated", changed(record + 10, 8, 2).put(good.header_at[0] + 8, 8, 2).bytes, Fault::unsupported,
         "r/a"},
        {"Z08 bytes before", "12345678" + good.bytes, Fault::magic, "zip file"},
        {"Z09 bytes after", good.bytes + "x", Fault::unused, "zip directory"},
        {"Z10 a name twice", with_names("r/data.pkl", "r/data.pkl"), Fault::duplicate, "r/data.pkl"},
        {"Z10 a name in two cases", with_names("r/data.pkl", "r/Data.pkl"), Fault::duplicate, "r/data.pkl"},
        {"Z24 directory too long", changed(good.end_at + 12, 0x7FFFFFFF, 4).bytes, Fault::bounds, "zip directory"},
        {"Z25 header past the end", changed(record + 42, 0x7FFFFFFF, 4).bytes, Fault::bounds, "r/a"},
        {"Z25 no header there", changed(last + 42, good.header_at[2] + 1, 4).bytes, Fault::bounds, "r/b"},
        {"Z26 encrypted", changed(record + 8, 0x0809, 2).bytes, Fault::unsupported, "r/a"},
        {"Z27 method 99", changed(record + 10, 99, 2).bytes, Fault::unsupported, "r/a"},
        {"Z28 60,000 entries", changed(good.end_at + 8, 60000, 2).put(good.end_at + 10, 60000, 2).bytes, Fault::syntax,
         "zip directory"},
        {"Z28 fewer entries",
         changed(good.end_at + 8, 2, 2)
             .put(good.end_at + 10, 2, 2)
             .put(good.end64_at + 24, 2, 8)
             .put(good.end64_at + 32, 2, 8)
             .bytes,
         Fault::syntax, "zip directory"},
        {"Z29 directory at 0xFFFFFFF0", changed(good.end_at + 16, 0xFFFFFFF0u, 4).bytes, Fault::bounds,
         "zip directory"},
        {"Z29 directory at 0xFFFFFFFF and no zip64", ZipImage(plain).put(plain.end_at + 16, 0xFFFFFFFFu, 4).bytes,
         Fault::bounds, "zip directory"},
        {"Z30 two entries in one place", same_place.bytes, Fault::overlap, "r/b"},
        {"Z30 an entry in another's bytes", changed(last + 42, 2, 4).bytes, Fault::overlap, "r/b"},
        {"Z31 another name in the header", zip_of({{.name = "r/a", .bytes = "x", .local_name = "r/b"}}).bytes,
         Fault::mismatch, "r/a"},
        {"Z32 two sizes", changed(record + 20, 4, 4).bytes, Fault::mismatch, "r/a"},
        {"Z34 ..", with_names("r/a", "r/../x"), Fault::path, "r/../x"},
        {"Z34 leading slash", with_names("r/a", "/x"), Fault::path, "/x"},
        {"Z34 backslash", with_names("r/a", "r\\x"), Fault::path, "r\\x"},
        {"Z34 .", with_names("r/a", "r/./x"), Fault::path, "r/./x"},
        {"Z34 NUL", with_names("r/a", std::string("r/x\0y", 5)), Fault::path, "r/x?y"},
        {"Z34 not UTF-8", with_names("r/a", "r/\xFF"), Fault::encoding, "zip file"},
        {"Z34 long name", with_names("r/a", "r/" + std::string(511, 'x')), Fault::limit, "zip file"},
        {"Z34 no name", with_names("r/a", ""), Fault::limit, "zip file"},
        {"Z36 an offset of 2^32 - 1 and no zip64 field", changed(last + 42, 0xFFFFFFFFu, 4).bytes, Fault::syntax,
         "zip directory"},
        {"Z36 a size of 2^32 - 1 and no zip64 field", changed(last + 24, 0xFFFFFFFFu, 4).bytes, Fault::syntax,
         "zip directory"},
        {"an end record close to the start", "PK\3\4PK\5\6" + std::string(18, '\0'), Fault::unused, "zip directory"},
        {"Z35 zip64 sum past 2^64", wide_overflow.bytes, Fault::overflow, "zip directory"},
        {"Z35 zip64 record past 2^64", far_locator.bytes, Fault::overflow, "zip directory"},
        {"Z35 zip64 record out of bounds", changed(good.locator_at + 8, good.end64_at + 1, 8).bytes, Fault::bounds,
         "zip directory"},
        {"Z36 no zip64 field", with_zip64_field(""), Fault::syntax, "zip directory"},
        {"Z36 short zip64 field", with_zip64_field(little(1, 2) + little(8, 2) + little(5, 8)), Fault::syntax,
         "zip directory"},
        {"Z36 zip64 field in another order",
         with_zip64_field(little(1, 2) + little(24, 2) + little(0, 8) + little(5, 8) + little(5, 8)), Fault::syntax,
         "zip directory"},
        {"Z36 field past its end", with_zip64_field(little(1, 2) + little(99, 2)), Fault::syntax, "zip directory"},
        {"Z37 65,535 entries and no zip64", ZipImage(plain).put(plain.end_at + 8, 0xFFFFFFFFu, 4).bytes, Fault::syntax,
         "zip directory"},
        {"Z40 two end records", two_ends.bytes, Fault::syntax, "zip directory"},
        {"Z41 descriptor disagrees", changed(good.header_at[1] - 4, 4, 4).bytes, Fault::mismatch, "r/a"},
        {"Z41 descriptor's checksum disagrees", changed(good.header_at[1] - 12, 4, 4).bytes, Fault::mismatch, "r/a"},
        {"bytes between directory and end", gap.bytes, Fault::unused, "zip directory"},
        {"two end records that differ", changed(good.end64_at + 24, 2, 8).put(good.end64_at + 32, 2, 8).bytes,
         Fault::syntax, "zip directory"},
        {"several disks", changed(good.end_at + 4, 1, 2).bytes, Fault::syntax, "zip directory"},
        {"entry longer than the file", changed(last + 20, 500, 4).put(last + 24, 500, 4).bytes, Fault::bounds, "r/b"},
    };
    for (const BadInput& row : rows) check_refused(row, [&] { ZipArchive(as_span(row.bytes)); });
}

TEST_CASE("ZipArchive accepts no prefix of a good archive and no flipped bit in an entry") {
    for (std::size_t length = 0; length < good.bytes.size(); ++length) {
        INFO("length " << length);
        const auto fault = fault_of([&] { ZipArchive(as_span(good.bytes).first(length)); });
        CHECK(spelt(fault) == spelt(Fault::truncated));  // Z42
    }
    const std::size_t start = good.header_at[2] + 30 + 3 + 4;
    for (std::size_t bit = 0; bit < 8 * std::string_view("second entry").size(); ++bit) {
        std::string bytes = good.bytes;
        bytes[start + bit / 8] = static_cast<char>(bytes[start + bit / 8] ^ (1 << bit % 8));
        CHECK(spelt(fault_of([&] { ZipArchive(as_span(bytes)); })) == spelt(Fault::checksum));
    }
}
