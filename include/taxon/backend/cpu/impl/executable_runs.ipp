#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <taxon/backend/cpu/denormals.hpp>
#include <taxon/backend/cpu/impl/executable_chains.ipp>
#include <taxon/backend/cpu/spmd_thread_pool.hpp>
#include <taxon/backend/cpu/team_choice.hpp>
#include <taxon/graph/indices.hpp>

// How samples are run: on one thread a few at a time, or on several that share each of them.
namespace taxon::cpu {

struct Executable::Unwatched {
    static RunRecord::Run* start(RunRecord*, std::size_t, int, int, int, int) { return nullptr; }
    static void finish(RunRecord::Run*) {}

    template <class Work>
    static void time(Jobs, int, int, const Work& work) {
        work();
    }
};

struct Executable::Watched {
    static RunRecord::Run* start(RunRecord* record, std::size_t each, int batch, int length, int whole, int threads) {
        RunRecord::Run& run = record->runs.emplace_back();
        run.batch = batch, run.length = length, run.whole = whole;
        run.threads.resize(detail::size(threads));
        for (auto& intervals : run.threads) intervals.reserve(each * detail::size(whole / threads + batch - whole));
        run.begin = RunRecord::Clock::now();
        return &run;
    }
    static void finish(RunRecord::Run* run) { run->end = RunRecord::Clock::now(); }

    /// Samples that share a step have equal parts of its time.
    template <class Work>
    static void time(Jobs jobs, int thread, int step, const Work& work) {
        auto begin = RunRecord::Clock::now();
        work();
        const auto each = (RunRecord::Clock::now() - begin) / static_cast<int>(jobs.size());
        for (const Job& job : jobs) {
            job.record->threads[detail::size(thread)].push_back(
                {static_cast<int>(job.sample), step, begin, begin + each});
            begin += each;
        }
    }
};

TAXON_DECL std::size_t Executable::intervals_of_sample() const {
    std::size_t count = plan_.steps.size() + 2;
    for (const StepChain& chain : chains_)
        count += detail::size((chain.last - chain.first) *
                              plan_.view(plan_.steps[detail::size(chain.last - 1)].target).shape.height / chain.band);
    return count;
}

template <class Watch>
void Executable::Batch::run(int thread, int member) const {
    const DenormalsAreZero guard;
    std::array<Job, MicroBatch::most_samples> jobs;
    std::size_t i = detail::size(thread);
    while (i < detail::size(count)) {
        int samples = 0, tokens = 0;
        for (; i < detail::size(count); i += detail::size(threads)) {
            const int own = network->length_of(i, length, valid);
            if (samples == most || (samples > 0 && among->tokens > 0 && tokens + own > among->tokens)) break;
            jobs[detail::size(samples)] = {.network = network,
                                           .inputs = inputs,
                                           .outputs = outputs,
                                           .sample = i,
                                           .arena = arenas + detail::size(thread) * arena_stride,
                                           .length = own,
                                           .valid = valid.empty() ? 0 : valid[i],
                                           .record = record,
                                           .among = among,
                                           .number = samples,
                                           .tokens_before = tokens};
            ++samples, tokens += own;
        }
        network->run_micro_batch<Watch>(Jobs(jobs).first(detail::size(samples)), member);
    }
}

template <class Watch>
void Executable::run_all(const Job& job) {
    const DenormalsAreZero guard;
    const Executable& network = *job.network;
    if (job.skipped == 0) Watch::time(Jobs(&job, 1), 0, RunRecord::input, [&] { network.load(job, 0, 1); });
    network.compute_all<Watch>(0, static_cast<int>(network.plan_.steps.size()), job, {0, 0, 1, 0});
}

template <class Watch>
void Executable::run_micro_batch(Jobs jobs, int thread) const {
    const Share whole{0, 0, 1, thread};
    const MicroBatch* among = jobs.front().among;
    const int steps = static_cast<int>(plan_.steps.size()), first = among ? among->first : steps,
              last = among ? among->last : steps;
    for (const Job& job : jobs) {
        Watch::time(Jobs(&job, 1), thread, RunRecord::input, [&] { load(job, 0, 1); });
        compute_all<Watch>(0, first, job, whole);
    }
    for (const Step& step : plan_.steps.subspan(detail::size(first), detail::size(last - first)))
        Watch::time(jobs, thread, number(step), [&] { compute_together(step, jobs); });
    for (const Job& job : jobs) {
        compute_all<Watch>(last, steps, job, whole);
        Watch::time(Jobs(&job, 1), thread, RunRecord::output, [&] { finish(job); });
    }
}

TAXON_DECL void Executable::run(std::span<const OutputNumbers> outputs, int length, Workspace& workspace) const {
    if (workspace.record()) run_picture<Watched>(outputs, length, workspace);
    else run_picture<Unwatched>(outputs, length, workspace);
}

template <class Watch>
void Executable::run_picture(std::span<const OutputNumbers> outputs, int length, Workspace& workspace) const {
    packed_.memory->check();
    std::byte* memory = arena(workspace, staging_bytes());
    const InputNumbers staged{staging(memory)};
    const std::span inputs(&staged, staging_bytes() > 0 ? 1 : 0);
    RunRecord::Run* record = Watch::start(workspace.record(), intervals_of_sample(), 1, length, 0, threads());
    Job job{this, inputs, outputs, 0, memory, length, 0, record};
    split<Watch>(job);
    Watch::finish(record);
}

TAXON_DECL void Executable::run(std::span<const InputNumbers> inputs, std::span<const OutputNumbers> outputs, int batch,
                                int length, Workspace& workspace, std::span<const int> valid) const {
    if (workspace.record()) run_batch<Watched>(inputs, outputs, batch, length, workspace, valid);
    else run_batch<Unwatched>(inputs, outputs, batch, length, workspace, valid);
}

template <class Watch>
void Executable::run_batch(std::span<const InputNumbers> inputs, std::span<const OutputNumbers> outputs, int batch,
                           int length, Workspace& workspace, std::span<const int> valid) const {
    packed_.memory->check();
    check_indices(graph_, words(), inputs, batch, length);
    const int threads = this->threads(), each = batch > 1 ? batch / threads : 0, whole = each * threads,
              most = micro_batch_.at_a_time(each);
    const MicroBatch* among = most > 1 ? &micro_batch_ : nullptr;
    const std::size_t bytes =
        std::max(arena_stride(), among ? static_cast<std::size_t>(among->arena_bytes(most)) + arena_gap : 0);
    std::byte* arenas = workspace.bytes(bytes * detail::size(whole > 0 ? threads : 1));
    RunRecord::Run* record = Watch::start(workspace.record(), intervals_of_sample(), batch, length, whole, threads);
    if (whole > 0) {
        Batch work{this, inputs, outputs, whole, threads, arenas, bytes, among, most, length, valid, record};
        if (options_.executor)
            options_.executor->run(
                threads, [](void* context, int part) { static_cast<Batch*>(context)->run<Watch>(part, part); }, &work);
        else
            SpmdThreadPool::of_caller().run(threads, {.part =
                                                          [](void* context, const Share& share) {
                                                              const Batch& mine = *static_cast<Batch*>(context);
                                                              for (int part = share.part; part < mine.threads;
                                                                   part += share.parts)
                                                                  mine.run<Watch>(part, share.member);
                                                          },
                                                      .context = &work});
    }
    for (std::size_t i = detail::size(whole); i < detail::size(batch); ++i) {
        Job job{this, inputs, outputs, i, arenas, length_of(i, length, valid), valid.empty() ? 0 : valid[i], record};
        split<Watch>(job);
    }
    Watch::finish(record);
}

template <class Watch>
void Executable::split(Job& job) const {
    const int most = threads();
    const auto fitting = static_cast<std::size_t>(std::bit_width(static_cast<unsigned>(std::max(most, 2) - 1))) - 1;
    job.supersteps = &supersteps_[std::min(fitting, supersteps_.size() - 1)];
    job.skipped = job.inputs.empty() ? 1 : 0;
    const int shared = shared_count(*job.supersteps);
    if (job.skipped > 0) Watch::time(Jobs(&job, 1), 0, RunRecord::input, [] {});
    if (options_.executor) run_by_executor<Watch>(job);
    else {
        const Supersteps work{
            .part = [](void* context,
                       const Share& share) { run_shared<Watch>(*static_cast<const Job*>(context), share); },
            .context = &job,
            .count = 1 + shared - job.skipped,
            .between = [](void* context, int superstep,
                          int member) { run_alone<Watch>(*static_cast<const Job*>(context), superstep, member); },
            .all = [](void* context) { run_all<Watch>(*static_cast<const Job*>(context)); }};
        if (most == 1 || shared == 0) SpmdThreadPool::alone(work);
        else if (job.record) SpmdThreadPool::of_caller().run(most, work);
        else run_on_team(work, most, job.length);
    }
    Watch::time(Jobs(&job, 1), 0, RunRecord::output, [&] { finish(job); });
}

TAXON_DECL void Executable::run_on_team(const Supersteps& work, int most, int length) const {
    using Clock = std::chrono::steady_clock;
    const int units = std::max(length, 1),
              length_class = static_cast<int>(std::bit_width(static_cast<unsigned>(units)));
    TeamChoice& choice = choices_[std::min(length_class, length_classes - 1)];
    const int threads = choice.next(most);
    const auto start = Clock::now();
    const int there = threads > 1 ? SpmdThreadPool::of_caller().run(threads, work) : SpmdThreadPool::alone(work);
    choice.note(there, std::chrono::duration<double>(Clock::now() - start).count() / units);
}

template <class Watch>
void Executable::run_shared(const Job& job, const Share& share) {
    const DenormalsAreZero guard;
    const Executable& network = *job.network;
    const int number = share.superstep + job.skipped;
    if (number == 0)
        return Watch::time(Jobs(&job, 1), share.member, RunRecord::input,
                           [&] { network.load(job, share.part, share.parts); });
    const Superstep& superstep = (*job.supersteps)[detail::size(number - 1)];
    network.compute_all<Watch>(superstep.first, superstep.last, job, share);
}

template <class Watch>
void Executable::run_alone(const Job& job, int superstep, int member) {
    const Executable& network = *job.network;
    const int number = superstep + job.skipped;
    if (number == 0 || number > static_cast<int>(job.supersteps->size())) return;
    const DenormalsAreZero guard;
    const Superstep& mine = (*job.supersteps)[detail::size(number - 1)];
    network.compute_all<Watch>(mine.alone, mine.first, job, {superstep, 0, 1, member});
}

template <class Watch>
void Executable::run_by_executor(Job& job) const {
    job.parts = threads();
    const int count = 1 + shared_count(*job.supersteps) - job.skipped;
    for (job.superstep = 0; job.superstep <= count; ++job.superstep) {
        run_alone<Watch>(job, job.superstep, 0);
        if (job.superstep + job.skipped == 0) run_shared<Watch>(job, {0, 0, 1, 0});
        else if (job.superstep < count)
            options_.executor->run(
                job.parts,
                [](void* context, int part) {
                    const Job& mine = *static_cast<const Job*>(context);
                    run_shared<Watch>(mine, {mine.superstep, part, mine.parts, part});
                },
                &job);
    }
}

}  // namespace taxon::cpu
