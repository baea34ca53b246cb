#include <taxon/io/offline_writer.hpp>
#include <taxon/io/offline_layout.hpp>

#include <fstream>
#include <iterator>
#include <vector>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "io/checkpoint_writer.hpp"
#include "io/offline_bytes.hpp"

using namespace taxon;
using namespace taxon::test;
using io::OfflineSection;

namespace {

std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string crc_text(const std::string& bytes) { return pickled::little(io::Crc32c::of(as_span(bytes)), 4); }

}  // namespace

TEST_CASE("an offline writer writes the layout that offline_layout describes") {
    const ScratchFolder folder("write_offline_file");
    const std::string weights(65, 'w'), facts = "facts";
    const std::vector<OfflineSection> sections{
        {"weights", as_span(weights)}, {"nothing", {}}, {"facts", as_span(facts)}};
    io::OfflineWriter::write(folder.path() / "x", 0x1122334455667788u, sections);

    std::string table = padded("weights", 32) + pickled::little(256, 8) + pickled::little(65, 8) + crc_text(weights);
    table += padded("nothing", 32) + pickled::little(384, 8) + pickled::little(0, 8) + pickled::little(0, 4);
    table += padded("facts", 32) + pickled::little(384, 8) + pickled::little(5, 8) + crc_text(facts);
    std::string header = "\x89TAX\r\n\x1A\n" + pickled::little(1, 4) + pickled::little(3, 4) + pickled::little(448, 8);
    header += pickled::little(0x1122334455667788, 8) + crc_text(table);
    CHECK(content_of(folder.path() / "x") ==
          padded(header + crc_text(header) + table, 256) + padded(weights, 128) + padded(facts, 64));
}

TEST_CASE("an offline writer writes a file without sections") {
    const ScratchFolder folder("write_offline_file_nothing");
    io::OfflineWriter::write(folder.path() / "x", 0, {});
    CHECK(content_of(folder.path() / "x").size() == 64);
}

TEST_CASE("an offline writer refuses bad names and leaves the old file") {
    const ScratchFolder folder("write_offline_file_bad");
    const auto path = folder.write("x", "old");
    const auto write = [&](std::vector<OfflineSection> sections) {
        return fault_of([&] { io::OfflineWriter::write(path, 0, sections); });
    };
    const std::string longest(31, 'n'), too_long(32, 'n'), with_zero("a\0b", 3);
    CHECK(write({{"a", {}}, {"b", {}}, {"a", {}}}) == Fault::usage);
    CHECK(write({{"", {}}}) == Fault::usage);
    CHECK(write({{too_long, {}}}) == Fault::usage);
    CHECK(write({{with_zero, {}}}) == Fault::usage);
    CHECK(write({{"\xFF", {}}}) == Fault::usage);
    CHECK(write(std::vector<OfflineSection>(Limits{}.offline_sections + 1, {"a", {}})) == Fault::usage);
    CHECK(content_of(path) == "old");
    CHECK_NOTHROW(io::OfflineWriter::write(path, 0, std::vector<OfflineSection>{{longest, {}}}));
    CHECK(fault_of([&] { io::OfflineWriter::write(folder.path() / "no" / "x", 0, {}); }) == Fault::io);
}
