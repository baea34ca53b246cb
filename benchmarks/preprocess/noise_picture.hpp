#pragma once
#include <benchmark/benchmark.h>

#include <taxon/core/image.hpp>

#include "stopwatch.hpp"

namespace taxon::benchmarks {

/// Every level of every channel, in no order.
inline Image noise_picture(int height, int width) {
    Image made{.height = height, .width = width};
    made.pixels.resize(static_cast<std::size_t>(height) * static_cast<std::size_t>(width) * 3);
    std::uint32_t state = 1;
    for (auto& level : made.pixels) level = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
    return made;
}

/// Times `work` on a picture whose size is given by the state's arguments.
template <class Work>
void measure(benchmark::State& state, Work work) {
    const Image source = noise_picture(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
    Stopwatch watch;
    for (auto _ : state) watch.time([&] { work(source); });
    state.counters["least_ms"] = watch.least() * 1e3;
    state.counters["Mpixel/s"] = static_cast<double>(state.range(0) * state.range(1)) / watch.least() / 1e6;
}

}  // namespace taxon::benchmarks
