#include <taxon/app/perf/benchmark_json.hpp>

#include "app/program.hpp"
#include "catch.hpp"

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
    for (const char* figure : {"real_time", "cpu_time", "qps", "mean", "min", "p50", "p90", "p95", "p99", "max",
                               "load_ms", "first_inference_ms", "peak_memory_bytes"}) {
        INFO(figure);
        CHECK(benchmark.at(figure).is_number());
        CHECK(benchmark.at(figure).get<double>() > 0);
    }
    const auto figure = [&](const char* name) { return benchmark.at(name).get<double>(); };
    CHECK((figure("min") <= figure("p50") && figure("p50") <= figure("p90") && figure("p90") <= figure("p95") &&
           figure("p95") <= figure("p99") && figure("p99") <= figure("max")));
    CHECK(benchmark.at("weights_bytes") == 24);
    CHECK(benchmark.at("arena_bytes") == 2048);
    CHECK(benchmark.at("parameters") == 6);
}

TEST_CASE("perf prints its figures and who chose the threads") {
    const auto one = run_program(quick({"--threads", "1"}));
    CHECK(one.code == 0);
    CHECK(one.out.starts_with(
        "tens plain, force_float32, cpu fused, portable\nbatch 1, 1 thread (as asked)\n\nthroughput "));
    for (const char* part : {"latency, ms", "p99", "* too few runs", "load  ", "first inference",
                             "weights          24 B", "arena            2.0 KiB", "peak memory"}) {
        INFO(part);
        CHECK(contains(one.out, part));
    }
    CHECK(contains(run_program(quick({"--batch", "2", "--threads", "1"})).out, "batch 2, 1 thread (as asked)"));
    CHECK(contains(run_program(quick({"--batch", "256"})).out, "(as affinity and quota allow)"));
    CHECK_FALSE(contains(run_program({"perf", "--iterations", "200", "--warmup", "0"}).out, "too few runs"));
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
    const auto json = Json::parse(R"({"benchmarks": [{"name": "a", "qps": 1}, {"name": "b", "qps": 2}]})");
    CHECK(benchmark_of(json, "b", "x.json").at("qps") == 2);
    CHECK_THROWS_AS(benchmark_of(json, "c", "x.json"), taxon::Error);
    const auto here = Json::parse(R"({"qps": 3.0, "real_time": 2.0})"),
               there = Json::parse(R"({"qps": 2, "real_time": 8e6, "time_unit": "ns"})");
    const auto rows = compare(here, there, "x.json");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].ratio == 1.5);
    CHECK(rows[1].figure == "p50");
    CHECK(rows[1].there == 8);
    CHECK(rows[1].ratio == 4);

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
}

TEST_CASE("A16: the names in an earlier run's JSON do not reach the terminal as they are") {
    const TestFolder folder;
    write_text(folder / "p.json", R"({"benchmarks": [{"name": "\u001b[2J\u009b\u202e", "qps": 1.0}]})");
    const auto outcome = run_program(quick({"--threads", "1", "--compare", folder / "p.json"}));
    CHECK(outcome.code == 0);
    CHECK(contains(outcome.out, "against ?[2J??\n"));
}
