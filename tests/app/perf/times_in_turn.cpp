#include <taxon/app/perf/times_in_turn.hpp>

#include <taxon/io/synthetic_weights.hpp>

#include "app/tiny.hpp"
#include "catch.hpp"

using namespace taxon;
using namespace taxon::app;

TEST_CASE("every network takes its turn") {
    const ModelEntry& entry = tiny_offers().front();
    const auto network = entry.load(io::SyntheticWeights(), {}, {});
    std::vector<float> input(static_cast<std::size_t>(entry.input.size())),
        output(static_cast<std::size_t>(entry.output.size()));
    const auto times = times_in_turn({network.get(), network.get()}, input, output, 2);
    REQUIRE(times.size() == 2);
    for (const double time : times) CHECK((time > 0 && time < 1000));
}
