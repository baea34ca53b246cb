#include <taxon/app/console/json.hpp>
#include <taxon/detect/detections.hpp>
#include <taxon/detect/table.hpp>
#include <taxon/detect/picture_encoder.hpp>
#include <taxon/io/npy.hpp>
#include <taxon/preprocess/image_file.hpp>
#include <taxon/preprocess/letterbox_fit.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/detector/program.hpp"
#include "catch.hpp"

using namespace taxon;
using taxon::app::Json;

namespace {

constexpr std::size_t columns = 8, rows = 2 * 8 * 8;

struct Fixture : PictureFolder {
    Outcome infer(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"infer", "--weights", "synthetic"});
        return run_detector_program(arguments);
    }
    Json json(std::vector<std::string> arguments) const {
        arguments.insert(arguments.end(), {"--quiet", "--json", *this / "o.json"});
        const auto outcome = infer(arguments);
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        CHECK(outcome.out.empty());
        return Json::parse(text_of(*this / "o.json"));
    }
};

}  // namespace

TEST_CASE("what infer finds is what suppression keeps of the raw boxes, in the picture's own pixels") {
    const Fixture fixture;
    const auto images =
        fixture.json({fixture.pictures(), "--profile", "eval", "--output", fixture / "raw.npy"}).at("images");
    const auto raw = floats_of_npy(fixture / "raw.npy");
    REQUIRE(images.size() == 5);
    REQUIRE(raw.size() == 5 * rows * columns);
    CHECK(contains(text_of(fixture / "raw.npy").substr(0, 128), "'shape': (5, 128, 8)"));
    for (int i = 0; i < Fixture::count; ++i) {
        const auto& image = images[static_cast<std::size_t>(i)];
        CHECK(image.at("file") == fixture.picture(i));
        CHECK((image.at("width") == Fixture::width(i) && image.at("height") == Fixture::height(i)));
        const auto fit = preprocess::letterbox_fit(Fixture::height(i), Fixture::width(i), 64, 64);
        const auto table = std::span(raw).subspan(static_cast<std::size_t>(i) * rows * columns, rows * columns);
        const auto wanted = detect::detections(table, columns, detect::evaluation, fit);
        REQUIRE(image.at("detections").size() == wanted.size());
        CHECK(wanted.size() > 10);
        for (std::size_t k = 0; k < wanted.size(); ++k) {
            const auto& one = image.at("detections")[k];
            CHECK(one.at("class") == wanted[k].label);
            CHECK(one.at("score").get<float>() == wanted[k].score);
            CHECK(one.at("box")[2].get<float>() == wanted[k].box.right);
            CHECK((wanted[k].box.left >= 0 && wanted[k].box.bottom <= static_cast<float>(Fixture::height(i))));
        }
    }
}

TEST_CASE("batches, threads and the Reference backend find the same") {
    const Fixture fixture;
    const auto found = fixture.json({fixture.pictures()}).at("images");
    CHECK(fixture.json({fixture.pictures(), "--batch", "3", "--threads", "2"}).at("images") == found);
    CHECK(fixture.json({fixture.pictures(), "--limit", "2"}).at("images").size() == 2);
    const auto by_reference = fixture.json({fixture.pictures(), "--backend", "reference"}).at("images");
    REQUIRE(by_reference.size() == found.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        REQUIRE(by_reference[i].at("detections").size() == found[i].at("detections").size());
        for (std::size_t k = 0; k < found[i].at("detections").size(); ++k)
            CHECK(by_reference[i].at("detections")[k].at("score").get<double>() ==
                  Approx(found[i].at("detections")[k].at("score").get<double>()).epsilon(1e-5));
    }
}

TEST_CASE("a profile, a confidence and an overlap choose among the boxes") {
    const Fixture fixture;
    const auto count = [&](std::vector<std::string> more) {
        more.insert(more.begin(), fixture.picture(0));
        return fixture.json(more).at("images")[0].at("detections").size();
    };
    CHECK(count({"--profile", "eval"}) > count({"--profile", "demo"}));
    CHECK(count({"--confidence", "1"}) == 0);
    CHECK(count({"--confidence", "0.1"}) > count({"--confidence", "0.3"}));
    CHECK(count({"--confidence", "0.1", "--overlap", "1"}) > count({"--confidence", "0.1", "--overlap", "0.1"}));
    for (const auto& one : fixture.json({fixture.picture(0), "--confidence", "0.2"}).at("images")[0].at("detections"))
        CHECK(one.at("score").get<double>() > .2);
}

TEST_CASE("pictures are drawn with their boxes, beside a text of them") {
    const Fixture fixture;
    const auto found = fixture.json({fixture.pictures()});
    write_text(fixture / "l.txt", "cat\ndog\nnight owl\n");
    const auto outcome =
        fixture.infer({fixture.pictures(), "--output-dir", fixture / "drawn", "--labels", fixture / "l.txt"});
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    for (int i = 0; i < Fixture::count; ++i) {
        const auto stem = fixture / ("drawn/" + Fixture::name(i).substr(0, 1));
        const Image drawn = preprocess::read_image(stem + ".png"), before = preprocess::read_image(fixture.picture(i));
        CHECK((drawn.height == before.height && drawn.width == before.width));
        const auto text = text_of(stem + ".txt");
        const auto lines = std::count(text.begin(), text.end(), '\n');
        CHECK(static_cast<std::size_t>(lines) ==
              found.at("images")[static_cast<std::size_t>(i)].at("detections").size());
        CHECK((drawn.pixels != before.pixels) == (lines > 0));
        if (lines > 0)
            CHECK((text.starts_with("cat\t") || text.starts_with("dog\t") || text.starts_with("night owl\t")));
    }
    CHECK((contains(outcome.out, "cat") || contains(outcome.out, "dog") || contains(outcome.out, "night owl")));
    CHECK(contains(outcome.out, "a.png  90 x 40, "));
}

TEST_CASE("generated pictures and tensors are answered in the network's own pixels") {
    const Fixture fixture;
    const auto first =
        fixture.json({"--input", "synthetic:a", "--batch", "2", "--dump-input", fixture / "in.npy"}).at("images");
    REQUIRE(first.size() == 2);
    CHECK(first[0].at("width") == 64);
    const auto input = floats_of_npy(fixture / "in.npy");
    CHECK((*std::min_element(input.begin(), input.end()) >= 0 && *std::max_element(input.begin(), input.end()) <= 1));
    const auto again = fixture.json({"--tensor", fixture / "in.npy"}).at("images");
    CHECK(again[1].at("detections") == first[1].at("detections"));
    CHECK(fixture.json({"--input", "synthetic", "--size", "32"}).at("images")[0].at("height") == 32);
}

TEST_CASE("R2: a detector sees no boxes in what is not finite, and says so") {
    const Fixture fixture;
    std::vector<float> numbers(3 * 64 * 64, .5f);
    numbers[3 * 64 * 64 / 2] = std::numeric_limits<float>::quiet_NaN();
    taxon::io::write_npy(fixture / "x.npy", numbers, {3, 64, 64});
    const auto refused = fixture.infer({"--tensor", fixture / "x.npy"});
    CHECK(refused.code == 3);
    CHECK(contains(refused.err, "x.npy: number [1, 32, 0]: [value] found NaN"));
    const auto images =
        fixture.json({"--tensor", fixture / "x.npy", "--allow-nonfinite", "--output", fixture / "y.npy"}).at("images");
    CHECK(images[0].at("detections").empty());
    CHECK(images[0].at("finite") == false);
    const auto raw = floats_of_npy(fixture / "y.npy");
    CHECK(std::any_of(raw.begin(), raw.end(), [](float x) { return std::isnan(x); }));
    numbers.assign(numbers.size(), std::numeric_limits<float>::max());
    taxon::io::write_npy(fixture / "x.npy", numbers, {3, 64, 64});
    for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--output", fixture / "z.npy"}}) {
        auto arguments = more;
        arguments.insert(arguments.end(), {"--tensor", fixture / "x.npy"});
        const auto overflow = fixture.infer(arguments);
        CHECK(overflow.code == 4);
        CHECK(overflow.out.empty());
    }
}

TEST_CASE("layers of a detector are shown, its table by rows and columns") {
    const Fixture fixture;
    const auto outcome =
        fixture.infer({fixture.picture(0), "--backend", "reference", "--dump-layers", fixture / "layers"});
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    CHECK(contains(text_of(fixture / "layers/005_5.npy").substr(0, 128), "(128, 8)"));
}

TEST_CASE("wrong use of a detector's infer and broken pictures are told in one line") {
    const Fixture fixture;
    const auto fails = [&](int code, const std::vector<std::string>& arguments, const std::string& words) {
        const auto outcome = fixture.infer(arguments);
        INFO(outcome.err);
        CHECK(outcome.code == code);
        CHECK(outcome.out.empty());
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
        return contains(outcome.err, words);
    };
    CHECK(fails(2, {}, "no input"));
    CHECK(fails(2, {fixture.picture(0), "--input", "synthetic"}, "inputs of several kinds"));
    CHECK(fails(2, {fixture.picture(0), "--profile", "best"}, "--profile"));
    CHECK(fails(2, {fixture.picture(0), "--confidence", "nan"}, "--confidence"));
    CHECK(fails(2, {"--input", "synthetic", "--output-dir", fixture / "d"}, "--output-dir: [usage] found no pictures"));
    CHECK(fails(2, {fixture.pictures(), "--output-dir", fixture.pictures()}, "the picture's own folder"));
    CHECK(fails(2, {fixture.picture(0), fixture.picture(0), "--output-dir", fixture / "d"},
                "a second picture named 'a'"));
    CHECK(fixture.infer({fixture.picture(0), fixture.picture(0), "--quiet"}).code == 0);  // nothing is drawn
    write_text(fixture / "two/a.txt", "x\ny\nz\n");
    CHECK(fails(2, {fixture.picture(0), "--labels", fixture / "two/a.txt", "--output-dir", fixture / "two"},
                "which --labels names as well"));
    CHECK(fails(2, {fixture.picture(0), "--json", fixture / "two/a.txt", "--output-dir", fixture / "two"},
                "which --json names as well"));
    CHECK(fails(2, {fixture.picture(0), "--output-dir", fixture / "two/a.txt"}, "which is not a folder"));
    CHECK(fails(2, {fixture.pictures(), "--json", fixture.picture(3)}, "d.png"));
    write_text(fixture / "two.txt", "a\nb\n");
    CHECK(fails(2, {fixture.picture(0), "--labels", fixture / "two.txt"}, "found 2 lines, wanted 3"));
    write_text(fixture / "pictures/f.jpg", "no picture");
    CHECK(fails(3, {fixture.pictures(), "--json", fixture / "never.json"}, "f.jpg"));
    CHECK(!std::filesystem::exists(fixture / "never.json"));
}

TEST_CASE("a picture in the current folder is found in by its bare name") {
    const Fixture fixture;
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(fixture.pictures());
    const auto outcome = fixture.infer({"a.png", "--quiet"});
    std::filesystem::current_path(before);
    INFO(outcome.err);
    CHECK(outcome.code == 0);
}

TEST_CASE("one pixel, one long line and grey pictures have answers") {
    const Fixture fixture;
    write_text(fixture / "one.png", detect::encode_png(noise_picture(1, 1, 3)));
    write_text(fixture / "line.png", detect::encode_png(noise_picture(2, 100, 3)));
    for (const char* name : {"one.png", "line.png"}) {
        const auto image = fixture.json({fixture / name, "--profile", "eval"}).at("images")[0];
        for (const auto& one : image.at("detections")) {
            CHECK(one.at("box")[0].get<double>() >= 0);
            CHECK(one.at("box")[2].get<double>() <= image.at("width").get<double>());
            CHECK(one.at("box")[3].get<double>() <= image.at("height").get<double>());
        }
    }
}

TEST_CASE("a detector in integers is calibrated with pictures") {
    const Fixture fixture;
    CHECK(fixture
              .json({fixture.pictures(), "--precision", "qint8_mixed_float32", "--calibration-dir", fixture.pictures()})
              .at("images")
              .size() == 5);
    CHECK(run_detector_program({"infer", "--weights", "synthetic", "--input", "synthetic", "--precision",
                                "qint8_mixed_float32", "--quiet"})
              .code == 0);
}
