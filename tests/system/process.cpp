#include <taxon/system/process.hpp>

#include "catch.hpp"

#include <vector>

using namespace taxon::system;

TEST_CASE("the peak counts memory that was touched") {
    const auto before = process_use().peak_bytes;
    CHECK(before > 0);
    const std::vector<char> touched(static_cast<std::size_t>(before) + (8u << 20), 'x');
    CHECK(process_use().peak_bytes >= before + (4 << 20));
}

TEST_CASE("a program knows its file") { CHECK(std::filesystem::is_regular_file(program_path())); }
