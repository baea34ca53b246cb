// From a decoded picture to a detector's input of 640 x 640 floats. The counter counts pixels of the source.
#include <benchmark/benchmark.h>

#include <taxon/preprocess/letterbox.hpp>

#include "preprocess/noise_picture.hpp"

namespace {

using namespace taxon;
using Policy = preprocess::Letterbox<640>;

void pixels(benchmark::State& state) {
    benchmarks::measure(state, [](const Image& source) { benchmark::DoNotOptimize(Policy::pixels(source)); });
}

/// To (C, H, W) floats.
void apply(benchmark::State& state) {
    std::vector<float> input(std::size_t{640} * 640 * 3);
    benchmarks::measure(state, [&](const Image& source) { Policy::apply(source, {input.data(), 640, 1, 640 * 640}); });
}

/// COCO's usual size, which needs no resizing; a screen, a telephone; and one to be enlarged.
void sizes(benchmark::internal::Benchmark* b) {
    b->ArgNames({"height", "width"})
        ->Args({480, 640})
        ->Args({1080, 1920})
        ->Args({3000, 4000})
        ->Args({100, 100})
        ->Unit(benchmark::kMillisecond);
}

BENCHMARK(pixels)->Apply(sizes);
BENCHMARK(apply)->Apply(sizes);

}  // namespace
