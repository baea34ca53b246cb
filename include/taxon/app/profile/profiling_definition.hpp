#pragma once
#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <taxon/app/accuracy/report.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/thread_notes.hpp>
#include <taxon/app/console/worker_pool.hpp>
#include <taxon/app/model/description.hpp>
#include <taxon/app/model/generated_sample.hpp>
#include <taxon/app/model/identity.hpp>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/app/profile/page.hpp>
#include <taxon/app/profile/profile_json.hpp>
#include <taxon/app/profile/profile_text.hpp>
#include <taxon/app/profile/profile_trace.hpp>
#include <taxon/app/profile/profiling.hpp>
#include <taxon/backend/cpu/processors.hpp>
#include <taxon/backend/cpu/spmd_thread_pool.hpp>
#include <taxon/plan/micro_batch.hpp>

/// Definitions for profiling.hpp, compiled once for all kinds of programs.
namespace taxon::app {

namespace detail {

struct ProfiledThreads {
    int wanted, given;
    std::string origin;
};

/// Starts the threads of a run, all of which can run at once.
inline ProfiledThreads profiled_threads(std::optional<int> asked) {
    const int usable = cpu::usable_processors(), wanted = std::min(asked.value_or(usable), usable);
    cpu::SpmdThreadPool& pool = cpu::SpmdThreadPool::of_process();
    pool.run(wanted, {.part = [](void*, const cpu::Share&) {}});
    if (wanted > 1 && pool.size() < wanted) return {wanted, pool.size(), "as many as the system gives"};
    return {wanted, wanted, asked == wanted ? "as asked" : "as affinity and quota allow"};
}

/// Generated samples, for precisions that are not calibrated.
inline CalibrationInputs generated_for_accuracy(const AnyModel&, const ModelEntry& entry) {
    constexpr std::size_t count = 8;
    const std::size_t size = sample_size(entry, entry.input.width);
    return {count, [all = generated_samples("", entry, count, entry.input.width), size](std::size_t i,
                                                                                        std::vector<float>& to) {
                const auto first = all.begin() + static_cast<std::ptrdiff_t>(i * size);
                to.assign(first, first + static_cast<std::ptrdiff_t>(size));
            }};
}

/// The step's layer of an accuracy; null if there is none.
inline const LayerAccuracy* accuracy_of_step(const std::optional<Accuracy>& accuracy, PlanView plan, int step) {
    if (!accuracy || step == none) return nullptr;
    const int last = plan.steps[static_cast<std::size_t>(step)].last;
    for (const LayerAccuracy& layer : accuracy->layers)
        if (layer.last == last) return &layer;
    return nullptr;
}

}  // namespace detail

CLI::App* Profiling::add(CLI::App& program, const Family& family) {
    auto* verb = add_profile(program, family, options, noun(), timed());
    add_inputs(*verb, family);
    return verb;
}

int Profiling::run(const Program& program, Console& console) const {
    std::vector<NamedFile> files = inputs();
    files.push_back({"--weights", options.model.weights});
    require_outputs(options.outputs(), files);
    check_inputs();
    const RequestedModel model(program.family, options.model);
    const ModelEntry& entry = model.entry();
    if (entry.plan.steps.empty())
        throw Error(Fault::usage, {.place = "profile",
                                   .found = "--backend " + std::string(entry.backend) + ", which has no plan",
                                   .wanted = "--backend cpu"});
    model.require_batch(options.batch);
    const Work what = work(model);
    const auto [wanted, threads, threads_from] = detail::profiled_threads(options.threads);
    tell_threads(options.threads, wanted, threads, console, options.report.quiet);
    const auto bound = model.bind(threads, what.calibration, console, options.report.quiet);

    std::optional<Accuracy> accuracy;
    if (options.accuracy)
        accuracy = accuracy_of(program.family, entry, options.model,
                               entry.data_types.quantized() ? what.calibration
                                                            : CalibrationSource(detail::generated_for_accuracy),
                               console, options.report.quiet);

    WatchedNetwork network(*bound.network);
    WorkerPool workers(threads);
    const int length = what.length == none ? entry.input.width : what.length;
    const Workload workload =
        what.end_to_end ? what.end_to_end(network, entry, workers)
                        : from_samples(network, entry, options.batch,
                                       generated_samples("", entry, static_cast<std::size_t>(options.batch), length));
    const Passes passes = measure_passes(network, workload, options.limits, [] {
        return std::chrono::duration<double>(WatchedNetwork::Clock::now().time_since_epoch()).count();
    });

    // a graph of a fixed number of tokens knows of no other
    const int tokens = !entry.input.sequence ? 0
                       : entry.sentence      ? length
                                             : mean_length(passes),
              runs = entry.sentence ? (options.batch - 1) / entry.sentence->texts + 1 : options.batch;
    Profile profile{.description = description_of(program.family, entry, network.isa()),
                    .threads_from = threads_from,
                    .batch = options.batch,
                    .threads = threads,
                    .length = tokens,
                    .end_to_end = options.end_to_end,
                    .machine =
                        measured_machine(cpu::parse_isa(network.isa(), entry.data_types), threads, entry.data_types),
                    .flops = static_cast<double>(flops_of(entry, entry.input.sequence ? tokens : none)),
                    .weights_bytes = static_cast<double>(entry.packed_bytes),
                    .arena_bytes = static_cast<double>(arena_bytes_of(entry.plan, options.batch, threads)),
                    .data_types = entry.data_types};
    Stages stages = what.stages;
    stages.workers = std::min(workers.size(), options.batch);
    add_times(profile,
              step_facts(entry.graph, entry.plan, profile.machine, runs,
                         entry.input.sequence ? profile.length : entry.input.width),
              passes, stages);
    std::map<int, double> milliseconds;
    for (const ProfileRow& row : profile.rows)
        if (const auto* layer = detail::accuracy_of_step(accuracy, entry.plan, row.step))
            milliseconds[layer->last] = 1e3 * row.seconds;
    const auto as_json = [&] {
        Json json = profile_json(profile, identity_json(program.family, entry), entry.plan);
        for (std::size_t i = 0; i < profile.rows.size(); ++i)
            if (const auto* layer = detail::accuracy_of_step(accuracy, entry.plan, profile.rows[i].step))
                json["rows"][i]["accuracy"] = json_of(*layer);
        if (accuracy) json["accuracy"] = json_of(*accuracy);
        return json;
    };
    print_result(options.report, console,
                 profile_text(profile, entry.plan, {options.views.begin(), options.views.end()}, options.top) +
                     (accuracy ? "\n" + readable(*accuracy, milliseconds) : ""),
                 as_json);
    if (!options.trace.empty())
        write_file(options.trace, trace_of(passes, stages, entry.graph, entry.plan, profile.description));
    if (!options.stacks.empty()) write_file(options.stacks, stacks_of(profile));
    if (!options.html.empty()) write_file(options.html, profile_page(as_json()));
    return 0;
}

}  // namespace taxon::app
