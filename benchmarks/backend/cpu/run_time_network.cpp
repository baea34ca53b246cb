// The same network twice: compiled as a type, and planned and bound when the program runs. One thread.
#include <taxon/backend/cpu/run_time_network.hpp>

#include <taxon/zoo/bert.hpp>
#include <taxon/zoo/mobilenet_v2.hpp>
#include <taxon/zoo/resnet.hpp>
#include <taxon/zoo/yolov5.hpp>

#include "program.hpp"
#include "whole_model.hpp"

namespace taxon::benchmarks {

/// Both in turn, so that whatever else the machine does slows both.
template <Architecture A, int Length = 0>
void run_both(benchmark::State& state, cpu::Isa isa) {
    const io::SyntheticWeights weights;
    const auto compiled = Model<A>::load(weights, {.isa = isa, .threads = 1});
    const cpu::RunTimeNetwork at_run_time(graph_of<A>, weights, {.isa = isa, .threads = 1});
    const int length = Length > 0 ? Length : Model<A>::input_shape.width;
    std::vector<float> sample = io::synthetic_input("", "input", sample_size(graph_of<A>.inputs, length));
    if (Model<A>::input_shape.sequence)
        for (std::size_t i = 0; i < sample.size(); ++i) sample[i] = i % 2 == 0 ? static_cast<float>(i) : 0.f;
    std::vector<float> outputs(sample_size(graph_of<A>.outputs, length));
    const InputNumbers from{sample.data()};
    const OutputNumbers to{outputs.data()};
    cpu::Workspace workspace;
    Stopwatch of_compiled, of_run_time;
    const auto run = [&](const cpu::Executable& network) {
        network.run(std::span(&from, 1), std::span(&to, 1), 1, length, workspace);
    };
    for (int round = 0; round < 2; ++round) run(compiled.engine()), run(at_run_time.executable());
    for (auto _ : state) {
        of_compiled.time([&] { run(compiled.engine()); });
        of_run_time.time([&] { run(at_run_time.executable()); });
    }
    state.counters["compiled_ms"] = of_compiled.least() * 1e3;
    state.counters["run_time_ms"] = of_run_time.least() * 1e3;
    state.counters["slowdown"] = of_run_time.least() / of_compiled.least();
}

}  // namespace taxon::benchmarks

int main(int argc, char** argv) {
    using namespace taxon;
    return benchmarks::run_program(argc, argv, [](cpu::Isa isa) {
        const auto add = [&](const char* name, void (*run)(benchmark::State&, cpu::Isa)) {
            benchmark::RegisterBenchmark(name, run, isa)->Unit(benchmark::kMillisecond)->MinTime(4);
        };
        add("mobilenet_v2", &benchmarks::run_both<zoo::MobileNetV2<>>);
        add("resnet50", &benchmarks::run_both<zoo::ResNet50<>>);
        add("minilm_l6/tokens:128", &benchmarks::run_both<zoo::MiniLmL6<>, 128>);
        add("yolov5n/320", &benchmarks::run_both<zoo::Yolov5n<80, 320>>);
    });
}
