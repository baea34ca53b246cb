#pragma once
#include <taxon/layer/dense.hpp>

#include "program.hpp"
#include "steps.hpp"

namespace taxon::benchmarks {

/// One kernel of dense values with loops of its own: `network` is any whose last step it is.
struct Loops {
    std::string name;
    std::vector<LoopNest> nests;
    std::vector<std::size_t> operands;  ///< numbers of each
    std::size_t results, scratch = 0;
    double flops;
};

inline void run_loops(benchmark::State& state, const Network& network, const Loops& loops, cpu::Isa isa) {
    std::vector<Floats> values;
    for (const std::size_t count : loops.operands) values.push_back(numbers(count));
    Floats results(loops.results), scratch(loops.scratch);
    const auto at = [&](std::size_t i) {
        return i < values.size() ? reinterpret_cast<const std::byte*>(values[i].data()) : nullptr;
    };
    const cpu::Operands operands{.in = at(0),
                                 .weights = nullptr,
                                 .bias = nullptr,
                                 .operand = at(1),
                                 .out = reinterpret_cast<std::byte*>(results.data()),
                                 .sums = nullptr,
                                 .scratch = scratch.data(),
                                 .third = at(2),
                                 .fourth = at(3),
                                 .nest = loops.nests.data()};
    const auto call = network.kernel_table(isa).calls.back();
    const Geometry& geometry = network.plan.steps.back().geometry;
    const auto calls = [&](int count) {
        for (int i = 0; i < count; ++i) call(geometry, operands);
    };
    Stopwatch watch;
    calls(1);
    const int group = 1 + static_cast<int>(20e-6 / watch.time([&] { calls(1); }));
    while (state.KeepRunningBatch(group)) watch.time([&] { calls(group); }, group);
    double moved = static_cast<double>(loops.results);
    for (const std::size_t count : loops.operands) moved += static_cast<double>(count);
    report(state, watch.least(), loops.flops, sizeof(float) * moved, isa);
}

inline void add_loops(const Network& network, const Loops& loops, cpu::Isa isa) {
    benchmark::RegisterBenchmark((network.name + "/" + loops.name).c_str(), run_loops, network, loops, isa);
}

}  // namespace taxon::benchmarks
