#pragma once
#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <taxon/backend/cpu/cpu.hpp>
#include <taxon/graph/names.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/plan/operations.hpp>
#include <taxon/policy/execution.hpp>
#include <taxon/policy/precision.hpp>
#include <vector>

#include "peak.hpp"
#include "stopwatch.hpp"

/// A benchmark for every distinct step of a network's plan. The plan is data here, so shapes are typed only in the
/// network.
namespace taxon::benchmarks {

using Floats = std::vector<float, cpu::CacheLineAllocator<float>>;

/// Numbers between -1 and 1 without denormals, and zero with a probability of 2^-24.
inline Floats numbers(std::size_t count) {
    const io::UnitSequence unit("benchmark", "numbers");
    Floats values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(unit[i % 65'521]);
    return values;
}

using Bytes = std::vector<std::byte, cpu::CacheLineAllocator<std::byte>>;

/// That many bytes of numbers of a type: floats as above, halves and bfloat16 of them, integers of all values.
inline Bytes stored_numbers(std::size_t bytes, Element element) {
    Bytes stored(bytes);
    const Floats floats = numbers(std::min(bytes, std::size_t{1} << 20));
    for (std::size_t i = 0; i < bytes; ++i) {
        if (element == Element::float16) {
            const half number = to_half(floats[i / 2 % floats.size()]);
            stored[i] = static_cast<std::byte>(number.bits >> (8 * (i % 2)));
        } else if (element == Element::bfloat16) {
            const bfloat16 number = to_bfloat16(floats[i / 2 % floats.size()]);
            stored[i] = static_cast<std::byte>(number.bits >> (8 * (i % 2)));
        } else if (element == Element::float32)
            stored[i] = reinterpret_cast<const std::byte*>(floats.data())[i % (sizeof(float) * floats.size())];
        else stored[i] = static_cast<std::byte>(i * 37 >> 3);
    }
    return stored;
}

/// A network as data.
struct Network {
    std::string name;
    GraphView graph;
    PlanView plan;
    cpu::KernelTable (*kernel_table)(cpu::Isa);

    template <Architecture A, class Execution = execution::Fused, class Precision = precision::Float32>
    static Network of(std::string name) {
        using Program = backend::detail::Program<A, first_input<A>, Precision, Execution::fuses>;
        return {std::move(name), graph_of<A>, Program::plan, &cpu::kernel_table_for<Program>};
    }

    /// Bytes of a step's packed weights, padding included.
    int weights(const Step& step) const {
        const bool last = &step == &plan.steps.back();
        return (last ? plan.weight_bytes : (&step + 1)->weights_at) - step.weights_at;
    }
};

/// "convolution/72x28x28->24_k1s1_hard_swish+add".
inline std::string name_of(const Geometry& g) {
    const auto number = [](int n) { return std::to_string(n); };
    const Shape in = g.in.shape, out = g.out.shape;
    std::string name = std::string(taxon::name_of(g.kernel)) + "/" + number(in.channels);
    if (in.pixels() > 1) name += "x" + number(in.height) + "x" + number(in.width);
    if (in.channels != out.channels || in.pixels() != out.pixels()) name += "->" + number(out.channels);
    const bool has_window =
        g.depth > 0 ? g.kernel != Kernel::product : g.kernel == Kernel::pool && !g.window.adaptive();
    const auto both = [&](int rows, int columns) {
        return rows == columns ? number(rows) : number(rows) + "x" + number(columns);
    };
    const auto& [y, x] = g.window;
    if (has_window && !in.sequence) name += "_k" + both(y.size, x.size) + "s" + both(y.stride, x.stride);
    if (y.dilation * x.dilation > 1) name += "d" + both(y.dilation, x.dilation);
    if (g.kernel == Kernel::pool) name += "_" + std::string(taxon::name_of(g.pooling));
    if (g.kernel == Kernel::group_norm) name += "_g" + number(g.groups);
    if (g.kernel == Kernel::resize) name += "_" + std::string(taxon::name_of(g.resizing.interpolation));
    if (g.activation != Activation::none) name += "_" + std::string(taxon::name_of(g.activation));
    if (g.residual) name += "+add";
    if (g.sums) name += "+mean";
    if (g.out.pitch - out.channels >= 8 && out.pixels() > 1 && out.channels % 1024 != 0) name += "_slice";
    return name;
}

/// The same counters for all, so that they print as one table: minimum time, operations (none where nothing is
/// multiplied), and bytes, every number read or written counting once.
inline void report(benchmark::State& state, double seconds, double flops, double bytes, cpu::Isa isa) {
    state.counters["least_us"] = seconds * 1e6;
    state.counters["GFLOP/s"] = flops / seconds / 1e9;
    state.counters["peak_%"] = flops / seconds / peak(isa) * 100;
    state.counters["GB/s"] = bytes / seconds / 1e9;
}

/// Repeats a step on the same values. `cold`: with other weights every time, so that they come from memory.
inline void run_step(benchmark::State& state, const Network& network, std::size_t index, cpu::Isa isa, bool cold) {
    constexpr std::size_t beyond_caches = std::size_t{1} << 28;
    const PlanView& plan = network.plan;
    const Step& step = plan.steps[index];
    const Geometry& g = step.geometry;
    const std::size_t size = detail::size(network.weights(step)), copies = cold ? beyond_caches / size + 1 : 1;
    const Bytes weights = stored_numbers(size * copies, g.weights);
    const Floats biases = numbers(detail::size(plan.bias_count));
    Bytes arena = stored_numbers(detail::size(plan.arena_bytes), g.in.element);
    const auto address_of = [&](int number) { return arena.data() + (number == none ? 0 : plan.offset(number)); };
    const auto floats = [&](int number) { return reinterpret_cast<float*>(address_of(number)); };
    // In place, numbers would shrink from call to call until they are denormal.
    if (g.kernel == Kernel::scale) std::fill_n(floats(step.operand), g.operand.pitch, 1.f);

    const auto call = network.kernel_table(isa).calls[index];
    const Node& node = network.graph.node(step.first);
    cpu::Operands operands{.in = address_of(step.source),
                           .weights = weights.data(),
                           .bias = biases.data() + step.bias_at,
                           .operand = address_of(step.operand),
                           .out = address_of(step.target),
                           .sums = floats(step.sums),
                           .scratch = floats(step.scratch),
                           .length = step.first_token_only ? 1 : node.out.width,
                           .valid = node.out.width};
    std::size_t copy = 0;
    const auto calls = [&](int count) {
        for (int i = 0; i < count; ++i) {
            operands.weights = weights.data() + size * (copy++ % copies);
            call(g, operands);
        }
    };
    Stopwatch watch;
    calls(1);
    // long enough that reading the clock does not count
    const int group = 1 + static_cast<int>(20e-6 / watch.time([&] { calls(1); }));
    while (state.KeepRunningBatch(group)) watch.time([&] { calls(group); }, group);

    const auto bytes = [&](int number) {
        return number == none
                   ? 0.
                   : static_cast<double>(size_of(plan.view(number).element)) * plan.slot(number).shape.size();
    };
    const double moved = bytes(step.source) + bytes(step.target) + bytes(step.operand) + network.weights(step);
    report(state, watch.least(), static_cast<double>(node.flops() / (step.first_token_only ? node.out.width : 1)),
           moved, isa);
}

/// Copies a sample into the network's input, (C, H, W) to (H, W, C).
inline void run_input(benchmark::State& state, const Network& network, cpu::Isa isa) {
    const PlanView& plan = network.plan;
    const View view = plan.view(0);
    const Floats sample = numbers(detail::size(view.shape.size()));
    Floats arena(detail::size(plan.arena_bytes) / sizeof(float));
    const auto load = network.kernel_table(isa).load_input;
    Stopwatch watch;
    std::byte* origin = reinterpret_cast<std::byte*>(arena.data()) + plan.offset(0);
    const int rows = view.shape.sequence ? view.shape.width : view.shape.height;
    for (auto _ : state) watch.time([&] { load(sample.data(), origin, view, {}, 0, rows); });
    report(state, watch.least(), 0, 2. * sizeof(float) * view.shape.size(), isa);
}

/// Registers NETWORK/step/KERNEL/SHAPE for every step whose shapes differ from those before it; the label names the
/// first such layer and their number. Percentages are of the direct algorithm's operations: Winograd's needs fewer, and
/// may exceed 100. Steps with large weights are repeated as …/cold.
inline void add_steps(const Network& network, cpu::Isa isa) {
    struct Distinct {
        std::size_t index;
        int count;
    };
    std::map<std::string, Distinct> steps;
    std::vector<std::string> order;
    for (std::size_t i = 0; i < network.plan.steps.size(); ++i) {
        // of dense values: backend/cpu/kernel/dense
        if (const Kernel kernel = network.plan.steps[i].geometry.kernel; has_nest(kernel) || kernel == Kernel::constant)
            continue;
        const auto [entry, is_new] = steps.try_emplace(name_of(network.plan.steps[i].geometry), Distinct{i, 0});
        ++entry->second.count;
        if (is_new) order.push_back(entry->first);
    }
    const auto name = [&](const std::string& what) { return network.name + "/step/" + what; };
    benchmark::RegisterBenchmark(name("input").c_str(), run_input, network, isa);
    for (const auto& geometry : order) {
        const auto [index, count] = steps[geometry];
        const Step& step = network.plan.steps[index];
        std::string label(network.graph.name(network.graph.node(step.first)));
        if (count > 1) label += " and " + std::to_string(count - 1) + " more";
        if (step.geometry.kernel == Kernel::winograd) label += ", effective";
        const auto run = [network, index = index, isa, label](benchmark::State& state, bool cold) {
            run_step(state, network, index, isa, cold);
            state.SetLabel(label);
        };
        benchmark::RegisterBenchmark(name(geometry).c_str(), run, false);
        if (network.weights(step) > 65'536) benchmark::RegisterBenchmark(name(geometry + "/cold").c_str(), run, true);
    }
}

}  // namespace taxon::benchmarks
