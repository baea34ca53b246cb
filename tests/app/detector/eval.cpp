#include <taxon/app/console/json.hpp>

#include <taxon/preprocess/image_file.hpp>

#include <fmt/core.h>

#include "app/detector/program.hpp"
#include "catch.hpp"
#include "preprocess/picture_bytes.hpp"

using taxon::app::Json;

namespace {

/// Pictures with annotations in which the network's own best boxes are some of the objects, so that no figure is
/// trivial.
struct Fixture : PictureFolder {
    Fixture() {
        REQUIRE(run_detector_program({"infer", "--weights", "synthetic", pictures(), "--profile", "eval", "--quiet",
                                      "--json", *this / "found.json"})
                    .code == 0);
        const auto images = Json::parse(text_of(*this / "found.json")).at("images");
        Json annotations{{"images", Json::array()}, {"annotations", Json::array()}, {"categories", Json::array()}},
            detections = Json::array();
        for (int c = 0; c < 3; ++c)
            annotations["categories"].push_back(
                {{"id", 7 * c + 2}, {"name", std::string(1, static_cast<char>('x' + c))}});
        int id = 1;
        for (std::size_t i = 0; i < images.size(); ++i) {
            annotations["images"].push_back({{"id", 100 - i},
                                             {"file_name", name(static_cast<int>(i))},
                                             {"width", images[i].at("width")},
                                             {"height", images[i].at("height")}});
            const auto& found = images[i].at("detections");
            for (std::size_t k = 0; k < found.size(); ++k) {
                const auto& box = found[k].at("box");
                const double x = box[0], y = box[1], width = box[2].get<double>() - x,
                             height = box[3].get<double>() - y;
                const int category = 7 * found[k].at("class").get<int>() + 2;
                detections.push_back({{"image_id", 100 - i},
                                      {"category_id", category},
                                      {"bbox", {x, y, width, height}},
                                      {"score", found[k].at("score")}});
                if (k % 3 == 0)
                    annotations["annotations"].push_back({{"id", id++},
                                                          {"image_id", 100 - i},
                                                          {"category_id", category},
                                                          {"bbox", {x + width / 9.7, y, width, height}},
                                                          {"area", width * height},
                                                          {"iscrowd", k % 6 == 3 ? 1 : 0}});
            }
        }
        write_text(*this / "annotations.json", annotations.dump());
        write_text(*this / "detections.json", detections.dump());
    }

    std::string annotations() const { return *this / "annotations.json"; }

    Outcome eval(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(),
                         {"eval", "--weights", "synthetic", "--dataset", pictures(), "--annotations", annotations()});
        return run_detector_program(arguments);
    }
    Json json(std::vector<std::string> arguments, const std::string& file = "e.json") const {
        arguments.insert(arguments.end(), {"--quiet", "--json", *this / file});
        const auto outcome = eval(arguments);
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        CHECK(outcome.out.empty());
        return Json::parse(text_of(*this / file));
    }
};

constexpr const char* figures[] = {"AP",  "AP50", "AP75",  "APs", "APm", "APl",
                                   "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"};

}  // namespace

TEST_CASE("eval's figures are those of the detections that infer gives") {
    const Fixture fixture;
    const auto own = fixture.json({});
    CHECK(own.at("n") == 5);
    REQUIRE(run_detector_program({"eval", "--annotations", fixture.annotations(), "--detections",
                                  fixture / "detections.json", "--quiet", "--json", fixture / "d.json"})
                .code == 0);
    const auto given = Json::parse(text_of(fixture / "d.json"));
    CHECK(given.at("n") == 5);
    for (const char* figure : figures) {
        INFO(figure);
        CHECK(own.at(figure).get<double>() == Approx(given.at(figure).get<double>()).margin(1e-12));
    }
    CHECK((own.at("AP").get<double>() > .01 && own.at("AP").get<double>() < .99));
    CHECK(own.at("AP50").get<double>() > own.at("AP75").get<double>());
    CHECK(fixture.json({"--batch", "2", "--threads", "2"}) == own);
    CHECK(fixture.json({"--profile", "demo"}).at("AR100").get<double>() < own.at("AR100").get<double>());
}

TEST_CASE("each class has its figures if asked for") {
    const Fixture fixture;
    CHECK(!fixture.json({}).contains("categories"));
    const auto categories = fixture.json({"--per-class"}).at("categories");
    REQUIRE(categories.size() == 3);
    CHECK((categories[1].at("id") == 9 && categories[1].at("name") == "y"));
    const auto printed = fixture.eval({"--per-class"});
    CHECK(contains(printed.out, "AP50"));
    CHECK(contains(printed.out, fmt::format("y        {:8.4f} {:8.4f}\n", categories[1].at("AP").get<double>(),
                                            categories[1].at("AP50").get<double>())));
}

TEST_CASE("shards of pictures join to the same figures") {
    const Fixture fixture;
    const auto whole = fixture.json({});
    fixture.json({"--shard", "0/2"}, "a.json"), fixture.json({"--shard", "1/2"}, "b.json");
    REQUIRE(run_detector_program(
                {"eval", "merge", fixture / "b.json", fixture / "a.json", "--quiet", "--json", fixture / "m.json"})
                .code == 0);
    const auto merged = Json::parse(text_of(fixture / "m.json"));
    for (const char* figure : figures) CHECK(merged.at(figure) == whole.at(figure));
    CHECK(run_detector_program({"eval", "merge", fixture / "a.json", fixture / "a.json"}).code == 3);
}

TEST_CASE("what a detector's eval cannot use is told in one line") {
    const Fixture fixture;
    const auto fails = [&](int code, const std::vector<std::string>& arguments, const std::string& words) {
        const auto outcome = run_detector_program(arguments);
        INFO(outcome.err);
        CHECK(outcome.code == code);
        CHECK(outcome.out.empty());
        return contains(outcome.err, words);
    };
    CHECK(fails(2, {"eval", "--weights", "synthetic", "--dataset", fixture.pictures()},
                "--annotations: [usage] found nothing"));
    CHECK(fails(2, {"eval", "--weights", "synthetic", "--annotations", fixture.annotations()},
                "--dataset: [usage] found nothing"));
    CHECK(fails(2,
                {"eval", "--weights", "synthetic", "--annotations", fixture.annotations(), "--detections",
                 fixture / "detections.json"},
                "either detections, or a network and pictures"));
    CHECK(fails(2,
                {"eval", "--annotations", fixture.annotations(), "--detections", fixture / "detections.json",
                 "--confidence", "0.5"},
                "--confidence as well"));
    auto annotations = Json::parse(text_of(fixture.annotations()));
    auto twice = annotations;
    twice["images"][1]["file_name"] = "./a.png";
    write_text(fixture / "twice.json", twice.dump());
    CHECK(fails(
        3, {"eval", "--weights", "synthetic", "--dataset", fixture.pictures(), "--annotations", fixture / "twice.json"},
        "[duplicate] found two annotated images of the file \"a.png\""));
    auto none = annotations;
    none.erase("annotations");
    write_text(fixture / "none.json", none.dump());
    CHECK(fails(
        3, {"eval", "--weights", "synthetic", "--dataset", fixture.pictures(), "--annotations", fixture / "none.json"},
        "list \"annotations\": [missing]"));
    std::filesystem::remove(fixture.picture(2));
    CHECK(fails(
        3, {"eval", "--weights", "synthetic", "--dataset", fixture.pictures(), "--annotations", fixture.annotations()},
        "[missing] found no picture \"c.png\""));
    annotations["categories"].push_back({{"id", 50}, {"name", "more"}});
    write_text(fixture.annotations(), annotations.dump());
    CHECK(fails(
        3, {"eval", "--weights", "synthetic", "--dataset", fixture.pictures(), "--annotations", fixture.annotations()},
        "categories: [mismatch] found 4, wanted 3"));
}

TEST_CASE("R3: eval turns pictures as OpenCV does, and says which have another size than annotated", "[cases]") {
    const Fixture fixture;
    const auto upright = fixture.json({});
    CHECK(!upright.contains("size_mismatches"));
    // The first picture, stored on its left side, with EXIF data that say so.
    const auto whole = taxon::preprocess::read_image(fixture.picture(0));
    taxon::Image stored{.height = whole.width, .width = whole.height, .pixels = whole.pixels};
    for (int y = 0; y < whole.height; ++y)
        for (int x = 0; x < whole.width; ++x)
            for (int channel = 0; channel < 3; ++channel)
                stored.pixels[static_cast<std::size_t>(((whole.width - 1 - x) * whole.height + y) * 3 + channel)] =
                    whole.pixels[static_cast<std::size_t>((y * whole.width + x) * 3 + channel)];
    const auto png = taxon::detect::encode_png(stored), chunk = [] {
        const auto bytes = picture_bytes::chunk("eXIf", picture_bytes::exif_of(6));
        return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }();
    constexpr std::size_t behind_header = 33;
    write_text(fixture.picture(0), png.substr(0, behind_header) + chunk + png.substr(behind_header));
    CHECK(fixture.json({}) == upright);
    const auto lying = fixture.json({"--no-exif"});
    CHECK(lying.at("AP").get<double>() < upright.at("AP").get<double>());
    CHECK(lying.at("size_mismatches") == Json({"a.png: 40 x 90, annotated as 90 x 40"}));
    CHECK(contains(fixture.eval({"--no-exif"}).out, "1 picture whose size differs from the annotated one"));
}

TEST_CASE("R11: a detector's eval leaves unreadable pictures out", "[cases]") {
    const Fixture fixture;
    write_text(fixture.picture(1), "no picture");
    CHECK(fixture.eval({}).code == 3);
    const auto json = fixture.json({"--skip-unreadable"});
    CHECK((json.at("n") == 4 && json.at("skipped") == 1 && json.at("unreadable").size() == 1));
}

TEST_CASE("R15: annotations of some of the classes are scored as pycocotools does, of a file or a network", "[cases]") {
    const Fixture fixture;
    const auto whole = fixture.json({"--per-class"}).at("categories");
    auto some = Json::parse(text_of(fixture.annotations()));
    some["categories"].erase(1);  // "y", 9
    std::erase_if(some["annotations"].get_ref<Json::array_t&>(),
                  [](const Json& object) { return object.at("category_id") == 9; });
    write_text(fixture / "some.json", some.dump());
    const auto scored = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"eval", "--annotations", fixture / "some.json"});
        arguments.insert(arguments.end(), {"--per-class", "--quiet", "--json", fixture / "s.json"});
        const auto outcome = run_detector_program(arguments);
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        return Json::parse(text_of(fixture / "s.json"));
    };
    const auto given = scored({"--detections", fixture / "detections.json"});
    REQUIRE(given.at("categories").size() == 2);
    const auto ap = [](const Json& category) { return category.at("AP").get<double>(); };
    CHECK(ap(given["categories"][0]) == Approx(ap(whole[0])).margin(1e-12));
    CHECK(ap(given["categories"][1]) == Approx(ap(whole[2])).margin(1e-12));
    CHECK(contains(run_detector_program(
                       {"eval", "--annotations", fixture / "some.json", "--detections", fixture / "detections.json"})
                       .err,
                   " left out: of categories that are not annotated"));

    // a network's classes are found by their names
    write_text(fixture / "names.txt", "x\ny\nz\n");
    REQUIRE(run_detector_program(
                {"gen", "--weights", "synthetic", "--labels", fixture / "names.txt", "--output", fixture / "m.taxon"})
                .code == 0);
    const auto own = scored({"--weights", fixture / "m.taxon", "--dataset", fixture.pictures()});
    for (const char* figure : figures)
        CHECK(own.at(figure).get<double>() == Approx(given.at(figure).get<double>()).margin(1e-12));
    const auto nameless = run_detector_program(
        {"eval", "--weights", "synthetic", "--dataset", fixture.pictures(), "--annotations", fixture / "some.json"});
    CHECK(nameless.code == 3);
    CHECK(contains(nameless.err, "categories: [mismatch] found 2, wanted 3"));
}

TEST_CASE("A1: results nested 100,000 deep are refused in a line", "[cases]") {
    const Fixture fixture;
    fixture.json({}, "good.json");
    auto text = text_of(fixture / "good.json");
    const auto at = text.find("\"outcomes\": [") + 13;
    text.insert(at, std::string(100'000, '[') + std::string(100'000, ']') + ",");
    write_text(fixture / "deep.json", text);
    for (const auto& files : {std::pair{"deep.json", "good.json"}, {"good.json", "deep.json"}}) {
        const auto outcome = run_detector_program({"eval", "merge", fixture / files.first, fixture / files.second});
        CHECK(outcome.code == 3);
        CHECK(outcome.err.size() < 400);
        CHECK(contains(outcome.err, "deep.json: JSON, byte "));
    }
}
