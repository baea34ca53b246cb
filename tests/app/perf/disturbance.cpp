#include <taxon/app/perf/disturbance.hpp>

#include "catch.hpp"

using namespace taxon::app;

TEST_CASE("a quiet machine disturbs nothing, and what cannot be read is absent") {
    MachineCounters before{.busy = 100, .stolen = 5, .own = 1, .throttled = 4, .frequency = 3},
        after{.busy = 103.9, .stolen = 5.01, .own = 4.8, .involuntary_switches = 15, .throttled = 4, .frequency = 2.9};
    const auto quiet = disturbance(before, after, 2);
    CHECK(quiet.notes.empty());
    REQUIRE(quiet.others);
    CHECK(*quiet.others < .06);
    const auto unknown = disturbance({}, {}, 2);
    CHECK(unknown.notes.empty());
    CHECK_FALSE(unknown.others);
    CHECK_FALSE(unknown.stolen);
    CHECK_FALSE(unknown.throttled);
    CHECK_FALSE(unknown.frequency_change);
}

TEST_CASE("each kind of disturbance has its sentence") {
    const MachineCounters before{.busy = 100, .stolen = 5, .own = 1, .throttled = 4, .frequency = 3};
    const auto said = [&](auto change) {
        MachineCounters after = before;
        after.own += 2, *after.busy += 2;
        change(after);
        const auto notes = disturbance(before, after, 2).notes;
        REQUIRE(notes.size() == 1);
        return notes.front().sentence;
    };
    CHECK(said([](auto& after) { *after.busy += 1; }) ==
          "other processes kept 0.50 processors busy; stop them and measure again");
    CHECK(said([](auto& after) { *after.stolen += .2; }) ==
          "the hypervisor gave 0.10 of our processors to other guests (steal time)");
    CHECK(said([](auto& after) { after.involuntary_switches = 200; }) ==
          "this process lost its processor 200 times (100 a second) to others or to its own threads");
    CHECK(said([](auto& after) { *after.throttled += 7; }) ==
          "the cgroup's CPU quota stopped this process in 7 periods; use fewer threads or raise the quota");
    CHECK(said([](auto& after) { *after.frequency = 2.4; }) ==
          "the processors' frequency went from 3.00 to 2.40 GHz; warm up longer, or fix it");
}
