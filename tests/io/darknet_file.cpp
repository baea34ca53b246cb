#include <taxon/io/darknet_file.hpp>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "io/pickle_writer.hpp"

using taxon::Fault;
using taxon::io::DarknetFile;
using taxon::test::pickled::little;

namespace {

/// A file of this version, with the number of images seen in as many bytes as the version has for it.
std::string file_of(std::uint64_t major, std::uint64_t minor, const std::string& weights) {
    return little(major, 4) + little(minor, 4) + little(0, 4) + little(7, minor >= 2 ? 8 : 4) + weights;
}

}  // namespace

TEST_CASE("Darknet's weights are floats behind a header of two versions") {
    const ScratchFolder folder("darknet_file");
    for (const std::uint64_t minor : {1u, 2u}) {
        const std::string weights = little(0x3F800000, 4) + little(0xC0000000, 4);  // 1 and -2
        const DarknetFile file(folder.write("a.weights", file_of(0, minor, weights)));
        INFO(minor);
        CHECK(file.images_seen() == 7);
        REQUIRE(file.size() == 2);
        std::vector<float> last(1);
        file.read(1, last);
        CHECK(last[0] == -2.0f);
    }
}

TEST_CASE("other files are not taken for Darknet's, and cut ones are refused") {
    const ScratchFolder folder("darknet_file_bad");
    const auto fault = [&](const std::string& bytes) {
        return error_of([&] { DarknetFile(folder.write("a.weights", bytes)); }).fault();
    };
    const auto meant = [](const std::string& bytes) { return DarknetFile::is_meant(std::as_bytes(std::span(bytes))); };
    CHECK(meant(file_of(0, 1, "")));
    CHECK(meant(file_of(0, 2, "")));
    CHECK(!meant(file_of(0, 3, "")));
    CHECK(!meant(file_of(0, 0, "")));
    CHECK(!meant(file_of(1, 2, "")));
    CHECK(!meant("1234567"));
    CHECK(fault(file_of(0, 3, "1234")) == Fault::version);
    CHECK(fault(file_of(0, 2, "").substr(0, 10)) == Fault::truncated);
    CHECK(fault(file_of(0, 2, "").substr(0, 19)) == Fault::truncated);
    CHECK(fault(file_of(0, 2, "12345")) == Fault::truncated);
}
