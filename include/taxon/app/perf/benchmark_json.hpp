#pragma once
#include <unistd.h>

#include <ctime>
#include <string>
#include <taxon/app/console/json.hpp>
#include <taxon/app/perf/measurement.hpp>
#include <taxon/backend/cpu/processors.hpp>
#include <taxon/app/console/version.hpp>
#include <taxon/preprocess/image_options.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

namespace detail {

inline std::string date_now() {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    char text[40];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S%z", &local)};
}

inline std::string host_name() {
    char name[256] = {};
    return gethostname(name, sizeof name - 1) == 0 ? name : "";
}

}  // namespace detail

/// Google Benchmark's JSON, so that its comparison tools read it: `real_time` is the median. Memory is in bytes.
inline Json benchmark_json(const Measurement& m, const std::string& executable) {
    const auto& t = m.latency;
    Json json;
    json["context"] = {{"date", detail::date_now()},     {"host_name", detail::host_name()},
                       {"executable", executable},       {"num_cpus", cpu::usable_processors()},
                       {"library_version", version},     {"isa", m.isa},
                       {"description", m.description},   {"jpeg_decoder", name_of(preprocess::usual_jpeg_decoder)},
#ifdef NDEBUG
                       {"library_build_type", "release"}};
#else
                       {"library_build_type", "debug"}};
#endif
    if (!m.remarks.empty()) json["context"]["remarks"] = m.remarks;
    json["benchmarks"] = Json::array();
    json["benchmarks"].push_back({{"name", m.name},
                                  {"run_name", m.name},
                                  {"run_type", "iteration"},
                                  {"repetitions", 1},
                                  {"repetition_index", 0},
                                  {"threads", m.threads},
                                  {"iterations", t.n},
                                  {"real_time", t.p50},
                                  {"cpu_time", m.cpu_ms},
                                  {"time_unit", "ms"},
                                  {"qps", m.samples_per_second},
                                  {"batch", m.batch},
                                  {"mean", t.mean},
                                  {"min", t.min},
                                  {"p50", t.p50},
                                  {"p90", t.p90},
                                  {"p95", t.p95},
                                  {"p99", t.p99},
                                  {"max", t.max},
                                  {"load_ms", m.load_ms},
                                  {"first_inference_ms", m.first_ms},
                                  {"parameters", m.parameters},
                                  {"flops", m.flops},
                                  {"weights_bytes", m.weights_bytes},
                                  {"arena_bytes", m.arena_bytes},
                                  {"peak_memory_bytes", m.peak_bytes}});
    if (m.sequence > 0) json["benchmarks"][0]["sequence"] = m.sequence;
    return json;
}

/// The benchmark of `name` in an earlier run's JSON, or its only one. Throws Fault::missing or type if there is none to
/// compare with.
inline const Json& benchmark_of(const Json& json, const std::string& name, const std::filesystem::path& path) {
    const auto list = json.find("benchmarks");
    if (list == json.end() || !list->is_array() || list->empty())
        throw Error(Fault::missing, {.file = path.string(), .wanted = "\"benchmarks\", as perf --json writes it"});
    for (const auto& one : *list)
        if (one.is_object() && json_field<std::string>(one, "name", path) == name) return one;
    if (list->size() == 1 && list->front().is_object()) return list->front();
    throw Error(Fault::missing, {.file = path.string(),
                                 .found = std::to_string(list->size()) + " benchmarks",
                                 .wanted = "one of the name " + name});
}

/// One metric of two runs and this run's improvement factor: above 1, it is faster or smaller.
struct Compared {
    std::string figure;
    double here = 0, there = 0, ratio = 0;
};

/// Every metric that both benchmarks have.
inline std::vector<Compared> compare(const Json& here, const Json& there, const std::filesystem::path& path) {
    // Google Benchmark's own times may be in another unit; ours are all in milliseconds.
    const std::string unit = there.contains("time_unit") ? json_field<std::string>(there, "time_unit", path) : "ns";
    const double to_ms = unit == "s" ? 1e3 : unit == "us" ? 1e-3 : unit == "ns" ? 1e-6 : 1;
    std::vector<Compared> rows;
    for (const std::string figure :
         {"qps", "real_time", "cpu_time", "mean", "min", "p90", "p95", "p99", "max", "load_ms", "first_inference_ms",
          "weights_bytes", "arena_bytes", "peak_memory_bytes"}) {
        if (!there.contains(figure)) continue;
        const bool converted = figure == "real_time" || figure == "cpu_time";
        const double a = here.at(figure).get<double>(),
                     b = json_field<double>(there, figure, path) * (converted ? to_ms : 1);
        if (!(a > 0 && b > 0)) continue;
        rows.push_back({figure == "real_time" ? "p50" : figure, a, b, figure == "qps" ? a / b : b / a});
    }
    return rows;
}

inline std::string readable(const std::vector<Compared>& rows, const std::string& name_there) {
    std::string text =
        fmt::format("\nagainst {}\n{:<20} {:>14} {:>14} {:>8}\n", printable(name_there), "", "here", "there", "ratio");
    for (const auto& row : rows)
        text += fmt::format("{:<20} {:>14.3f} {:>14.3f} {:>8.2f}\n", row.figure, row.here, row.there, row.ratio);
    return text + "a ratio above 1: this run is faster or smaller\n";
}

}  // namespace taxon::app
