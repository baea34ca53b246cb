#pragma once
#include <ctime>
#include <span>
#include <string>
#include <taxon/app/console/json.hpp>
#include <taxon/app/console/version.hpp>
#include <taxon/app/perf/measurement.hpp>
#include <taxon/backend/cpu/processors.hpp>
#include <taxon/preprocess/image_options.hpp>
#include <taxon/system/local_time.hpp>
#include <taxon/system/process.hpp>

namespace taxon::app {

namespace detail {

inline Json json_of(const Latency& latency) {
    Json json = json_object({{"mean", latency.mean}, {"min", latency.min}});
    for (const Percentile& percentile : percentiles) json[std::string(percentile.name)] = latency.*percentile.value;
    json["max"] = latency.max;
    return json;
}

inline Json json_of(const Disturbance& d) {
    Json json = json_object({{"involuntary_switches_per_second", d.switches_per_second}});
    if (d.others) json["processors_of_others"] = *d.others;
    if (d.stolen) json["processors_stolen"] = *d.stolen;
    if (d.throttled) json["throttled_periods"] = *d.throttled;
    if (d.frequency_change) json["frequency_change"] = *d.frequency_change;
    json["sentences"] = Json::array();
    for (const auto& note : d.notes) json["sentences"].push_back(note.sentence);
    return json;
}

inline Json benchmark_of(const Measurement& m) {
    constexpr std::size_t kept = 1000;  // times, of which a comparison can do a test
    const auto& t = m.latency;
    Json json = json_object({{"name", m.name},
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
                             {"streams", m.streams}});
    json["isa"] = m.isa;
    json.update(json_of(t));
    Json few = Json::array();
    for (const Percentile& percentile : percentiles)
        if (too_few(t.n, percentile.fraction)) few.push_back(percentile.name);
    json["too_few_runs_for"] = few;
    json["median_low"] = t.median.low, json["median_high"] = t.median.high;
    if (m.within) json["until_within_percent"] = *m.within * 100, json["converged"] = m.converged;
    if (m.rate) {
        json["rate"] = m.rate->rate, json["arrivals"] = m.rate->arrivals;
        json["waiting"] = json_of(m.rate->waiting), json["service"] = json_of(m.rate->service);
        json["utilisation"] = m.rate->utilisation;
        json["beyond_capacity"] = m.rate->beyond_capacity();
    }
    json["load_ms"] = m.load_ms, json["first_inference_ms"] = m.first_ms;
    json["processors_used"] = m.processors;
    if (m.joules) json["joules_per_sample"] = *m.joules;
    json["parameters"] = m.parameters, json["flops"] = m.flops;
    json["weights_bytes"] = m.weights_bytes, json["arena_bytes"] = m.arena_bytes;
    json["peak_memory_bytes"] = m.peak_bytes;
    if (m.sequence > 0) json["sequence"] = m.sequence;
    json["disturbance"] = json_of(m.disturbance);
    json["times"] = thinned(m.times, kept);
    return json;
}

}  // namespace detail

/// Google Benchmark's JSON, so that its comparison tools read it, with a benchmark for each row of a sweep:
/// `real_time` is the median. Times are in ms, memory in bytes. Needs at least one measurement.
inline Json benchmark_json(std::span<const Measurement> measurements, const std::string& executable) {
    const Measurement& first = measurements.front();
#ifdef NDEBUG
    constexpr const char* build_type = "release";
#else
    constexpr const char* build_type = "debug";
#endif
    Json json;
    json["context"] = json_object({{"date", system::local_time(std::time(nullptr))},
                                   {"host_name", system::host_name()},
                                   {"executable", executable},
                                   {"num_cpus", cpu::usable_processors()},
                                   {"library_version", version},
                                   {"isa", first.isa},
                                   {"description", first.description},
                                   {"jpeg_decoder", name_of(preprocess::usual_jpeg_decoder)},
                                   {"library_build_type", build_type}});
    if (!first.remarks.empty()) json["context"]["remarks"] = first.remarks;
    json["benchmarks"] = Json::array();
    for (const Measurement& m : measurements) json["benchmarks"].push_back(detail::benchmark_of(m));
    return json;
}

}  // namespace taxon::app
