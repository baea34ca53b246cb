#include <taxon/eval/dataset.hpp>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "shared_data.hpp"

using taxon::Fault;
using namespace taxon::eval;

TEST_CASE("a folder per class is numbered bytewise, its pictures are sorted, the rest is counted") {
    const ScratchFolder folder("dataset_folders");
    for (const char* name : {"cat/b.JPG", "cat/a.png", "cat/notes.txt", "Zebra/1.jpeg", "Zebra/10.bmp", "Zebra/2.Jpeg",
                             "readme.md", ".cache/x.png"})
        folder.write(name);
    const Dataset dataset = read_dataset(folder.path(), 2);
    CHECK(dataset.classes == std::vector<std::string>{"Zebra", "cat"});
    const auto at = [&](const char* name, int label) { return LabelledPicture{folder.path() / name, label}; };
    CHECK(dataset.pictures == std::vector{at("Zebra/1.jpeg", 0), at("Zebra/10.bmp", 0), at("Zebra/2.Jpeg", 0),
                                          at("cat/a.png", 1), at("cat/b.JPG", 1)});
    CHECK(dataset.ignored == 3);
}

TEST_CASE("R10: what macOS leaves in folders is passed over and counted", "[cases]") {
    const ScratchFolder folder("dataset_macos");
    for (const char* name : {"cat/a.png", "cat/._a.png", "cat/.DS_Store", "cat/Thumbs.db", ".DS_Store", "._cat",
                             "__MACOSX/cat/._a.png", "cat/.ipynb_checkpoints/a.png"})
        folder.write(name);
    const Dataset dataset = read_dataset(folder.path(), 1);
    CHECK(dataset.pictures == std::vector{LabelledPicture{folder.path() / "cat/a.png", 0}});
    CHECK(dataset.ignored == 7);
}

TEST_CASE("folders that are no data set are refused") {
    const ScratchFolder folder("dataset_bad_folders");
    CHECK(error_of([&] { read_dataset(folder.path()); }).fault() == Fault::missing);
    folder.write("loose.png");
    CHECK(error_of([&] { read_dataset(folder.path()); }).fault() == Fault::missing);
    folder.write("cat/a.png");
    CHECK(error_of([&] { read_dataset(folder.path(), 10); }).fault() == Fault::mismatch);
    folder.write("cat/deeper/b.png");
    CHECK(error_of([&] { read_dataset(folder.path(), 1); }).fault() == Fault::path);
    CHECK(error_of([&] { read_dataset(folder.path() / "none"); }).fault() == Fault::io);
}

TEST_CASE("a TSV names pictures beside it and their classes") {
    const ScratchFolder folder("dataset_tsv");
    for (const char* name : {"a.png", "sub/b c.png"}) folder.write(name);
    const auto expected =
        std::vector{LabelledPicture{folder.path() / "sub/b c.png", 7}, LabelledPicture{folder.path() / "a.png", 0}};
    CHECK(read_dataset(folder.write("plain.tsv", "sub/b c.png\t7\na.png\t0\n"), 8).pictures == expected);
    CHECK(read_dataset(folder.write("headed.tsv", "\xEF\xBB\xBF"
                                                  "file\tclass\r\nsub/b c.png\t7\r\na.png\t0"))
              .pictures == expected);
    CHECK(read_dataset(folder.path() / "plain.tsv").classes.empty());
    for (const char* heading : {"label", "index"})
        CHECK(read_dataset(folder.write("other.tsv", std::string("file\t") + heading + "\na.png\t0\n")).pictures ==
              std::vector{LabelledPicture{folder.path() / "a.png", 0}});
    CHECK(error_of([&] { read_dataset(folder.write("bad.tsv", "a.png\tx\n")); }).facts().wanted == "a class index");
    folder.write("classes/empty/notes.txt");
    folder.write("classes/full/a.png");
    CHECK(read_dataset(folder.path() / "classes").empty_classes == std::vector<std::string>{"empty"});
}

TEST_CASE("R17: blank lines of a TSV of pictures are passed over") {
    const ScratchFolder folder("dataset_blank_tsv");
    folder.write("a.png");
    folder.write("b.png");
    const auto all = read_dataset(folder.write("set.tsv", "file\tclass\n\na.png\t1\n\r\n\nb.png\t0\n\n"), 2);
    CHECK(all.pictures == std::vector{LabelledPicture{folder.path() / "a.png", 1}, {folder.path() / "b.png", 0}});
    const auto bad = folder.write("bad.tsv", "a.png\t1\n\nb.png\n");
    CHECK(error_of([&] { read_dataset(bad); }).facts().place == "line 3");
}

TEST_CASE("T03: a wrong line of a TSV is refused with its number") {
    const ScratchFolder folder("dataset_bad_tsv");
    folder.write("a.png");
    const auto refusal = [&](const char* line) {
        const auto path = folder.write("set.tsv", std::string("a.png\t1\n") + line + "\n");
        const auto error = error_of([&] { read_dataset(path, 2); });
        CHECK(error.facts().place == "line 2");
        CHECK(error.facts().file == path.string());
        return error.fault();
    };
    CHECK(refusal("a.png") == Fault::syntax);
    CHECK(refusal("\t1") == Fault::syntax);
    CHECK(refusal("a.png\t1\t1") == Fault::syntax);
    for (const char* line :
         {"a.png\t", "a.png\t2", "a.png\t-1", "a.png\t1.0", "a.png\t 1", "a.png\tclass", "a.png\t99999999999"})
        CHECK(refusal(line) == Fault::value);
    CHECK(refusal("b.png\t1") == Fault::missing);
    CHECK(refusal("\xFF\t1") == Fault::encoding);
    CHECK(error_of([&] { read_dataset(folder.write("heading.tsv", "file\tclass\n")); }).fault() == Fault::missing);
}

TEST_CASE("the shared data sets load") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const Dataset cifar = read_dataset(*shared / "data" / "cifar10" / "test", 10);
    CHECK((cifar.pictures.size() == 2000 && cifar.ignored == 0 && cifar.classes[9] == "truck" &&
           cifar.pictures.back().label == 9));
    const Dataset imagenet = read_dataset(*shared / "data" / "imagenet" / "labels.tsv", 1000);
    CHECK((imagenet.pictures.size() == 100 && imagenet.pictures[1].label == 10));
}
