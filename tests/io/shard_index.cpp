#include <taxon/io/shard_index.hpp>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "io/bad_input.hpp"
#include "io/checkpoint_writer.hpp"

using namespace taxon;
using namespace taxon::test;
using io::ShardIndex;

TEST_CASE("ShardIndex reads which file holds which tensor") {
    const ShardIndex index =
        ShardIndex::parse("{\"metadata\": {\"total_size\": 24, \"more\": [1, {\"x\": 1.5e3}, \"s\", null, true, -1]}, "
                          "\"weight_map\": {\"b\": \"two\", \"a\": \"one\", \"c\": \"two\"}}");
    CHECK(index.files == std::vector<std::string>{"one", "two"});
    CHECK(index.file_of.at("c") == "two");
    CHECK(ShardIndex::parse("{\"weight_map\":{}}").files.empty());
}

TEST_CASE("ShardIndex refuses each bad index with its own fault") {
    const auto mapped = [](const std::string& file) { return "{\"weight_map\":{\"a\":" + file + "}}"; };
    const std::vector<BadInput> rows{
        {"X01 ../x", mapped("\"../x\""), Fault::path, "index of shards"},
        {"X01 /x", mapped("\"/x\""), Fault::path, "index of shards"},
        {"X01 backslash", mapped("\"..\\\\x\""), Fault::path, "index of shards"},
        {"X01 ..", mapped("\"..\""), Fault::path, "index of shards"},
        {"X01 empty", mapped("\"\""), Fault::path, "index of shards"},
        {"X01 NUL", mapped("\"a\\u0000\""), Fault::path, "index of shards"},
        {"the folder itself", mapped("\".\""), Fault::path, "index of shards"},
        {"the folder above", mapped("\"..\""), Fault::path, "index of shards"},
        {"a tensor twice", "{\"weight_map\":{\"a\":\"x\",\"a\":\"y\"}}", Fault::duplicate, "index of shards"},
        {"weight_map twice", "{\"weight_map\":{},\"weight_map\":{}}", Fault::duplicate, "index of shards"},
        {"no weight_map", "{\"metadata\":{}}", Fault::missing, "index of shards"},
        {"file is a number", mapped("1"), Fault::type, "index of shards"},
        {"file is a list", mapped("[\"x\"]"), Fault::type, "index of shards"},
        {"file is an object", mapped("{\"x\":\"y\"}"), Fault::type, "index of shards"},
        {"weight_map is a list", "{\"weight_map\":[]}", Fault::type, "index of shards"},
        {"weight_map is a string", "{\"weight_map\":\"x\"}", Fault::type, "index of shards"},
        {"metadata is a number", "{\"metadata\":1,\"weight_map\":{}}", Fault::type, "index of shards"},
        {"unknown field", "{\"model\":{}}", Fault::syntax, "index of shards"},
        {"cut", "{\"weight_map\":{\"a\":\"x\"", Fault::syntax, "index of shards, byte 22"},
        {"deep", "{\"metadata\":{\"a\":" + std::string(1000, '[') + std::string(1000, ']') + "},\"weight_map\":{}}",
         Fault::limit, "index of shards, byte 79"},
        {"long name", "{\"weight_map\":{\"" + std::string(1000, 'a') + "\":\"x\"}}", Fault::limit, "index of shards"},
    };
    for (const BadInput& row : rows) check_refused(row, [&] { ShardIndex::parse(row.bytes); });
    std::string many = "{\"weight_map\":{";
    for (int i = 0; i < 10001; ++i)
        many += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":\"" + std::to_string(i) + "\"";
    CHECK(fault_of([&] { ShardIndex::parse(many + "}}"); }) == Fault::limit);
}

TEST_CASE("an index without a folder stands in the current one") {
    const Error error = error_of([] { ShardIndex::locate("index.json", "no such file"); });
    CHECK(error.fault() == Fault::missing);
    CHECK(error.facts().place == "'no such file'");
    CHECK(error.facts().file == "index.json");
}
