#include <taxon/eval/coco_detections.hpp>

#include "catch.hpp"
#include "eval/coco_case.hpp"

using taxon::Fault;
using namespace taxon::eval;

TEST_CASE("detections are read by image, in the file's order") {
    const auto small = coco_case::read();
    REQUIRE(small.detections.size() == 4);
    REQUIRE(small.detections[0].size() == 4);
    CHECK(small.detections[0][1].box == CocoBox{100, 104, 60, 50});
    CHECK(small.detections[0][1].score == 0.5);
    CHECK(small.detections[0][3].category == 1);
    CHECK(small.detections[3].size() == 2);
}

TEST_CASE("no detections are none, which is no error") {
    const auto small = coco_case::read();
    const ScratchFolder folder("coco_detections");
    const auto none = read_coco_detections(folder.write("none.json", "[]"), small.annotations);
    CHECK(none.size() == 4);
    CHECK(none[0].empty());
}

TEST_CASE("a network's box becomes one of COCO's") {
    const auto one = coco_detection({{10.5f, 20, 30, 60.25f}, 0.25f, 7});
    CHECK(one.category == 7);
    CHECK(one.box == CocoBox{10.5, 20, 19.5, 40.25});
    CHECK(one.score == 0.25);
}

TEST_CASE("what is wrong in detections is said with its place") {
    const auto small = coco_case::read();
    const ScratchFolder folder("coco_detections");
    struct Row {
        std::string text;
        Fault fault;
        std::string place;
    };
    const std::string good = "{\"image_id\": 3, \"category_id\": 2, \"bbox\": [1, 2, 3, 4], \"score\": 0.5}";
    for (const Row& row : std::vector<Row>{
             {"[" + good + ", {\"image_id\": 4, \"category_id\": 2, \"bbox\": [1, 2, 3, 4], \"score\": 0.5}]",
              Fault::mismatch, "[1], field \"image_id\""},
             {"[{\"image_id\": 3, \"category_id\": 0, \"bbox\": [1, 2, 3, 4], \"score\": 0.5}]", Fault::mismatch,
              "[0], field \"category_id\""},
             {"[{\"image_id\": 3, \"category_id\": 2, \"bbox\": [1, 2, 3, 4]}]", Fault::missing,
              "[0], field \"score\""},
             {"[{\"image_id\": 3, \"category_id\": 2, \"bbox\": [1, 2, 3], \"score\": 0.5}]", Fault::type,
              "[0], field \"bbox\""},
             {"[" + good + ", 5]", Fault::type, "[1]"},
             {"[[" + good + "]]", Fault::type, "[0]"}}) {
        const auto error = error_of([&] { read_coco_detections(folder.write("x.json", row.text), small.annotations); });
        INFO(error.what());
        CHECK(error.fault() == row.fault);
        CHECK(error.facts().place == row.place);
    }
    CHECK(error_of([&] { read_coco_detections(folder.write("x.json", good), small.annotations); }).fault() ==
          Fault::syntax);
    CHECK(error_of([&] {
              read_coco_detections(folder.write("x.json", "[{\"score\": NaN}]"), small.annotations);
          }).fault() == Fault::syntax);
}
