#include <taxon/io/weight_format.hpp>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "io/bad_input.hpp"
#include "io/checkpoint_writer.hpp"

using namespace taxon;
using namespace taxon::test;
using io::WeightFormat;

TEST_CASE("weight_format goes by content") {
    const auto format = [](const std::string& bytes) { return io::weight_format(as_span(bytes)); };
    CHECK(format("PK\3\4anything") == WeightFormat::torch_zip);
    CHECK(format(LegacyParts{}.bytes()) == WeightFormat::torch_legacy);
    CHECK(format(pickled::little(2, 8) + "{}") == WeightFormat::safetensors);
    // cut, which its reader will say
    CHECK(format(pickled::little(500, 8) + " {\"a\"") == WeightFormat::safetensors);
    CHECK(format("{\"weight_map\": {}}") == WeightFormat::index);
    CHECK(format(" \n{\"weight_map\": {}}") == WeightFormat::index);
    CHECK(format("\xEF\xBB\xBF{\"weight_map\": {}}") == WeightFormat::index);
    // a header of 123 bytes starts with {
    CHECK(format(pickled::little('{', 8) + "{" + std::string(122, ' ')) == WeightFormat::safetensors);
}

TEST_CASE("weight_format refuses all else and says what it is") {
    std::string tar(1024, '\0');
    tar.replace(0, 7, "storage").replace(257, 5, "ustar");
    const std::vector<BadInput> rows{
        {"S01 seven bytes", "1234567", Fault::truncated},
        {"Z08 bytes before a zip", "12345678PK\3\4", Fault::magic},
        {"L11 tar archive", tar, Fault::unsupported},
        {"L12 bare pickle", pickled::program(pickled::dict({pickled::text("a"), pickled::none})), Fault::magic},
        {"L12 Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:00\n", Fault::magic},
        {"L12 web page", "<!DOCTYPE html><html></html>", Fault::magic},
        {"L12 web page in short", "<html><body></body></html>", Fault::magic},
        {"a pickle of a protocol to come", std::string("\x80\x06") + std::string(20, 'a'), Fault::magic},
        {"spaces", std::string(100, ' '), Fault::magic},
        {"an early PyTorch", "PYTORCH1........", Fault::magic},
        {"zeros", std::string(100, '\0'), Fault::magic},
        {"an index in UTF-16", std::string("\xff\xfe{\0\"\0a\0", 8), Fault::encoding},
        {"an index in big-endian UTF-16", std::string("\xfe\xff\0{\0\"\0a", 8), Fault::encoding},
        {"Darknet's weights", pickled::little(0, 4) + pickled::little(2, 4) + pickled::little(5, 12), Fault::magic},
        {"text", "hello world, this is text", Fault::magic},
    };
    for (const BadInput& row : rows) check_refused(row, [&] { io::weight_format(as_span(row.bytes)); });
    try {
        io::weight_format(as_span(rows[4].bytes));
    } catch (const Error& error) { CHECK(error.facts().remedy == "run git lfs pull"); }
    const std::string darknet = pickled::little(std::uint64_t{2} << 32, 8) + pickled::little(5, 8);
    CHECK(error_of([&] { io::weight_format(as_span(darknet)); }).facts().found ==
          "Darknet's weights, which have no names");
}
