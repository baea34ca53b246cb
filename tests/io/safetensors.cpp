#include <taxon/io/safetensors.hpp>

#include "allocations.hpp"
#include "catch.hpp"
#include "io/bad_input.hpp"
#include "io/checkpoint_writer.hpp"

using namespace taxon;
using namespace taxon::test;
using io::Safetensors;
using io::StoredTensors;

namespace {

std::string file_of(const std::string& header, const std::string& data = six_floats) {
    return pickled::little(header.size(), 8) + header + data;
}
StoredTensors read(const std::string& file) { return Safetensors::read(as_span(file)); }

/// {"a": F32 (2, 3)} with a part of its entry replaced.
std::string entry(const std::string& type = "\"F32\"", const std::string& shape = "[2,3]",
                  const std::string& offsets = "[0,24]") {
    return "{\"dtype\":" + type + ",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
}
std::string header_of(const std::string& members) { return "{\"a\":" + members + "}"; }

}  // namespace

TEST_CASE("Safetensors reads tensors as views of the file") {
    const std::string file =
        file_of("{\"__metadata__\":{\"format\":\"pt\"},\"b\":" + entry("\"F16\"", "[]", "[16,18]") + ",\"a\":" +
                entry("\"F32\"", "[2,2]", "[0,16]") + ",\"c\":" + entry("\"BOOL\"", "[6]", "[18,24]") + "}  ");
    const StoredTensors stored = read(file);
    REQUIRE(stored.tensors.size() == 3);
    CHECK(stored.tensors[0].name == "b");
    CHECK(stored.tensors[0].shape.empty());
    CHECK(stored.tensors[0].element == Element::float16);
    CHECK(stored.tensors[1].shape == Dimensions{2, 2});
    CHECK(io::as_text(stored.tensors[1].bytes) == six_floats.substr(0, 16));
    CHECK(io::as_text(stored.tensors[2].bytes) == six_floats.substr(18));
    CHECK_FALSE(stored.verified);
}

TEST_CASE("Safetensors reads the corners of the format") {
    CHECK(read(file_of("{}", "")).tensors.empty());  // S19
    CHECK(read(file_of(" \n{ }", "")).tensors.empty());
    CHECK(read(file_of(header_of(entry("\"F32\"", "[0,1099511627776]", "[0,0]")), "")).tensors.size() == 1);
    CHECK(read(file_of(header_of(entry("\"F32\"", "[1099511627776,1099511627776,0]", "[0,0]")), "")).tensors.size() ==
          1);
    const std::string escaped = file_of("{\"\\u00e4\\ud83d\\ude00\\n\":" + entry() + "}");
    CHECK(read(escaped).tensors[0].name == "\xC3\xA4\xF0\x9F\x98\x80\n");
    std::string many = "{";
    for (int i = 0; i < 100000; ++i)
        many += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":" + entry("\"U8\"", "[0]", "[0,0]");
    CHECK(read(file_of(many + "}", "")).tensors.size() == 100000);  // S20
}

TEST_CASE("Safetensors refuses each bad file with its own fault") {
    const std::string good = file_of(header_of(entry()));
    const std::string pair = "\"b\":" + entry("\"F32\"", "[3]", "[12,24]");
    const auto two = [&](const std::string& offsets_of_a) {
        return file_of("{\"a\":" + entry("\"F32\"", "[3]", offsets_of_a) + "," + pair + "}");
    };
    const auto shaped = [](const std::string& shape) { return file_of(header_of(entry("\"F32\"", shape))); };
    const std::vector<BadInput> rows{
        {"S01 seven bytes", "1234567", Fault::truncated, "safetensors header, byte 0"},
        {"S02 header of 2^63", pickled::little(1ULL << 63, 8) + good.substr(8), Fault::limit, "safetensors"},
        {"S02 header of 101,000,000", pickled::little(101'000'000, 8) + good.substr(8), Fault::limit, "safetensors"},
        {"S03 header past the end", pickled::little(5000, 8) + good.substr(8), Fault::truncated,
         "safetensors header, byte 8"},
        {"S04 empty header", file_of(""), Fault::syntax, "safetensors header, byte 0"},
        {"S05 not UTF-8", file_of("{\"\xFF\":" + entry() + "}"), Fault::encoding, "safetensors header, byte 0"},
        {"S05 not JSON", file_of("{\"a\" " + entry() + "}"), Fault::syntax, "safetensors header, byte 5"},
        {"S05 array at the top", file_of("[" + entry() + "]"), Fault::syntax, "safetensors header, byte 0"},
        {"S05 trailing NUL", file_of(header_of(entry()) + std::string(1, '\0')), Fault::syntax,
         "safetensors header, byte 57"},
        {"S05 trailing comma", file_of("{\"a\":" + entry() + ",}"), Fault::syntax, "safetensors header, byte 57"},
        {"S05 more after the object", file_of(header_of(entry()) + "{}"), Fault::syntax, "safetensors header, byte 57"},
        {"S05 byte-order mark", file_of("\xEF\xBB\xBF" + header_of(entry())), Fault::syntax,
         "safetensors header, byte 0"},
        {"S06 data cut", good.substr(0, good.size() - 4), Fault::truncated, "tensor 'a'"},
        {"S06 a byte more", good + "x", Fault::unused, "safetensors"},
        {"S07 overlap", two("[0,13]"), Fault::mismatch, "tensor 'a'"},
        {"S07 same bytes twice", file_of("{\"a\":" + entry("\"F32\"", "[3]", "[12,24]") + "," + pair + "}"),
         Fault::overlap, "tensor 'a'"},
        {"S07 hole", file_of("{\"a\":" + entry("\"F32\"", "[2]", "[0,8]") + "," + pair + "}"), Fault::overlap,
         "tensor 'b'"},
        {"S07 start is not 0", file_of(header_of(entry("\"F32\"", "[5]", "[4,24]"))), Fault::overlap, "tensor 'a'"},
        {"S07 begin after end", file_of(header_of(entry("\"F32\"", "[2,3]", "[24,0]"))), Fault::bounds, "tensor 'a'"},
        {"S08 past the end", file_of(header_of(entry("\"F32\"", "[2,3]", "[0,800]"))), Fault::bounds, "tensor 'a'"},
        {"S08 start past the end", file_of(header_of(entry("\"F32\"", "[2,3]", "[800,824]"))), Fault::bounds,
         "tensor 'a'"},
        {"S09 shape and bytes differ", shaped("[2,2]"), Fault::mismatch, "tensor 'a'"},
        {"S10 negative size", shaped("[-2,3]"), Fault::type, "safetensors header, tensor 'a'"},
        {"S10 float size", shaped("[2.0,3]"), Fault::type, "safetensors header, tensor 'a'"},
        {"S10 string size", shaped("[\"2\",3]"), Fault::type, "safetensors header, tensor 'a'"},
        {"S10 size 1e2", shaped("[1e2]"), Fault::type, "safetensors header, tensor 'a'"},
        {"S10 size is a list", shaped("[[6]]"), Fault::type, "safetensors header, tensor 'a'"},
        {"S10 shape is a number", shaped("6"), Fault::type, "safetensors header, tensor 'a'"},
        {"S11 product overflows", shaped("[1099511627776,1099511627776]"), Fault::overflow, "tensor 'a'"},
        {"S11 bits overflow", shaped("[4611686018427387904]"), Fault::overflow, "tensor 'a'"},
        {"S11 size 2^63", shaped("[9223372036854775808]"), Fault::overflow, "safetensors header, tensor 'a'"},
        {"S11 size 2^64", shaped("[18446744073709551616]"), Fault::overflow, "safetensors header, byte 49"},
        {"S12 unknown dtype", file_of(header_of(entry("\"F31\""))), Fault::element, "safetensors header, tensor 'a'"},
        {"S12 dtype is a number", file_of(header_of(entry("7"))), Fault::type, "safetensors header, tensor 'a'"},
        {"S12 no shape", file_of("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,24]}}"), Fault::missing,
         "safetensors header, tensor 'a'"},
        {"S12 no fields", file_of("{\"a\":{}}"), Fault::missing, "safetensors header, tensor 'a'"},
        {"S13 unknown field", file_of("{\"a\":{\"dtype\":\"F32\",\"shape\":[6],\"data_offsets\":[0,24],\"note\":1}}"),
         Fault::syntax, "safetensors header, tensor 'a'"},
        {"S14 a name twice", file_of("{\"a\":" + entry() + ",\"a\":" + entry() + "}"), Fault::duplicate, "tensor 'a'"},
        {"S15 a field twice",
         file_of("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"I32\",\"shape\":[6],\"data_offsets\":[0,24]}}"),
         Fault::duplicate, "safetensors header, tensor 'a'"},
        {"S15 __metadata__ twice", file_of("{\"__metadata__\":{},\"__metadata__\":{},\"a\":" + entry() + "}"),
         Fault::duplicate, "safetensors header"},
        {"S15 a key of __metadata__ twice",
         file_of("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"},\"a\":" + entry() + "}"), Fault::duplicate,
         "safetensors header"},
        {"S16 metadata of numbers", file_of("{\"__metadata__\":{\"k\":1},\"a\":" + entry() + "}"), Fault::type,
         "safetensors header"},
        {"S16 metadata is a tensor", file_of("{\"__metadata__\":" + entry() + "}"), Fault::type, "safetensors header"},
        {"S16 metadata is null", file_of("{\"__metadata__\":null,\"a\":" + entry() + "}"), Fault::type,
         "safetensors header"},
        {"S17 JSON 100,000 deep", file_of("{\"a\":" + std::string(100000, '[') + std::string(100000, ']') + "}"),
         Fault::limit, "safetensors header, byte 68"},
        {"S18 F4 of an odd count", file_of(header_of(entry("\"F4\"", "[3]", "[0,2]")), "ab"), Fault::shape,
         "tensor 'a'"},
        {"S18 F4", file_of(header_of(entry("\"F4\"", "[4]", "[0,2]")), "ab"), Fault::unsupported, "tensor 'a'"},
        {"S21 NUL in a name", file_of("{\"\\u0000\":" + entry() + "}"), Fault::encoding, "safetensors header"},
        {"S21 half a surrogate pair", file_of("{\"\\ud800\":" + entry() + "}"), Fault::encoding,
         "safetensors header, byte 8"},
        {"S21 the wrong half", file_of("{\"\\udc00\":" + entry() + "}"), Fault::encoding, "safetensors header, byte 8"},
        {"S21 name of 1 MB", file_of("{\"" + std::string(1 << 20, 'n') + "\":" + entry() + "}"), Fault::limit,
         "safetensors header"},
        {"three offsets", file_of(header_of(entry("\"F32\"", "[6]", "[0,24,24]"))), Fault::type,
         "safetensors header, tensor 'a'"},
        {"one offset", file_of(header_of(entry("\"F32\"", "[6]", "[24]"))), Fault::type,
         "safetensors header, tensor 'a'"},
        {"offset 1e2", file_of(header_of(entry("\"F32\"", "[6]", "[0,1e2]"))), Fault::type,
         "safetensors header, tensor 'a'"},
        {"an entry that is a number", file_of("{\"a\":1}"), Fault::type, "safetensors header, tensor 'a'"},
        {"float8", file_of(header_of(entry("\"F8_E4M3\"", "[24]"))), Fault::unsupported, "tensor 'a'"},
    };
    for (const BadInput& row : rows) check_refused(row, [&] { read(row.bytes); });
}

TEST_CASE("A14: a safetensors header of many small tensors takes memory in proportion, or is refused", "[cases]") {
    const auto header = [](int tensors, const std::string& more) {
        std::string text = "{";
        for (int i = 0; i < tensors; ++i)
            text += (i == 0 ? "\"" : ",\"") + std::to_string(i) +
                    "\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}";
        return text + more + "}";
    };
    CHECK(read(file_of(header(100'000, ""), "")).tensors.size() == 100'000);
    // a last tensor without offsets, for which no vector grows
    const std::string bad = file_of(header(100'000, ",\"x\":1"), "");
    CHECK(peak_of([&] { CHECK(fault_of([&] { read(bad); }) == Fault::type); }) < (std::size_t{1} << 25) + bad.size());
    const std::string small = file_of(header(1'000, ""), "");
    CHECK(fault_of([&] { Safetensors::read(as_span(small), {.reader_bytes = 1'000}); }) == Fault::limit);
}

TEST_CASE("Safetensors accepts no prefix of a file") {
    const std::string file =
        file_of("{\"a\":" + entry("\"F32\"", "[3]", "[0,12]") + ",\"b\":" + entry("\"F32\"", "[3]", "[12,24]") + "}");
    CHECK(read(file).tensors.size() == 2);
    for (std::size_t length = 0; length < file.size(); ++length) {
        const auto fault = fault_of([&] { read(file.substr(0, length)); });
        INFO("length " << length << ": " << spelt(fault));
        REQUIRE((fault == Fault::truncated || fault == Fault::bounds));
    }
}
