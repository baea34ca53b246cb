#include <taxon/app/console/json.hpp>

#include "app/detector/program.hpp"
#include "catch.hpp"

using taxon::app::Json;

TEST_CASE("a detector's offline file knows its size and its labels, and gives the same boxes") {
    const PictureFolder folder;
    write_text(folder / "l.txt", "cat\ndog\nowl\n");
    for (const char* size : {"64", "32"}) {
        const auto made =
            run_detector_program({"gen", "--weights", "synthetic", "--size", size, "--labels", folder / "l.txt",
                                  "--output", folder / "m.taxon", "--json", folder / "g.json"});
        INFO(made.err);
        REQUIRE(made.code == 0);
        CHECK(Json::parse(text_of(folder / "g.json")).at("facts").at("size") == size);
        CHECK(contains(made.out, std::string("tiny ") + size + ", force_float32"));
        CHECK(run_detector_program({"verify", "--weights", folder / "m.taxon"}).code == 0);
        const auto found = [&](std::vector<std::string> arguments) {
            arguments.insert(arguments.begin(), {"infer", folder.pictures(), "--quiet", "--json", folder / "o.json"});
            const auto outcome = run_detector_program(arguments);
            INFO(outcome.err);
            REQUIRE(outcome.code == 0);
            return Json::parse(text_of(folder / "o.json")).at("images");
        };
        CHECK(found({"--weights", folder / "m.taxon"}) ==
              found({"--weights", "synthetic", "--size", size, "--labels", folder / "l.txt"}));
        const auto other = run_detector_program({"infer", folder.pictures(), "--weights", folder / "m.taxon", "--size",
                                                 std::string(size) == "64" ? "32" : "64"});
        CHECK(other.code == 3);
        CHECK(contains(other.err, std::string("found detectors tiny ") + size));
    }
    CHECK(std::filesystem::file_size(folder / "m.taxon") < 60'000);  // golden inputs are not stored, nor whole tables
}

TEST_CASE("a changed byte of a detector's offline file is found") {
    const PictureFolder folder;
    REQUIRE(run_detector_program({"gen", "--weights", "synthetic", "--output", folder / "m.taxon", "--quiet"}).code ==
            0);
    auto bytes = text_of(folder / "m.taxon");
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    write_text(folder / "bad.taxon", bytes);
    CHECK(run_detector_program({"infer", folder.picture(0), "--weights", folder / "bad.taxon"}).code == 3);
    CHECK(run_detector_program({"verify", "--weights", folder / "bad.taxon"}).code == 3);
}
