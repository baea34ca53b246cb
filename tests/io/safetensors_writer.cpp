#include <taxon/io/safetensors_writer.hpp>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/safetensors.hpp>

#include <fstream>
#include <iterator>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "io/checkpoint_writer.hpp"

using namespace taxon;
using namespace taxon::test;
using io::StoredTensor;

namespace {

std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("write_safetensors writes the bytes that the safetensors library writes") {
    const ScratchFolder folder("write_safetensors");
    const std::string longs = bytes_of<std::int64_t>({7}), halves = bytes_of<std::uint16_t>({1, 2}),
                      bools = bytes_of<std::uint8_t>({1});
    const std::vector<StoredTensor> tensors{{"c", Element::float32, {2, 3}, as_span(six_floats)},
                                            {"b", Element::boolean, {1}, as_span(bools)},
                                            {"n\"\\\n\x01", Element::float16, {2}, as_span(halves)},
                                            {"a", Element::float32, {2, 3}, as_span(six_floats)},
                                            {"d", Element::int64, {}, as_span(longs)}};
    io::write_safetensors(folder.path() / "x", tensors, {{"format", "pt"}});
    const std::string header =
        "{\"__metadata__\":{\"format\":\"pt\"},\"d\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
        "\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[8,32]},\"c\":{\"dtype\":\"F32\",\"shape\":[2,3],"
        "\"data_offsets\":[32,56]},"
        "\"n\\\"\\\\\\n\\u0001\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[56,60]},\"b\":{\"dtype\":"
        "\"BOOL\",\"shape\":[1],\"data_offsets\":[60,61]}}";
    const std::string padding((8 - header.size() % 8) % 8, ' ');
    const std::string expected = pickled::little(header.size() + padding.size(), 8) + header + padding + longs +
                                 six_floats + six_floats + halves + bools;
    const std::string written = content_of(folder.path() / "x");
    CHECK(written == expected);

    const io::StoredTensors back = io::Safetensors::read(as_span(written));
    REQUIRE(back.tensors.size() == tensors.size());
    for (const StoredTensor& tensor : tensors) {
        const auto same = std::find_if(back.tensors.begin(), back.tensors.end(),
                                       [&](const StoredTensor& other) { return other.name == tensor.name; });
        REQUIRE(same != back.tensors.end());
        CHECK(same->element == tensor.element);
        CHECK(same->shape == tensor.shape);
        CHECK(io::as_text(same->bytes) == io::as_text(tensor.bytes));
    }
}

TEST_CASE("write_safetensors escapes what JSON has no other way to write") {
    const ScratchFolder folder("write_safetensors_escapes");
    const std::string name = "\r\t\b\f\x1f/\"";
    io::write_safetensors(folder.path() / "x",
                          std::vector<StoredTensor>{{name, Element::float32, {2, 3}, as_span(six_floats)}}, {});
    const std::string bytes = content_of(folder.path() / "x");
    CHECK(io::Safetensors::read(as_span(bytes)).tensors.at(0).name == name);
}

TEST_CASE("write_safetensors writes a file of nothing") {
    const ScratchFolder folder("write_safetensors_nothing");
    io::write_safetensors(folder.path() / "x", {});
    CHECK(content_of(folder.path() / "x") == pickled::little(8, 8) + "{}      ");
}

TEST_CASE("write_safetensors refuses what no reader would take and leaves the old file") {
    const ScratchFolder folder("write_safetensors_bad");
    const auto path = folder.write("x", "old");
    const auto write = [&](std::vector<StoredTensor> tensors) {
        return fault_of([&] { io::write_safetensors(path, tensors); });
    };
    const auto bytes = as_span(six_floats);
    CHECK(write({{"a", Element::float32, {6}, bytes}, {"a", Element::float32, {6}, bytes}}) == Fault::duplicate);
    CHECK(write({{"a", Element::float32, {5}, bytes}}) == Fault::mismatch);
    CHECK(write({{"\xFF", Element::float32, {6}, bytes}}) == Fault::encoding);
    CHECK(content_of(path) == "old");
    CHECK(fault_of([&] { io::write_safetensors(folder.path() / "no" / "x", {}); }) == Fault::io);
}
