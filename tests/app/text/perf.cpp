#include <taxon/app/console/json.hpp>

#include "app/text/program.hpp"
#include "catch.hpp"

using taxon::app::Json;

namespace {

/// The benchmark of a quick run; no figure of it is held to anything but its kind.
Json benchmark(const TestFolder& folder, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"perf", "--iterations", "3", "--warmup", "0", "--quiet", "--threads", "1",
                                         "--json", folder / "p.json"});
    const auto outcome = run_text_program(arguments);
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    return Json::parse(text_of(folder / "p.json")).at("benchmarks").at(0);
}

}  // namespace

TEST_CASE("perf of texts names their length and counts its operations") {
    const TestFolder folder;
    const auto some = benchmark(folder, {"--weights", "synthetic", "--sequence", "16", "--batch", "2"}),
               twice = benchmark(folder, {"--weights", "synthetic", "--sequence", "32"});
    CHECK(some.at("name") == "texts_lower/force_float32/batch:2/threads:1/sequence:16");
    CHECK(twice.at("name") == "texts_lower/force_float32/batch:1/threads:1/sequence:32");
    CHECK(some.at("iterations") == 3);
    CHECK(some.at("real_time").get<double>() > 0);
    // Products grow with the length, attention with its square: 4 · 32 · length² for each of two layers.
    const auto attention = [](long length) { return 2 * 4 * 32 * length * length; };
    const long pooler = 2 * 32 * 32 + 2 * 32 * 2;
    CHECK(2 * (some.at("flops").get<long>() - attention(16) - pooler) ==
          twice.at("flops").get<long>() - attention(32) - pooler);
    CHECK(benchmark(folder, {"--weights", "synthetic"}).at("name") ==
          "texts_lower/force_float32/batch:1/threads:1/sequence:128");
}

TEST_CASE("perf of texts measures from the text on, with padding and without") {
    const ModelFolder folder;
    const std::vector<std::string> arguments{"--weights",  folder.model(), "--end-to-end",
                                             folder.dev(), "--sequence",   "20"};
    CHECK(benchmark(folder, arguments).at("name") ==
          "texts_lower/force_float32/batch:1/threads:1/sequence:20/padding:skip/end_to_end");
    auto padded = arguments;
    padded.insert(padded.end(), {"--padding", "compute", "--batch", "3"});
    CHECK(benchmark(folder, padded).at("name") ==
          "texts_lower/force_float32/batch:3/threads:1/sequence:20/padding:compute/end_to_end");
    CHECK(run_text_program({"perf", "--weights", folder.model(), folder.dev()}).code == 2);
    CHECK(run_text_program({"perf", "--weights", folder.model(), "--end-to-end"}).code == 2);
    CHECK(run_text_program({"perf", "--weights", folder.model(), "--padding", "skip"}).code == 2);
}

TEST_CASE("perf of texts sweeps, with streams and arrivals, from tokens and from texts") {
    const ModelFolder folder;
    for (const std::vector<std::string>& more :
         {std::vector<std::string>{}, std::vector<std::string>{"--end-to-end", folder.dev()}}) {
        std::vector<std::string> arguments{"perf",
                                           "--weights",
                                           folder.model(),
                                           "--iterations",
                                           "4",
                                           "--warmup",
                                           "0",
                                           "--batch",
                                           "1,3",
                                           "--streams",
                                           "1,2",
                                           "--threads",
                                           "1",
                                           "--rate",
                                           "200",
                                           "--sequence",
                                           "20",
                                           "--json",
                                           folder / "p.json"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto outcome = run_text_program(arguments);
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        const auto json = Json::parse(text_of(folder / "p.json"));
        REQUIRE(json.at("benchmarks").size() == 4);
        CHECK(json["benchmarks"][3].at("batch") == 3);
        CHECK(json["benchmarks"][3].at("streams") == 2);
        CHECK(contains(json["benchmarks"][3].at("name").get<std::string>(), "/streams:2/sequence:20"));
        CHECK(contains(outcome.out, "200 arrivals a second (fixed)"));
    }
}
