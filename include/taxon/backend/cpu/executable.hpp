#pragma once
#include <taxon/backend/cpu/arena.hpp>
#include <taxon/backend/cpu/denormals.hpp>
#include <taxon/backend/cpu/executor.hpp>
#include <taxon/backend/cpu/kernel_table.hpp>
#include <taxon/backend/cpu/pack.hpp>
#include <taxon/backend/cpu/spmd_thread_pool.hpp>
#include <taxon/backend/cpu/workspace.hpp>
#include <taxon/core/image.hpp>
#include <taxon/graph/layer_visitor.hpp>
#include <taxon/graph/token_ids.hpp>
#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <vector>

namespace taxon::cpu {

/// Options of a bound network.
struct Options {
    std::optional<Isa> isa{};      ///< default: TAXON_ISA, or else the best one
    int threads = 0;               ///< at most; 0: all that the process may use; 1: only the caller's
    Executor* executor = nullptr;  ///< its threads; default: the process's pool. Must outlive the model
};

/// A bound network as data: packed weights, kernels and the plan that connects them.
class Executable {
  public:
    Executable(GraphView graph, PlanView plan, Packed packed, KernelTable kernel_table, const Options& options)
        : graph_(graph), plan_(plan), packed_(std::move(packed)), kernels_(kernel_table), options_(options) {}

    const Packed& packed() const { return packed_; }

    std::string_view isa() const { return name_of(kernels_.isa); }

    /// The number of threads of a run, unless others keep them busy.
    int threads() const {
        const int there =
            options_.executor ? std::max(1, options_.executor->size()) : SpmdThreadPool::of_process().size();
        return options_.threads > 0 ? std::min(options_.threads, there) : there;
    }

    /// The destination of a picture's normalised floats: the network's own input, with halo and padding zeroed; or, if
    /// that is not float, a buffer beside it.
    PixelTarget input(Workspace& workspace) const {
        const View view = plan_.view(plan_.input);
        std::byte* memory = arena(workspace, 1, staging_bytes());
        if (staging_bytes() > 0) return {staging(memory), view.shape.width, 1, view.shape.pixels()};
        return {reinterpret_cast<float*>(prepare_input(memory)), view.row(), view.pitch, 1};
    }

    /// Runs on what was written to `input`. The output is dense, (C, H, W), `length` tokens of features, or rows.
    void run(std::span<float> output, int length, Workspace& workspace) const {
        packed_.memory->check();
        std::byte* memory = arena(workspace, 1, staging_bytes());
        Job job{this, staging_bytes() > 0 ? staging(memory) : nullptr, output.data(), memory, length};
        split(job);
    }

    /// Runs a batch of samples, each (C, H, W) or `length` tokens of features. Threads take whole samples, which needs
    /// no barriers; the remaining ones are split. Attention in sample i is limited to the first `valid[i]` tokens,
    /// unless `valid` is empty.
    void run(std::span<const float> samples, std::span<float> outputs, int batch, int length, Workspace& workspace,
             std::span<const int> valid = {}) const {
        packed_.memory->check();
        check_token_ids(graph_, samples);
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
            Job job{this,   samples.data() + i * in,     outputs.data() + i * out, arenas,
                    length, valid.empty() ? 0 : valid[i]};
            split(job);
        }
    }

    /// Runs on what was written to `input`, on this thread, and passes every step's output to `see` under the name of
    /// the last layer that it computes: as many tokens as it computes.
    void walk(int length, Workspace& workspace, const LayerVisitor& see) const {
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

    /// Runs on what was written to `input`, on this thread, and lets `edit` change every step's output before the next
    /// step reads it; means accumulated within a step use the numbers before the change. Output as of `run`. Throws
    /// Fault::usage unless all values are float.
    void run_edited(std::span<float> output, int length, Workspace& workspace, const LayerEditor& edit) const {
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

    /// The minimum time in seconds of each step of the plan on this thread, over `passes` runs of a sample; more than
    /// 20 ns of it is the clock's.
    std::vector<double> step_seconds(std::span<const float> sample, int length, Workspace& workspace,
                                     int passes) const {
        using Clock = std::chrono::steady_clock;
        packed_.memory->check();
        check_token_ids(graph_, sample);
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

    void load_input(std::span<const float> sample, int length, Workspace& workspace) const {
        check_token_ids(graph_, sample);
        load(sample.data(), arena(workspace, 1), length, 0, 1);
    }

  private:
    /// One sample that all threads work on, step by step.
    struct Job {
        const Executable* network;
        const float* sample;  ///< null if the input is already there
        float* output;
        std::byte* arena;
        int length, valid = 0;
        const Step* step = nullptr;  ///< for an executor, and its parts
        int parts = 1;
    };

    /// Samples that threads take in turn, each thread in its own arena.
    struct Batch {
        const Executable* network;
        const float* samples;
        float* outputs;
        std::size_t in, out;
        int count, threads;
        std::byte* arenas;
        int length;
        std::span<const int> valid;

        void run(int thread) const {
            const DenormalsAreZero guard;
            std::byte* arena = arenas + detail::size(thread) * network->arena_stride();
            for (std::size_t i = detail::size(thread); i < detail::size(count); i += detail::size(threads)) {
                network->load(samples + i * in, arena, length, 0, 1);
                for (const Step& step : network->plan_.steps)
                    network->compute(step, arena, length, 0, 1, valid.empty() ? 0 : valid[i], outputs + i * out);
                network->finish(arena, length, outputs + i * out);
            }
        }
    };

    static constexpr std::size_t page = 4096, arena_gap = page + 2 * cache_line;
    /// Arenas are aligned to cache lines, and not a power of two apart.
    std::size_t arena_stride() const { return detail::size(plan_.arena_bytes) + arena_gap; }
    std::byte* arena(Workspace& workspace, int count, std::size_t more = 0) const {
        return workspace.bytes(arena_stride() * detail::size(count) + more);
    }

    /// A picture's floats that are yet to be converted, after the first arena.
    std::size_t staging_bytes() const {
        const View view = plan_.view(plan_.input);
        return view.element == Element::float32 ? 0 : sizeof(float) * detail::size(view.shape.size());
    }
    float* staging(std::byte* arena) const { return reinterpret_cast<float*>(arena + arena_stride()); }

    void split(Job& job) const {
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

    /// One thread's part of a sample. Small steps are left to the first thread, without a barrier between two of them.
    static void run_part(const Job& job, int part, int parts, Barrier& barrier) {
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

    /// The same on a caller's threads, which need not run concurrently: they synchronise after every step.
    void run_by_executor(Job& job) const {
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

    /// Zeroes the padding around the input. Returns the address of its pixel (0, 0).
    std::byte* prepare_input(std::byte* arena) const {
        std::byte* origin = arena + plan_.offset(plan_.input);
        clear_halo(origin, plan_.view(plan_.input), conversion(plan_.input));
        clear_padding(origin, plan_.view(plan_.input));
        return origin;
    }

    void load(const float* sample, std::byte* arena, int length, int part, int parts) const {
        const View view = plan_.view(plan_.input);
        std::byte* origin = part == 0 ? prepare_input(arena) : arena + plan_.offset(plan_.input);
        const int rows = view.shape.sequence ? length : view.shape.height;
        kernels_.load_input(sample, origin, view, conversion(plan_.input), rows * part / parts,
                            rows * (part + 1) / parts);
    }

    static int rows(const Step& step, int length) { return step.first_token_only ? 1 : length; }

    const QuantizationParameters& conversion(int slot) const {
        return packed_.quantization[static_cast<std::size_t>(plan_.slot(slot).buffer)];
    }

    /// True if a slot is part of a table that is the output: its rows are written straight to the caller's memory.
    bool is_rows_of_output(int index) const {
        const TensorSlot& output = plan_.slot(plan_.output);
        return output.shape.table && plan_.slot(index).buffer == output.buffer;
    }

    void compute(const Step& step, std::byte* arena, int length, int part, int parts, int valid = 0,
                 float* output = nullptr) const {
        const auto address_of = [&](int index) { return arena + (index == none ? 0 : plan_.offset(index)); };
        if (step.clears && part == 0) {
            const Buffer& buffer = plan_.buffer(plan_.slot(step.target));
            clear_halo(arena + buffer.at + static_cast<int>(size_of(buffer.view.element)) * buffer.origin(),
                       buffer.view, conversion(step.target));
        }
        auto* const target = output && is_rows_of_output(step.target)
                                 ? reinterpret_cast<std::byte*>(output + plan_.slot(step.target).channel)
                                 : address_of(step.target);
        const KernelCall call = kernels_.calls[static_cast<std::size_t>(&step - plan_.steps.data())];
        call(step.geometry, {.in = address_of(step.source),
                             .weights = packed_.weights.data() + step.weights_at,
                             .bias = packed_.biases.data() + step.bias_at,
                             .operand = address_of(step.operand),
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

    /// A step after which the caller's own code runs, with denormals as that needs them.
    void compute_alone(const Step& step, std::byte* arena, int length) const {
        const DenormalsAreZero guard;
        compute(step, arena, length, 0, 1);
    }

    void finish(std::byte* arena, int length, float* output) const {
        if (!is_rows_of_output(plan_.output)) read(plan_.output, arena, length, output);
    }

    void read(int index, std::byte* arena, int length, float* to) const {
        copy_out(arena + plan_.offset(index), plan_.view(index), conversion(index), length, to);
    }

    GraphView graph_;
    PlanView plan_;
    Packed packed_;
    KernelTable kernels_;
    Options options_;
};

}  // namespace taxon::cpu
