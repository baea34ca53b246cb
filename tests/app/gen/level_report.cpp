#include <taxon/app/gen/level_report.hpp>

#include "app/tiny.hpp"
#include "catch.hpp"

using namespace taxon;
using namespace taxon::app;

namespace {

PrecisionSearchResult model(Level level, double float_ms, double integer_ms, std::size_t written) {
    PrecisionSearchResult model{.rule = {level, 1}, .metric = changed_classes, .written = written};
    model.candidates.push_back({.entry = &tiny_offers()[0], .milliseconds = float_ms});
    model.candidates.push_back({.entry = &tiny_offers()[2], .drop = .25, .milliseconds = integer_ms});
    return model;
}

quantize::FloatLayers kept(std::vector<std::string> layers) {
    return {.base = precision::QInt8MixedFloat32::data_types, .layers = std::move(layers)};
}

}  // namespace

TEST_CASE("the report says how the choice compares with float32, and says loudly if it is slower") {
    CHECK(sentence_of(model(Level::O2, 4, 2, 1)) ==
          "level O2: qint8_mixed_float32, which changes 0.25 % of answers and is 2.00 times as fast as float32");
    CHECK(sentence_of(model(Level::O3, 2, 4, 1)) ==
          "level O3: qint8_mixed_float32, which changes 0.25 % of answers and is SLOWER than float32 on this machine: "
          "it takes 2.00 times as long");
    CHECK(sentence_of(model(Level::O3, 2, 2, 1)) ==
          "level O3: qint8_mixed_float32, which changes 0.25 % of answers and takes as long as float32");
    CHECK(sentence_of(model(Level::O2, 2, 4, 0)) ==
          "level O2: float32: nothing narrower holds the bound and is faster on this machine");
    auto labelled = model(Level::O2, 4, 2, 1);
    labelled.metric = {.key = "top1", .name = "top-1"};
    CHECK(contains(sentence_of(labelled), "which loses 0.25 points of top-1 and"));
    labelled.candidates[1].drop = -.5;
    CHECK(contains(sentence_of(labelled), "which gains 0.50 points of top-1 and"));
    auto alone = model(Level::O0, 2, 4, 0);
    alone.candidates.pop_back();
    CHECK(sentence_of(alone) == "level O0: float32, the only precision it allows");
}

TEST_CASE("a mix of precisions is told from one that the program has") {
    auto all = model(Level::O2, 4, 2, 1);
    CHECK(app::detail::is_built(all, kept({})));
    CHECK_FALSE(app::detail::is_built(all, kept({"5"})));
    all.candidates.push_back({.entry = &tiny_offers().back()});
    CHECK(app::detail::is_built(all, kept({"5"})));
    CHECK_FALSE(app::detail::is_built(all, kept({"5", "3"})));
}

TEST_CASE("the numbers of a layer are those that the plan multiplies") {
    const ModelEntry &floats = tiny_offers()[0], &bytes = tiny_offers()[2], &mixed = tiny_offers().back();
    int integers = 0, fewer = 0;
    for (const Step& step : bytes.plan.steps) {
        CHECK(app::detail::numbers_of(floats, step.first) == "float32");
        integers += app::detail::numbers_of(bytes, step.first) == "int8",
            fewer += app::detail::numbers_of(mixed, step.first) == "int8";
    }
    CHECK(integers >= 2);
    CHECK(fewer == integers - 1);
}
