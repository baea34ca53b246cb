#include <taxon/app/gen/candidate.hpp>

#include "catch.hpp"

using namespace taxon;
using namespace taxon::app;

namespace {

const ModelEntry floats{.precision = "floats", .packed_bytes = 400},
    halves{.precision = "halves", .packed_bytes = 200, .data_types = precision::BFloat16::data_types},
    bytes{.precision = "bytes", .packed_bytes = 100, .data_types = precision::QInt8MixedFloat32::data_types};

Candidate measured(const ModelEntry& entry, double drop, double milliseconds) {
    return {.entry = &entry, .drop = drop, .milliseconds = milliseconds};
}

std::vector<Candidate> three(Candidate a, Candidate b, Candidate c) {
    std::vector<Candidate> all;
    all.push_back(std::move(a)), all.push_back(std::move(b)), all.push_back(std::move(c));
    return all;
}

}  // namespace

TEST_CASE("the quickest that holds the bound is chosen") {
    const auto all = three(measured(floats, 0, 4), measured(halves, .5, 3), measured(bytes, 2, 1));
    CHECK(chosen(all, {Level::O2, 3}) == 2u);
    CHECK(chosen(all, {Level::O2, 2}) == 2u);
    CHECK(chosen(all, {Level::O2, 1}) == 1u);
    CHECK(chosen(all, {Level::O1, 3}) == 1u);
    CHECK(chosen(all, {Level::O2, 0}) == 0u);
    CHECK(chosen(all, {Level::O0, 3}) == 0u);
}

TEST_CASE("narrower numbers that are slower than float32 are not chosen, unless the level has no others") {
    const auto all = three(measured(floats, 0, 1), measured(halves, 0, 2), measured(bytes, -1, 3));
    for (const Level level : {Level::O0, Level::O1, Level::O2}) CHECK(chosen(all, {level, 1}) == 0u);
    CHECK(chosen(all, {Level::O3, 1}) == 2u);
}

TEST_CASE("none is chosen if none holds the bound") {
    CHECK_FALSE(chosen(three(measured(floats, 0, 3), measured(halves, 1, 2), measured(bytes, 1, 1)), {Level::O3, .5}));
}

TEST_CASE("times that differ by noise are equal, and then the smaller drop counts, and then the size") {
    CHECK(chosen(three(measured(floats, 0, 1.02), measured(halves, .1, 1), measured(bytes, .2, 1.01)),
                 {Level::O2, 1}) == 0u);
    CHECK(chosen(three(measured(floats, 0, 1.04), measured(halves, .1, 1), measured(bytes, .2, 1.01)),
                 {Level::O2, 1}) == 1u);
    CHECK(chosen(three(measured(floats, 0, 1), measured(halves, 0, 1.01), measured(bytes, 0, 1.02)), {Level::O2, 1}) ==
          2u);
    CHECK(chosen(three(measured(floats, 0, 1), measured(halves, -1, 1.01), measured(bytes, 0, 1.02)), {Level::O2, 1}) ==
          1u);
}

TEST_CASE("every candidate has a reason") {
    const auto all = three(measured(floats, 0, 4), measured(halves, .5, 3), measured(bytes, 2, 1));
    CHECK(reason(all[2], all[2], {Level::O2, 3}) == "written");
    CHECK(reason(all[0], all[2], {Level::O2, 3}) == "slower");
    CHECK(reason(all[0], all[2], {Level::O3, 3}) == "for comparison");
    CHECK(reason(all[2], all[1], {Level::O2, 1}) == "drops too much");
    const auto alike = three(measured(floats, 0, 1), measured(halves, .5, 1), measured(bytes, 0, 1));
    CHECK(reason(alike[1], alike[2], {Level::O2, 1}) == "no faster, drops more");
    CHECK(reason(alike[0], alike[2], {Level::O2, 1}) == "no faster, no smaller");
}
