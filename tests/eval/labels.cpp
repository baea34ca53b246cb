#include <taxon/eval/labels.hpp>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "shared_data.hpp"

using taxon::Fault;
using taxon::eval::read_labels;

TEST_CASE("a line is the name of a class") {
    const ScratchFolder folder("labels");
    const auto file = folder.write("labels.txt", "\xEF\xBB\xBF"
                                                 "cat\r\ngreat white shark, white shark\r\n");
    CHECK(read_labels(file) == std::vector<std::string>{"cat", "great white shark, white shark"});
    CHECK(read_labels(file, 2).size() == 2);
    const auto error = error_of([&] { read_labels(file, 3); });
    CHECK(error.fault() == Fault::mismatch);
    CHECK(error.facts().found == "2 lines");
}

TEST_CASE("labels files without names are refused") {
    const ScratchFolder folder("labels_bad");
    const auto empty = folder.write("empty"), gap = folder.write("gap", "a\n\nc\n"),
               bytes = folder.write("bytes", "a\n\xFF\n");
    CHECK(error_of([&] { read_labels(empty); }).fault() == Fault::missing);
    CHECK(error_of([&] { read_labels(gap); }).facts().place == "line 2");
    CHECK(error_of([&] { read_labels(bytes); }).fault() == Fault::encoding);
    CHECK(error_of([&] { read_labels(folder.path() / "none"); }).fault() == Fault::io);
}

TEST_CASE("R17: a blank last line is no class") {
    const ScratchFolder folder("labels_blank");
    CHECK(read_labels(folder.write("labels.txt", "cat\ndog\n\n")) == std::vector<std::string>{"cat", "dog"});
}

TEST_CASE("the number and length of class names are bounded") {
    const ScratchFolder folder("labels_limits");
    const auto file = folder.write("labels.txt", "cat\ndogs\n");
    CHECK(read_labels(file, 2, {.name_bytes = 4, .class_names = 2}).size() == 2);
    CHECK(error_of([&] { read_labels(file, 2, {.name_bytes = 3}); }).facts().place == "line 2");
    CHECK(error_of([&] { read_labels(file, 2, {.class_names = 1}); }).fault() == Fault::limit);
}

TEST_CASE("the shared class names load") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    CHECK(read_labels(*shared / "data" / "imagenet" / "synsets.txt", 1000)[0].find("tench") != std::string::npos);
    CHECK(read_labels(*shared / "data" / "cifar10" / "classes.txt", 10)[9] == "truck");
}
