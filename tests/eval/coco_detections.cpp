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
    CHECK(none.of_images.size() == 4);
    CHECK(none.of_images[0].empty());
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
              "field \"category_id\""},
             {"[{\"image_id\": \"3\", \"category_id\": 2, \"bbox\": [1, 2, 3, 4], \"score\": 0.5}]", Fault::mismatch,
              "[0], field \"image_id\""},
             {"[{\"image_id\": 3, \"category_id\": 2, \"image_id\": 3}]", Fault::duplicate, "[0], field \"image_id\""},
             {"[{\"image_id\": 3.5, \"category_id\": 2}]", Fault::type, "[0], field \"image_id\""},
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

TEST_CASE("R15: detections of categories that are not annotated are left out, as pycocotools does") {
    const auto small = coco_case::read();
    const ScratchFolder folder("coco_left_out");
    const auto of = [](const char* category) {
        return std::string(R"({"image_id": 3.0, "category_id": )") + category +
               R"(, "bbox": [1, 2, 3, 4], "score": 0.5})";
    };
    const auto some =
        read_coco_detections(folder.write("x.json", "[" + of("2.0") + "," + of("77") + "]"), small.annotations);
    CHECK(some.left_out == 1);
    REQUIRE(some.of_images[0].size() == 1);
    CHECK(some.of_images[0][0].category == 0);
}
