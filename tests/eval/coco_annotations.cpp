#include <taxon/eval/coco_annotations.hpp>

#include "catch.hpp"
#include "eval/coco_case.hpp"

using taxon::Fault;
using namespace taxon::eval;

namespace {

/// The small data set with one piece of its text replaced.
taxon::Error error_with(const std::string& piece, const std::string& other) {
    std::string text = coco_case::annotations_json;
    const auto at = text.find(piece);
    REQUIRE(at != text.npos);
    text.replace(at, piece.size(), other);
    const ScratchFolder folder("coco_annotations");
    const auto path = folder.write("instances.json", text);
    const auto error = error_of([&] { CocoAnnotations::read(path); });
    CHECK(error.facts().file == path.string());
    return error;
}

}  // namespace

TEST_CASE("annotations are read in the order of ids, objects in that of the file") {
    const auto annotations = coco_case::read().annotations;
    REQUIRE(annotations.images().size() == 4);
    CHECK(annotations.images()[0].id == 3);
    CHECK(annotations.images()[0].file == "a.jpg");
    CHECK(annotations.images()[3].id == 40);
    CHECK(annotations.categories() == std::vector<CocoCategory>{{2, "cat"}, {5, "dog"}, {9, "bird"}});
    CHECK(annotations.image(12) == 2);
    CHECK_FALSE(annotations.image(13));
    CHECK(annotations.category(9) == 2);
    CHECK_FALSE(annotations.category(0));

    const auto first = annotations.objects(0);
    REQUIRE(first.size() == 3);
    CHECK(first[1].box == CocoBox{100, 100, 60, 50});
    CHECK(first[1].area == 2900.5);
    CHECK(first[1].category == 0);
    CHECK_FALSE(first[1].crowd);
    CHECK(first[2].category == 1);
    CHECK(annotations.objects(1)[0].crowd);
    CHECK(annotations.objects(2).size() == 2);
    CHECK(annotations.objects(3).empty());
}

TEST_CASE("what is wrong in annotations is said with its place") {
    struct Row {
        std::string piece, other;
        Fault fault;
        std::string place;
    };
    for (const Row& row : std::vector<Row>{
             {"\"area\": 2900.5", "\"surface\": 2900.5", Fault::missing, "annotations[1], field \"area\""},
             {"\"area\": 2900.5", "\"area\": \"2900.5\"", Fault::type, "annotations[1], field \"area\""},
             {"\"area\": 2900.5", "\"area\": 1e999", Fault::type, "annotations[1], field \"area\""},
             {"[100, 100, 60, 50]", "[100, 100, 60]", Fault::type, "annotations[1], field \"bbox\""},
             {"[100, 100, 60, 50]", "[100, null, 60, 50]", Fault::type, "annotations[1], field \"bbox\""},
             {"[100, 100, 60, 50]", "[100, 100, -60, 50]", Fault::value, "annotations[1], field \"bbox\""},
             {"[100, 100, 60, 50]", "7", Fault::missing, "annotations[1], field \"bbox\""},
             {"\"iscrowd\": 1", "\"iscrowd\": 2", Fault::type, "annotations[3], field \"iscrowd\""},
             {"\"image_id\": 12", "\"image_id\": 13", Fault::mismatch, "annotations[5], field \"image_id\""},
             {"\"image_id\": 12", "\"image_id\": \"12\"", Fault::type, "annotations[5], field \"image_id\""},
             {"\"category_id\": 5", "\"category_id\": 6", Fault::mismatch, "annotations[2], field \"category_id\""},
             {"\"file_name\": \"b.jpg\"", "\"name\": \"b.jpg\"", Fault::missing, "images[2], field \"file_name\""},
             {"{\"id\": 7, \"file_name\"", "{\"id\": 3, \"file_name\"", Fault::duplicate, "list \"images\""},
             {"{\"id\": 9, \"name\"", "{\"id\": 2, \"name\"", Fault::duplicate, "list \"categories\""},
             {"\"categories\"", "\"classes\"", Fault::missing, "list \"categories\""},
             {"\"annotations\"", "\"objects\"", Fault::missing, "list \"annotations\""},
             {"\"area\": 2900.5", "\"area\": -2900.5", Fault::value, "annotations[1], field \"area\""},
             {"[100, 100, 60, 50]", "{\"x\": 100, \"y\": 100, \"w\": 60, \"h\": 50}", Fault::missing,
              "annotations[1], field \"bbox\""},
             {"\"images\"", "\"pictures\"", Fault::missing, "list \"images\""}}) {
        const auto error = error_with(row.piece, row.other);
        INFO(error.what());
        CHECK(error.fault() == row.fault);
        CHECK(error.facts().place == row.place);
    }
}

TEST_CASE("what is no annotation file is refused") {
    const ScratchFolder folder("coco_annotations");
    const auto fault = [&](std::string_view text) {
        return error_of([&] { CocoAnnotations::read(folder.write("x.json", text)); }).fault();
    };
    CHECK(fault(coco_case::detections_json) == Fault::syntax);
    CHECK(fault("{}") == Fault::missing);
    CHECK(fault("{\"images\": {\"id\": 1}}") == Fault::missing);
    CHECK(fault("{\"images\": [") == Fault::syntax);
    CHECK(error_of([&] { CocoAnnotations::read(folder.path() / "none.json"); }).fault() == Fault::io);
}
