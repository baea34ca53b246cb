#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <taxon/app/console/json.hpp>
#include <taxon/app/gen/golden.hpp>

#include "app/tiny.hpp"
#include "catch.hpp"

using namespace taxon;
using namespace taxon::app;

namespace {

const std::vector<std::string> precisions{"force_float32", "force_bfloat16", "qint8_mixed_float32",
                                          "qint16_mixed_float32"};

/// The arguments of a verb with this precision; pictures of the folder calibrate it if it is a quantized one.
std::vector<std::string> with(const std::string& verb, const std::string& precision, const TestFolder& folder,
                              std::vector<std::string> more) {
    std::vector<std::string> all{verb, "--weights", "synthetic", "--precision", precision, "--quiet"};
    if (precision.starts_with("q")) all.insert(all.end(), {"--calibration-dir", folder / "pictures"});
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

}  // namespace

TEST_CASE("an offline file answers with the same bytes as the checkpoint, and the same command writes the same file") {
    const TestFolder folder;
    write_pictures(folder, "pictures");
    for (const auto& precision : precisions) {
        INFO(precision);
        const auto made = run_tiny(with("gen", precision, folder, {"--output", folder / "a.taxon"}));
        INFO(made.err);
        REQUIRE(made.code == 0);
        CHECK(made.out.empty());
        REQUIRE(run_tiny(with("gen", precision, folder, {"--output", folder / "b.taxon"})).code == 0);
        CHECK(text_of(folder / "a.taxon") == text_of(folder / "b.taxon"));

        REQUIRE(run_tiny(with("infer", precision, folder, {folder / "pictures", "--output", folder / "straight.npy"}))
                    .code == 0);
        REQUIRE(run_tiny({"infer", folder / "pictures", "--weights", folder / "a.taxon", "--quiet", "--output",
                          folder / "offline.npy"})
                    .code == 0);
        CHECK(text_of(folder / "straight.npy") == text_of(folder / "offline.npy"));
        CHECK(run_tiny({"verify", "--weights", folder / "a.taxon"}).code == 0);
    }
}

TEST_CASE("pictures listed in a file calibrate as those in a folder do") {
    const TestFolder folder;
    write_pictures(folder, "pictures");
    const std::vector<std::string> gen{"gen",     "--weights", "synthetic", "--precision", "qint8_mixed_float32",
                                       "--quiet", "--output"};
    auto by_folder = gen, by_table = gen;
    by_folder.insert(by_folder.end(), {folder / "a.taxon", "--calibration-dir", folder / "pictures"});
    by_table.insert(by_table.end(), {folder / "b.taxon", "--calibration-file", folder / "pictures.tsv"});
    REQUIRE(run_tiny(by_folder).code == 0);
    REQUIRE(run_tiny(by_table).code == 0);
    CHECK(text_of(folder / "a.taxon") == text_of(folder / "b.taxon"));
}

TEST_CASE("gen reports sections, bytes and how it calibrated") {
    const TestFolder folder;
    write_pictures(folder, "pictures");
    const auto outcome =
        run_tiny({"gen", "--weights", "synthetic:a@1.2", "--precision", "qint8_mixed_float32", "--calibration-dir",
                  folder / "pictures", "--calibration-method", "percentile", "--percentile", "99.9", "--equalise",
                  "--batch", "2:8", "--output", folder / "a.taxon", "--json", folder / "a.json"});
    REQUIRE(outcome.code == 0);
    CHECK(contains(outcome.out, "a.taxon: tinies tiny, qint8_mixed_float32, of synthetic:a@1.2"));
    CHECK(contains(outcome.out, "by the method percentile; inputs: 10 pictures; equalised 2 pairs of convolutions\n"));
    CHECK(contains(outcome.err, "10 of 10 inputs to calibrate with"));

    const auto json = Json::parse(text_of(folder / "a.json"));
    CHECK(json.at("bytes") == text_of(folder / "a.taxon").size());
    std::map<std::string, int> bytes;
    for (const auto& section : json.at("sections")) bytes[section.at("name")] = section.at("bytes");
    for (const char* name : {"weights", "biases", "conversions", "summary", "facts"}) CHECK(bytes[name] > 0);
    for (int pair = 0; pair < golden_pairs; ++pair) {
        CHECK(bytes[golden_input(pair)] == 3 * 8 * 8 * 4);
        CHECK(bytes[golden_output(pair)] == 5 * 4);
    }
    CHECK(bytes.size() == 11);
    const auto& facts = json.at("facts");
    CHECK(facts.at("family") == "tinies");
    CHECK(facts.at("input") == Json({3, 8, 8}));
    CHECK(facts.at("batch") == Json({2, 8}));
    CHECK(facts.at("weights") == "synthetic:a@1.2");
    CHECK(facts.at("calibration").at("method") == "percentile");
    CHECK(facts.at("calibration").at("percentile") == 99.9);
    CHECK(facts.at("calibration").at("samples") == 10);
    CHECK(facts.at("calibration").at("values").get<int>() >= 2);
    CHECK(facts.at("calibration").at("equalised_pairs") == 2);
}

TEST_CASE("labels go into the file and are its default") {
    const TestFolder folder;
    write_pictures(folder, "pictures");
    write_text(folder / "labels.txt", "red\ngreen\nblue\nblack\nwhite\n");
    write_text(folder / "others.txt", "A\nB\nC\nD\nE\n");
    REQUIRE(
        run_tiny({"gen", "--weights", "synthetic", "--labels", folder / "labels.txt", "--output", folder / "a.taxon"})
            .code == 0);
    const auto label_of_class = [&](const std::vector<std::string>& more) {
        std::vector<std::string> arguments{"infer",  folder / "pictures/a.bmp", "--weights", folder / "a.taxon",
                                           "--json", folder / "a.json"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        REQUIRE(run_tiny(arguments).code == 0);
        std::vector<std::string> labels(5);
        const auto json = Json::parse(text_of(folder / "a.json"));
        for (const auto& best : json.at("images").at(0).at("top"))
            labels[best.at("class").get<std::size_t>()] = best.at("label");
        return labels;
    };
    CHECK(label_of_class({}) == std::vector<std::string>{"red", "green", "blue", "black", "white"});
    CHECK(label_of_class({"--labels", folder / "others.txt"}) == std::vector<std::string>{"A", "B", "C", "D", "E"});
}

TEST_CASE("gen refuses what it cannot do and leaves the old file as it was") {
    const TestFolder folder;
    write_pictures(folder, "pictures");
    std::filesystem::create_directories(folder.path() / "empty/.hidden");
    write_text(folder / "empty/.hidden/a.bmp", bmp_of(1));
    write_text(folder / "broken/a.bmp", bmp_of(10));
    write_text(folder / "broken/b.bmp", "no picture");
    write_text(folder / "gone.tsv", "pictures/a.bmp\t0\npictures/z.bmp\t0\n");
    write_text(folder / "class.tsv", "pictures/a.bmp\t5\n");
    write_text(folder / "four.txt", "a\nb\nc\nd\n");
    write_text(folder / "m.taxon", "the old one");
    const std::string q = "qint8_mixed_float32";
    struct Case {
        int code;
        std::string sentence;
        std::vector<std::string> arguments;
    };
    const Case cases[] = {
        {3, "nowhere: --calibration-dir: [io]", {"--precision", q, "--calibration-dir", folder / "nowhere"}},
        {3,
         "empty: --calibration-dir: [missing] found no .jpg",
         {"--precision", q, "--calibration-dir", folder / "empty"}},
        {3, "b.bmp", {"--precision", q, "--calibration-dir", folder / "broken"}},
        {3, "gone.tsv: line 2: [missing]", {"--precision", q, "--calibration-file", folder / "gone.tsv"}},
        {3, "class.tsv: line 1: [value]", {"--precision", q, "--calibration-file", folder / "class.tsv"}},
        {3, "nowhere.tsv", {"--precision", q, "--calibration-file", folder / "nowhere.tsv"}},
        {2,
         "excludes",
         {"--precision", q, "--calibration-file", folder / "pictures.tsv", "--calibration-dir", folder / "pictures"}},
        {2,
         "--percentile: [usage] found the calibration method linear",
         {"--precision", q, "--percentile", "99", "--calibration-method", "linear"}},
        {2, "[usage] found 50", {"--precision", q, "--percentile", "50", "--calibration-method", "percentile"}},
        {2, "--calibration-method", {"--precision", q, "--calibration-method", "guess"}},
        {2, "which stores no integers", {"--calibration-dir", folder / "pictures"}},
        {2, "which stores no integers", {"--equalise", "--precision", "force_bfloat16"}},
        {2,
         "found 'qint8_mixed_float32', which is not built into this program for variant other, wanted force_float32; "
         "cmake -DTAXON_PRECISIONS=\"force_float32;" +
             q + "\"",
         {"--variant", "other", "--precision", q}},
        {2,
         "variant lonely: [usage] found no force_float32 in this program, which calibration and convert run; cmake "
         "-DTAXON_PRECISIONS=\"force_float32;" +
             q + "\" adds it",
         {"--variant", "lonely"}},
        {2, "--batch: [usage] found '0', wanted N or MIN:MAX, from 1 to 256", {"--batch", "0"}},
        {2, "--batch", {"--batch", "8:2"}},
        {2, "four.txt: --labels", {"--labels", folder / "four.txt"}},
        {2, "--json", {"--json", folder / "no/such/folder.json"}}};
    for (const auto& [code, sentence, more] : cases) {
        std::vector<std::string> arguments{"gen", "--weights", "synthetic", "--quiet", "--output", folder / "m.taxon"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto outcome = run_tiny(arguments);
        INFO(outcome.err);
        CHECK(outcome.code == code);
        CHECK(contains(outcome.err, sentence));
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
        CHECK(text_of(folder / "m.taxon") == "the old one");
    }
    CHECK(run_tiny({"gen", "--weights", "synthetic", "--output", folder / "no/such/m.taxon"}).code == 2);
    CHECK(run_tiny({"gen", "--weights", "synthetic"}).code == 2);
    CHECK(run_tiny({"gen", "--output", folder / "m.taxon"}).code == 2);
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
        CHECK_FALSE(contains(entry.path().filename().string(), ".part"));
}

TEST_CASE(
    "A25: gen refuses a bound that is no number, and outputs that cannot be replaced or are one, before any work") {
    const TestFolder folder;
    write_pictures(folder, "pictures");
    std::filesystem::create_symlink("m.taxon", folder / "link");
    std::filesystem::create_symlink("link", folder / "link_to_link");
    std::filesystem::create_symlink("nowhere/x", folder / "lost");
    std::filesystem::create_symlink("loop", folder / "loop");
    const auto refused = [&](std::vector<std::string> arguments, const std::string& sentence) {
        arguments.insert(arguments.begin(), {"gen", "--weights", "missing.pth"});
        const auto outcome = run_tiny(arguments);
        INFO(outcome.err);
        CHECK(outcome.code == 2);
        CHECK(contains(outcome.err, sentence));
    };
    const std::string output = folder / "m.taxon";
    for (const char* drop : {"nan", "inf", "-nan"})
        refused({"--output", output, "--level", "O1", "--max-drop", drop}, "--max-drop");
    refused({"--output", output, "--precision", "qint8_mixed_float32", "--calibration-dir", folder / "pictures",
             "--calibration-method", "percentile", "--percentile", "nan"},
            "--percentile");
    for (const char* device : {"/dev/null", "/dev/stdout"})
        refused({"--output", device}, "--output: [usage] found '" + std::string(device) + "', which is a device");
    for (const char* link : {"link", "link_to_link", "./link"})
        refused({"--output", output, "--json", folder / link}, "which --output names as well");
    refused({"--output", folder / "link", "--json", output}, "which --output names as well");
    refused({"--output", folder / "lost"}, "in a folder that is not there");
    refused({"--output", folder / "loop"}, "--output: [usage]");
    refused({"--output", folder / std::string(256, 'a')}, "--output: [usage]");
    CHECK_FALSE(std::filesystem::exists(output));
    CHECK(run_tiny({"convert", "--weights", "missing.pth", "--output", "/dev/null"}).code == 2);
}

TEST_CASE("A21: gen writes names of 250 bytes") {
    const TestFolder folder;
    const std::string name = folder / (std::string(244, 'a') + ".taxon");
    CHECK(run_tiny({"gen", "--weights", "synthetic", "--output", name, "--quiet"}).code == 0);
    CHECK(run_tiny({"verify", "--weights", name, "--quiet"}).code == 0);
}

TEST_CASE("A20: beyond ulimit -f gen exits with 3 and leaves nothing") {
    const TestFolder folder;
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const rlimit most{1000, 1000};
        if (setrlimit(RLIMIT_FSIZE, &most) != 0) _exit(99);
        const auto outcome = run_tiny({"gen", "--weights", "synthetic", "--output", folder / "m.taxon"});
        _exit(contains(outcome.err, "at most 1000 bytes, as ulimit -f says") ? outcome.code : 98);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 3);
    CHECK(std::filesystem::is_empty(folder.path()));
}
