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

TAXON_DECL void Executable::Batch::run(int thread) const {
    const DenormalsAreZero guard;
    std::byte* arena = arenas + detail::size(thread) * network->arena_stride();
    for (std::size_t i = detail::size(thread); i < detail::size(count); i += detail::size(threads)) {
        network->load(samples + i * in, arena, length, 0, 1);
        for (const Step& step : network->plan_.steps)
            network->compute(step, arena, length, 0, 1, valid.empty() ? 0 : valid[i], outputs + i * out);
        network->finish(arena, length, outputs + i * out);
    }
}

TAXON_DECL int Executable::threads() const {
    const int there = options_.executor ? std::max(1, options_.executor->size()) : SpmdThreadPool::of_process().size();
    return options_.threads > 0 ? std::min(options_.threads, there) : there;
}

TAXON_DECL PixelTarget Executable::input(Workspace& workspace) const {
    const View view = plan_.view(plan_.input);
    std::byte* memory = arena(workspace, 1, staging_bytes());
    if (staging_bytes() > 0) return {staging(memory), view.shape.width, 1, view.shape.pixels()};
    return {reinterpret_cast<float*>(prepare_input(memory)), view.row(), view.pitch, 1};
}

TAXON_DECL void Executable::run(std::span<float> output, int length, Workspace& workspace) const {
    packed_.memory->check();
    std::byte* memory = arena(workspace, 1, staging_bytes());
    Job job{this, staging_bytes() > 0 ? staging(memory) : nullptr, output.data(), memory, length};
    split(job);
}

TAXON_DECL void Executable::run(std::span<const float> samples, std::span<float> outputs, int batch, int length,
                                Workspace& workspace, std::span<const int> valid) const {
    packed_.memory->check();
    check_token_ids(graph_, words(), samples);
    const std::size_t in = samples.size() / detail::size(batch), out = outputs.size() / detail::size(batch);
    const int threads = this->threads(), whole = threads > 1 ? batch / threads * threads : 0;
    std::byte* arenas = arena(workspace, whole > 0 ? threads : 1);
    if (whole > 0) {
        Batch work{this, samples.data(), outputs.data(), in, out, whole, threads, arenas, length, valid};
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
        Job job{this, samples.data() + i * in, outputs.data() + i * out, arenas, length, valid.empty() ? 0 : valid[i]};
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
    read(plan_.output, memory, length, output.data());
}

TAXON_DECL std::vector<double> Executable::step_seconds(std::span<const float> sample, int length, Workspace& workspace,
                                                        int passes) const {
    using Clock = std::chrono::steady_clock;
    packed_.memory->check();
    check_token_ids(graph_, words(), sample);
    const DenormalsAreZero guard;
    std::byte* memory = arena(workspace, 1);
    std::vector<double> least(plan_.steps.size(), std::numeric_limits<double>::infinity());
    for (int pass = 0; pass < passes; ++pass) {
        load(sample.data(), memory, length, 0, 1);
        for (std::size_t i = 0; i < least.size(); ++i) {
            const auto start = Clock::now();
            compute(plan_.steps[i], memory, length, 0, 1);
            least[i] = std::min(least[i], std::chrono::duration<double>(Clock::now() - start).count());
        }
    }
    return least;
}

TAXON_DECL void Executable::load_input(std::span<const float> sample, int length, Workspace& workspace) const {
    check_token_ids(graph_, words(), sample);
    load(sample.data(), arena(workspace, 1), length, 0, 1);
}

TAXON_DECL std::byte* Executable::arena(Workspace& workspace, int count, std::size_t more) const {
    return workspace.bytes(arena_stride() * detail::size(count) + more);
}

TAXON_DECL std::size_t Executable::staging_bytes() const {
    const View view = plan_.view(plan_.input);
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
    finish(job.arena, job.length, job.output);
}

TAXON_DECL void Executable::run_part(const Job& job, int part, int parts, Barrier& barrier) {
    const DenormalsAreZero guard;
    const Executable& network = *job.network;
    bool together = job.sample != nullptr;
    if (together) network.load(job.sample, job.arena, job.length, part, parts);
    for (const Step& step : network.plan_.steps) {
        if (parts > 1 && (together || step.shared)) barrier.wait();
        together = step.shared;
        if (step.shared) network.compute(step, job.arena, job.length, part, parts, job.valid, job.output);
        else if (part == 0) network.compute(step, job.arena, job.length, 0, 1, job.valid, job.output);
    }
}

TAXON_DECL void Executable::run_by_executor(Job& job) const {
    const DenormalsAreZero guard;
    job.parts = threads();
    if (job.sample) load(job.sample, job.arena, job.length, 0, 1);
    for (const Step& step : plan_.steps) {
        job.step = &step;
        if (!step.shared) compute(step, job.arena, job.length, 0, 1, job.valid, job.output);
        else
            options_.executor->run(
                job.parts,
                [](void* context, int part) {
                    const DenormalsAreZero here;
                    const Job& mine = *static_cast<Job*>(context);
                    mine.network->compute(*mine.step, mine.arena, mine.length, part, mine.parts, mine.valid,
                                          mine.output);
                },
                &job);
    }
}

TAXON_DECL std::byte* Executable::prepare_input(std::byte* arena) const {
    std::byte* origin = arena + plan_.offset(plan_.input);
    clear_halo(origin, plan_.view(plan_.input), conversion(plan_.input));
    clear_padding(origin, plan_.view(plan_.input));
    return origin;
}

TAXON_DECL void Executable::load(const float* sample, std::byte* arena, int length, int part, int parts) const {
    const View view = plan_.view(plan_.input);
    std::byte* origin = part == 0 ? prepare_input(arena) : arena + plan_.offset(plan_.input);
    const int rows = view.shape.sequence ? length : view.shape.height;
    kernels_.load_input(sample, origin, view, conversion(plan_.input), rows * part / parts, rows * (part + 1) / parts);
}

TAXON_DECL int Executable::words() const {
    for (const Step& step : plan_.steps)
        if (step.geometry.kernel == Kernel::embedding)
            return step.geometry.words +
                   static_cast<int>(packed_.more_words.size() / embedding_row_bytes(step.geometry));
    return 0;
}

TAXON_DECL bool Executable::is_rows_of_output(int index) const {
    const TensorSlot& output = plan_.slot(plan_.output);
    return output.shape.table && plan_.slot(index).buffer == output.buffer;
}

TAXON_DECL void Executable::compute(const Step& step, std::byte* arena, int length, int part, int parts, int valid,
                                    float* output) const {
    const auto address_of = [&](int index) { return arena + (index == none ? 0 : plan_.offset(index)); };
    if (step.clears && part == 0) {
        const Buffer& buffer = plan_.buffer(plan_.slot(step.target));
        clear_halo(arena + buffer.at + static_cast<int>(size_of(buffer.view.element)) * buffer.origin(), buffer.view,
                   conversion(step.target));
    }
    auto* const target = output && is_rows_of_output(step.target)
                             ? reinterpret_cast<std::byte*>(output + plan_.slot(step.target).channel)
                             : address_of(step.target);
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
                         .length = rows(step, length),
                         .part = part,
                         .parts = parts,
                         .valid = valid > 0 ? valid : length});
}

TAXON_DECL void Executable::compute_alone(const Step& step, std::byte* arena, int length) const {
    const DenormalsAreZero guard;
    compute(step, arena, length, 0, 1);
}

TAXON_DECL void Executable::finish(std::byte* arena, int length, float* output) const {
    if (!is_rows_of_output(plan_.output)) read(plan_.output, arena, length, output);
}

TAXON_DECL void Executable::read(int index, std::byte* arena, int length, float* to) const {
    copy_out(arena + plan_.offset(index), plan_.view(index), conversion(index), length, to);
}

}  // namespace taxon::cpu
