#include <numeric>
#include <taxon/app/console/json.hpp>

#include "app/detector/program.hpp"
#include "app/text/program.hpp"
#include "app/tiny.hpp"
#include "catch.hpp"

using taxon::app::Json;
using taxon::app::ModelEntry;

namespace {

template <class Run>
Json described(Run run, std::vector<std::string> options) {
    const TestFolder folder;
    options.insert(options.begin(), {"describe", "--quiet", "--json", folder / "a.json"});
    const Outcome outcome = run(options);
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    CHECK(outcome.out.empty());
    return Json::parse(text_of(folder / "a.json"));
}

long sum(const Json& rows, const char* field) {
    return std::accumulate(rows.begin(), rows.end(), 0L,
                           [&](long total, const Json& row) { return total + row.at(field).get<long>(); });
}

/// Invariants of every network: layers and steps add up to the totals, buffers lie in the arena, and none that live
/// at one time overlap.
void check_sums(const Json& json) {
    CHECK(sum(json.at("layers"), "parameters") == json.at("parameters").get<long>());
    CHECK(sum(json.at("layers"), "flops") == json.at("flops").get<long>());
    CHECK(sum(json.at("steps"), "weights_bytes") == json.at("weights_bytes").get<long>());
    const Json& buffers = json.at("buffers");
    const auto at = [](const Json& buffer, const char* field) { return buffer.at(field).get<long>(); };
    for (const Json& a : buffers) {
        CHECK(at(a, "offset") + at(a, "bytes") <= json.at("arena_bytes").get<long>());
        for (const Json& b : buffers) {
            const bool same_time = at(a, "live_from") <= at(b, "live_to") && at(b, "live_from") <= at(a, "live_to"),
                       same_place = at(a, "offset") < at(b, "offset") + at(b, "bytes") &&
                                    at(b, "offset") < at(a, "offset") + at(a, "bytes");
            if (&a != &b) CHECK_FALSE((same_time && same_place));
        }
    }
    for (const Json& step : json.at("steps")) CHECK(step.at("buffer").get<std::size_t>() < buffers.size());
}

}  // namespace

TEST_CASE("layers, steps and memory of a classifier of pictures") {
    const Json json = described(run_tiny, {});
    check_sums(json);
    CHECK(json.at("family") == "tinies");
    CHECK(json.at("variant") == "tiny");
    CHECK(json.at("input") == Json({3, 8, 8}));
    const Json& first = json.at("layers").front();
    CHECK(first.at("name") == "0");
    CHECK(first.at("operation") == "convolution 3x3/2");
    CHECK(first.at("output") == Json({8, 4, 4}));
    CHECK(first.at("parameters") == 8 * 3 * 9);
    CHECK(first.at("flops") == 2 * 8 * 4 * 4 * 27);
    CHECK(json.at("layers").size() == 8);
    const Json& step = json.at("steps").front();
    CHECK(step.at("layer") == "0");
    CHECK(step.at("kernel") == "convolution");
    CHECK(step.at("fused") == Json({"batch_norm", "relu"}));
    CHECK(json.at("steps").size() < json.at("layers").size());
}

TEST_CASE("numbers of a plan are those of the precision, and of the execution its steps") {
    const auto dtypes = [](const Json& json) {
        std::vector<std::string> found;
        for (const Json& step : json.at("steps")) found.push_back(step.at("weights_dtype"));
        return found;
    };
    const Json integers = described(run_tiny, {"--precision", "qint8_mixed_float32"});
    check_sums(integers);
    CHECK(dtypes(integers).front() == "int8");
    CHECK(dtypes(described(run_tiny, {})).front() == "float32");

    const Json apart = described(run_detector_program, {"--backend", "reference"});
    CHECK(apart.at("steps").empty());
    CHECK(sum(apart.at("layers"), "parameters") == apart.at("parameters").get<long>());
}

TEST_CASE("texts and detectors are described too") {
    const Json text = described(run_text_program, {}), detector = described(run_detector_program, {"--size", "32"});
    check_sums(text);
    check_sums(detector);
    CHECK(text.at("layers").front().at("operation") == "embedding");
    CHECK(detector.at("size") == "32");
    CHECK(detector.at("layers").back().at("operation") == "boxes");
}

TEST_CASE("a description for people, with the plan if it is wanted") {
    const Outcome layers = run_tiny({"describe", "--variant", "other"}), plan = run_tiny({"describe", "--plan"});
    CHECK((layers.code == 0 && plan.code == 0));
    for (const char* part : {"tinies other, force_float32", "convolution 3x3/2", "8 x 4 x 4", "arena", "parameters"})
        CHECK(contains(layers.out, part));
    CHECK_FALSE(contains(layers.out, "kernel"));
    for (const char* part : {"kernel", "batch_norm, relu", "buffer", "offset"}) CHECK(contains(plan.out, part));
    const Outcome none = run_detector_program({"describe", "--plan", "--backend", "reference"});
    CHECK(none.code == 2);
    CHECK(contains(none.err, "--plan: [usage] found --backend reference, which has no plan"));
    CHECK(run_tiny({"describe", "--variant", "huge"}).code == 2);
}
