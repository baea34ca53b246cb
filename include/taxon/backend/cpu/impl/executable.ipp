#pragma once
#include <algorithm>
#include <string>
#include <taxon/backend/cpu/arena.hpp>
#include <taxon/backend/cpu/denormals.hpp>
#include <taxon/backend/cpu/spmd_thread_pool.hpp>
#include <taxon/graph/token_ids.hpp>

namespace taxon::cpu {

TAXON_DECL Executable::Executable(GraphView graph, PlanView plan, Packed packed, KernelTable kernel_table,
                                  const Options& options)
    : graph_(graph), plan_(plan), packed_(std::move(packed)), kernels_(kernel_table), options_(options) {
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
    static void time(const Job&, int, int, const Work& work) {
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

    template <class Work>
    static void time(const Job& job, int thread, int step, const Work& work) {
        const auto begin = RunRecord::Clock::now();
        work();
        job.record->threads[detail::size(thread)].push_back(
            {static_cast<int>(job.sample), step, begin, RunRecord::Clock::now()});
    }
};

template <class Watch>
void Executable::Batch::run(int thread) const {
    const DenormalsAreZero guard;
    std::byte* arena = arenas + detail::size(thread) * network->arena_stride();
    for (std::size_t i = detail::size(thread); i < detail::size(count); i += detail::size(threads)) {
        const Job job{network, inputs, outputs, i, arena, length, valid.empty() ? 0 : valid[i], record};
        Watch::time(job, thread, RunRecord::input, [&] { network->load(job, 0, 1); });
        for (const Step& step : network->plan_.steps)
            Watch::time(job, thread, network->number(step), [&] { network->compute(step, job, 0, 1); });
        Watch::time(job, thread, RunRecord::output, [&] { network->finish(job); });
    }
}

TAXON_DECL int Executable::threads() const {
    const int there = options_.executor ? std::max(1, options_.executor->size()) : SpmdThreadPool::of_caller().size();
    return options_.threads > 0 ? std::min(options_.threads, there) : there;
}

TAXON_DECL PixelTarget Executable::input(Workspace& workspace) const {
    const View view = plan_.view(0);
    std::byte* memory = arena(workspace, 1, staging_bytes());
    if (staging_bytes() > 0) return {staging(memory), view.shape.width, 1, view.shape.pixels()};
    return {reinterpret_cast<float*>(prepare_input(0, memory)), view.row(), view.pitch, 1};
}

TAXON_DECL void Executable::run(std::span<const OutputNumbers> outputs, int length, Workspace& workspace) const {
    if (workspace.record()) run_picture<Watched>(outputs, length, workspace);
    else run_picture<Unwatched>(outputs, length, workspace);
}

template <class Watch>
void Executable::run_picture(std::span<const OutputNumbers> outputs, int length, Workspace& workspace) const {
    packed_.memory->check();
    std::byte* memory = arena(workspace, 1, staging_bytes());
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
    const int threads = this->threads(), whole = threads > 1 ? batch / threads * threads : 0;
    std::byte* arenas = arena(workspace, whole > 0 ? threads : 1);
    RunRecord::Run* record = Watch::start(workspace.record(), plan_.steps.size(), batch, length, whole, threads);
    if (whole > 0) {
        Batch work{this, inputs, outputs, whole, threads, arenas, length, valid, record};
        if (options_.executor)
            options_.executor->run(
                threads, [](void* context, int part) { static_cast<Batch*>(context)->run<Watch>(part); }, &work);
        else
            SpmdThreadPool::of_caller().run(
                threads,
                [](void* context, int part, int parts, Barrier&) {
                    for (const Batch& mine = *static_cast<Batch*>(context); part < mine.threads; part += parts)
                        mine.run<Watch>(part);
                },
                &work);
    }
    for (std::size_t i = detail::size(whole); i < detail::size(batch); ++i) {
        Job job{this, inputs, outputs, i, arenas, length, valid.empty() ? 0 : valid[i], record};
        split<Watch>(job);
    }
    Watch::finish(record);
}

TAXON_DECL void Executable::walk(int length, Workspace& workspace, const LayerVisitor& see) const {
    packed_.memory->check();
    std::byte* memory = arena(workspace, 1);
    std::vector<float> planes;
    for (const Step& step : plan_.steps) {
        if (step.geometry.kernel == Kernel::constant) continue;
        compute_alone(step, memory, length);
        Shape shape = plan_.slot(step.target).shape;
        if (shape.sequence) shape.width = rows(step, length);
        planes.resize(detail::size(shape.size()));
        read(step.target, memory, rows(step, length), planes.data());
        see({step.last, graph_.name(graph_.node(step.last)), shape, planes});
    }
}

TAXON_DECL void Executable::run_edited(std::span<float> output, int length, Workspace& workspace,
                                       const LayerEditor& edit) const {
    packed_.memory->check();
    std::byte* memory = arena(workspace, 1);
    for (const Step& step : plan_.steps) {
        if (step.geometry.kernel == Kernel::constant) continue;
        compute_alone(step, memory, length);
        const View view = plan_.view(step.target);
        if (view.element != Element::float32)
            throw Error(Fault::usage, {.place = "layer '" + std::string(graph_.name(graph_.node(step.last))) + "'",
                                       .found = "values of " + std::string(name_of(view.element)),
                                       .wanted = "floats, which can be edited"});
        auto* origin = reinterpret_cast<float*>(memory + plan_.offset(step.target));
        const int height = view.shape.sequence ? 1 : view.shape.height,
                  width = view.shape.sequence ? rows(step, length) : view.shape.width;
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x)
                edit(step.last, {origin + view.pixel(y, x), detail::size(view.shape.channels)});
    }
    float* to = output.data();
    for (const int slot : plan_.outputs) {
        read(slot, memory, length, to);
        to += plan_.slot(slot).shape.size_of(length);
    }
}

TAXON_DECL void Executable::load_input(std::span<const float> sample, int length, Workspace& workspace) const {
    std::vector<InputNumbers> inputs(graph_.inputs.size());
    find_end_to_end(graph_.inputs, sample.data(), length, inputs);
    check_token_ids(graph_, words(), inputs, 1, length);
    load({this, inputs, {}, 0, arena(workspace, 1), length}, 0, 1);
}

TAXON_DECL std::byte* Executable::arena(Workspace& workspace, int count, std::size_t more) const {
    return workspace.bytes(arena_stride() * detail::size(count) + more);
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
    const bool several = threads() > 1 && std::any_of(plan_.steps.begin(), plan_.steps.end(),
                                                      [](const Step& step) { return step.shared; });
    if (options_.executor) run_by_executor<Watch>(job);
    else if (several)
        SpmdThreadPool::of_caller().run(
            threads(),
            [](void* context, int part, int parts, Barrier& barrier) {
                run_part<Watch>(*static_cast<Job*>(context), part, parts, barrier);
            },
            &job);
    else {
        Barrier alone;
        run_part<Watch>(job, 0, 1, alone);
    }
    Watch::time(job, 0, RunRecord::output, [&] { finish(job); });
}

template <class Watch>
void Executable::run_part(const Job& job, int part, int parts, Barrier& barrier) {
    const DenormalsAreZero guard;
    const Executable& network = *job.network;
    bool together = !job.inputs.empty();
    Watch::time(job, part, RunRecord::input, [&] { network.load(job, part, parts); });
    for (const Step& step : network.plan_.steps) {
        if (parts > 1 && (together || step.shared)) barrier.wait();
        together = step.shared;
        const auto compute = [&](int share, int shares) {
            Watch::time(job, part, network.number(step), [&] { network.compute(step, job, share, shares); });
        };
        if (step.shared) compute(part, parts);
        else if (part == 0) compute(0, 1);
    }
}

template <class Watch>
void Executable::run_by_executor(Job& job) const {
    const DenormalsAreZero guard;
    job.parts = threads();
    Watch::time(job, 0, RunRecord::input, [&] { load(job, 0, 1); });
    for (const Step& step : plan_.steps) {
        job.step = &step;
        if (!step.shared) Watch::time(job, 0, number(step), [&] { compute(step, job, 0, 1); });
        else
            options_.executor->run(
                job.parts,
                [](void* context, int part) {
                    const DenormalsAreZero here;
                    const Job& mine = *static_cast<Job*>(context);
                    const Executable& network = *mine.network;
                    Watch::time(mine, part, network.number(*mine.step),
                                [&] { network.compute(*mine.step, mine, part, mine.parts); });
                },
                &job);
    }
}

TAXON_DECL std::byte* Executable::prepare_input(int input, std::byte* arena) const {
    std::byte* origin = arena + plan_.offset(input);
    clear_halo(origin, plan_.view(input), conversion(input));
    clear_padding(origin, plan_.view(input));
    return origin;
}

TAXON_DECL void Executable::load(const Job& job, int part, int parts) const {
    for (int input = 0; input < static_cast<int>(job.inputs.size()); ++input) {
        const View view = plan_.view(input);
        std::byte* origin = part == 0 ? prepare_input(input, job.arena) : job.arena + plan_.offset(input);
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

TAXON_DECL const std::byte* Executable::numbers_of(int slot, const std::byte* arena) const {
    if (slot == none) return arena;
    if (const int at = plan_.slot(slot).constant; at != none)
        return reinterpret_cast<const std::byte*>(packed_.biases.data() + at);
    return arena + plan_.offset(slot);
}

TAXON_DECL void Executable::compute(const Step& step, const Job& job, int part, int parts) const {
    const auto address_of = [&](int index) { return job.arena + (index == none ? 0 : plan_.offset(index)); };
    const TensorSlot& place = plan_.slot(step.target);
    if (step.clears && part == 0) {
        const Buffer& buffer = plan_.buffer(place);
        clear_halo(job.arena + buffer.at + static_cast<int>(size_of(buffer.view.element)) * buffer.origin(),
                   buffer.view, conversion(step.target));
    }
    std::byte* target = address_of(step.target);
    for (std::size_t i = 0; i < job.outputs.size(); ++i)
        if (buffers_of_rows_[i] == place.buffer)
            target = reinterpret_cast<std::byte*>(job.outputs[i].of(job.sample) + place.channel);
    const std::byte* const operand =
        step.geometry.kernel == Kernel::embedding ? packed_.more_words.data() : numbers_of(step.operand, job.arena);
    const KernelCall call = kernels_.calls[detail::size(number(step))];
    call(step.geometry, {.in = numbers_of(step.source, job.arena),
                         .weights = packed_.weights.data() + step.weights_at,
                         .bias = packed_.biases.data() + step.bias_at,
                         .operand = operand,
                         .out = target,
                         .sums = reinterpret_cast<float*>(address_of(step.sums)),
                         .scratch = reinterpret_cast<float*>(address_of(step.scratch)),
                         .in_quantization = conversion(step.source),
                         .operand_quantization = conversion(step.operand == none ? step.target : step.operand),
                         .out_quantization = conversion(step.target),
                         .length = rows(step, job.length),
                         .part = part,
                         .parts = parts,
                         .third = numbers_of(step.third, job.arena),
                         .fourth = numbers_of(step.fourth, job.arena),
                         .nest = step.nest == none ? nullptr : &nests_[detail::size(step.nest)],
                         .valid = job.valid > 0 ? job.valid : job.length});
}

TAXON_DECL void Executable::compute_alone(const Step& step, std::byte* arena, int length) const {
    const DenormalsAreZero guard;
    compute(step, {this, {}, {}, 0, arena, length}, 0, 1);
}

TAXON_DECL void Executable::finish(const Job& job) const {
    for (std::size_t i = 0; i < job.outputs.size(); ++i)
        if (buffers_of_rows_[i] == none) read(plan_.outputs[i], job.arena, job.length, job.outputs[i].of(job.sample));
}

TAXON_DECL void Executable::read(int index, std::byte* arena, int length, float* to) const {
    copy_out(numbers_of(index, arena), plan_.view(index), conversion(index), length, to);
}

}  // namespace taxon::cpu
