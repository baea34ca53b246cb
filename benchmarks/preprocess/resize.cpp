// From a decoded picture to a network's input: resizing alone, and with cropping and normalising. The counter counts pixels of the source.
#include <benchmark/benchmark.h>

#include <taxon/preprocess/image_net.hpp>

#include "stopwatch.hpp"

namespace {

using namespace taxon;
using preprocess::Filter;

/// Every level of every channel, in no order.
Image picture(int height, int width) {
    Image made{.height = height, .width = width};
    made.pixels.resize(static_cast<std::size_t>(height) * static_cast<std::size_t>(width) * 3);
    std::uint32_t state = 1;
    for (auto& level : made.pixels) level = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
    return made;
}

template <class Work>
void measure(benchmark::State& state, Work work) {
    const Image source = picture(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
    benchmarks::Stopwatch watch;
    for (auto _ : state) watch.time([&] { work(source); });
    state.counters["least_ms"] = watch.least() * 1e3;
    state.counters["Mpixel/s"] = static_cast<double>(state.range(0) * state.range(1)) / watch.least() / 1e6;
}

/// All of the picture, the shorter side to 256.
void resize(benchmark::State& state, Filter filter) {
    measure(state, [&](const Image& source) {
        const int shorter = std::min(source.height, source.width);
        benchmark::DoNotOptimize(preprocess::resize(source, source.height * 256 / shorter, source.width * 256 / shorter, filter));
    });
}

/// A policy's whole work, into floats of (H, W, C).
template <class Policy>
void apply(benchmark::State& state) {
    std::vector<float> input(static_cast<std::size_t>(Policy::height * Policy::width * 3));
    measure(state, [&](const Image& source) { Policy::apply(source, {input.data(), Policy::width * 3, 3, 1}); });
}

/// Pictures of ImageNet, of a screen and of a telephone; and one to be enlarged.
void sizes(benchmark::internal::Benchmark* b) {
    b->ArgNames({"height", "width"})->Args({375, 500})->Args({1080, 1920})->Args({3000, 4000})->Args({32, 32})->Unit(benchmark::kMillisecond);
}

BENCHMARK_CAPTURE(resize, bilinear, Filter::bilinear)->Apply(sizes);
BENCHMARK_CAPTURE(resize, bicubic, Filter::bicubic)->Apply(sizes);
BENCHMARK_TEMPLATE(apply, preprocess::ImageNet<224>)->Apply(sizes);
BENCHMARK_TEMPLATE(apply, preprocess::ImageNetBicubic<224, 96>)->Apply(sizes);

}  // namespace
