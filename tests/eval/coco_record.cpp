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
    for_each_coco_record("[{" + fields + "}]", JsonRoot::list,
                         [&](std::string_view, const CocoRecord& record) { look(record); });
}

}  // namespace

TEST_CASE("a record has texts, numbers, flags and a box") {
    with_record(R"("name": "x", "id": 7, "width": -2, "height": 0.5, "area": 1e3, "iscrowd": true, "other": 1,)"
                R"( "bbox": [1, -2.5, 3, 0])",
                [](const CocoRecord& record) {
                    CHECK(record.text("name") == "x");
                    CHECK(record.whole("id") == 7);
                    CHECK(record.number("id") == 7);
                    CHECK(record.number("width") == -2);
                    CHECK(record.number("height") == 0.5);
                    CHECK(record.number("area") == 1000);
                    CHECK(record.flag("iscrowd"));
                    CHECK(record.box() == CocoBox{1, -2.5, 3, 0});
                    CHECK(error_of([&] { record.whole("width"); }).fault() == Fault::type);
                    CHECK(error_of([&] { record.whole("height"); }).fault() == Fault::type);
                    CHECK(error_of([&] { record.whole("name"); }).fault() == Fault::type);
                    CHECK(error_of([&] { record.number("iscrowd"); }).fault() == Fault::type);
                    CHECK(error_of([&] { record.text("id"); }).fault() == Fault::type);
                    CHECK(error_of([&] { record.flag("id"); }).fault() == Fault::type);
                    CHECK(error_of([&] { record.number("score"); }).fault() == Fault::missing);
                });
    const auto flag_of = [](const std::string& spelt) {
        bool flag = false;
        with_record(R"("iscrowd": )" + spelt, [&](const CocoRecord& record) { flag = record.flag("iscrowd"); });
        return flag;
    };
    CHECK(flag_of("1"));
    CHECK_FALSE(flag_of("0"));
    CHECK_FALSE(flag_of("false"));
    with_record(R"("id": 1)", [](const CocoRecord& record) { CHECK_FALSE(record.flag("iscrowd")); });
    with_record(R"("width": 640, "height": 2e9, "bbox": [0, 0, 1, -1])", [](const CocoRecord& record) {
        CHECK(record.side("width") == 640);
        CHECK(record.side("height") == 0);  // of no picture
        CHECK(error_of([&] { record.box(); }).fault() == Fault::value);
    });
}
