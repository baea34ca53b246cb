#include <taxon/app/perf/comparison.hpp>

#include "app/tiny.hpp"
#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <utility>

using taxon::app::Json;

namespace {

/// A quick run; no figure of it is held to anything but its kind.
std::vector<std::string> quick(const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"perf", "--iterations", "20", "--warmup", "0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

}  // namespace

TEST_CASE("perf's JSON has the shape of Google Benchmark's") {
    const TestFolder folder;
    const auto outcome = run_program(quick({"--batch", "4", "--threads", "1", "--quiet", "--json", folder / "p.json"}));
    REQUIRE(outcome.code == 0);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.empty());
    const auto json = Json::parse(text_of(folder / "p.json"));
    for (const char* field : {"date", "host_name", "executable", "num_cpus", "library_build_type", "isa"})
        CHECK(json.at("context").contains(field));
    REQUIRE(json.at("benchmarks").size() == 1);
    const auto& benchmark = json["benchmarks"][0];
    CHECK(benchmark.at("name") == "tens_plain/force_float32/batch:4/threads:1");
    CHECK(benchmark.at("run_name") == benchmark.at("name"));
    CHECK(benchmark.at("run_type") == "iteration");
    CHECK(benchmark.at("iterations") == 20);
    CHECK(benchmark.at("time_unit") == "ms");
    CHECK(benchmark.at("threads") == 1);
    CHECK(benchmark.at("real_time") == benchmark.at("p50"));
    for (const char* figure : {"real_time", "cpu_time", "qps", "mean", "min", "p50", "p90", "p95", "p99", "p99.9",
                               "max", "load_ms", "first_inference_ms", "peak_memory_bytes"}) {
        INFO(figure);
        CHECK(benchmark.at(figure).is_number());
        CHECK(benchmark.at(figure).get<double>() > 0);
    }
    const auto figure = [&](const char* name) { return benchmark.at(name).get<double>(); };
    CHECK((figure("min") <= figure("p50") && figure("p50") <= figure("p90") && figure("p90") <= figure("p95") &&
           figure("p95") <= figure("p99") && figure("p99") <= figure("max")));
    CHECK(benchmark.at("too_few_runs_for") == Json{"p90", "p95", "p99", "p99.9"});
    CHECK(benchmark.at("times").size() == 20);
    CHECK(benchmark.at("streams") == 1);
    CHECK(benchmark.at("disturbance").at("sentences").is_array());
    CHECK(figure("median_low") <= figure("p50"));
    CHECK(figure("median_high") >= figure("p50"));
    CHECK(benchmark.at("weights_bytes") == 24);
    CHECK(benchmark.at("arena_bytes") == 2048);
    CHECK(benchmark.at("parameters") == 6);
}

TEST_CASE("perf prints its figures and who chose the threads") {
    const auto one = run_program(quick({"--threads", "1"}));
    CHECK(one.code == 0);
    CHECK(one.out.starts_with(
        "tens plain, force_float32, cpu fused, portable\nbatch 1, 1 thread (as asked)\n\nthroughput "));
    for (const char* part : {"latency, ms", "p99", "* too few runs", "load  ", "first inference", "processors used",
                             "weights          24 B", "arena            2.0 KiB", "peak memory"}) {
        INFO(part);
        CHECK(contains(one.out, part));
    }
    CHECK(contains(run_program(quick({"--batch", "2", "--threads", "1"})).out, "batch 2, 1 thread (as asked)"));
    CHECK(contains(run_program(quick({"--batch", "256"})).out, "(as affinity and quota allow)"));
    CHECK_FALSE(contains(run_program({"perf", "--iterations", "3000", "--warmup", "0"}).out, "too few runs"));
}

TEST_CASE("perf refuses a duration that is no number") {
    CHECK(run_program({"perf", "--duration", "nan"}).code == 2);
    CHECK(run_program({"perf", "--warmup", "nan"}).code == 2);
}

TEST_CASE("R18: every verb takes up to 1,024 threads, and more than the process may use are said in one line") {
    const TestFolder folder;
    write_text(folder.path() / "test/0/a.bmp", bmp_of(20));
    for (int i = 1; i < 6; ++i) std::filesystem::create_directories(folder.path() / "test" / std::to_string(i));
    const std::string said = "--threads 1024: this process may use " + std::to_string(taxon::cpu::usable_processors()) +
                             ", by affinity and cgroup quota\n";
    for (const std::vector<std::string>& verb : {std::vector<std::string>{"perf", "--iterations", "3", "--warmup", "0"},
                                                 {"infer", folder / "test/0/a.bmp"},
                                                 {"eval", "--dataset", folder / "test"}}) {
        auto arguments = verb;
        arguments.insert(arguments.end(), {"--threads", "1024"});
        const auto outcome = run_program(arguments);
        INFO(verb[0] << ": " << outcome.err);
        CHECK(outcome.code == 0);
        CHECK(contains(outcome.err, said));
        arguments.insert(arguments.end(), {"--quiet"});
        CHECK(run_program(arguments).err.empty());
        arguments.end()[-2] = "1025";
        CHECK(run_program(arguments).code == 2);
    }
    CHECK(contains(run_program(quick({"--threads", "1024"})).out, "(as affinity and quota allow)"));
}

TEST_CASE("perf --compare gives the ratio of each figure, above 1 where this run is better") {
    const TestFolder folder;
    write_text(folder.path() / "other.json", R"({"context": {}, "benchmarks": [
        {"name": "another", "real_time": 3600, "cpu_time": 7200, "time_unit": "s", "qps": 1e-9,
         "weights_bytes": 48, "arena_bytes": 1024, "extra": "text"}]})");
    const auto outcome = run_program(quick({"--compare", folder / "other.json"}));
    REQUIRE(outcome.code == 0);
    CHECK(contains(outcome.out, "against another\n"));
    CHECK(contains(outcome.out, "3600000.000"));
    CHECK(contains(outcome.out, "weights_bytes                24.000         48.000     2.00\n"));
    CHECK(contains(outcome.out, "arena_bytes                2048.000       1024.000     0.50\n"));
    CHECK_FALSE(contains(outcome.out, "p99 "
                                      "      0"));
}

TEST_CASE("perf compares with the benchmark of the same name, and refuses what is none") {
    using namespace taxon::app;
    const auto earlier = Json::parse(R"({"benchmarks": [{"name": "a", "qps": 1}, {"name": "b", "qps": 2}]})");
    const auto named = [](const std::string& name) { return Json{{"benchmarks", {{{"name", name}, {"qps", 3.0}}}}}; };
    CHECK(compare_all(named("b"), earlier, "x.json").front().figures.front().ratio == 1.5);
    CHECK_THROWS_AS(compare_all(named("c"), earlier, "x.json"), taxon::Error);
    const auto here = Json::parse(R"({"name": "a", "qps": 3.0, "real_time": 2.0})"),
               there = Json::parse(R"({"name": "b", "qps": 2, "real_time": 8e6, "time_unit": "ns"})");
    const auto compared = compare(here, there, "x.json");
    const auto& rows = compared.figures;
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].ratio == 1.5);
    CHECK(rows[1].figure == "p50");
    CHECK(rows[1].there == 8);
    CHECK(rows[1].ratio == 4);
    CHECK_FALSE(compared.test);
    CHECK(compared.slower() == -.75);

    const TestFolder folder;
    write_text(folder.path() / "empty.json", "{}");
    write_text(folder.path() / "no.json", "[1, 2");
    for (const char* name : {"empty.json", "no.json", "missing.json"}) {
        const auto outcome = run_program(quick({"--compare", folder / name}));
        CHECK(outcome.code == 3);
        CHECK(outcome.err.starts_with("tens: " + (folder / name)));
    }
}

TEST_CASE("perf --end-to-end times picture files") {
    const TestFolder folder;
    write_text(folder.path() / "a.bmp", bmp_of(20));
    REQUIRE(run_program(quick({"--end-to-end", folder / "a.bmp", "--batch", "3", "--json", folder / "p.json"})).code ==
            0);
    CHECK(contains(text_of(folder / "p.json"), "/end_to_end\""));
    CHECK(run_program(quick({"--end-to-end"})).code == 2);
    CHECK(run_program(quick({folder / "a.bmp"})).code == 2);
    write_text(folder.path() / "b.bmp", "no picture");
    CHECK(run_program(quick({"--end-to-end", folder / "b.bmp"})).code == 3);
}

TEST_CASE("perf's wrong use") {
    CHECK(run_program({"perf", "--iterations", "1", "--duration", "1"}).code == 2);
    CHECK(run_program({"perf", "--iterations", "0"}).code == 2);
    CHECK(run_program({"perf", "--batch", "257"}).code == 2);
    CHECK(run_program({"perf", "--duration", "-1"}).code == 2);
    for (const std::vector<std::string>& wrong : {std::vector<std::string>{"--iterations", "1", "--until-within", "5"},
                                                  {"--until-within", "0"},
                                                  {"--until-within", "nan"},
                                                  {"--warmup", "1", "--warmup-runs", "1"},
                                                  {"--rate", "0"},
                                                  {"--rate", "5", "--until-within", "5"},
                                                  {"--arrivals", "poisson"},
                                                  {"--rate", "5", "--arrivals", "often"},
                                                  {"--rate", "5", "--seed", "1"},
                                                  {"--rate", "5", "--arrivals", "fixed", "--seed", "1"},
                                                  {"--batch", "1,1"},
                                                  {"--batch", "1,257"},
                                                  {"--streams", "0"},
                                                  {"--precision", "force_float32,"},
                                                  {"--precision", "force_float32,force_float32"},
                                                  {"--precision", "force_float32,nonsense"},
                                                  {"--fail-above", "5"},
                                                  {"--batch", "1,2", "--times", "times.txt"},
                                                  {"--times", "no/such/folder/times.txt"}}) {
        auto arguments = wrong;
        arguments.insert(arguments.begin(), "perf");
        INFO(wrong[0] << " " << wrong[1]);
        CHECK(run_program(arguments).code == 2);
    }
}

TEST_CASE("A16: the names in an earlier run's JSON do not reach the terminal as they are") {
    const TestFolder folder;
    write_text(folder / "p.json", R"({"benchmarks": [{"name": "\u001b[2J\u009b\u202e", "qps": 1.0}]})");
    const auto outcome = run_program(quick({"--threads", "1", "--compare", folder / "p.json"}));
    CHECK(outcome.code == 0);
    CHECK(contains(outcome.out, "against ?[2J??\n"));
}

TEST_CASE("perf measures until the median is known within a percentage, and says so if it is not") {
    const TestFolder folder;
    const auto benchmark = [&](const std::string& percent, const std::string& duration) {
        const auto outcome = run_program({"perf", "--until-within", percent, "--duration", duration, "--warmup-runs",
                                          "5", "--threads", "1", "--json", folder / "p.json"});
        REQUIRE(outcome.code == 0);
        const auto json = Json::parse(text_of(folder / "p.json")).at("benchmarks").at(0);
        CHECK(contains(outcome.out, "; not within") != json.at("converged").get<bool>());
        return json;
    };
    const auto easy = benchmark("100", "60");
    CHECK(easy.at("converged") == true);
    CHECK(easy.at("until_within_percent") == 100);
    CHECK(easy.at("median_high").get<double>() - easy.at("median_low").get<double>() < easy.at("p50").get<double>());
    CHECK(benchmark("0.001", "0").at("converged") == false);
}

TEST_CASE("perf runs streams side by side") {
    const TestFolder folder;
    const auto outcome =
        run_program(quick({"--threads", "1", "--streams", "3", "--batch", "2", "--json", folder / "p.json"}));
    REQUIRE(outcome.code == 0);
    CHECK(contains(outcome.out, "batch 2, 3 streams of 1 thread (as asked)"));
    const auto benchmark = Json::parse(text_of(folder / "p.json")).at("benchmarks").at(0);
    CHECK(benchmark.at("name") == "tens_plain/force_float32/batch:2/threads:1/streams:3");
    CHECK(benchmark.at("streams") == 3);
    CHECK(benchmark.at("iterations") == 20);
}

TEST_CASE("perf at a rate counts latency from the intended start, and says when that is beyond capacity") {
    const TestFolder folder;
    const auto benchmark = [&](std::vector<std::string> more) {
        more.insert(more.end(), {"--threads", "1", "--json", folder / "p.json"});
        const auto outcome = run_program(quick(more));
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        CHECK(contains(outcome.out, "of it waiting"));
        const auto json = Json::parse(text_of(folder / "p.json")).at("benchmarks").at(0);
        CHECK(contains(outcome.out, "beyond capacity") == json.at("beyond_capacity").get<bool>());
        return json;
    };
    const auto fixed = benchmark({"--rate", "500"});
    CHECK(fixed.at("name") == "tens_plain/force_float32/batch:1/threads:1/rate:500/fixed");
    CHECK(fixed.at("arrivals") == "fixed");
    CHECK(fixed.at("iterations") == 20);
    const double sum = fixed.at("waiting").at("mean").get<double>() + fixed.at("service").at("mean").get<double>();
    CHECK(std::abs(fixed.at("mean").get<double>() - sum) < 1e-9);
    // 20 arrivals, the last one at 38 ms
    CHECK(fixed.at("qps").get<double>() <= 20 / .038);
    const auto poisson = benchmark({"--rate", "1000", "--arrivals", "poisson", "--seed", "7"});
    CHECK(poisson.at("name") == "tens_plain/force_float32/batch:1/threads:1/rate:1000/poisson");
    CHECK(poisson.at("arrivals") == "poisson, seed 7");
    const auto beyond = benchmark({"--rate", "1000000", "--batch", "256"});
    CHECK(beyond.at("utilisation").get<double>() > 1);
    CHECK(beyond.at("beyond_capacity") == true);
}

TEST_CASE("a sweep gives one table, and one JSON with a benchmark for each row") {
    const TestFolder folder;
    const std::vector<std::string> sweep{"perf",
                                         "--iterations",
                                         "12",
                                         "--warmup",
                                         "0",
                                         "--batch",
                                         "1,4",
                                         "--threads",
                                         "1,2",
                                         "--weights",
                                         "synthetic",
                                         "--precision",
                                         "force_bfloat16,force_float32",
                                         "--json",
                                         folder / "p.json"};
    const auto outcome = run_tiny(sweep);
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    const auto json = Json::parse(text_of(folder / "p.json"));
    std::vector<std::string> names;
    for (const auto& benchmark : json.at("benchmarks")) names.push_back(benchmark.at("name"));
    const auto threads = [](int wanted) {
        return "/threads:" + std::to_string(std::min(wanted, taxon::cpu::usable_processors()));
    };
    std::vector<std::string> wanted;
    for (const char* precision : {"force_bfloat16", "force_float32"})
        for (const char* batch : {"/batch:1", "/batch:4"})
            for (const int n : {1, 2}) wanted.push_back(std::string("tinies_tiny/") + precision + batch + threads(n));
    CHECK(names == wanted);
    CHECK(contains(outcome.out, "| network"));
    CHECK(contains(outcome.out, "| tinies tiny | force_bfloat16 |     1 |       1 |"));
    CHECK(contains(outcome.out, "* too few runs"));
    CHECK(std::count(outcome.out.begin(), outcome.out.end(), '|') == 10 * 11);

    auto again = sweep;
    again.back() = folder / "again.json";
    again.insert(again.end(), {"--compare", folder / "p.json"});
    const auto compared = run_tiny(again);
    REQUIRE(compared.code == 0);
    CHECK(contains(compared.out, "tinies_tiny/force_float32/batch:4" + threads(1) + ": "));
    CHECK(contains(compared.out, "Mann-Whitney U, p = "));
    auto more = again;
    more[6] = "1,8";
    const auto partly = run_tiny(more);
    REQUIRE(partly.code == 0);
    CHECK(contains(partly.out, "4 of 8 benchmarks have no partner there"));
}

TEST_CASE("perf --compare tests the difference, and --fail-above fails only on one that is not chance") {
    const TestFolder folder;
    const auto file_of = [&](const std::string& name, double scale, bool times) {
        Json benchmark{{"name", "other"}, {"real_time", scale}, {"time_unit", "ms"}};
        for (int i = 0; times && i < 50; ++i) benchmark["times"].push_back(scale * (1 + .01 * i));
        write_text(folder / name, Json{{"benchmarks", {benchmark}}}.dump());
        return folder / name;
    };
    const auto run = [&](const std::string& file, std::vector<std::string> more = {"--fail-above", "10"}) {
        more.insert(more.end(), {"--threads", "1", "--compare", file, "--json", folder / "result.json"});
        return run_program(quick(more));
    };
    const auto faster = run(file_of("slow.json", 1e6, true));
    CHECK(faster.code == 0);
    CHECK(contains(faster.out, "faster: Mann-Whitney U, p = "));
    CHECK(contains(faster.out, "n = 20 and 50; a run here is the longer one in 0 % of pairs"));
    const auto slower = run(file_of("quick.json", 1e-9, true));
    CHECK(slower.code == 4);
    CHECK(contains(slower.out, "slower: Mann-Whitney U, p = "));
    CHECK(contains(slower.err, "--fail-above 10 allows no more"));
    CHECK(Json::parse(text_of(folder / "result.json")).at("benchmarks").size() == 1);  // written all the same
    CHECK(run(folder / "quick.json", {}).code == 0);
    const auto untested = run(file_of("no_times.json", 1e-9, false));
    CHECK(untested.code == 4);
    CHECK(contains(untested.out, "no times in the earlier file"));
    // its own times: whatever the medians, chance
    REQUIRE(run_program(quick({"--threads", "1", "--json", folder / "own.json"})).code == 0);
    auto own = Json::parse(text_of(folder / "own.json"));
    own["benchmarks"][0]["real_time"] = 1e-9;
    own["benchmarks"][0]["times"] = Json::parse(text_of(folder / "result.json"))["benchmarks"][0]["times"];
    const auto chance = taxon::app::compare(Json::parse(text_of(folder / "result.json"))["benchmarks"][0],
                                            own["benchmarks"][0], "own.json");
    REQUIRE(chance.test);
    CHECK(chance.test->p > .9);
    CHECK_NOTHROW(taxon::app::require_no_slower({chance}, 10, "own.json"));
    write_text(folder / "bad.json", R"({"benchmarks": [{"name": "x", "real_time": 1, "times": ["a"]}]})");
    CHECK(run(folder / "bad.json", {}).code == 3);
}

TEST_CASE("perf --times writes every run's time, of which the percentiles are") {
    const TestFolder folder;
    for (const char* name : {"times.txt", "times.npy"}) {
        const auto outcome = run_program({"perf", "--iterations", "1500", "--warmup", "0", "--threads", "1", "--times",
                                          folder / name, "--json", folder / "p.json"});
        REQUIRE(outcome.code == 0);
        std::vector<double> times;
        if (std::string(name) == "times.txt") {
            std::ifstream file(folder / name);
            for (double time = 0; file >> time;) times.push_back(time);
        } else {
            const auto bytes = text_of(folder / name);
            CHECK(contains(bytes.substr(0, 128), "'descr': '<f8', 'fortran_order': False, 'shape': (1500,)"));
            times.resize(1500);
            std::memcpy(times.data(), bytes.data() + bytes.size() - 1500 * sizeof(double), 1500 * sizeof(double));
        }
        REQUIRE(times.size() == 1500);
        std::sort(times.begin(), times.end());
        const auto benchmark = Json::parse(text_of(folder / "p.json")).at("benchmarks").at(0);
        // numpy.percentile: at q / 100 (n - 1), linearly between neighbours
        for (const auto& [name_of, q] : {std::pair{"p50", 50.}, std::pair{"p95", 95.}, std::pair{"p99.9", 99.9}}) {
            const double place = q / 100 * 1499;
            const auto below = static_cast<std::size_t>(place);
            const double wanted =
                times[below] + (place - static_cast<double>(below)) * (times[below + 1] - times[below]);
            CHECK(std::abs(benchmark.at(name_of).get<double>() - wanted) <= 1e-9 * wanted);
        }
        CHECK(benchmark.at("times").size() == 1000);  // those kept for a test
    }
}

TEST_CASE("perf --explain gives the formula of every figure that is printed") {
    const auto outcome = run_program(quick({"--threads", "1", "--explain"}));
    REQUIRE(outcome.code == 0);
    for (const char* figure : {"throughput", "latency", "median", "load", "first inference", "processors used",
                               "weights", "arena", "peak memory"}) {
        INFO(figure);
        CHECK(contains(outcome.out, "\n" + std::string(figure) + " "));
        const auto explanation = outcome.out.find("How each figure is computed");
        REQUIRE(explanation != std::string::npos);
        CHECK(outcome.out.find("\n" + std::string(figure) + " ", explanation) != std::string::npos);
    }
    CHECK_FALSE(contains(run_program(quick({})).out, "How each figure"));
}
