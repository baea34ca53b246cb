#pragma once
#include <algorithm>
#include <chrono>
#include <limits>
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
}

TAXON_DECL void Executable::Batch::run(int thread) const {
    const DenormalsAreZero guard;
    std::byte* arena = arenas + detail::size(thread) * network->arena_stride();
    for (std::size_t i = detail::size(thread); i < detail::size(count); i += detail::size(threads)) {
        const Job job{network, inputs, outputs, i, arena, length, valid.empty() ? 0 : valid[i]};
        network->load(job, 0, 1);
        for (const Step& step : network->plan_.steps) network->compute(step, job, 0, 1);
        network->finish(job);
    }
}

TAXON_DECL int Executable::threads() const {
    const int there = options_.executor ? std::max(1, options_.executor->size()) : SpmdThreadPool::of_process().size();
    return options_.threads > 0 ? std::min(options_.threads, there) : there;
}

TAXON_DECL PixelTarget Executable::input(Workspace& workspace) const {
    const View view = plan_.view(0);
    std::byte* memory = arena(workspace, 1, staging_bytes());
    if (staging_bytes() > 0) return {staging(memory), view.shape.width, 1, view.shape.pixels()};
    return {reinterpret_cast<float*>(prepare_input(0, memory)), view.row(), view.pitch, 1};
}

TAXON_DECL void Executable::run(std::span<const OutputNumbers> outputs, int length, Workspace& workspace) const {
    packed_.memory->check();
    std::byte* memory = arena(workspace, 1, staging_bytes());
    const InputNumbers staged{staging(memory)};
    Job job{this, std::span(&staged, staging_bytes() > 0 ? 1 : 0), outputs, 0, memory, length};
    split(job);
}

TAXON_DECL void Executable::run(std::span<const InputNumbers> inputs, std::span<const OutputNumbers> outputs, int batch,
                                int length, Workspace& workspace, std::span<const int> valid) const {
    packed_.memory->check();
    check_token_ids(graph_, words(), inputs, batch, length);
    const int threads = this->threads(), whole = threads > 1 ? batch / threads * threads : 0;
    std::byte* arenas = arena(workspace, whole > 0 ? threads : 1);
    if (whole > 0) {
        Batch work{this, inputs, outputs, whole, threads, arenas, length, valid};
        if (options_.executor)
            options_.executor->run(
                threads, [](void* context, int part) { static_cast<Batch*>(context)->run(part); }, &work);
        else
            SpmdThreadPool::of_process().run(
                threads,
                [](void* context, int part, int parts, Barrier&) {
                    for (const Batch& mine = *static_cast<Batch*>(context); part < mine.threads; part += parts)
                        mine.run(part);
                },
                &work);
    }
    for (std::size_t i = detail::size(whole); i < detail::size(batch); ++i) {
        Job job{this, inputs, outputs, i, arenas, length, valid.empty() ? 0 : valid[i]};
        split(job);
    }
}

TAXON_DECL void Executable::walk(int length, Workspace& workspace, const LayerVisitor& see) const {
    packed_.memory->check();
    std::byte* memory = arena(workspace, 1);
    std::vector<float> planes;
    for (const Step& step : plan_.steps) {
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

TAXON_DECL std::vector<double> Executable::step_seconds(std::span<const float> sample, int length, Workspace& workspace,
                                                        int passes) const {
    using Clock = std::chrono::steady_clock;
    packed_.memory->check();
    const DenormalsAreZero guard;
    const Job job{this, {}, {}, 0, arena(workspace, 1), length};
    std::vector<double> least(plan_.steps.size(), std::numeric_limits<double>::infinity());
    for (int pass = 0; pass < passes; ++pass) {
        load_input(sample, length, workspace);
        for (std::size_t i = 0; i < least.size(); ++i) {
            const auto start = Clock::now();
            compute(plan_.steps[i], job, 0, 1);
            least[i] = std::min(least[i], std::chrono::duration<double>(Clock::now() - start).count());
        }
    }
    return least;
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

TAXON_DECL void Executable::split(Job& job) const {
    const bool several = threads() > 1 && std::any_of(plan_.steps.begin(), plan_.steps.end(),
                                                      [](const Step& step) { return step.shared; });
    if (options_.executor) run_by_executor(job);
    else if (several)
        SpmdThreadPool::of_process().run(
            threads(),
            [](void* context, int part, int parts, Barrier& barrier) {
                run_part(*static_cast<Job*>(context), part, parts, barrier);
            },
            &job);
    else {
        Barrier alone;
        run_part(job, 0, 1, alone);
    }
    finish(job);
}

TAXON_DECL void Executable::run_part(const Job& job, int part, int parts, Barrier& barrier) {
    const DenormalsAreZero guard;
    const Executable& network = *job.network;
    bool together = !job.inputs.empty();
    network.load(job, part, parts);
    for (const Step& step : network.plan_.steps) {
        if (parts > 1 && (together || step.shared)) barrier.wait();
        together = step.shared;
        if (step.shared) network.compute(step, job, part, parts);
        else if (part == 0) network.compute(step, job, 0, 1);
    }
}

TAXON_DECL void Executable::run_by_executor(Job& job) const {
    const DenormalsAreZero guard;
    job.parts = threads();
    load(job, 0, 1);
    for (const Step& step : plan_.steps) {
        job.step = &step;
        if (!step.shared) compute(step, job, 0, 1);
        else
            options_.executor->run(
                job.parts,
                [](void* context, int part) {
                    const DenormalsAreZero here;
                    const Job& mine = *static_cast<Job*>(context);
                    mine.network->compute(*mine.step, mine, part, mine.parts);
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
                       std::none_of(plan_.steps.begin(), plan_.steps.end(),
                                    [&](const Step& step) { return in_it(step.source) || in_it(step.operand); });
    return slot.shape.table && alone ? slot.buffer : none;
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
        step.geometry.kernel == Kernel::embedding ? packed_.more_words.data() : address_of(step.operand);
    const KernelCall call = kernels_.calls[static_cast<std::size_t>(&step - plan_.steps.data())];
    call(step.geometry, {.in = address_of(step.source),
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
    copy_out(arena + plan_.offset(index), plan_.view(index), conversion(index), length, to);
}

}  // namespace taxon::cpu
