#include <taxon/app/accuracy/report.hpp>

#include <algorithm>
#include <sstream>

#include "app/tiny.hpp"
#include "catch.hpp"

using namespace taxon;
using namespace taxon::app;

namespace {

const Family family{.name = "tinies", .entries = tiny_offers()};

Accuracy accuracy_in(std::string_view precision) {
    const auto entry = std::find_if(family.entries.begin(), family.entries.end(), [&](const ModelEntry& row) {
        return row.variant == "tiny" && row.precision == precision;
    });
    ModelOptions options;
    options.weights = "synthetic";
    const CalibrationSource inputs = [](const AnyModel&, const ModelEntry&) { return generated_inputs(3); };
    std::ostringstream out, err;
    Console console{out, err};
    return accuracy_of(family, *entry, options, inputs, console, true);
}

}  // namespace

TEST_CASE("accuracy says what each layer loses in integers, and the type that halves the noise") {
    const Accuracy accuracy = accuracy_in("qint8_mixed_float32");
    CHECK(accuracy.samples == 3);
    std::vector<std::string> names, alone;
    for (const LayerAccuracy& layer : accuracy.layers) {
        names.push_back(layer.name);
        CHECK(layer.snr_db > 20);
        CHECK(layer.snr_db < 100);
        if (!layer.alone_db) continue;
        alone.push_back(layer.name);
        CHECK(*layer.alone_db > accuracy.simulated_db);  // one layer's noise is less than all layers'
    }
    CHECK(names == std::vector<std::string>{"0", "3", "5", "6", "7"});
    CHECK(alone == std::vector<std::string>{"0", "3", "5", "7"});
    REQUIRE(accuracy.kept);
    CHECK_FALSE(accuracy.kept->layers.empty());
    CHECK(accuracy.kept->outlook.deviation.snr_db() >= accuracy.simulated_db + 3);
    const std::string type = "precision::MixedPrecision<\"mixed\", precision::QInt8MixedFloat32, \"";
    CHECK(contains(readable(accuracy), "the type to compile:\n  using Mixed = " + type));
    const Json json = json_of(accuracy);
    CHECK(json.at("kept").at("type").get<std::string>().starts_with(type));
    CHECK(json.at("layers").size() == accuracy.layers.size());
}

TEST_CASE("accuracy knows the layers that a precision keeps in float") {
    const Accuracy whole = accuracy_in("qint8_mixed_float32"), mixed = accuracy_in("o2");
    CHECK(mixed.layers.back().snr_db > whole.layers.back().snr_db);
    CHECK(mixed.layers.front().snr_db == whole.layers.front().snr_db);
}

TEST_CASE("accuracy of bfloat16 is that of its values, without a simulation") {
    const Accuracy accuracy = accuracy_in("force_bfloat16");
    for (const LayerAccuracy& layer : accuracy.layers) {
        CHECK(layer.snr_db > 30);
        CHECK_FALSE(layer.alone_db);
    }
    CHECK_FALSE(accuracy.kept);
    CHECK_THROWS_AS(accuracy_in("force_float32"), Error);
}

TEST_CASE("profile --accuracy has the figures beside each step's time") {
    const TestFolder folder;
    const std::vector<std::string> options{
        "profile",  "--weights", "synthetic",  "--precision", "qint8_mixed_float32", "--iterations", "1",
        "--warmup", "0",         "--accuracy", "--json",      folder / "a.json"};
    const Outcome outcome = run_tiny(options);
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    CHECK(contains(outcome.out, "alone, dB        ms\n"));
    CHECK(contains(outcome.out, "precision::MixedPrecision<\"mixed\", precision::QInt8MixedFloat32, "));
    const Json json = Json::parse(text_of(folder / "a.json"));
    std::size_t figures = 0;
    for (const Json& row : json.at("rows"))
        if (row.contains("accuracy")) CHECK((++figures, row.at("accuracy").at("snr_db").get<double>() > 10));
    CHECK(figures == json.at("accuracy").at("layers").size());
    CHECK(run_tiny({"profile", "--weights", "synthetic", "--accuracy"}).code == 2);
}
