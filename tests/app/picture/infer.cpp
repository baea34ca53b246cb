#include <taxon/app/console/json.hpp>
#include <limits>
#include <taxon/detect/drawing.hpp>
#include <taxon/detect/picture_encoder.hpp>
#include <taxon/io/npy.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/preprocess/image_file.hpp>

#include "app/program.hpp"
#include "app/tiny.hpp"
#include "catch.hpp"
#include "preprocess/picture_bytes.hpp"

#include <cmath>

using taxon::app::Json;

namespace {

/// exp(-|red - 10 c| / 10) over its sum, in double: what a picture's softmax must be.
double probability(double red, int of) {
    double sum = 0;
    for (int c = 0; c < 6; ++c) sum += std::exp(-std::fabs(red - 10 * c) / 10);
    return std::exp(-std::fabs(red - 10 * of) / 10) / sum;
}

/// Five digits of float arithmetic are left after the logits' rounding.
bool near(double a, double b) { return std::fabs(a - b) < 1e-5; }

}  // namespace

TEST_CASE("infer prints a picture's five best classes with the labels in the program") {
    const TestFolder folder;
    write_text(folder.path() / "a.bmp", bmp_of(20));
    const auto outcome = run_program({"infer", folder / "a.bmp"});
    CHECK(outcome.code == 0);
    CHECK(outcome.err.empty());
    CHECK(outcome.out ==
          (folder / "a.bmp") + "\n  48.6%  twenty\n  17.9%  ten\n  17.9%  thirty\n   6.6%  nought\n   6.6%  forty\n");
}

TEST_CASE("infer shows as many classes as asked, in bold on a terminal, and no control characters") {
    const TestFolder folder;
    write_text(folder.path() / "a.bmp", bmp_of(50));
    const auto outcome = run_program({"infer", folder / "a.bmp", "--top", "1"}, true);
    CHECK(outcome.out == (folder / "a.bmp") + "\n\033[1m  63.4%  fif ty\033[0m\n");
    const auto all = run_program({"infer", folder / "a.bmp", "--top", "100"});
    CHECK(std::count(all.out.begin(), all.out.end(), '\n') == 7);
}

TEST_CASE("infer expands a folder, sorted, and --limit takes the first") {
    const TestFolder folder;
    for (const char* name : {"b.bmp", "a.BMP", "c.bmp", "notes.txt"})
        write_text(folder.path() / "in" / name, bmp_of(30));
    REQUIRE(run_program({"infer", folder / "in", "--quiet", "--json", folder / "r.json", "--limit", "2"}).code == 0);
    const auto json = Json::parse(text_of(folder / "r.json"));
    REQUIRE(json.at("images").size() == 2);
    CHECK(json["images"][0]["file"] == folder / "in/a.BMP");
    CHECK(json["images"][1]["file"] == folder / "in/b.bmp");
}

TEST_CASE("infer's JSON") {
    const TestFolder folder;
    write_text(folder.path() / "a.bmp", bmp_of(12));
    const auto outcome = run_program({"infer", folder / "a.bmp", "--quiet", "--top", "2", "--json", folder / "r.json"});
    CHECK(outcome.out.empty());
    const auto json = Json::parse(text_of(folder / "r.json"));
    CHECK(json.at("family") == "tens");
    CHECK(json.at("variant") == "plain");
    CHECK(json.at("precision") == "force_float32");
    CHECK(json.at("backend") == "cpu");
    CHECK(json.at("execution") == "fused");
    CHECK(json.at("isa") == "portable");
    const auto& top = json.at("images").at(0).at("top");
    REQUIRE(top.size() == 2);
    CHECK(top[0].at("class") == 1);
    CHECK(top[0].at("label") == "ten");
    CHECK(near(top[0].at("probability").get<double>(), probability(12, 1)));
    CHECK(top[1].at("class") == 2);
}

TEST_CASE("the result files, byte for byte") {
    const TestFolder folder;
    write_text(folder.path() / "a.bmp", bmp_of(20));
    write_text(folder.path() / "b.bmp", bmp_of(50));
    const std::vector<std::string> files{"--result-file",      folder / "r.txt",     "--result-label-file",
                                         folder / "l.txt",     "--result-top1-file", folder / "1.txt",
                                         "--result-top5-file", folder / "5.txt"};
    std::vector<std::string> arguments{"infer", folder / "a.bmp", folder / "b.bmp", "--quiet", "--top", "1"};
    arguments.insert(arguments.end(), files.begin(), files.end());
    REQUIRE(run_program(arguments).code == 0);
    // 1 / (1 + 2 / e + 2 / e^2 + 1 / e^3) and 1 / (1 + 1 / e + … + 1 / e^5)
    CHECK(text_of(folder / "r.txt") ==
          (folder / "a.bmp") + "\ttwenty\t0.486330\n" + (folder / "b.bmp") + "\tfif ty\t0.633691\n");
    CHECK(text_of(folder / "l.txt") == "[0]: twenty\n[1]: fif ty\n");
    CHECK(text_of(folder / "1.txt") == "[0]: 2\n[1]: 5\n");
    CHECK(text_of(folder / "5.txt") ==
          "[0]: 2\n[0]: 1\n[0]: 3\n[0]: 0\n[0]: 4\n[1]: 5\n[1]: 4\n[1]: 3\n[1]: 2\n[1]: 1\n");
}

TEST_CASE("raw results and prepared inputs are the same for every batch and number of threads") {
    const TestFolder folder;
    std::vector<std::string> arguments{"infer"};
    for (int i = 0; i < 7; ++i) {
        write_text(folder.path() / (std::to_string(i) + ".bmp"), bmp_of(static_cast<unsigned char>(7 * i), 1, 2));
        arguments.push_back(folder / (std::to_string(i) + ".bmp"));
    }
    for (const char* more : {"--quiet", "--output"}) arguments.emplace_back(more);
    arguments.push_back(folder / "out.npy");
    arguments.emplace_back("--dump-input");
    arguments.push_back(folder / "in.npy");
    std::string first;
    for (const char* batch : {"1", "3", "256"})
        for (const char* threads : {"1", "4"}) {
            auto all = arguments;
            for (const char* more : {"--batch", batch, "--threads", threads}) all.emplace_back(more);
            REQUIRE(run_program(all).code == 0);
            const auto both = text_of(folder / "out.npy") + text_of(folder / "in.npy");
            if (first.empty()) first = both;
            CHECK(both == first);
        }
    CHECK(contains(text_of(folder / "out.npy"), "'shape': (7, 6)"));
    CHECK(contains(text_of(folder / "in.npy"), "'shape': (7, 3, 2, 2)"));
    const auto in = floats_of_npy(folder / "in.npy"), out = floats_of_npy(folder / "out.npy");
    REQUIRE(in.size() == 7 * 12);
    CHECK(std::vector(in.begin() + 12, in.begin() + 24) == std::vector<float>{7, 7, 7, 7, 1, 1, 1, 1, 2, 2, 2, 2});
    CHECK(out[6 + 1] == -.3f);
}

TEST_CASE("a generated input is one tensor, and a dumped one gives the same results again") {
    const TestFolder folder;
    REQUIRE(run_program({"infer", "--input", "synthetic:x", "--batch", "3", "--quiet", "--output", folder / "a.npy",
                         "--dump-input", folder / "x.npy"})
                .code == 0);
    REQUIRE(run_program({"infer", "--tensor", "input=" + (folder / "x.npy"), "--quiet", "--output", folder / "b.npy",
                         "--batch", "2"})
                .code == 0);
    CHECK(text_of(folder / "a.npy") == text_of(folder / "b.npy"));
    CHECK(floats_of_npy(folder / "x.npy") == taxon::io::synthetic_input("x", "input", 3 * 12));
    const auto outcome = run_program({"infer", "--tensor", folder / "x.npy", "--limit", "1"});
    CHECK(outcome.out.starts_with((folder / "x.npy") + "[0]\n"));
}

TEST_CASE("a tensor of another shape is refused") {
    const TestFolder folder;
    REQUIRE(run_program({"infer", "--input", "synthetic", "--quiet", "--output", folder / "logits.npy"}).code == 0);
    const auto outcome = run_program({"infer", "--tensor", folder / "logits.npy"});
    CHECK(outcome.code == 3);
    CHECK(outcome.err == "tens: " + (folder / "logits.npy") +
                             ": shape: [shape] found (1, 6), wanted (N, 3, 2, 2); name a file that fits, or write this "
                             "one again\n");
    CHECK(run_program({"infer", "--tensor", "mask=" + (folder / "logits.npy")}).code == 2);
}

TEST_CASE("a picture that cannot be read fails the call before anything is written") {
    const TestFolder folder;
    write_text(folder.path() / "a.bmp", bmp_of(20));
    write_text(folder.path() / "b.bmp", "no picture");
    write_text(folder.path() / "c.bmp", "nor this");
    for (const char* threads : {"1", "3"}) {
        const auto outcome = run_program({"infer", folder / "a.bmp", folder / "b.bmp", folder / "c.bmp", "--threads",
                                          threads, "--result-file", folder / "r.txt", "--json", folder / "r.json"});
        CHECK(outcome.code == 3);
        CHECK(outcome.out.empty());
        CHECK(contains(outcome.err, "tens: " + (folder / "b.bmp")));
        CHECK_FALSE(std::filesystem::exists(folder / "r.txt"));
        CHECK_FALSE(std::filesystem::exists(folder / "r.json"));
    }
}

TEST_CASE("infer needs inputs of one kind, outputs in folders that are there, and a label for each class") {
    const TestFolder folder;
    write_text(folder.path() / "a.bmp", bmp_of(20));
    write_text(folder.path() / "labels.txt", "a\nb\nc\n");
    write_text(folder.path() / "six.txt", "a\nb\nc\nd\ne\nf\n");
    CHECK(contains(run_program({"infer"}).err, "found no input"));
    CHECK(contains(run_program({"infer", folder / "a.bmp", "--input", "synthetic"}).err, "inputs of several kinds"));
    CHECK(contains(run_program({"infer", "--input", "random"}).err, "wanted synthetic[:SALT]"));
    CHECK(contains(run_program({"infer", folder / "a.bmp", "--json", folder / "none/r.json"}).err, "make the folder"));
    const auto outcome = run_program({"infer", folder / "a.bmp", "--labels", folder / "labels.txt"});
    CHECK(outcome.code == 2);
    CHECK(outcome.err == "tens: " + (folder / "labels.txt") +
                             ": --labels: [usage] found 3 lines, wanted 6, one for each class of variant plain\n");
    CHECK(contains(run_program({"infer", folder / "a.bmp", "--labels", folder / "six.txt"}).out, "%  c\n"));
    CHECK(run_program({"infer", folder / "nothing.bmp"}).code == 3);
    CHECK(run_program({"infer", folder.path().string() + "/.."}).code == 3);
}

TEST_CASE("results that are no numbers exit with 4") {
    const auto outcome =
        run_program({"infer", "--input", "synthetic", "--variant", "broken", "--weights", "synthetic"});
    CHECK(outcome.code == 4);
    CHECK(contains(outcome.err, "result of synthetic[0]"));
}

TEST_CASE("R2: a tensor that is not finite is refused with its place, and runs if that is allowed") {
    const TestFolder folder;
    for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                            -std::numeric_limits<float>::infinity()}) {
        std::vector<float> numbers(2 * 12, 1);
        numbers[12] = bad;
        taxon::io::write_npy(folder / "x.npy", numbers, {2, 3, 2, 2});
        const auto refused = run_program({"infer", "--tensor", folder / "x.npy", "--json", folder / "never.json"});
        CHECK(refused.code == 3);
        CHECK(refused.out.empty());
        CHECK(refused.err == "tens: " + (folder / "x.npy") + ": number [1, 0, 0, 0]: [value] found " +
                                 (std::isnan(bad) ? "NaN" : "infinity") +
                                 ", wanted finite numbers of float32; --allow-nonfinite runs them as they are\n");
        CHECK_FALSE(std::filesystem::exists(folder / "never.json"));
        const auto run =
            run_program({"infer", "--tensor", folder / "x.npy", "--allow-nonfinite", "--json", folder / "r.json",
                         "--output", folder / "y.npy", "--result-top1-file", folder / "top1.txt", "--top", "1"});
        CHECK(run.code == 0);
        CHECK(run.out == (folder / "x.npy") + "[0]\n  58.6%  nought\n" + (folder / "x.npy") + "[1]\n      nan\n");
        const auto raw = floats_of_npy(folder / "y.npy");
        for (std::size_t i = 0; i < raw.size(); ++i) CHECK(std::isfinite(raw[i]) == (i < 6));
        CHECK(text_of(folder / "top1.txt") == "[0]: 0\n[1]: nan\n");
        const auto images = Json::parse(text_of(folder / "r.json")).at("images");
        CHECK(images[0].at("top").size() == 1);
        CHECK(images[1].at("top").empty());
        CHECK(images[1].at("number").is_null());
    }
}

TEST_CASE("R2: no precision makes a class of what is not finite") {
    const TestFolder folder;
    write_pictures(folder, "cal");
    const std::size_t size = 3 * 8 * 8;
    const auto tensor = [&](float number) {
        std::vector<float> numbers(size, .5f);
        numbers[100] = number;
        taxon::io::write_npy(folder / "x.npy", numbers, {3, 8, 8});
    };
    const auto infer = [&](const std::string& precision, std::vector<std::string> more) {
        more.insert(more.begin(), {"infer", "--weights", "synthetic", "--precision", precision, "--tensor",
                                   folder / "x.npy", "--output", folder / "y.npy"});
        if (precision[0] == 'q') more.insert(more.end(), {"--calibration-dir", folder / "cal"});
        return run_tiny(more);
    };
    for (const std::string precision :
         {"force_float32", "force_bfloat16", "qint8_mixed_float32", "qint16_mixed_float32"}) {
        INFO(precision);
        tensor(std::numeric_limits<float>::quiet_NaN());
        CHECK(infer(precision, {}).code == 3);
        const auto allowed = infer(precision, {"--allow-nonfinite"});
        INFO(allowed.err);
        REQUIRE(allowed.code == 0);
        CHECK_FALSE(contains(allowed.out, "%"));
        for (const float number : floats_of_npy(folder / "y.npy")) CHECK(std::isnan(number));
        if (precision[0] == 'q') continue;  // integers have a largest number
        taxon::io::write_npy(folder / "x.npy", std::vector<float>(size, std::numeric_limits<float>::max()), {3, 8, 8});
        const auto overflow = infer(precision, {});
        CHECK(overflow.code == 4);
        CHECK(overflow.out.empty());
        CHECK(contains(overflow.err, "result of "));
        CHECK(infer(precision, {"--allow-nonfinite"}).code == 0);
    }
}

TEST_CASE("R2: what overflows from a finite input exits with 4 in every precision, and so does its calibration") {
    for (const std::string precision :
         {"force_float32", "force_bfloat16", "qint8_mixed_float32", "qint16_mixed_float32", "o2"}) {
        const auto outcome =
            run_tiny({"infer", "--weights", "synthetic@1e38", "--input", "synthetic", "--precision", precision});
        INFO(precision << ": " << outcome.err);
        CHECK(outcome.code == 4);
        CHECK(outcome.out.empty());
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    }
}

TEST_CASE("a network without labels shows numbers of classes") {
    const auto outcome =
        run_program({"infer", "--input", "synthetic", "--variant", "nameless", "--weights", "synthetic", "--top", "1"});
    CHECK(outcome.code == 0);
    CHECK(contains(outcome.out, "%  class 0\n"));
}

TEST_CASE("infer --layers lists and dumps what each layer gave") {
    const TestFolder folder;
    write_text(folder.path() / "a.bmp", bmp_of(20, 10, 0));
    const auto outcome = run_program({"infer", folder / "a.bmp", "--layers", "--execution", "layer_by_layer",
                                      "--dump-layers", folder / "layers", "--json", folder / "r.json"});
    REQUIRE(outcome.code == 0);
    CHECK(
        outcome.out.starts_with("layer              C x H x W          min         mean          max    deviation\n"
                                "features.0         3 x 2 x 2            0           10           20        8.165\n"
                                "features/1         1 x 2 x 2            1          2.5            4        1.118\n"));
    CHECK(contains(outcome.out, "twenty"));
    CHECK(floats_of_npy(folder / "layers/001_features_1.npy") == std::vector<float>{1, 2, 3, 4});
    CHECK(floats_of_npy(folder / "layers/000_features.0.npy").size() == 12);
    const auto layers = Json::parse(text_of(folder / "r.json")).at("layers");
    CHECK(layers.at(1).at("name") == "features/1");
    CHECK(layers.at(1).at("shape") == Json({1, 2, 2}));
    CHECK(layers.at(1).at("mean") == 2.5);

    const auto fused = run_program({"infer", folder / "a.bmp", "--layers"});
    CHECK(fused.code == 2);
    CHECK(fused.err ==
          "tens: --layers: [usage] found --backend cpu --execution fused, which fuses layers, wanted --execution "
          "layer_by_layer or --backend reference\n");
    CHECK(run_program({"infer", folder / "a.bmp", folder / "a.bmp", "--layers", "--backend", "reference"}).code == 2);
}

TEST_CASE("R9, R11: infer counts what it skips, and results keep the number of their picture", "[cases]") {
    const TestFolder folder;
    for (const auto& [name, red] : {std::pair{"a.bmp", 20}, std::pair{"c.bmp", 30}})
        write_text(folder.path() / "in" / name, bmp_of(static_cast<unsigned char>(red)));
    for (const char* name : {"b.bmp", "d.gif", ".DS_Store"}) write_text(folder.path() / "in" / name, "no picture");
    const std::vector<std::string> arguments{
        "infer",           folder / "in",        "--batch",        "2",        "--json",
        folder / "r.json", "--result-top1-file", folder / "1.txt", "--output", folder / "o.npy"};
    CHECK(run_program(arguments).code == 3);
    CHECK_FALSE(std::filesystem::exists(folder / "r.json"));
    auto skipping = arguments;
    skipping.emplace_back("--skip-unreadable");
    const auto outcome = run_program(skipping);
    REQUIRE(outcome.code == 0);
    CHECK(contains(outcome.out, "2 files skipped"));
    CHECK(contains(outcome.out, "1 picture skipped, unreadable:\n  " + (folder / "in/b.bmp")));
    const auto json = Json::parse(text_of(folder / "r.json"));
    REQUIRE(json.at("images").size() == 2);
    CHECK(json["images"][1].at("file") == folder / "in/c.bmp");
    CHECK((json.at("skipped") == 3 && json.at("unreadable").size() == 1));
    CHECK(text_of(folder / "1.txt") == "[0]: 2\n[2]: 3\n");
    CHECK(floats_of_npy(folder / "o.npy").size() == 2 * 6);
}

TEST_CASE("R3: classifiers turn pictures by EXIF only if asked to", "[cases]") {
    const TestFolder folder;
    const auto png =
        picture_bytes::png(2, 2, 8, 0, {0, 1, 2, 0, 3, 4}, {picture_bytes::chunk("eXIf", picture_bytes::exif_of(6))});
    write_text(folder.path() / "a.png", std::string(reinterpret_cast<const char*>(png.data()), png.size()));
    const auto red = [&](const std::vector<std::string>& more) {
        std::vector<std::string> arguments{"infer", folder / "a.png", "--quiet", "--dump-input", folder / "x.npy"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        REQUIRE(run_program(arguments).code == 0);
        return floats_of_npy(folder / "x.npy").at(0);  // of the top left pixel
    };
    CHECK(red({}) == 1);
    CHECK(red({"--no-exif"}) == 1);
    CHECK(red({"--exif"}) == 3);
    CHECK(contains(run_program({"infer", "--help"}).out, "--exif"));
}

TEST_CASE("A15: --max-pixels bounds a picture", "[cases]") {
    const TestFolder folder;
    write_text(folder.path() / "a.bmp", bmp_of(20));
    CHECK(run_program({"infer", folder / "a.bmp", "--max-pixels", "4"}).code == 0);
    const auto outcome = run_program({"infer", folder / "a.bmp", "--max-pixels", "3"});
    CHECK(outcome.code == 3);
    CHECK(contains(outcome.err, "picture size: [limit] found 2 x 2 pixels, wanted at most 3 in total"));
    CHECK(run_program({"infer", folder / "a.bmp", "--max-pixels", "0"}).code == 2);
}

TEST_CASE("infer --output-dir writes each picture with its best class, and leaves the others alone") {
    const TestFolder folder;
    const taxon::Image picture{40, 90, std::vector<std::uint8_t>(40 * 90 * 3, 20)};
    write_text(folder.path() / "in/a.png", taxon::detect::encode_png(picture));
    write_text(folder.path() / "in/b.jpg", taxon::detect::encode_jpeg(picture));
    const auto outcome = run_program({"infer", folder / "in", "--output-dir", folder / "drawn", "--quiet"});
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    auto wanted = picture;
    const double best = probability(20, 2);
    taxon::detect::draw_class(wanted, 2, static_cast<float>(best), "twenty");
    CHECK(taxon::preprocess::read_image(folder / "drawn/a.png").pixels == wanted.pixels);
    CHECK(taxon::preprocess::read_image(folder / "drawn/b.jpg").width == 90);
    CHECK(taxon::preprocess::read_image(folder / "in/a.png").pixels == picture.pixels);

    const auto refused = [&](std::vector<std::string> more, const std::string& words) {
        more.insert(more.begin(), "infer");
        const auto found = run_program(more);
        return found.code == 2 && contains(found.err, words);
    };
    CHECK(refused({folder / "in", "--output-dir", folder / "in"}, "the picture's own folder"));
    CHECK(refused({"--input", "synthetic", "--output-dir", folder / "d"}, "found no pictures"));
    CHECK(refused({folder / "in", "--output-dir", folder / "in/a.png"}, "which is not a folder"));
    CHECK(refused({folder / "in/a.png", "--output-dir", folder / "drawn", "--result-top1-file", folder / "drawn/a.png"},
                  "which --result-top1-file names as well"));
}
