#include <taxon/app/console/json.hpp>

#include "allocations.hpp"
#include "app/program.hpp"
#include "catch.hpp"
#include "eval/scratch_folder.hpp"

using taxon::test::bytes_allocated_by;
using taxon::test::peak_of;
using namespace taxon;
using app::Json;
using app::JsonBuilder;

namespace {

/// {"": 0, …} of `count` different keys.
std::string object_of(std::size_t count) {
    std::string text = "{";
    for (std::size_t i = 0; i < count; ++i) text += (i ? ",\"" : "\"") + std::to_string(i + 10'000'000) + "\":0";
    return text + "}";
}

Fault fault_of(const std::string& text, const Limits& limits = {}) {
    return error_of([&] { JsonBuilder::read(text, "JSON", io::JsonRoot::object, limits); }).fault();
}

}  // namespace

TEST_CASE("A document is the one that nlohmann's parser makes") {
    for (const std::string text :
         {"{}", R"({"b": [1, -2, 3.5, 1e3, true, false, null, "x\u00e9\n"], "a": {"": [], "c": {}, "d": [[[0]]]}})",
          R"({"most": 18446744073709551615, "least": -9223372036854775808, "small": -0, "tiny": 5e-324})"}) {
        INFO(text);
        const Json made = JsonBuilder::read(text, "JSON"), wanted = Json::parse(text);
        CHECK(made == wanted);
        CHECK(made.dump() == wanted.dump());
    }
    CHECK(JsonBuilder::read("[1, {}]", "JSON", io::JsonRoot::list) == Json::parse("[1, {}]"));
}

TEST_CASE("A1: nesting is bounded before anything is made of it") {
    CHECK(JsonBuilder::read(R"({"a":)" + std::string(63, '[') + std::string(63, ']') + "}", "JSON").size() == 1);
    CHECK(fault_of(R"({"a":)" + std::string(64, '[') + std::string(64, ']') + "}") == Fault::limit);
    const std::string deep = R"({"a":)" + std::string(1'000'000, '[');
    CHECK(peak_of([&] { CHECK(fault_of(deep) == Fault::limit); }) < 100'000);
}

TEST_CASE("A3: objects of many keys are read in linear time and memory") {
    const std::string small = object_of(10'000), large = object_of(40'000);
    const auto read = [](const std::string& text) {
        return bytes_allocated_by([&] { CHECK(JsonBuilder::read(text, "JSON").size() > 9'999); });
    };
    const std::size_t once = read(small), four_times = read(large);
    CHECK(four_times < 5 * once);
    CHECK(JsonBuilder::read(large, "JSON").at("10039999") == 0);
}

TEST_CASE("A3: a document has a bounded number of values") {
    CHECK(JsonBuilder::read(object_of(100), "JSON", io::JsonRoot::object, {.json_values = 100}).size() == 100);
    CHECK(fault_of(object_of(101), {.json_values = 100}) == Fault::limit);
    // the worst that passes
    const std::string worst = object_of(Limits{}.json_values);
    CHECK(peak_of([&] { JsonBuilder::read(worst, "JSON"); }) < (64u << 20));
    std::string lists = R"({"a":[)";
    for (std::size_t i = 2; i < Limits{}.json_values; ++i) lists += "[],";
    CHECK(peak_of([&] { JsonBuilder::read(lists + "0]}", "JSON"); }) < (64u << 20));
    CHECK(fault_of(lists + "0]}", {.json_values = Limits{}.json_values - 1}) == Fault::limit);
    CHECK(fault_of(lists + "{},[]]}") == Fault::limit);
}

TEST_CASE("a document's strings may be long, as those of a detector's result are, but not with escapes") {
    for (const char* text : {R"({"\u0061bcd": 0})", R"({"a": "\u0061bcd"})"}) {
        CHECK(fault_of(text, {.line_bytes = 3}) == Fault::limit);
        CHECK(JsonBuilder::read(text, "JSON", io::JsonRoot::object, {.line_bytes = 4}).size() == 1);
    }
    const std::string detections(2 * Limits{}.line_bytes, '7');
    const TestFolder folder;
    app::write_json(folder / "result.json", app::json_object({{"detections", detections}}));
    CHECK(app::read_json(folder / "result.json").at("detections") == detections);
}

TEST_CASE("A9: a key twice in one object is refused") {
    CHECK(fault_of(R"({"a": 1, "b": {"a": 2}, "a": 1})") == Fault::duplicate);
    CHECK(fault_of(R"({"b": [{"a": 2, "a": 2}]})") == Fault::duplicate);
    CHECK(fault_of(R"({"a": 1e999})") == Fault::overflow);
}

TEST_CASE("A1: an earlier result that is nested, torn or huge is refused, and the file named") {
    const TestFolder folder;
    write_text(folder / "deep.json", R"({"matches": {"outcomes": )" + std::string(100'000, '[') + "}");
    write_text(folder / "torn.json", R"({"matches": )");
    for (const char* name : {"deep.json", "torn.json"}) {
        const Error error = error_of([&] { app::read_json(folder / name); });
        CHECK(error.facts().file == folder / name);
        CHECK(std::string_view(error.what()).size() < 300);
    }
    CHECK(error_of([&] { app::read_json(folder / "torn.json", {.result_bytes = 11}); }).fault() == Fault::limit);
    CHECK(error_of([&] { app::read_json(folder / "torn.json", {.result_bytes = 12}); }).fault() == Fault::syntax);
}

TEST_CASE("A16: a JSON file holds no character that a screen should not see, and means the same") {
    const std::string hostile = "a\x7f\xC2\x9B\xE2\x80\xAE\xF3\xA0\x81\x81z é";
    const std::string text = app::json_text({{"name", hostile}, {"bytes", "\xFF"}});
    CHECK(Json::parse(text).at("name") == hostile);
    CHECK(Json::parse(text).at("bytes") == "\xEF\xBF\xBD");
    CHECK(contains(text, "\"a\\u007f\\u009b\\u202e\\udb40\\udc41z é\""));
}
