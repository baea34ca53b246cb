#include "app/tiny.hpp"
#include "catch.hpp"

#include <nlohmann/json.hpp>

TEST_CASE("export-onnx writes the same file each time, and says what is in it") {
    const TestFolder folder;
    const std::string first = folder / "first.onnx", second = folder / "second.onnx";
    const auto outcome =
        run_tiny({"export-onnx", "--variant", "tiny", "--weights", "synthetic", "--output", first, "--json", "-"});
    REQUIRE(outcome.err == "");
    REQUIRE(outcome.code == 0);
    const auto json = nlohmann::json::parse(outcome.out);
    CHECK(json.at("opset") == 17);
    CHECK(json.at("bytes") == std::filesystem::file_size(first));
    CHECK(json.at("inputs").at(0).at("shape") == nlohmann::json{1, 3, 8, 8});
    CHECK(json.at("outputs").at(0) ==
          nlohmann::json{{"name", "output"}, {"type", "float32"}, {"shape", nlohmann::json{1, 5}}});
    CHECK(json.at("lint").empty());
    CHECK(json.at("metadata").at("weights") == "synthetic");

    const auto again = run_tiny({"export-onnx", "--weights", "synthetic", "--output", second});
    CHECK(again.code == 0);
    CHECK(contains(again.out, "second.onnx: opset 17, "));
    CHECK(contains(again.out, "output output: float32 (1, 5)\n"));
    CHECK(text_of(first) == text_of(second));
}

TEST_CASE("export-onnx writes both forms, and a batch that is open or given") {
    const TestFolder folder;
    const auto shape = [&](const std::vector<std::string>& options) {
        std::vector<std::string> line{"export-onnx",     "--weights", "synthetic", "--output",
                                      folder / "x.onnx", "--json",    "-"};
        line.insert(line.end(), options.begin(), options.end());
        const auto outcome = run_tiny(line);
        REQUIRE(outcome.code == 0);
        const auto json = nlohmann::json::parse(outcome.out);
        CHECK(json.at("lint").empty());
        return json.at("opset").dump() + json.at("inputs").at(0).at("shape").dump();
    };
    CHECK(shape({"--opset", "13", "--batch", "4"}) == "13[4,3,8,8]");
    CHECK(shape({"--dynamic-batch"}) == "17[\"batch\",3,8,8]");
}

TEST_CASE("export-onnx writes 8-bit integers with the ranges that a calibration finds, and says so") {
    const TestFolder folder;
    write_pictures(folder, "pictures");
    const std::string output = folder / "x.onnx";
    const auto json = [&](const std::vector<std::string>& options) {
        std::vector<std::string> line{"export-onnx", "--weights", "synthetic", "--output", output, "--json", "-"};
        line.insert(line.end(), options.begin(), options.end());
        const auto outcome = run_tiny(line);
        CHECK(outcome.code == 0);
        return nlohmann::json::parse(outcome.out);
    };
    const auto whole = json({"--precision", "qint8_mixed_float32", "--calibration-dir", folder / "pictures"});
    CHECK(whole.at("calibration").at("samples") == 10);
    CHECK(whole.at("metadata").at("calibration") ==
          "calibrated 3 values by the method percentile; inputs: 10 pictures");
    CHECK(whole.at("metadata").at("precision") == "qint8_mixed_float32");
    CHECK(whole.at("lint").empty());
    const std::string pictures = text_of(output);
    // generated inputs for generated weights; a layer of the mix stays float
    const auto mix = json({"--precision", "o2", "--calibration-method", "linear"});
    CHECK(mix.at("calibration").at("inputs") == "generated");
    CHECK(mix.at("nodes").get<int>() < whole.at("nodes").get<int>());
    json({"--precision", "qint8_mixed_float32"});
    CHECK(text_of(output) != pictures);

    const auto outcome =
        run_tiny({"export-onnx", "--weights", "synthetic", "--output", output, "--precision", "qint8_mixed_float32"});
    CHECK(contains(outcome.out, "\n  calibrated 3 values by the method percentile; inputs: 1 generated\n"));
}

TEST_CASE("export-onnx refuses what it cannot write, and writes nothing then") {
    const TestFolder folder;
    const std::string output = folder / "x.onnx";
    const auto refused = [&](std::vector<std::string> options, const std::string& sentence) {
        options.insert(options.begin(), {"export-onnx", "--output", output});
        const auto outcome = run_tiny(options);
        CHECK(outcome.code == 2);
        CHECK(contains(outcome.err, sentence));
        CHECK_FALSE(std::filesystem::exists(output));
    };
    refused({"--weights", "synthetic", "--precision", "qint16_mixed_float32"},
            "found qint16_mixed_float32, which export-onnx does not write, wanted force_float32, or 8-bit integers");
    refused({"--weights", "synthetic", "--calibration-dir", "pictures"}, "which stores no integers");
    refused({"--weights", "synthetic", "--precision", "force_bfloat16"}, "which export-onnx does not write");
    refused({"--weights", "synthetic", "--opset", "14"}, "--opset");
    refused({"--weights", "synthetic", "--batch", "2", "--dynamic-batch"}, "--dynamic-batch");
    refused({"--weights", "synthetic", "--sequence", "5"}, "--sequence");

    const std::string packed = folder / "x.taxon";
    REQUIRE(run_tiny({"gen", "--weights", "synthetic", "--output", packed}).code == 0);
    refused({"--weights", packed}, "whose weights are packed for taxon's kernels, wanted the checkpoint");
}
