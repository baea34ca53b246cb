#include <taxon/app/gen/layer_scan.hpp>

#include <sstream>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/quantize/stored_values.hpp>

#include "app/tiny.hpp"
#include "catch.hpp"

using namespace taxon;
using namespace taxon::app;

namespace {

const ModelEntry &floats = tiny_offers()[0], &bytes = tiny_offers()[2], &mixed = tiny_offers().back();

quantize::Ranges ranges_of(const CalibrationInputs& inputs) {
    std::ostringstream out, err;
    Console console{out, err};
    WorkerPool workers(1);
    Progress progress(console, true, "inputs", inputs.count);
    const auto values = quantize::stored_values(bytes.graph, bytes.plan);
    return calibrate(*floats.load(io::SyntheticWeights(), {}, {}), floats, values, inputs, workers, progress)
        .ranges(quantize::Method::linear, quantize::u8);
}

}  // namespace

TEST_CASE("a scan looks at few of many inputs, spread over all of them") {
    const auto inputs = generated_inputs(10);
    const auto few = app::detail::spaced_samples(inputs, floats, 3),
               all = app::detail::spaced_samples(inputs, floats, 20);
    REQUIRE(few.size() == 3);
    REQUIRE(all.size() == 10);
    CHECK(few == std::vector{all[0], all[3], all[6]});
    CHECK(app::detail::most_samples(floats) == 128);
}

TEST_CASE(
    "a network of the table is scanned, and where it was measured not to hold the bound, half of its noise has to go") {
    const auto inputs = generated_inputs(12);
    const auto samples = app::detail::spaced_samples(inputs, floats, 12);
    const io::SyntheticWeights weights;
    const auto ranges = ranges_of(inputs);
    const quantize::Sensitivity scan(app::detail::quantizable_network_of(floats, mixed.data_types, {}), weights, ranges,
                                     samples);
    const auto layers = scan.layers();
    CHECK(layers.size() == quantize::rounding_of(bytes.graph, bytes.plan, ranges).weights.size());
    CHECK(scan.outlook().packed_bytes == bytes.packed_bytes);
    CHECK(scan.outlook({"5"}).packed_bytes == mixed.packed_bytes);

    const auto bound = [&](double drop_of_bytes, double drop_of_mixed) {
        std::vector<Candidate> candidates;
        candidates.push_back({.entry = &floats}), candidates.push_back({.entry = &bytes, .drop = drop_of_bytes}),
            candidates.push_back({.entry = &mixed, .drop = drop_of_mixed});
        return app::detail::bound_of(scan, layers, candidates, {Level::O2, 1});
    };
    CHECK(bound(1, 0).most_changed == .01);
    CHECK(std::isinf(bound(1, 0).least_snr_db));
    CHECK(bound(2, 0).least_snr_db == scan.outlook().deviation.snr_db() + 3);
    CHECK(bound(0, 2).least_snr_db == scan.outlook({"5"}).deviation.snr_db() + 3);
    CHECK(bound(2, 2).least_snr_db == std::max(bound(2, 0).least_snr_db, bound(0, 2).least_snr_db));
}
