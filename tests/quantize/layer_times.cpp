#include <taxon/profile/profiler.hpp>
#include <taxon/quantize/layer_times.hpp>

#include <cmath>

#include "catch.hpp"
#include "quantize/outlier_network.hpp"
#include "quantize/ranges_of_samples.hpp"

using namespace taxon;
using quantize::LayerTimes;

TEST_CASE("what to expect is the time of integers, with floats for the layers that are kept") {
    const LayerTimes times{.floats = {{1, 8}, {2, 16}, {3, 1}}, .integers = {{1, 2}, {2, 4}, {3, 1}}, .layers = {1, 2}};
    CHECK(times.expected({1, 2}) == 7);
    CHECK(times.expected({2}) == 13);
    CHECK(times.expected({}) == 25);
}

TEST_CASE("every step of both plans has a time") {
    using M = Model<networks::OutlierChain, precision::QInt8MixedFloat32>;
    using F = Model<networks::OutlierChain>;
    const networks::OutlierWeights weights;
    const auto samples = samples_of<M>("times", 1);
    const auto seconds = [&](const auto& model) {
        Profiler profiler(model);
        for (int pass = 0; pass < 3; ++pass) profiler(samples.front());
        return least_step_seconds(profiler.record, model.engine().plan.steps.size());
    };
    const LayerTimes times = LayerTimes::of(F::Engine::plan, seconds(F::load(weights)), M::Engine::plan,
                                            seconds(M::load(weights, ranges_of_samples<M>(weights, samples))));
    CHECK(times.layers.size() == 5);
    CHECK(times.floats.size() == F::Engine::plan.steps.size());
    for (const auto& [node, time] : times.floats) {
        CHECK(std::isfinite(time));
        CHECK(times.integers.contains(node));
    }
    for (const int layer : times.layers) CHECK((times.floats.contains(layer) && times.integers.contains(layer)));
}
