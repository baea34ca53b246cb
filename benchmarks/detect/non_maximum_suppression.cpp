// Non-maximum suppression of candidates whose boxes lie in 100 places with about ten variants each, as a detector's
// rows do.
#include <benchmark/benchmark.h>

#include <random>

#include <taxon/detect/non_maximum_suppression.hpp>

#include "stopwatch.hpp"

namespace {

using namespace taxon::detect;

std::vector<Candidate> candidates(int count) {
    std::mt19937 random(1);
    const auto number = [&](float least, float most) {
        return least + (most - least) * static_cast<float>(random() >> 8) / 16'777'216.0f;
    };
    std::vector<Candidate> slots, made;
    for (int i = 0; i < 100; ++i)
        slots.push_back({box_around(number(0, 640), number(0, 640), number(10, 300), number(10, 300)), 0,
                         static_cast<int>(random() % 80)});
    for (int i = 0; i < count; ++i) {
        auto [box, score, label] = slots[random() % slots.size()];
        const float x = number(-9, 9), y = number(-9, 9);
        made.push_back({{box.left + x, box.top + y, box.right + x, box.bottom + y},
                        number(0.001f, 0.9f),
                        random() % 3 == 0 ? static_cast<int>(random() % 80) : label});
    }
    return made;
}

/// The last is the maximum per picture.
void suppress(benchmark::State& state) {
    const auto made = candidates(static_cast<int>(state.range(0)));
    taxon::benchmarks::Stopwatch watch;
    std::size_t kept = 0;
    for (auto _ : state) watch.time([&] { kept = non_maximum_suppression(made, evaluation).size(); });
    state.counters["kept"] = static_cast<double>(kept);
    state.counters["least_ms"] = watch.least() * 1e3;
}

BENCHMARK(suppress)->ArgName("candidates")->Arg(50)->Arg(1000)->Arg(5000)->Arg(30'000)->Unit(benchmark::kMillisecond);

}  // namespace
