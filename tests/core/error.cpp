#include <taxon/core/error.hpp>

#include "catch.hpp"

using namespace taxon;

TEST_CASE("an error is one line: file, place, fault, what was found and wanted, and the remedy") {
    const Error error(
        Fault::shape,
        {.file = "a.pth", .place = "tensor 'w'", .found = "[2]", .wanted = "[3]", .remedy = "choose another variant"});
    CHECK(std::string(error.what()) == "a.pth: tensor 'w': [shape] found [2], wanted [3]; choose another variant");
    CHECK(std::string(Error(Fault::io, {.wanted = "a file"}).what()) == "[io] wanted a file");
    CHECK(std::string(Error(Fault::usage, {.place = "--top"}).what()) == "--top: [usage]");
}

TEST_CASE("an error keeps its facts, and a reader of bytes can be told the file's name afterwards") {
    const Error error = Error(Fault::checksum, {.place = "record 3", .found = "1", .wanted = "2"}).in_file("b.pt");
    CHECK(error.fault() == Fault::checksum);
    CHECK(error.facts().file == "b.pt");
    CHECK(std::string(error.what()) == "b.pt: record 3: [checksum] found 1, wanted 2");
    CHECK(error.in_file("c.pt").facts().file == "b.pt");
}

TEST_CASE("a hostile name does not break an error's line") {
    const std::string text = Error(Fault::duplicate, {.place = "a\nb\x1b[31m\r\tc"}).what();
    for (const char c : text) CHECK(static_cast<unsigned char>(c) >= ' ');
}

TEST_CASE("every fault has its name") {
    CHECK(name_of(Fault::usage) == "usage");
    CHECK(name_of(Fault::shape) == "shape");
    CHECK(name_of(Fault::mismatch) == "mismatch");
    CHECK(name_of(Fault::value) == "value");
}
