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

TEST_CASE("a level compares precisions of detectors by their boxes, or by AP on a data set") {
    const PictureFolder folder;
    const auto level = [&](std::vector<std::string> more) {
        more.insert(more.begin(),
                    {"gen", "--weights", "synthetic", "--output", folder / "m.taxon", "--level", "O2",
                     "--calibration-dir", folder.pictures(), "--max-drop", "100", "--json", folder / "g.json"});
        const auto made = run_detector_program(more);
        INFO(made.err);
        REQUIRE(made.code == 0);
        CHECK(run_detector_program({"verify", "--weights", folder / "m.taxon"}).code == 0);
        return Json::parse(text_of(folder / "g.json")).at("level");
    };
    const Json agreement = level({});
    CHECK(agreement.at("compared_on") == "calibration pictures");
    CHECK(agreement.at("compared") == PictureFolder::count);
    CHECK(agreement.at("candidates").size() == 2);  // not those of another size
    CHECK(agreement.at("candidates")[0].at("drop") == 0);
    CHECK_FALSE(agreement.at("candidates")[0].contains("AP"));
    CHECK(agreement.at("scan").at("layers").size() == 3);
    CHECK_FALSE(agreement.at("scan").contains("changed"));

    Json annotations{{"images", Json::array()}, {"annotations", Json::array()}, {"categories", Json::array()}};
    for (int i = 0; i < 3; ++i)
        annotations["categories"].push_back({{"id", i}, {"name", std::string(1, static_cast<char>('a' + i))}});
    for (int i = 0; i < PictureFolder::count; ++i) {
        annotations["images"].push_back({{"id", i}, {"file_name", PictureFolder::name(i)}});
        annotations["annotations"].push_back({{"id", i},
                                              {"image_id", i},
                                              {"category_id", i % 3},
                                              {"bbox", {5, 5, 30, 30}},
                                              {"area", 900},
                                              {"iscrowd", 0}});
    }
    write_text(folder / "a.json", annotations.dump());
    const Json precision = level({"--dataset", folder.pictures(), "--annotations", folder / "a.json"});
    CHECK(precision.at("drop_of") == "AP, percentage points");
    for (const Json& row : precision.at("candidates")) {
        const auto eval = run_detector_program(
            {"eval", "--weights", "synthetic", "--dataset", folder.pictures(), "--annotations", folder / "a.json",
             "--precision", row.at("precision"), "--quiet", "--json", folder / "e.json",
             row.at("precision") == "force_float32" ? "--quiet" : "--calibration-dir=" + folder.pictures()});
        INFO(eval.err);
        REQUIRE(eval.code == 0);
        CHECK(row.at("AP") == Json::parse(text_of(folder / "e.json")).at("AP"));
    }
    CHECK(run_detector_program({"gen", "--weights", "synthetic", "--output", folder / "m.taxon", "--level", "O2",
                                "--dataset", folder.pictures()})
              .code == 2);
}

TEST_CASE("gen does not overwrite the annotations that it compares on") {
    const PictureFolder folder;
    write_text(folder / "a.json", "{}");
    const auto made = run_detector_program({"gen", "--weights", "synthetic", "--output", folder / "m.taxon", "--level",
                                            "O2", "--dataset", folder.pictures(), "--annotations", folder / "a.json",
                                            "--json", folder / "a.json"});
    CHECK(made.code == 2);
    CHECK(text_of(folder / "a.json") == "{}");
}

TEST_CASE("a detector's ranges are usually from minimum to maximum") {
    const std::string help = run_detector_program({"gen", "--help"}).out;
    const std::size_t method = help.find("--calibration-method");
    REQUIRE(method != std::string::npos);
    CHECK(help.find("(default: linear)", method) < help.find("--percentile", method));
}
