// From a decoded picture to a network's input: resizing alone, and with cropping and normalising. The counter counts
// pixels of the source.
#include <benchmark/benchmark.h>

#include <taxon/preprocess/image_net.hpp>

#include "preprocess/noise_picture.hpp"

namespace {

using namespace taxon;
using benchmarks::measure;
using preprocess::Filter;

/// The whole picture, the shorter side to 256.
void resize(benchmark::State& state, Filter filter) {
    measure(state, [&](const Image& source) {
        const int shorter = std::min(source.height, source.width);
        benchmark::DoNotOptimize(
            preprocess::resize(source, source.height * 256 / shorter, source.width * 256 / shorter, filter));
    });
}

/// A whole policy, to (H, W, C) floats.
template <class Policy>
void apply(benchmark::State& state) {
    std::vector<float> input(static_cast<std::size_t>(Policy::height * Policy::width * 3));
    measure(state, [&](const Image& source) { Policy::apply(source, {input.data(), Policy::width * 3, 3, 1}); });
}

/// Pictures of ImageNet, of a screen and of a telephone; and one to be enlarged.
void sizes(benchmark::internal::Benchmark* b) {
    b->ArgNames({"height", "width"})
        ->Args({375, 500})
        ->Args({1080, 1920})
        ->Args({3000, 4000})
        ->Args({32, 32})
        ->Unit(benchmark::kMillisecond);
}

BENCHMARK_CAPTURE(resize, bilinear, Filter::bilinear)->Apply(sizes);
BENCHMARK_CAPTURE(resize, bicubic, Filter::bicubic)->Apply(sizes);
BENCHMARK_TEMPLATE(apply, preprocess::ImageNet<224>)->Apply(sizes);
BENCHMARK_TEMPLATE(apply, preprocess::ImageNetBicubic<224, 96>)->Apply(sizes);

}  // namespace
