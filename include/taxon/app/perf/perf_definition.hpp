#pragma once
#include <taxon/app/console/progress.hpp>
#include <taxon/app/console/stop_signals.hpp>
#include <taxon/app/console/thread_notes.hpp>
#include <taxon/app/model/description.hpp>
#include <taxon/app/perf/benchmark_json.hpp>
#include <taxon/app/perf/comparison.hpp>
#include <taxon/app/perf/explanation.hpp>
#include <taxon/app/perf/measure.hpp>
#include <taxon/app/perf/measurement_table.hpp>
#include <taxon/app/perf/options_definition.hpp>
#include <taxon/app/perf/perf.hpp>
#include <taxon/app/perf/times_file.hpp>
#include <taxon/plan/micro_batch.hpp>
#include <taxon/system/process.hpp>

/// Definitions for perf.hpp, compiled once for all kinds of programs.
namespace taxon::app {

namespace detail {

/// A network bound for some rows of a sweep.
struct BoundForPerf {
    BoundModel model;
    double load_ms = 0;
    std::int64_t peak_bytes = 0;  ///< while it was loaded
};

/// Nothing if it was stopped before a run ended.
inline std::optional<Measurement> measured(const Family& family, const PerfOptions& options, const PerfSetting& setting,
                                           const RequestedModel& model, const PerfSubject& subject,
                                           const BoundForPerf& bound, Clock& clock, Console& console) {
    const ModelEntry& entry = model.entry();
    const AnyModel& network = *bound.model.network;
    system::reset_peak_memory();
    StreamSet streams(entry, setting.streams, setting.threads);
    const auto& threads = streams.threads();
    tell_threads(setting.threads, threads.wanted, threads.given, console, options.report.quiet);
    if (const int usable = cpu::usable_processors();
        !options.report.quiet && setting.streams > 1 && setting.streams * threads.given > usable)
        console.err << fmt::format("--streams {} of {}: this process may use {}, by affinity and cgroup quota\n",
                                   setting.streams, plural(threads.given, "thread"), usable);
    std::string name = fmt::format("{}_{}/{}/batch:{}/threads:{}", family.name, entry.variant, entry.precision,
                                   setting.batch, threads.given);
    if (setting.streams > 1) name += fmt::format("/streams:{}", setting.streams);
    if (!entry.size.empty()) name += fmt::format("/size:{}", entry.size);
    name += subject.name_suffix;
    if (options.end_to_end) name += "/end_to_end";
    if (options.rate) name += fmt::format("/rate:{:g}/{}", *options.rate, options.arrivals);
    Measurement m{.name = std::move(name),
                  .network =
                      fmt::format("{} {}{}{}", family.name, entry.variant, entry.size.empty() ? "" : " ", entry.size),
                  .precision = std::string(entry.precision),
                  .backend = fmt::format("{} {}, {}", entry.backend, entry.execution, network.isa()),
                  .description = description_of(family, entry, network.isa()),
                  .batch = setting.batch,
                  .sequence = std::max(subject.length, 0),
                  .threads = threads.given,
                  .streams = setting.streams,
                  .threads_from = threads.origin,
                  .isa = std::string(network.isa()),
                  .remarks = bound.model.remarks,
                  .latency = {},
                  .load_ms = bound.load_ms,
                  .parameters = entry.parameter_count,
                  .flops = flops_of(entry, subject.length),
                  .weights_bytes = entry.packed_bytes,
                  .arena_bytes = arena_bytes_of(entry.plan, setting.batch, threads.given)};
    const Nanoseconds start = clock.now();
    streams.add(subject, network, entry, setting.batch);
    streams.workloads().front()();
    m.first_ms = milliseconds(clock.now() - start);
    for (int i = 1; i < setting.streams; ++i) {
        streams.add(subject, network, entry, setting.batch);
        streams.workloads().back()();
    }
    warm_up(options, streams.workloads(), clock);
    // before the list of times, which is ours and not the network's, grows
    m.peak_bytes = std::max(bound.peak_bytes, system::process_use().peak_bytes);
    if (!measure(options, streams.workloads(), clock, m)) return std::nullopt;
    return m;
}

/// The settings of one precision, which one network serves.
struct PerfGroup {
    ModelOptions model;
    std::vector<PerfSetting> settings{};
};

/// Throws as RequestedModel does, before anything is measured. Of several precisions, those without integers are not
/// calibrated.
inline std::vector<PerfGroup> groups_of(const Family& family, const PerfOptions& options) {
    std::vector<PerfGroup> groups;
    for (auto& setting : settings_of(options)) {
        if (groups.empty() || groups.back().model.precision != setting.precision)
            groups.push_back({options.model}), groups.back().model.precision = setting.precision;
        groups.back().settings.push_back(std::move(setting));
    }
    const auto quantized = [&](const PerfGroup& group) {
        return choose(family, group.model.choice(family)).data_types.quantized();
    };
    if (groups.size() > 1 && std::any_of(groups.begin(), groups.end(), quantized))
        for (auto& group : groups)
            if (!quantized(group)) group.model.calibration = {};
    for (const auto& group : groups) {
        const RequestedModel model(family, group.model);
        for (const auto& setting : group.settings) model.require_batch(setting.batch);
    }
    return groups;
}

/// Adds the results of a group, as far as `progress` is not stopped.
inline void measure_group(const Family& family, const PerfOptions& options, const PerfGroup& group,
                          const PerfSubjectOf& subject_of, Console& console, Progress& progress,
                          std::vector<Measurement>& results) {
    SteadyClock clock;
    system::reset_peak_memory();
    const Nanoseconds start = clock.now();
    const RequestedModel model(family, group.model);
    const PerfSubject subject = subject_of(model, group.model);
    BoundForPerf bound{model.bind(0, subject.calibration, console, options.report.quiet)};
    bound.load_ms = milliseconds(clock.now() - start);
    bound.peak_bytes = system::process_use().peak_bytes;
    for (const auto& setting : group.settings) {
        if (StopSignals::requested()) return;
        if (auto result = measured(family, options, setting, model, subject, bound, clock, console))
            results.push_back(*std::move(result));
        progress.advance(1);
    }
}

}  // namespace detail

int run_perf(const Program& program, const PerfOptions& options, std::vector<NamedFile> inputs,
             const PerfSubjectOf& subject_of, Console& console) {
    inputs.push_back({"--weights", options.model.weights});
    inputs.push_back({"--compare", options.compare});
    require_outputs({options.report.file(), {"--times", options.times}}, inputs);
    const Json earlier = options.compare.empty() ? Json() : read_json(options.compare);  // refused before measuring
    std::vector<Measurement> results;
    const auto groups = detail::groups_of(program.family, options);
    std::size_t count = 0;
    for (const auto& group : groups) count += group.settings.size();
    Progress progress(console, options.report.quiet || count == 1, "rows", count);
    for (const auto& group : groups)
        if (!StopSignals::requested())
            detail::measure_group(program.family, options, group, subject_of, console, progress, results);
    const bool stopped = StopSignals::requested();
    if (results.empty()) throw Stopped("stopped before anything was measured");
    Json json = benchmark_json(results, program.executable);
    if (stopped) json["complete"] = false;
    std::string text = results.size() > 1 ? readable(std::span<const Measurement>(results))
                                          : readable(results.front()) + doubts(results);
    std::vector<BenchmarkComparison> comparisons;
    if (!options.compare.empty()) {
        comparisons = compare_all(json, earlier, options.compare);
        text += readable(comparisons, results.size());
    }
    if (stopped) text += fmt::format("\nstopped: {} of {} rows, the last one cut short\n", results.size(), count);
    if (options.explain) text += perf_explanation;
    if (!options.times.empty()) write_times(options.times, results.front().times);
    print_result(options.report, console, text, [&] { return json; });
    if (options.fail_above && !stopped) require_no_slower(comparisons, *options.fail_above, options.compare);
    return 0;
}

}  // namespace taxon::app
