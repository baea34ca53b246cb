#pragma once
#include <algorithm>
#include <limits>
#include <string>
#include <taxon/backend/cpu/arena.hpp>
#include <taxon/backend/cpu/denormals.hpp>
#include <taxon/backend/cpu/pack.hpp>
#include <taxon/backend/cpu/spmd_thread_pool.hpp>
#include <taxon/backend/cpu/team_choice.hpp>
#include <taxon/graph/indices.hpp>

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
    : graph_(graph), plan_(plan),
      packed_(multiplies_strips(kernel_table.isa) ? std::move(packed) : in_panels(plan, packed)),
      kernels_(kernel_table), options_(options), chains_(chains_of(plan)), choices_(new TeamChoice[length_classes]),
      micro_batch_(micro_batch_of(plan)), drops_padding_(drops_padding(plan)) {
    if (kernels_.isa != Isa::amx) micro_batch_.tokens = std::min(micro_batch_.tokens, MicroBatch::enough_tokens);
    for (const int parts : {2, 4, 8, 16, 32, std::numeric_limits<int>::max()})
        supersteps_.push_back(supersteps_of(plan_, parts, kernels_.isa == Isa::amx));
    for (const int output : plan_.outputs) buffers_of_rows_.push_back(buffer_of_rows(output));
    nests_.assign(graph_.nests.begin(), graph_.nests.end());
    for (const Step& step : plan_.steps)
        if (may_collapse(step.geometry.kernel))
            nests_[detail::size(step.nest)] = collapsed(graph_.nests[detail::size(step.nest)]);
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

TAXON_DECL int Executable::rounded_copy_read_in_place(const Step& step) const {
    const Node& node = graph_.node(step.first);
    if (node.op != Op::convolution) return none;
    const int read = graph_.operand(node, 0);
    const auto makes_it = [&](const Step& maker) { return maker.last == read; };
    const bool made = std::any_of(plan_.steps.begin(), plan_.steps.end(), makes_it);
    return graph_.node(read).rounds() && !made ? read : none;
}

TAXON_DECL void Executable::run_edited(std::span<float> output, int length, Workspace& workspace,
                                       const LayerEditor& edit) const {
    packed_.memory->check();
    const Job job{this, {}, {}, 0, arena(workspace), length};
    const auto edit_value = [&](int value, int slot, std::byte* at, int tokens) {
        const View view = plan_.view(slot);
        if (view.element != Element::float32)
            throw Error(Fault::usage, {.place = "layer '" + std::string(graph_.name(graph_.node(value))) + "'",
                                       .found = "values of " + std::string(name_of(view.element)),
                                       .wanted = "floats, which can be edited"});
        auto* origin = reinterpret_cast<float*>(at);
        const int height = view.shape.sequence ? 1 : view.shape.height,
                  width = view.shape.sequence ? tokens : view.shape.width;
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) edit(value, {origin + view.pixel(y, x), detail::size(view.shape.channels)});
    };
    std::vector<std::byte, CacheLineAllocator<std::byte>> copy;
    for (const Step& step : plan_.steps) {
        if (step.geometry.kernel == Kernel::constant) continue;
        if (const int rounded = rounded_copy_read_in_place(step); rounded != none) {
            const Buffer& buffer = plan_.buffer(plan_.slot(step.source));
            const std::byte* from = job.arena + buffer.at;
            copy.assign(from, from + detail::bytes_of(buffer));
            copy.resize(copy.size() + cache_line);  // kernels read whole registers
            std::byte* at = copy.data() + (plan_.offset(step.source) - buffer.at);
            edit_value(rounded, step.source, at, rows(step, length));
            compute_alone(step, job.arena, length, at);
        } else compute_alone(step, job.arena, length);
        edit_value(step.last, step.target, address(step.target, job), rows(step, length));
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
    check_indices(graph_, words(), inputs, 1, length);
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
            .valid = job.valid > 0 ? job.valid : job.length,
            .by_strips = packed_.by_strips};
}

TAXON_DECL void Executable::compute(const Step& step, const Job& job, int part, int parts) const {
    if (part == 0) clear_halo_of(step, job);
    kernels_.calls[detail::size(number(step))](step.geometry, operands(step, job, part, parts));
}

TAXON_DECL void Executable::compute_alone(const Step& step, std::byte* arena, int length,
                                          const std::byte* source) const {
    const DenormalsAreZero guard;
    const Job job{this, {}, {}, 0, arena, length};
    clear_halo_of(step, job);
    Operands all = operands(step, job, 0, 1);
    if (source) all.in = source;
    kernels_.calls[detail::size(number(step))](step.geometry, all);
}

TAXON_DECL void Executable::finish(const Job& job) const {
    for (std::size_t i = 0; i < job.outputs.size(); ++i)
        if (buffers_of_rows_[i] == none) read(plan_.outputs[i], job, job.outputs[i].of(job.sample));
}

TAXON_DECL void Executable::read(int index, const Job& job, float* to) const {
    copy_out(numbers_of(index, job), plan_.view(index), conversion(index), steps_per_unit(packed_, plan_, index),
             job.length, to);
}

}  // namespace taxon::cpu

#include <taxon/backend/cpu/impl/executable_runs.ipp>
