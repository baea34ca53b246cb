#include <taxon/eval/coco_dataset.hpp>

#include "catch.hpp"
#include "eval/coco_case.hpp"

using taxon::Fault;
using namespace taxon::eval;

namespace {

CocoAnnotations annotations_of(const ScratchFolder& folder, const std::string& name) {
    return CocoAnnotations::read(folder.write(
        "instances.json",
        "{\"images\": [{\"id\": 5, \"file_name\": \"" + name +
            "\"}], \"categories\": [{\"id\": 1, \"name\": \"x\"}], "
            "\"annotations\": [{\"image_id\": 5, \"category_id\": 1, \"bbox\": [0, 0, 1, 1], \"area\": 1}]}"));
}

}  // namespace

TEST_CASE("annotated pictures are found by name, others passed over") {
    const ScratchFolder folder("coco_dataset");
    const auto annotations = coco_case::read().annotations;
    for (const char* name : {"d.jpg", "c.jpg", "b.jpg", "a.jpg", "e.png", "notes.txt"}) folder.write(name);
    const auto dataset = read_coco_dataset(folder.path(), annotations);
    CHECK(dataset.pictures == std::vector<LabelledPicture>{{folder.path() / "a.jpg", 0},
                                                           {folder.path() / "b.jpg", 1},
                                                           {folder.path() / "c.jpg", 2},
                                                           {folder.path() / "d.jpg", 3}});
    CHECK(dataset.ignored == 2);
    folder.write("sub/a.jpg");
    CHECK(error_of([&] { read_coco_dataset(folder.path() / "sub", annotations); }).fault() == Fault::missing);
    CHECK(shard(dataset.pictures, 1, 2) ==
          std::vector<LabelledPicture>{{folder.path() / "b.jpg", 1}, {folder.path() / "d.jpg", 3}});
}

TEST_CASE("a file name may have folders of its own, which need not be there") {
    const ScratchFolder folder("coco_dataset");
    const auto annotations = annotations_of(folder, "val2017/a.jpg");
    folder.write("a.jpg");
    CHECK(read_coco_dataset(folder.path(), annotations).pictures[0].file == folder.path() / "a.jpg");
    folder.write("val2017/a.jpg");
    CHECK(read_coco_dataset(folder.path(), annotations).pictures[0].file == folder.path() / "val2017/a.jpg");
}

TEST_CASE("missing pictures are counted in the refusal, and names may not lead away") {
    const ScratchFolder folder("coco_dataset");
    const auto annotations = coco_case::read().annotations;
    folder.write("b.jpg");
    const auto error = error_of([&] { read_coco_dataset(folder.path(), annotations); });
    CHECK(error.fault() == Fault::missing);
    CHECK(error.facts().found == "no picture \"a.jpg\" and 2 others");
    folder.write("a.jpg"), folder.write("c.jpg");
    CHECK(error_of([&] { read_coco_dataset(folder.path(), annotations); }).facts().found == "no picture \"d.jpg\"");
    CHECK(error_of([&] { read_coco_dataset(folder.path() / "none", annotations); }).fault() == Fault::io);
    CHECK(error_of([&] { read_coco_dataset(folder.path(), annotations_of(folder, "../b.jpg")); }).fault() ==
          Fault::path);
    CHECK(error_of([&] { read_coco_dataset(folder.path(), annotations_of(folder, "/b.jpg")); }).fault() == Fault::path);
}

TEST_CASE("two annotated images of one file are refused") {
    const ScratchFolder folder("coco_dataset_twice");
    const auto annotations = CocoAnnotations::read(folder.write(
        "instances.json",
        "{\"images\": [{\"id\": 1, \"file_name\": \"one/a.jpg\"}, {\"id\": 2, \"file_name\": \"two/a.jpg\"}], "
        "\"categories\": [{\"id\": 1, \"name\": \"x\"}], "
        "\"annotations\": [{\"image_id\": 1, \"category_id\": 1, \"bbox\": [0, 0, 1, 1], \"area\": 1}]}"));
    folder.write("a.jpg");
    const auto error = error_of([&] { read_coco_dataset(folder.path(), annotations); });
    CHECK(error.fault() == Fault::duplicate);
    CHECK(error.facts().found == "two annotated images of the file \"a.jpg\"");
}
