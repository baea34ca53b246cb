#include <taxon/eval/coco_record.hpp>

#include <functional>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include <taxon/eval/coco_records.hpp>

using taxon::Fault;
using taxon::io::JsonRoot;
using namespace taxon::eval;

namespace {

void with_record(const std::string& fields, const std::function<void(const CocoRecord&)>& look) {
    const ScratchFolder folder("coco_record");
    for_each_coco_record(folder.write("x.json", "[{" + fields + "}]"), JsonRoot::list,
                         [&](std::string_view, const CocoRecord& record) { look(record); });
}

}  // namespace

TEST_CASE("a record has texts, numbers, flags and a box") {
    with_record(R"("name": "x", "n": 7, "minus": -2, "half": 0.5, "big": 1e3, "yes": true, "one": 1, "no": false,)"
                R"( "nothing": 0, "bbox": [1, -2.5, 3, 0])",
                [](const CocoRecord& record) {
                    CHECK(record.text("name") == "x");
                    CHECK(record.whole("n") == 7);
                    CHECK(record.number("n") == 7);
                    CHECK(record.number("minus") == -2);
                    CHECK(record.number("half") == 0.5);
                    CHECK(record.number("big") == 1000);
                    CHECK(record.flag("yes"));
                    CHECK(record.flag("one"));
                    CHECK_FALSE(record.flag("no"));
                    CHECK_FALSE(record.flag("nothing"));
                    CHECK_FALSE(record.flag("absent"));
                    CHECK(record.box() == CocoBox{1, -2.5, 3, 0});
                    CHECK(error_of([&] { record.whole("minus"); }).fault() == Fault::type);
                    CHECK(error_of([&] { record.whole("half"); }).fault() == Fault::type);
                    CHECK(error_of([&] { record.whole("name"); }).fault() == Fault::type);
                    CHECK(error_of([&] { record.number("yes"); }).fault() == Fault::type);
                    CHECK(error_of([&] { record.text("n"); }).fault() == Fault::type);
                    CHECK(error_of([&] { record.flag("n"); }).fault() == Fault::type);
                    CHECK(error_of([&] { record.number("absent"); }).fault() == Fault::missing);
                });
}
