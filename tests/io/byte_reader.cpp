#include <taxon/io/byte_reader.hpp>

#include "catch.hpp"
#include "io/checkpoint_writer.hpp"

using namespace taxon;
using namespace taxon::test;
using io::ByteReader;

TEST_CASE("ByteReader reads little-endian numbers at any alignment") {
    const std::string bytes("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E\xFF", 15);
    ByteReader reader(as_span(bytes), "it");
    CHECK(reader.byte() == 1);
    CHECK(reader.little<std::uint16_t>() == 0x0302);
    CHECK(reader.little<std::uint32_t>() == 0x07060504u);
    CHECK(reader.position() == 7);
    CHECK(reader.little<std::uint64_t>() == 0xFF0E0D0C0B0A0908u);
    CHECK(reader.left() == 0);
    CHECK(reader.take(0).empty());
}

TEST_CASE("ByteReader never passes the end") {
    const std::string bytes = "abc";
    ByteReader reader(as_span(bytes), "it");
    CHECK(fault_of([&] { reader.take(4); }) == Fault::truncated);
    CHECK(fault_of([&] { reader.take(~std::uint64_t{0}); }) == Fault::truncated);
    CHECK(fault_of([&] { reader.little<std::uint32_t>(); }) == Fault::truncated);
    CHECK(reader.position() == 0);
    CHECK(reader.place() == "it, byte 0");
}

TEST_CASE("ByteReader reads lines") {
    const std::string bytes = "one\n\nrest";
    ByteReader reader(as_span(bytes));
    CHECK(reader.line(3) == "one");
    CHECK(reader.line(3).empty());
    CHECK(fault_of([&] { reader.line(3); }) == Fault::limit);
    CHECK(fault_of([&] { reader.line(4); }) == Fault::truncated);
}
