#include <taxon/app/picture/classification_report.hpp>

#include <sys/stat.h>

#include "app/program.hpp"
#include "catch.hpp"

using namespace taxon;
using namespace taxon::app;

namespace {

using Result = Evaluation<eval::ClassificationScore>;

Result shard(std::size_t part, std::size_t n, std::uint64_t first, std::uint64_t five) {
    return {.family = "f",
            .variant = "v",
            .precision = "p",
            .backend = "cpu",
            .execution = "fused",
            .isa = "avx2",
            .weights = "w.pth",
            .dataset = "d",
            .shards = {{part}, 3},
            .dataset_size = 3 * n,
            .score = {n, first, five}};
}

/// The fault with which `work` fails; usage if it does not.
template <class Work>
Fault fault_of(Work work) {
    try {
        work();
    } catch (const Error& error) {
        CHECK(error.facts().file == "x.json");
        return error.fault();
    }
    return Fault::usage;
}

}  // namespace

TEST_CASE("a pipe is no JSON of an earlier run") {
    const TestFolder folder;
    REQUIRE(mkfifo((folder / "x.json").c_str(), 0600) == 0);
    try {
        read_json(folder / "x.json");
        FAIL("accepted");
    } catch (const Error& error) { CHECK(error.fault() == Fault::io); }
}

TEST_CASE("an evaluation is the same after writing and reading") {
    const TestFolder folder;
    const auto before = shard(1, 1'000'000'007, 999'999'999, 1'000'000'001);
    write_json(folder / "e.json", json_of(before));
    const auto after = read_evaluation<eval::ClassificationScore>(folder / "e.json");
    CHECK(after.score == before.score);
    CHECK(json_of(after) == json_of(before));
}

TEST_CASE("merging adds counts exactly") {
    auto sum = shard(0, 1'000'000'007, 123'456'789, 234'567'890);
    merge(sum, shard(2, 1'000'000'007, 1, 2), "x.json");
    CHECK(sum.score == eval::ClassificationScore(2'000'000'014, 123'456'790, 234'567'892));
    CHECK(sum.shards.text() == "0,2/3");
    CHECK(contains(readable(sum), "shard 0,2/3: 2000000014 of 3000000021 pictures"));
}

TEST_CASE("merging refuses a shard that is in, other networks and other data sets") {
    auto sum = shard(0, 10, 1, 2);
    CHECK(fault_of([&] { merge(sum, shard(0, 10, 1, 2), "x.json"); }) == Fault::overlap);
    for (std::string Result::*field :
         {&Result::family, &Result::variant, &Result::precision, &Result::backend, &Result::execution, &Result::weights,
          &Result::dataset, &Result::calibration, &Result::options, &Result::weights_digest, &Result::dataset_digest}) {
        auto other = shard(1, 10, 1, 2);
        other.*field = "other";
        CHECK(fault_of([&] { merge(sum, other, "x.json"); }) == Fault::mismatch);
    }
    auto parts = shard(1, 10, 1, 2), size = parts, isa = parts;
    parts.shards.of = 4;
    CHECK(fault_of([&] { merge(sum, parts, "x.json"); }) == Fault::mismatch);
    size.dataset_size = 31;
    CHECK(fault_of([&] { merge(sum, size, "x.json"); }) == Fault::mismatch);
    CHECK(sum.score == eval::ClassificationScore(10, 1, 2));
    isa.isa = "avx512";
    merge(sum, isa, "x.json");
    CHECK(sum.isa == "several");
}

TEST_CASE("an evaluation whose fields are missing, of another kind or contradictory is refused") {
    const TestFolder folder;
    const auto good = json_of(shard(0, 10, 4, 6));
    const auto refused = [&](const char* field, const Json& value, Fault fault) {
        auto json = good;
        if (value.is_null()) json.erase(field);
        else json[field] = value;
        write_json(folder / "x.json", json);
        try {
            read_evaluation<eval::ClassificationScore>(folder / "x.json");
        } catch (const Error& error) { return error.fault() == fault && error.facts().file == folder / "x.json"; }
        return false;
    };
    for (const auto& [field, value] : good.items()) {
        if (std::string(field) == "top1" || std::string(field) == "top5") continue;  // they follow from the counts
        INFO(field);
        CHECK(refused(field.c_str(), nullptr, Fault::type));
        CHECK(refused(field.c_str(), Json::array(), Fault::type));
    }
    CHECK(refused("n", -10, Fault::type));
    CHECK(refused("n", 9, Fault::value));
    CHECK(refused("top1_count", 7, Fault::value));
    CHECK(refused("top5_count", 11, Fault::value));
    CHECK(refused("shard", "3/3", Fault::value));
    CHECK(refused("complete", false, Fault::value));
}

TEST_CASE("eval merge from the command line") {
    const TestFolder folder;
    write_json(folder / "a.json", json_of(shard(0, 10, 4, 6)));
    write_json(folder / "b.json", json_of(shard(1, 10, 5, 7)));
    const auto missing = run_program({"eval", "merge", folder / "a.json", folder / "b.json"});
    CHECK(missing.code == 3);
    CHECK(missing.err ==
          "tens: merge: [missing] found no shard 2 of 3, wanted all of them; --partial merges what there is\n");
    const auto outcome = run_program({"eval", "merge", "--partial", folder / "a.json", folder / "b.json"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "top-1   45.00%  (9 of 20)\ntop-5   65.00%  (13 of 20)\nshard 0,1/3: 20 of 30 pictures\n");
    const auto twice = run_program({"eval", "merge", folder / "a.json", folder / "a.json"});
    CHECK(twice.code == 3);
    CHECK(twice.err ==
          "tens: " + (folder / "a.json") +
              ": field \"shard\": [overlap] found 0/3, which is counted already, wanted another shard; merge "
              "the results of one run, of each shard once\n");
    CHECK(run_program({"eval", "merge"}).code == 2);
    CHECK(run_program({"eval", "merge", folder / "missing.json"}).code == 3);
}
