#include <taxon/app/gen/class_comparison.hpp>

#include <sstream>
#include <taxon/io/synthetic_weights.hpp>

#include "app/tiny.hpp"
#include "catch.hpp"

using namespace taxon;
using namespace taxon::app;

TEST_CASE("with labels a drop is top-1 that is lost or won, without them it is answers that change") {
    const std::vector<int> floats{0, 1, 2, 3}, found{0, 1, 3, 1}, labels{0, 2, 2, 1};
    CHECK(verdict_of(floats, floats, {}).drop == 0);
    CHECK(verdict_of(floats, found, {}).drop == 50);
    CHECK_FALSE(verdict_of(floats, found, {}).score);
    CHECK(verdict_of(floats, floats, labels).score == .5);
    CHECK(verdict_of(floats, found, labels).drop == 0);  // one is lost, another won
    CHECK(verdict_of(floats, {1, 1, 1, 0}, labels).drop == 50);
    CHECK(verdict_of(floats, labels, labels).drop == -50);
}

TEST_CASE("best classes are those of each network, whatever the number of threads") {
    const ModelEntry& entry = tiny_offers().front();
    const auto one = entry.load(io::SyntheticWeights("one"), {}, {}),
               other = entry.load(io::SyntheticWeights("other"), {}, {});
    const CalibrationInputs inputs = generated_inputs(30);
    const std::vector<const AnyModel*> networks{one.get(), other.get(), one.get()};
    const auto with_threads = [&](int threads, const auto& work) {
        std::ostringstream out, err;
        Console console{out, err};
        WorkerPool workers(threads);
        Progress progress(console, true, "inputs", 30);
        return work(workers, progress);
    };
    const auto classes = [&](WorkerPool& workers, Progress& progress) {
        return best_classes("inputs", inputs, networks, entry, workers, progress);
    };
    const auto best = with_threads(1, classes);
    REQUIRE(best.size() == 3);
    CHECK(best == with_threads(3, classes));
    CHECK(best[0] == best[2]);
    CHECK(best[0] != best[1]);
    const auto workspace = other->make_workspace();
    std::vector<float> input(static_cast<std::size_t>(entry.input.size())),
        output(static_cast<std::size_t>(entry.output.size()));
    inputs.prepare(7, input);
    other->run(input, output, *workspace);
    CHECK(best[1][7] == std::max_element(output.begin(), output.end()) - output.begin());

    const Comparison labelled = class_comparison("inputs", inputs, best[1], {.key = "top1", .name = "top-1"});
    CHECK(labelled.count == 30);
    const auto verdicts = with_threads(
        2, [&](WorkerPool& workers, Progress& progress) { return labelled.judge(networks, entry, workers, progress); });
    CHECK(verdicts[1].score == 1.);
    CHECK(verdicts[1].drop == -100 * (1 - *verdicts[0].score));
    CHECK(verdicts[2].drop == 0);
}
