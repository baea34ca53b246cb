#include <taxon/app/console/json.hpp>

#include "app/detector/program.hpp"
#include "catch.hpp"

using taxon::app::Json;

TEST_CASE("perf of detectors measures tensor to table, and file to boxes") {
    const PictureFolder folder;
    const auto name = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"perf", "--weights", "synthetic", "--iterations", "3", "--warmup", "0",
                                             "--quiet", "--threads", "1", "--json", folder / "p.json"});
        const auto outcome = run_detector_program(arguments);
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        const auto benchmark = Json::parse(text_of(folder / "p.json")).at("benchmarks").at(0);
        CHECK(benchmark.at("iterations") == 3);
        return benchmark.at("name").get<std::string>();
    };
    CHECK(name({}) == "detectors_tiny/force_float32/batch:1/threads:1/size:64");
    CHECK(name({"--size", "32", "--batch", "2"}) == "detectors_tiny/force_float32/batch:2/threads:1/size:32");
    CHECK(name({"--end-to-end", folder.pictures(), "--batch", "2"}) ==
          "detectors_tiny/force_float32/batch:2/threads:1/size:64/end_to_end");
    CHECK(run_detector_program({"perf", "--weights", "synthetic", "--end-to-end"}).code == 2);
    CHECK(run_detector_program({"perf", "--weights", "synthetic", folder.picture(0)}).code == 2);
    CHECK(run_detector_program({"perf", "--weights", "synthetic", "--confidence", "0.5"}).code == 2);
    CHECK(run_detector_program(
              {"perf", "--weights", "synthetic", "--end-to-end", folder.picture(0), "--json", folder.picture(0)})
              .code == 2);
}

TEST_CASE("perf of detectors sweeps from file to boxes, and the streams share no memory") {
    const PictureFolder folder;
    const auto outcome = run_detector_program({"perf", "--weights", "synthetic", "--iterations", "6", "--warmup", "0",
                                               "--batch", "2,3", "--threads", "1", "--streams", "2", "--end-to-end",
                                               folder.pictures(), "--json", folder / "p.json"});
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    const auto json = Json::parse(text_of(folder / "p.json"));
    REQUIRE(json.at("benchmarks").size() == 2);
    CHECK(json["benchmarks"][1].at("name") ==
          "detectors_tiny/force_float32/batch:3/threads:1/streams:2/size:64/end_to_end");
    CHECK(run_detector_program({"perf", "--weights", "synthetic", "--end-to-end", "--streams", "2", "--threads", "1",
                                "--iterations", "2", "--warmup", "0", folder / "p.json"})
              .code == 3);
}
