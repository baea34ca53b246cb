#pragma once
#include <algorithm>
#include <bit>
#include <chrono>
#include <limits>
#include <string>
#include <taxon/backend/cpu/arena.hpp>
#include <taxon/backend/cpu/denormals.hpp>
#include <taxon/backend/cpu/spmd_thread_pool.hpp>
#include <taxon/backend/cpu/team_choice.hpp>
#include <taxon/graph/token_ids.hpp>

namespace taxon::cpu {

/// True if the tokens after a text's valid ones reach no output, as far as a plan's kernels say.
inline bool drops_padding(PlanView plan) {
    for (const int output : plan.outputs)
        if (plan.slot(output).shape.sequence) return false;
    return std::all_of(plan.steps.begin(), plan.steps.end(), [&](const Step& step) {
        if (!plan.slot(step.source).shape.sequence || plan.slot(step.target).shape.sequence) return true;
        return step.geometry.kernel == Kernel::copy || step.geometry.kernel == Kernel::mean_tokens;
    });
}

TAXON_DECL Executable::Executable(GraphView graph, PlanView plan, Packed packed, KernelTable kernel_table,
                                  const Options& options)
    : graph_(graph), plan_(plan), packed_(std::move(packed)), kernels_(kernel_table), options_(options),
      choices_(new TeamChoice[length_classes]), micro_batch_(micro_batch_of(plan)),
      drops_padding_(drops_padding(plan)) {
    if (kernels_.isa != Isa::amx) micro_batch_.tokens = std::min(micro_batch_.tokens, MicroBatch::enough_tokens);
    for (const int parts : {2, 4, 8, 16, 32, std::numeric_limits<int>::max()})
        supersteps_.push_back(supersteps_of(plan_, parts, kernels_.isa == Isa::amx));
    for (const int output : plan_.outputs) buffers_of_rows_.push_back(buffer_of_rows(output));
    nests_.assign(graph_.nests.begin(), graph_.nests.end());
    for (const Step& step : plan_.steps)
        if (may_collapse(step.geometry.kernel))
            nests_[detail::size(step.nest)] = collapsed(graph_.nests[detail::size(step.nest)]);
}

struct Executable::Unwatched {
    static RunRecord::Run* start(RunRecord*, std::size_t, int, int, int, int) { return nullptr; }
    static void finish(RunRecord::Run*) {}

    template <class Work>
    static void time(Jobs, int, int, const Work& work) {
        work();
    }
};

struct Executable::Watched {
    static RunRecord::Run* start(RunRecord* record, std::size_t steps, int batch, int length, int whole, int threads) {
        RunRecord::Run& run = record->runs.emplace_back();
        run.batch = batch, run.length = length, run.whole = whole;
        run.threads.resize(detail::size(threads));
        for (auto& intervals : run.threads)
            intervals.reserve((steps + 2) * detail::size(whole / threads + batch - whole));
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
void Executable::run_micro_batch(Jobs jobs, int thread) const {
    const auto alone = [&](const Job& job, std::size_t first, std::size_t last) {
        for (const Step& step : plan_.steps.subspan(first, last - first))
            Watch::time(Jobs(&job, 1), thread, number(step), [&] { compute(step, job, 0, 1); });
    };
    const MicroBatch* among = jobs.front().among;
    const std::size_t steps = plan_.steps.size(), first = among ? detail::size(among->first) : steps,
                      last = among ? detail::size(among->last) : steps;
    for (const Job& job : jobs) {
        Watch::time(Jobs(&job, 1), thread, RunRecord::input, [&] { load(job, 0, 1); });
        alone(job, 0, first);
    }
    for (const Step& step : plan_.steps.subspan(first, last - first))
        Watch::time(jobs, thread, number(step), [&] { compute_together(step, jobs); });
    for (const Job& job : jobs) {
        alone(job, last, steps);
        Watch::time(Jobs(&job, 1), thread, RunRecord::output, [&] { finish(job); });
    }
}

TAXON_DECL bool Executable::takes_any_tokens(const Step& step, const MicroBatch& among) const {
    const Kernel kernel = step.geometry.kernel;
    if (kernel != Kernel::convolution && kernel != Kernel::layer_norm && kernel != Kernel::add &&
        kernel != Kernel::activation && kernel != Kernel::affine)
        return false;
    const auto lies = [&](int slot) { return among.places[detail::size(plan_.slot(slot).buffer)].by_token; };
    for (const int slot : {step.source, step.operand, step.target})
        if (slot != none && (!plan_.slot(slot).shape.sequence || lies(slot) != lies(step.target))) return false;
    return true;
}

TAXON_DECL void Executable::compute_together(const Step& step, Jobs jobs) const {
    const Job& first = jobs.front();
    if (jobs.size() == 1) return compute(step, first, 0, 1);
    const KernelCall call = kernels_.calls[detail::size(number(step))];
    if (takes_any_tokens(step, *first.among)) {
        Operands all = operands(step, first, 0, 1);
        all.length = 0;
        for (const Job& job : jobs) all.length += rows(step, job.length);
        return call(step.geometry, all);
    }
    const bool takes = detail::takes_samples(step.geometry) &&
                       (kernels_.isa != Isa::portable || step.geometry.kernel == Kernel::product);
    const std::size_t most =
        takes ? detail::size(detail::samples_at_once(step.geometry, static_cast<int>(jobs.size()))) : 1;
    for (; !jobs.empty(); jobs = jobs.subspan(std::min(most, jobs.size()))) {
        const std::size_t samples = std::min(most, jobs.size());
        if (samples == 1) {
            compute(step, jobs.front(), 0, 1);
            continue;
        }
        for (const Job& job : jobs.first(samples)) clear_halo_of(step, job);
        Operands these = operands(step, jobs[0], 0, 1);
        const Operands next = operands(step, jobs[1], 0, 1);
        these.samples = static_cast<int>(samples);
        these.in_step = next.in - these.in, these.out_step = next.out - these.out;
        these.operand_step = next.operand - these.operand;
        call(step.geometry, these);
    }
}

TAXON_DECL int Executable::threads() const {
    const int there = options_.executor ? std::max(1, options_.executor->size()) : SpmdThreadPool::of_caller().size();
    return options_.threads > 0 ? std::min(options_.threads, there) : there;
}

TAXON_DECL PixelTarget Executable::input(Workspace& workspace) const {
    const View view = plan_.view(0);
    std::byte* memory = arena(workspace, staging_bytes());
    if (staging_bytes() > 0) return {staging(memory), view.shape.width, 1, view.shape.pixels()};
    const Job job{this, {}, {}, 0, memory, view.shape.width};
    return {reinterpret_cast<float*>(prepare_input(0, job)), view.row(), view.pitch, 1};
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
    RunRecord::Run* record = Watch::start(workspace.record(), plan_.steps.size(), 1, length, 0, threads());
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
    check_token_ids(graph_, words(), inputs, batch, length);
    const int threads = this->threads(), each = batch > 1 ? batch / threads : 0, whole = each * threads,
              most = micro_batch_.at_a_time(each);
    const MicroBatch* among = most > 1 ? &micro_batch_ : nullptr;
    const std::size_t bytes =
        std::max(arena_stride(), among ? static_cast<std::size_t>(among->arena_bytes(most)) + arena_gap : 0);
    std::byte* arenas = workspace.bytes(bytes * detail::size(whole > 0 ? threads : 1));
    RunRecord::Run* record = Watch::start(workspace.record(), plan_.steps.size(), batch, length, whole, threads);
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

TAXON_DECL void Executable::walk(int length, Workspace& workspace, const LayerVisitor& see) const {
    packed_.memory->check();
    const Job job{this, {}, {}, 0, arena(workspace), length};
    std::vector<float> planes;
    for (const Step& step : plan_.steps) {
        if (step.geometry.kernel == Kernel::constant) continue;
        compute_alone(step, job.arena, length);
        Shape shape = plan_.slot(step.target).shape;
        if (shape.sequence) shape.width = rows(step, length);
        planes.resize(detail::size(shape.size()));
        Job of_rows = job;
        of_rows.length = rows(step, length);
        read(step.target, of_rows, planes.data());
        see({step.last, graph_.name(graph_.node(step.last)), shape, planes});
    }
}

TAXON_DECL void Executable::run_edited(std::span<float> output, int length, Workspace& workspace,
                                       const LayerEditor& edit) const {
    packed_.memory->check();
    const Job job{this, {}, {}, 0, arena(workspace), length};
    for (const Step& step : plan_.steps) {
        if (step.geometry.kernel == Kernel::constant) continue;
        compute_alone(step, job.arena, length);
        const View view = plan_.view(step.target);
        if (view.element != Element::float32)
            throw Error(Fault::usage, {.place = "layer '" + std::string(graph_.name(graph_.node(step.last))) + "'",
                                       .found = "values of " + std::string(name_of(view.element)),
                                       .wanted = "floats, which can be edited"});
        auto* origin = reinterpret_cast<float*>(address(step.target, job));
        const int height = view.shape.sequence ? 1 : view.shape.height,
                  width = view.shape.sequence ? rows(step, length) : view.shape.width;
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x)
                edit(step.last, {origin + view.pixel(y, x), detail::size(view.shape.channels)});
    }
    float* to = output.data();
    for (const int slot : plan_.outputs) {
        read(slot, job, to);
        to += plan_.slot(slot).shape.size_of(length);
    }
}

TAXON_DECL void Executable::load_input(std::span<const float> sample, int length, Workspace& workspace) const {
    std::vector<InputNumbers> inputs(graph_.inputs.size());
    find_end_to_end(graph_.inputs, sample.data(), length, inputs);
    check_token_ids(graph_, words(), inputs, 1, length);
    load({this, inputs, {}, 0, arena(workspace), length}, 0, 1);
}

TAXON_DECL std::byte* Executable::arena(Workspace& workspace, std::size_t more) const {
    return workspace.bytes(arena_stride() + more);
}

TAXON_DECL std::size_t Executable::staging_bytes() const {
    const View view = plan_.view(0);
    return view.element == Element::float32 ? 0 : sizeof(float) * detail::size(view.shape.size());
}

TAXON_DECL float* Executable::staging(std::byte* arena) const {
    return reinterpret_cast<float*>(arena + arena_stride());
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
                          int member) { run_alone<Watch>(*static_cast<const Job*>(context), superstep, member); }};
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
    for (int i = superstep.first; i < superstep.last; ++i)
        Watch::time(Jobs(&job, 1), share.member, i,
                    [&] { network.compute(network.plan_.steps[detail::size(i)], job, share.part, share.parts); });
}

template <class Watch>
void Executable::run_alone(const Job& job, int superstep, int member) {
    const Executable& network = *job.network;
    const int number = superstep + job.skipped;
    if (number == 0 || number > static_cast<int>(job.supersteps->size())) return;
    const DenormalsAreZero guard;
    const Superstep& mine = (*job.supersteps)[detail::size(number - 1)];
    for (int i = mine.alone; i < mine.first; ++i)
        Watch::time(Jobs(&job, 1), member, i,
                    [&] { network.compute(network.plan_.steps[detail::size(i)], job, 0, 1); });
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

TAXON_DECL std::byte* Executable::prepare_input(int input, const Job& job) const {
    View view = plan_.view(input);
    if (view.shape.sequence) view.shape.width = job.length;
    std::byte* origin = address(input, job);
    clear_halo(origin, view, conversion(input));
    clear_padding(origin, view);
    return origin;
}

TAXON_DECL void Executable::load(const Job& job, int part, int parts) const {
    for (int input = 0; input < static_cast<int>(job.inputs.size()); ++input) {
        const View view = plan_.view(input);
        std::byte* origin = part == 0 ? prepare_input(input, job) : address(input, job);
        const int rows = view.shape.sequence ? job.length : view.shape.height;
        kernels_.load_input(job.inputs[detail::size(input)].of(job.sample), origin, view, conversion(input),
                            rows * part / parts, rows * (part + 1) / parts);
    }
}

TAXON_DECL int Executable::words() const {
    for (const Step& step : plan_.steps)
        if (step.geometry.kernel == Kernel::embedding)
            return step.geometry.words +
                   static_cast<int>(packed_.more_words.size() / embedding_row_bytes(step.geometry));
    return 0;
}

TAXON_DECL int Executable::buffer_of_rows(int output) const {
    const TensorSlot& slot = plan_.slot(output);
    const auto in_it = [&](int other) { return other != none && plan_.slot(other).buffer == slot.buffer; };
    const bool alone = std::count_if(plan_.outputs.begin(), plan_.outputs.end(), in_it) == 1 &&
                       plan_.buffer(slot).view.shape.size() == slot.shape.size() &&
                       std::none_of(plan_.steps.begin(), plan_.steps.end(), [&](const Step& step) {
                           return in_it(step.source) || in_it(step.operand) || in_it(step.third) || in_it(step.fourth);
                       });
    return slot.shape.table && plan_.buffer(slot).view.shape.table && alone ? slot.buffer : none;
}

TAXON_DECL std::byte* Executable::address(int slot, const Job& job) const {
    const std::ptrdiff_t offset = plan_.offset(slot);
    if (!job.among) return job.arena + offset;
    const auto buffer = detail::size(plan_.slot(slot).buffer);
    const MicroBatch::Place& place = job.among->places[buffer];
    const std::ptrdiff_t before = place.by_token ? job.tokens_before : job.number;
    return job.arena + offset - plan_.buffers[buffer].at + place.at + before * place.stride;
}

TAXON_DECL const std::byte* Executable::numbers_of(int slot, const Job& job) const {
    if (slot == none) return job.arena;
    if (const int at = plan_.slot(slot).constant; at != none)
        return reinterpret_cast<const std::byte*>(packed_.biases.data() + at);
    return address(slot, job);
}

TAXON_DECL void Executable::clear_halo_of(const Step& step, const Job& job) const {
    if (!step.clears) return;
    const TensorSlot& place = plan_.slot(step.target);
    const View& view = plan_.buffer(place).view;
    clear_halo(address(step.target, job) - size_of(view.element) * detail::size(place.channel), view,
               conversion(step.target));
}

TAXON_DECL Operands Executable::operands(const Step& step, const Job& job, int part, int parts) const {
    const auto floats = [&](int slot) {
        return reinterpret_cast<float*>(slot == none ? job.arena : address(slot, job));
    };
    const TensorSlot& place = plan_.slot(step.target);
    std::byte* target = address(step.target, job);
    for (std::size_t i = 0; i < job.outputs.size(); ++i)
        if (buffers_of_rows_[i] == place.buffer)
            target = reinterpret_cast<std::byte*>(job.outputs[i].of(job.sample) + place.channel);
    return {.in = numbers_of(step.source, job),
            .weights = packed_.weights.data() + step.weights_at,
            .bias = packed_.biases.data() + step.bias_at,
            .operand =
                step.geometry.kernel == Kernel::embedding ? packed_.more_words.data() : numbers_of(step.operand, job),
            .out = target,
            .sums = floats(step.sums),
            .scratch = floats(step.scratch),
            .in_quantization = conversion(step.source),
            .operand_quantization = conversion(step.operand == none ? step.target : step.operand),
            .out_quantization = conversion(step.target),
            .length = rows(step, job.length),
            .part = part,
            .parts = parts,
            .third = numbers_of(step.third, job),
            .fourth = numbers_of(step.fourth, job),
            .nest = step.nest == none ? nullptr : &nests_[detail::size(step.nest)],
            .valid = job.valid > 0 ? job.valid : job.length};
}

TAXON_DECL void Executable::compute(const Step& step, const Job& job, int part, int parts) const {
    if (part == 0) clear_halo_of(step, job);
    kernels_.calls[detail::size(number(step))](step.geometry, operands(step, job, part, parts));
}

TAXON_DECL void Executable::compute_alone(const Step& step, std::byte* arena, int length) const {
    const DenormalsAreZero guard;
    compute(step, {this, {}, {}, 0, arena, length}, 0, 1);
}

TAXON_DECL void Executable::finish(const Job& job) const {
    for (std::size_t i = 0; i < job.outputs.size(); ++i)
        if (buffers_of_rows_[i] == none) read(plan_.outputs[i], job, job.outputs[i].of(job.sample));
}

TAXON_DECL void Executable::read(int index, const Job& job, float* to) const {
    copy_out(numbers_of(index, job), plan_.view(index), conversion(index), job.length, to);
}

}  // namespace taxon::cpu
