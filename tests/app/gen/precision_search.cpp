#include <taxon/app/console/json.hpp>
#include <taxon/io/safetensors_writer.hpp>

#include "app/tiny.hpp"
#include "catch.hpp"

using namespace taxon;
using namespace taxon::app;

namespace {

/// With these weights integers of 8 bits change some of the generated inputs' best classes.
const std::string sensitive = "synthetic:o@0.5";

Outcome gen(const TestFolder& folder, std::vector<std::string> more) {
    std::vector<std::string> all{"gen", "--output", folder / "m.taxon", "--json", folder / "m.json"};
    all.insert(all.end(), more.begin(), more.end());
    return run_tiny(all);
}

Json report(const TestFolder& folder) { return Json::parse(text_of(folder / "m.json")).at("level"); }

std::map<std::string, Json> by_precision(const Json& level) {
    std::map<std::string, Json> rows;
    for (const Json& row : level.at("candidates")) rows[row.at("precision")] = row;
    return rows;
}

std::vector<std::string> precisions(const Json& level) {
    std::vector<std::string> names;
    for (const Json& row : level.at("candidates")) names.push_back(row.at("precision"));
    return names;
}

}  // namespace

TEST_CASE("a level writes the same file as the precision that it chooses, and says what it measured") {
    const TestFolder folder;
    write_pictures(folder, "pictures");
    for (const std::string level : {"O0", "O1", "O2", "O3"}) {
        INFO(level);
        std::vector<std::string> arguments{"--weights", "synthetic", "--level", level};
        if (level != "O0") arguments.insert(arguments.end(), {"--calibration-dir", folder / "pictures"});
        if (level >= "O2") arguments.insert(arguments.end(), {"--equalise"});
        const auto outcome = gen(folder, arguments);
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        const Json found = report(folder);
        const std::string written = found.at("written");
        CHECK(contains(outcome.out, found.at("sentence").get<std::string>() + "\n"));
        CHECK(run_tiny({"verify", "--weights", folder / "m.taxon"}).code == 0);

        std::vector<std::string> plain{"gen",   "--weights", "synthetic", "--precision",
                                       written, "--quiet",   "--output",  folder / "n.taxon"};
        if (written.starts_with("q") || written == "o2")
            plain.insert(plain.end(), {"--calibration-dir", folder / "pictures", "--equalise"});
        REQUIRE(run_tiny(plain).code == 0);
        CHECK((text_of(folder / "m.taxon") == text_of(folder / "n.taxon")));

        auto rows = by_precision(found);
        CHECK(rows.at("force_float32").at("drop") == 0);
        CHECK(rows.at(written).at("verdict") == "written");
        for (const auto& [name, row] : rows) {
            CHECK(row.at("milliseconds").get<double>() > 0);
            CHECK(row.at("weights_bytes").get<long>() > 0);
            CHECK_FALSE(row.contains("top1"));
        }
        CHECK(found.at("compared") == (level == "O0" ? 64 : 10));
        CHECK(found.at("compared_on") == (level == "O0" ? "generated inputs" : "calibration pictures"));
        CHECK(found.contains("scan") == (level == "O2"));
    }
}

TEST_CASE("each level tries its precisions") {
    const TestFolder folder;
    using Names = std::vector<std::string>;
    const auto tried = [&](const std::string& level) {
        REQUIRE(gen(folder, {"--weights", "synthetic", "--quiet", "--level", level}).code == 0);
        return precisions(report(folder));
    };
    CHECK(tried("O0") == Names{"force_float32"});
    CHECK(tried("O1") == Names{"force_float32", "force_bfloat16"});
    CHECK(tried("O2") == Names{"force_float32", "force_bfloat16", "qint8_mixed_float32", "o2"});
    CHECK(report(folder).at("not_built") == Json({"force_float16", "qint8_mixed_float16"}));
    CHECK(tried("O3") == Names{"force_float32", "qint8_mixed_float32"});
    CHECK(report(folder).at("written") == "qint8_mixed_float32");
    CHECK(report(folder).at("max_drop").is_null());
}

TEST_CASE("labelled pictures make a drop one of top-1") {
    const TestFolder folder;
    write_pictures(folder, "pictures");
    REQUIRE(gen(folder, {"--weights", "synthetic", "--level", "O2", "--calibration-dir", folder / "pictures",
                         "--dataset", folder / "pictures.tsv", "--max-drop", "100"})
                .code == 0);
    const Json found = report(folder);
    CHECK(found.at("compared_on") == "pictures of the data set");
    CHECK(found.at("drop_of") == "top-1, percentage points");
    for (const Json& row : found.at("candidates")) {
        REQUIRE(run_tiny({"eval", "--weights", "synthetic", "--precision", row.at("precision"), "--dataset",
                          folder / "pictures.tsv", "--quiet", "--json", folder / "e.json",
                          row.at("precision").get<std::string>().starts_with("f")
                              ? "--quiet"
                              : "--calibration-dir=" + (folder / "pictures")})
                    .code == 0);
        CHECK(row.at("top1") == Json::parse(text_of(folder / "e.json")).at("top1"));
    }
}

TEST_CASE("integers that drop too much are not written, and O3 refuses them") {
    const TestFolder folder;
    const auto tight = gen(folder, {"--weights", sensitive, "--level", "O2", "--max-drop", "0"});
    REQUIRE(tight.code == 0);
    const Json found = report(folder);
    auto rows = by_precision(found);
    CHECK(rows.at("qint8_mixed_float32").at("drop").get<double>() > 0);
    CHECK(rows.at("qint8_mixed_float32").at("verdict") == "drops too much");
    CHECK(found.at("written") != "qint8_mixed_float32");

    const Json& scan = found.at("scan");
    CHECK(scan.at("samples") == 64);
    CHECK(scan.at("changed").get<double>() > 0);
    REQUIRE(scan.at("layers").size() >= 2);
    double last = -1000;
    for (const Json& layer : scan.at("layers")) {
        CHECK(layer.at("decibels").get<double>() >= last);
        last = layer.at("decibels");
        CHECK(layer.at("multiplications").get<long>() > 0);
        CHECK(layer.at("integer_us").get<double>() > 0);
        CHECK(layer.at("float_us").get<double>() > 0);
        const std::string name = layer.at("name");
        CHECK(contains(tight.out, "\n" + name + " "));
    }
    const Json& kept = scan.at("kept");
    CHECK(kept.at("changed") == 0);
    CHECK(kept.at("layers").size() >= 1);
    std::string type = "precision::MixedPrecision<\"o2\", precision::QInt8MixedFloat32";
    for (const Json& name : kept.at("layers")) type += ", \"" + name.get<std::string>() + "\"";
    CHECK(kept.at("type") == type + ">");
    CHECK(contains(tight.out, "using O2 = " + type + ">;") == !kept.at("built").get<bool>());

    std::filesystem::remove(folder / "m.json");
    write_text(folder / "m.taxon", "the old one");
    const auto refused = gen(folder, {"--weights", sensitive, "--level", "O3", "--max-drop", "0", "--quiet"});
    CHECK(refused.code == 3);
    CHECK(contains(refused.err, "tiny: --level O3: [limit] found a drop of "));
    CHECK(contains(refused.err, " points on 64 generated inputs, wanted at most 0; --level O2"));
    CHECK((text_of(folder / "m.taxon") == "the old one"));
    CHECK_FALSE(std::filesystem::exists(folder / "m.json"));
}

TEST_CASE("a scan is the same every time") {
    const TestFolder folder;
    const auto scan = [&] {
        REQUIRE(gen(folder, {"--weights", sensitive, "--level", "O2", "--quiet"}).code == 0);
        Json json = report(folder).at("scan");
        for (Json& layer : json.at("layers"))
            layer.erase("float_us"), layer.erase("integer_us"), layer.erase("numbers");
        json.at("kept").erase("expected_us");
        return json;
    };
    CHECK(scan() == scan());
}

TEST_CASE("wrong use of levels is refused in one line, and nothing is written") {
    const TestFolder folder;
    write_pictures(folder, "pictures");
    io::write_safetensors(folder / "w.safetensors", {}, {});
    write_text(folder / "broken/a.bmp", "no picture");
    struct Case {
        int code;
        std::string sentence;
        std::vector<std::string> arguments;
    };
    const std::string pictures = folder / "pictures";
    const Case cases[] = {
        {2, "--precision excludes --level", {"--level", "O1", "--precision", "force_bfloat16"}},
        {2, "--level", {"--level", "O4"}},
        {2, "--max-drop requires --level", {"--max-drop", "1"}},
        {2, "--dataset requires --level", {"--dataset", pictures}},
        {2, "--max-drop", {"--level", "O2", "--max-drop", "-1"}},
        {2, "--max-drop", {"--level", "O2", "--max-drop", "101"}},
        {2,
         "--level O0: [usage] found calibration, but no integer precision",
         {"--level", "O0", "--calibration-dir", pictures}},
        {2,
         "--level O1: [usage] found a calibration method",
         {"--level", "O1", "--calibration-dir", pictures, "--equalise"}},
        {2, "--level O1: [usage] found a calibration method", {"--level", "O1", "--calibration-method", "mse"}},
        {2, "--percentile: [usage]", {"--level", "O2", "--percentile", "99", "--calibration-method", "mse"}},
        {2,
         "--level O2: [usage] found nothing to calibrate with",
         {"--level", "O2", "--weights", folder / "w.safetensors"}},
        {2, "--execution", {"--level", "O2", "--execution", "layer_by_layer"}},
        {2, "--level O1: [usage] found variant other in force_float32 alone", {"--level", "O1", "--variant", "other"}},
        {2,
         "cmake -DTAXON_PRECISIONS=\"force_float32;qint8_mixed_float32;qint8_mixed_float16\" adds them",
         {"--level", "O2", "--variant", "other"}},
        {2, "force_float32", {"--level", "O3", "--variant", "lonely"}},
        {3, "a.bmp", {"--level", "O3", "--calibration-dir", folder / "broken"}},
        {3, "nowhere", {"--level", "O1", "--dataset", folder / "nowhere"}}};
    for (const auto& [code, sentence, more] : cases) {
        std::vector<std::string> arguments{"--quiet"};
        if (std::find(more.begin(), more.end(), "--weights") == more.end())
            arguments.insert(arguments.end(), {"--weights", "synthetic"});
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto outcome = gen(folder, arguments);
        INFO(outcome.err);
        CHECK(outcome.code == code);
        CHECK(contains(outcome.err, sentence));
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
        CHECK_FALSE(std::filesystem::exists(folder / "m.taxon"));
    }
    CHECK(
        run_tiny({"gen", "--weights", "synthetic", "--level", "O1", "--quiet", "--output", folder / "m.taxon"}).code ==
        0);
    CHECK(gen(folder, {"--weights", folder / "m.taxon", "--level", "O1"}).code == 2);
}
