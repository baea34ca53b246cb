#include <taxon/app/gen/comparison.hpp>

#include <sstream>
#include <taxon/io/synthetic_weights.hpp>

#include "app/tiny.hpp"
#include "catch.hpp"

using namespace taxon;
using namespace taxon::app;

TEST_CASE("with labels a drop is top-1 that is lost or won, without them it is answers that change") {
    const std::vector<int> floats{0, 1, 2, 3}, found{0, 1, 3, 1};
    const Comparison unlabelled{.kind = "inputs"};
    CHECK(unlabelled.drop(floats, floats) == 0);
    CHECK(unlabelled.drop(floats, found) == 50);
    CHECK_FALSE(unlabelled.top1(found));
    const Comparison labelled{.kind = "pictures", .labels = {0, 2, 2, 1}};
    CHECK(labelled.top1(floats) == .5);
    CHECK(labelled.drop(floats, found) == 0);  // one is lost, another won
    CHECK(labelled.drop(floats, {1, 1, 1, 0}) == 50);
    CHECK(labelled.drop(floats, labelled.labels) == -50);
}

TEST_CASE("best classes are those of each network, whatever the number of threads") {
    const ModelEntry& entry = tiny_offers().front();
    const auto one = entry.load(io::SyntheticWeights("one"), {}, {}),
               other = entry.load(io::SyntheticWeights("other"), {}, {});
    const Comparison comparison{.kind = "inputs", .inputs = generated_inputs(30)};
    const auto with_threads = [&](int threads) {
        std::ostringstream out, err;
        Console console{out, err};
        WorkerPool workers(threads);
        Progress progress(console, true, "inputs", 30);
        return comparison.best_classes({one.get(), other.get(), one.get()}, entry, workers, progress);
    };
    const auto best = with_threads(1);
    REQUIRE(best.size() == 3);
    CHECK(best == with_threads(3));
    CHECK(best[0] == best[2]);
    CHECK(best[0] != best[1]);
    const auto workspace = other->make_workspace();
    std::vector<float> input(static_cast<std::size_t>(entry.input.size())),
        output(static_cast<std::size_t>(entry.output.size()));
    comparison.inputs.prepare(7, input);
    other->run(input, output, *workspace);
    CHECK(best[1][7] == std::max_element(output.begin(), output.end()) - output.begin());
}
