#include <taxon/app/profile/advice.hpp>

#include "catch.hpp"

using namespace taxon;
using namespace taxon::app;

namespace {

/// A step that takes `ms`, of which its roofs need so many.
ProfileRow step(int number, double ms, double compute_ms, double memory_ms, const std::string& kind = "convolution") {
    ProfileRow row{.step = number, .layer = "layer." + std::to_string(number), .kind = kind};
    row.seconds = ms * 1e-3, row.compute_seconds = compute_ms * 1e-3, row.memory_seconds = memory_ms * 1e-3;
    row.busy = {row.seconds};
    return row;
}

ProfileRow stage(const std::string& name, const std::string& layer, double ms) {
    ProfileRow row{.stage = name, .layer = layer, .kind = layer};
    row.seconds = ms * 1e-3;
    return row;
}

Profile profile_of(std::vector<ProfileRow> rows) {
    Profile profile;
    for (const ProfileRow& row : rows) {
        profile.profiled_seconds += row.seconds;
        if (row.stage == "network") profile.network_seconds += row.seconds;
    }
    profile.unprofiled_seconds = profile.profiled_seconds;
    profile.busy = {profile.network_seconds};
    profile.rows = std::move(rows);
    return profile;
}

std::vector<std::string> rules(const Profile& profile) {
    std::vector<std::string> names;
    for (const Advice& one : advice_on(profile)) names.push_back(one.rule);
    return names;
}

using Rules = std::vector<std::string>;

}  // namespace

TEST_CASE("an even profile that is near its roofs has no advice") {
    CHECK(rules(profile_of({step(0, 1, .8, .1), step(1, 1, .7, .2), step(2, 1, .8, .1), step(3, 1, .7, .1)})).empty());
    CHECK(rules(Profile{}).empty());
}

TEST_CASE("a layer far below its roof is named, with what it loses against the others' pace") {
    const auto profile = profile_of({step(0, 1, .8, 0), step(1, 4, .8, 0), step(2, 1, .8, 0), step(3, 9, 7.2, 0)});
    const auto advice = layer_below_roof(profile);
    REQUIRE(advice);
    CHECK(advice->steps == std::vector{1});
    CHECK(advice->text ==
          "layer.1 (convolution) takes 27 % of the network's time at 20 % of its roof, where the other steps together "
          "reach 80 %: 3.000 ms more than at their pace.");
    CHECK_FALSE(layer_below_roof(profile_of({step(0, 100, 80, 0), step(1, 4, .8, 0)})));  // of no weight
    CHECK_FALSE(layer_below_roof(profile_of({step(0, 3, .8, 0), step(1, 4, .8, 0)})));    // all are alike
}

TEST_CASE("a layer that takes a third of the time is named even at its roof") {
    CHECK(rules(profile_of({step(0, 1, .9, 0), step(1, 1, .9, 0), step(2, 1.1, 1, 0)})) == Rules{"layer_dominates"});
    CHECK_FALSE(
        layer_dominates(profile_of({step(0, 1, .9, 0), step(1, 1, .9, 0), step(2, 1, .9, 0), step(3, 1, 1, 0)})));
    CHECK_FALSE(layer_dominates(profile_of({stage("read", "decode", 5), step(0, 0, 0, 0)})));
}

TEST_CASE("steps bound by memory are counted if they are near that roof") {
    auto near = profile_of({step(0, 1, .1, .8), step(1, 1, .1, .7), step(2, 1, .6, .5), step(3, .9, .6, .5)});
    for (ProfileRow& row : near.rows) row.weight_bytes = 100, row.moved_bytes = 120;
    const auto advice = memory_bound(near);
    REQUIRE(advice);
    CHECK(advice->steps == std::vector{0, 1});
    CHECK(advice->text.starts_with("51 % of the network's time is in 2 steps bound by memory, mostly by weights: "));
    near.data_types.matrices = Element::int8;
    CHECK(memory_bound(near)->text.ends_with("faster arithmetic would not help them."));
    CHECK_FALSE(memory_bound(profile_of({step(0, 1, .1, .2), step(1, 1, .1, .2)})));
}

TEST_CASE("threads that wait for a third of the time are too many") {
    auto profile = profile_of({step(0, 1, .8, 0), step(1, 1, .8, 0), step(2, 1, .8, 0), step(3, 1, .8, 0)});
    profile.threads = 4, profile.busy = {4e-3, 1e-3, 1e-3, 1e-3};
    const auto advice = too_many_threads(profile);
    REQUIRE(advice);
    CHECK(advice->text.starts_with("4 threads wait 56 % of the network's time for each other: try --threads 2"));
    profile.busy = {4e-3, 0, 0, 0};
    CHECK(too_many_threads(profile)->text.starts_with("Only 1 of 4 threads had any work"));
    profile.busy = {4e-3, 3e-3, 3e-3, 3e-3};
    CHECK_FALSE(too_many_threads(profile));
}

TEST_CASE("what comes before and after the network is advised on if it takes longer than the network deserves") {
    const auto pictures = profile_of({stage("read", "decode", 6), stage("preprocess", "preprocess", 2),
                                      step(0, 1, 1, 0), stage("postprocess", "postprocess", 1)});
    CHECK(preparation_dominates(pictures)->text ==
          "80 % of a run passes before the network starts (reading 75 %, preprocessing 25 %), and 10 % in it: give "
          "smaller pictures, or read on other threads meanwhile.");
    CHECK_FALSE(postprocessing_dominates(pictures));
    CHECK(preparation_dominates(profile_of({stage("read", "tokenize", 6), step(0, 4, 1, 0)}))->text ==
          "60 % of a run passes before the network starts (tokenizing), and 40 % in it: tokenize ahead of time.");
    CHECK(rules(profile_of({stage("read", "decode", 6), stage("preprocess", "preprocess", 2), step(0, 3, 3, 0),
                            stage("postprocess", "postprocess", 4)})) ==
          Rules{"preparation_dominates", "postprocessing_dominates", "layer_dominates"});
}

TEST_CASE("a precision is advised only where the machine multiplies it faster and products bind the network") {
    auto profile = profile_of({step(0, 1, .8, .1), step(1, 1, .7, .2), step(2, 1, .8, .1), step(3, 1, .7, .1)});
    profile.machine.peaks = {{Element::float32, cpu::Isa::avx512, 1e11}, {Element::int8, cpu::Isa::avx512, 4e11}};
    REQUIRE(precision_would_pay(profile));
    CHECK(precision_would_pay(profile)->text.ends_with(
        "multiplies int8 4.0 times as fast as float32: measure --precision qint8_mixed_float32, and its accuracy."));
    profile.data_types.matrices = Element::int8;
    CHECK_FALSE(precision_would_pay(profile));
    profile.data_types = {}, profile.machine.peaks[1].operations = 1.4e11;
    CHECK_FALSE(precision_would_pay(profile));
    profile.machine.peaks[1].operations = 4e11;
    for (ProfileRow& row : profile.rows) row.memory_seconds = 1;
    CHECK_FALSE(precision_would_pay(profile));
}

TEST_CASE("an overhead of five percent is said") {
    auto profile = profile_of({step(0, 1, .9, 0), step(1, 1, .9, 0), step(2, 1, .9, 0), step(3, 1, .9, 0)});
    profile.unprofiled_seconds = profile.profiled_seconds / 1.1;
    CHECK(rules(profile) == Rules{"overhead_is_large"});
    CHECK(advice_on(profile).front().text.starts_with("Profiled runs took 10.0 % more time"));
}
