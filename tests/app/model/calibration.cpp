#include <taxon/app/model/calibration.hpp>

#include "app/tiny.hpp"
#include "catch.hpp"

#include <sstream>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/quantize/stored_values.hpp>

using namespace taxon;
using namespace taxon::app;

TEST_CASE("what calibration finds does not depend on the number of threads") {
    const ModelEntry &floats = tiny_offers()[0], &quantized = tiny_offers()[2];
    const auto network = floats.load(io::SyntheticWeights(), {}, {});
    const auto watched = quantize::stored_values(quantized.graph, quantized.plan);
    REQUIRE_FALSE(watched.empty());
    const CalibrationInputs inputs{20, [](std::size_t i, std::span<float> to) {
                                       const auto numbers = io::synthetic_input(std::to_string(i), "input", to.size());
                                       std::copy(numbers.begin(), numbers.end(), to.begin());
                                   }};
    const auto with_threads = [&](int threads) {
        std::ostringstream out, err;
        Console console{out, err};
        WorkerPool workers(threads);
        Progress progress(console, true, "inputs", inputs.count);
        return calibrate(*network, floats, watched, inputs, workers, progress);
    };
    const auto alone = with_threads(1);
    CHECK(alone == with_threads(3));
    std::set<int> seen;
    for (const auto& [value, histogram] : alone.histograms()) seen.insert(value);
    CHECK(seen == watched);
}
