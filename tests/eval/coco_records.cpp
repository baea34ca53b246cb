#include <taxon/eval/coco_records.hpp>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"

using taxon::Fault;
using taxon::io::JsonRoot;
using namespace taxon::eval;

namespace {

/// The names of lists and the fields "id" of their objects, in order.
std::string seen(std::string_view text, JsonRoot root) {
    std::string all;
    for_each_coco_record(text, root, [&](std::string_view list, const CocoRecord& record) {
        all += std::string(list) + ":" + (record.has("id") ? std::to_string(record.whole("id")) : "?") + " ";
    });
    return all;
}

}  // namespace

TEST_CASE("the objects of lists are shown, those that lie deeper are not") {
    CHECK(seen(R"({"a": [{"id": 1}, {"id": 2, "parts": [{"id": 3}], "more": {"id": 4}}], "b": {"c": [{"id": 5}]})"
               R"(, "d": [[{"id": 6}]], "e": [{}]})",
               JsonRoot::object) == "a:1 a:2 e:? ");
    CHECK(seen(R"([{"id": 1}, {"parts": [{"id": 3}]}])", JsonRoot::list) == ":1 :? ");
    CHECK(seen(R"({"info": {"more": {"id": 1}}, "a": [{"id": 2}], "info": {"more": {"id": 3}}})", JsonRoot::object) ==
          "a:2 ");
    CHECK(seen(R"([{"id": 1, "score": [2, 3]}])", JsonRoot::list) == ":1 ");
    CHECK(seen("[]", JsonRoot::list).empty());
    CHECK(seen("{}", JsonRoot::object).empty());
}

TEST_CASE("a record keeps nothing of the one before it") {
    int records = 0;
    for_each_coco_record(R"([{"bbox": [1, 2, 3, 4], "id": 1}, {}])", JsonRoot::list,
                         [&](std::string_view, const CocoRecord& record) {
                             if (++records == 1) return;
                             CHECK_FALSE(record.has("id"));
                             CHECK(error_of([&] { record.box(); }).fault() == Fault::missing);
                         });
    CHECK(records == 2);
}

TEST_CASE("a field has a bounded length, and one that is ignored any") {
    const auto read = [](const std::string& field) {
        for_each_coco_record(R"([{")" + field + R"(": "four"}])", JsonRoot::list,
                             [](std::string_view, const CocoRecord&) {}, {.line_bytes = 3});
    };
    CHECK_NOTHROW(read("other"));
    const taxon::Error error = error_of([&] { read("file_name"); });
    CHECK(error.fault() == Fault::limit);
    CHECK(error.facts().place == "[0], field \"file_name\"");
}
