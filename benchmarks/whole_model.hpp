#pragma once
#include <benchmark/benchmark.h>

#include <optional>
#include <string>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/model.hpp>
#include <taxon/backend/cpu/processors.hpp>

#include "peak.hpp"
#include "steps.hpp"
#include "stopwatch.hpp"

namespace taxon::benchmarks {

/// The model with synthetic weights, cached for repeated calls: binding takes much longer than a run.
template <class Model>
const Model& bound(cpu::Isa isa, int threads) {
    static std::optional<Model> model;
    static int bound_threads = 0;
    if (bound_threads != threads) {
        model.reset();
        model.emplace(Model::load(io::SyntheticWeights(), {.isa = isa, .threads = threads}));
        bound_threads = threads;
    }
    return *model;
}

template <class Model>
void run_model(benchmark::State& state, cpu::Isa isa, int batch, int threads) {
    const Model& model = bound<Model>(isa, threads);
    const auto samples = io::synthetic_input("", "input", detail::size(Model::input_shape.size() * batch));
    std::vector<float> outputs(detail::size(Model::output_shape.size() * batch));
    typename Model::Workspace workspace;
    model(samples, outputs, workspace);
    Stopwatch watch;
    for (auto _ : state) watch.time([&] { model(samples, outputs, workspace); });
    const double flops = static_cast<double>(Model::flops) * batch;
    state.counters["least_ms"] = watch.least() * 1e3;
    state.counters["samples/s"] = batch / watch.least();
    state.counters["GFLOP/s"] = flops / watch.least() / 1e9;
    state.counters["peak_%"] = flops / watch.least() / (threads * peak(isa)) * 100;
    state.counters["arena_bytes"] = static_cast<double>(Model::arena_bytes(batch, threads));
    state.counters["weight_bytes"] = static_cast<double>(Model::packed_bytes);
}

/// Registers NETWORK/model/batch:B/threads:T for batches of one and eight, on one thread and, where there are as many,
/// on two. Percentages are of the peak of as many cores.
template <Architecture A>
void add_model(const std::string& name, cpu::Isa isa) {
    using Batches = Model<A, shape::Mutable<1, 8>>;
    for (const int threads : {1, 2})
        for (const int batch : {1, 8}) {
            if (threads > cpu::usable_processors()) continue;
            const std::string full =
                name + "/model/batch:" + std::to_string(batch) + "/threads:" + std::to_string(threads);
            benchmark::RegisterBenchmark(full.c_str(), run_model<Batches>, isa, batch, threads)
                ->UseRealTime()
                ->Unit(benchmark::kMillisecond);
        }
}

/// A network of the zoo: its steps, and all of it.
template <Architecture A>
void add_network(const std::string& name, cpu::Isa isa) {
    add_steps(Network::of<A>(name), isa);
    add_model<A>(name, isa);
}

}  // namespace taxon::benchmarks
