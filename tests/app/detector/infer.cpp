#include <taxon/app/detector/infer.hpp>

#include <algorithm>
#include <cmath>

#include "app/detector/program.hpp"
#include "catch.hpp"

using namespace taxon;
using taxon::app::Json;

namespace {

constexpr std::size_t columns = 8, rows = 2 * 8 * 8;

struct Desk : PictureFolder {
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
    const Desk desk;
    const auto images = desk.json({desk.pictures(), "--profile", "eval", "--output", desk / "raw.npy"}).at("images");
    const auto raw = floats_of_npy(desk / "raw.npy");
    REQUIRE(images.size() == 5);
    REQUIRE(raw.size() == 5 * rows * columns);
    CHECK(contains(text_of(desk / "raw.npy").substr(0, 128), "'shape': (5, 128, 8)"));
    for (int i = 0; i < Desk::count; ++i) {
        const auto& image = images[static_cast<std::size_t>(i)];
        CHECK(image.at("file") == desk.picture(i));
        CHECK((image.at("width") == Desk::width(i) && image.at("height") == Desk::height(i)));
        const auto fit = preprocess::letterbox_fit(Desk::height(i), Desk::width(i), 64, 64);
        const auto table = std::span(raw).subspan(static_cast<std::size_t>(i) * rows * columns, rows * columns);
        const auto wanted = detect::detections(table, columns, detect::evaluation, fit);
        REQUIRE(image.at("detections").size() == wanted.size());
        CHECK(wanted.size() > 10);
        for (std::size_t k = 0; k < wanted.size(); ++k) {
            const auto& one = image.at("detections")[k];
            CHECK(one.at("class") == wanted[k].label);
            CHECK(one.at("score").get<float>() == wanted[k].score);
            CHECK(one.at("box")[2].get<float>() == wanted[k].box.right);
            CHECK((wanted[k].box.left >= 0 && wanted[k].box.bottom <= static_cast<float>(Desk::height(i))));
        }
    }
}

TEST_CASE("batches, threads and the Reference backend find the same") {
    const Desk desk;
    const auto found = desk.json({desk.pictures()}).at("images");
    CHECK(desk.json({desk.pictures(), "--batch", "3", "--threads", "2"}).at("images") == found);
    CHECK(desk.json({desk.pictures(), "--limit", "2"}).at("images").size() == 2);
    const auto by_reference = desk.json({desk.pictures(), "--backend", "reference"}).at("images");
    REQUIRE(by_reference.size() == found.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        REQUIRE(by_reference[i].at("detections").size() == found[i].at("detections").size());
        for (std::size_t k = 0; k < found[i].at("detections").size(); ++k)
            CHECK(by_reference[i].at("detections")[k].at("score").get<double>() == Approx(found[i].at("detections")[k].at("score").get<double>()).epsilon(1e-5));
    }
}

TEST_CASE("a profile, a confidence and an overlap choose among the boxes") {
    const Desk desk;
    const auto count = [&](std::vector<std::string> more) {
        more.insert(more.begin(), desk.picture(0));
        return desk.json(more).at("images")[0].at("detections").size();
    };
    CHECK(count({"--profile", "eval"}) > count({"--profile", "demo"}));
    CHECK(count({"--confidence", "1"}) == 0);
    CHECK(count({"--confidence", "0.1"}) > count({"--confidence", "0.3"}));
    CHECK(count({"--confidence", "0.1", "--overlap", "1"}) > count({"--confidence", "0.1", "--overlap", "0.1"}));
    for (const auto& one : desk.json({desk.picture(0), "--confidence", "0.2"}).at("images")[0].at("detections")) CHECK(one.at("score").get<double>() > .2);
}

TEST_CASE("pictures are drawn with their boxes, beside a text of them") {
    const Desk desk;
    const auto found = desk.json({desk.pictures()});
    write_text(desk / "l.txt", "cat\ndog\nnight owl\n");
    const auto outcome = desk.infer({desk.pictures(), "--output-dir", desk / "drawn", "--labels", desk / "l.txt"});
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    for (int i = 0; i < Desk::count; ++i) {
        const auto stem = desk / ("drawn/" + Desk::name(i).substr(0, 1));
        const Image drawn = preprocess::read_image(stem + ".png"), before = preprocess::read_image(desk.picture(i));
        CHECK((drawn.height == before.height && drawn.width == before.width));
        const auto text = text_of(stem + ".txt");
        const auto lines = std::count(text.begin(), text.end(), '\n');
        CHECK(static_cast<std::size_t>(lines) == found.at("images")[static_cast<std::size_t>(i)].at("detections").size());
        CHECK((drawn.pixels != before.pixels) == (lines > 0));
        if (lines > 0) CHECK((text.starts_with("cat ") || text.starts_with("dog ") || text.starts_with("night owl ")));
    }
    CHECK((contains(outcome.out, "cat") || contains(outcome.out, "dog") || contains(outcome.out, "night owl")));
    CHECK(contains(outcome.out, "a.png  90 x 40, "));
}

TEST_CASE("generated pictures and tensors are answered in the network's own pixels") {
    const Desk desk;
    const auto first = desk.json({"--input", "synthetic:a", "--batch", "2", "--dump-input", desk / "in.npy"}).at("images");
    REQUIRE(first.size() == 2);
    CHECK(first[0].at("width") == 64);
    const auto input = floats_of_npy(desk / "in.npy");
    CHECK((*std::min_element(input.begin(), input.end()) >= 0 && *std::max_element(input.begin(), input.end()) <= 1));
    const auto again = desk.json({"--tensor", desk / "in.npy"}).at("images");
    CHECK(again[1].at("detections") == first[1].at("detections"));
    CHECK(desk.json({"--input", "synthetic", "--size", "32"}).at("images")[0].at("height") == 32);
}

TEST_CASE("layers of a detector are shown, its table by rows and columns") {
    const Desk desk;
    const auto outcome = desk.infer({desk.picture(0), "--backend", "reference", "--dump-layers", desk / "layers"});
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    CHECK(contains(text_of(desk / "layers/005_5.npy").substr(0, 128), "(128, 8)"));
}

TEST_CASE("wrong use of a detector's infer and broken pictures are told in one line") {
    const Desk desk;
    const auto fails = [&](int code, const std::vector<std::string>& arguments, const std::string& words) {
        const auto outcome = desk.infer(arguments);
        INFO(outcome.err);
        CHECK(outcome.code == code);
        CHECK(outcome.out.empty());
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
        return contains(outcome.err, words);
    };
    CHECK(fails(2, {}, "no input"));
    CHECK(fails(2, {desk.picture(0), "--input", "synthetic"}, "inputs of several kinds"));
    CHECK(fails(2, {desk.picture(0), "--profile", "best"}, "--profile"));
    CHECK(fails(2, {desk.picture(0), "--confidence", "nan"}, "--confidence"));
    CHECK(fails(2, {"--input", "synthetic", "--output-dir", desk / "d"}, "--output-dir: [usage] found no pictures"));
    CHECK(fails(2, {desk.pictures(), "--output-dir", desk.pictures()}, "the picture's own folder"));
    CHECK(fails(2, {desk.picture(0), desk.picture(0), "--output-dir", desk / "d"}, "a second picture named 'a'"));
    CHECK(desk.infer({desk.picture(0), desk.picture(0), "--quiet"}).code == 0);  // nothing is drawn
    write_text(desk / "two/a.txt", "x\ny\nz\n");
    CHECK(fails(2, {desk.picture(0), "--labels", desk / "two/a.txt", "--output-dir", desk / "two"}, "which --labels names as well"));
    CHECK(fails(2, {desk.picture(0), "--json", desk / "two/a.txt", "--output-dir", desk / "two"}, "which --json names as well"));
    CHECK(fails(2, {desk.picture(0), "--output-dir", desk / "two/a.txt"}, "which is no folder"));
    CHECK(fails(2, {desk.pictures(), "--json", desk.picture(3)}, "d.png"));
    write_text(desk / "two.txt", "a\nb\n");
    CHECK(fails(2, {desk.picture(0), "--labels", desk / "two.txt"}, "found 2 lines, wanted 3"));
    write_text(desk / "pictures/f.jpg", "no picture");
    CHECK(fails(3, {desk.pictures(), "--json", desk / "never.json"}, "f.jpg"));
    CHECK(!std::filesystem::exists(desk / "never.json"));
}

TEST_CASE("a picture in the current folder is found in by its bare name") {
    const Desk desk;
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(desk.pictures());
    const auto outcome = desk.infer({"a.png", "--quiet"});
    std::filesystem::current_path(before);
    INFO(outcome.err);
    CHECK(outcome.code == 0);
}

TEST_CASE("one pixel, one long line and grey pictures have answers") {
    const Desk desk;
    write_text(desk / "one.png", detect::encode_png(noise_picture(1, 1, 3)));
    write_text(desk / "line.png", detect::encode_png(noise_picture(2, 100, 3)));
    for (const char* name : {"one.png", "line.png"}) {
        const auto image = desk.json({desk / name, "--profile", "eval"}).at("images")[0];
        for (const auto& one : image.at("detections")) {
            CHECK(one.at("box")[0].get<double>() >= 0);
            CHECK(one.at("box")[2].get<double>() <= image.at("width").get<double>());
            CHECK(one.at("box")[3].get<double>() <= image.at("height").get<double>());
        }
    }
}

TEST_CASE("a detector in integers is calibrated with pictures") {
    const Desk desk;
    CHECK(desk.json({desk.pictures(), "--precision", "qint8_mixed_float32", "--calibration-dir", desk.pictures()}).at("images").size() == 5);
    CHECK(run_detector_program({"infer", "--weights", "synthetic", "--input", "synthetic", "--precision", "qint8_mixed_float32", "--quiet"}).code == 0);
}
