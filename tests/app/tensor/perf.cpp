#include <taxon/app/console/json.hpp>

#include "app/tensor/program.hpp"
#include "catch.hpp"

using taxon::app::Json;

TEST_CASE("perf of tensors sweeps over batches and precisions of a network with several inputs and outputs") {
    const TestFolder folder;
    const auto outcome = run_tensors({"perf", "--weights", "synthetic", "--iterations", "3", "--warmup", "0",
                                      "--threads", "1", "--batch", "1,2", "--precision",
                                      "force_float32,qint8_mixed_float32", "--json", folder / "p.json"});
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    const auto json = Json::parse(text_of(folder / "p.json"));
    REQUIRE(json.at("benchmarks").size() == 4);
    CHECK(contains(json["benchmarks"][3].at("name").get<std::string>(), "/qint8_mixed_float32/batch:2/threads:1"));
    // a percentile's calibration is of the integers alone
    CHECK(run_tensors({"perf", "--weights", "synthetic", "--iterations", "1", "--warmup", "0", "--precision",
                       "force_float32,qint8_mixed_float32", "--percentile", "99.9"})
              .code == 0);
    CHECK(run_tensors({"perf", "--weights", "synthetic", "--iterations", "1", "--warmup", "0", "--precision",
                       "force_float32", "--percentile", "99.9"})
              .code == 2);
}
