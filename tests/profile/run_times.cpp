#include <taxon/profile/run_times.hpp>

#include "catch.hpp"

using namespace taxon;
using cpu::RunRecord;

namespace {

RunRecord::Clock::time_point at(int microseconds) {
    return RunRecord::Clock::time_point(std::chrono::microseconds(microseconds));
}
RunRecord::Interval did(int sample, int step, int from, int to) { return {sample, step, at(from), at(to)}; }

/// One sample on two threads: step 0 is shared, step 1 is the first thread's alone.
RunRecord::Run shared_run() {
    return {.batch = 1,
            .begin = at(0),
            .end = at(100),
            .threads = {{did(0, RunRecord::input, 10, 12), did(0, 0, 20, 50), did(0, 1, 51, 60),
                         did(0, RunRecord::output, 60, 64)},
                        {did(0, RunRecord::input, 11, 14), did(0, 0, 20, 40)}}};
}

}  // namespace

TEST_CASE("a row that threads share lasts from the end of the row before to its slowest thread") {
    const RunTimes times = RunTimes::of(shared_run(), 2);
    CHECK(times.seconds == Approx(100e-6));
    CHECK(times.input().seconds == Approx(4e-6));
    CHECK(times.step(0).seconds == Approx(36e-6));
    CHECK(times.step(1).seconds == Approx(10e-6));
    CHECK(times.output().seconds == Approx(4e-6));
    CHECK(times.in_rows() == Approx(54e-6));
    CHECK(times.busy(0) == Approx(45e-6));
    CHECK(times.busy(1) == Approx(23e-6));
    CHECK(times.step(0).imbalance() == Approx(30 / 25.));
    CHECK(times.step(1).imbalance() == Approx(2));
}

TEST_CASE("samples that threads take whole count by their share of the threads") {
    const RunRecord::Run run{
        .batch = 3,
        .whole = 2,
        .begin = at(0),
        .end = at(60),
        .threads = {{did(0, RunRecord::input, 0, 2), did(0, 0, 2, 10), did(0, RunRecord::output, 10, 12),
                     did(2, RunRecord::input, 30, 31), did(2, 0, 31, 36), did(2, RunRecord::output, 38, 39)},
                    {did(1, RunRecord::input, 4, 6), did(1, 0, 6, 20), did(1, RunRecord::output, 20, 22),
                     did(2, RunRecord::input, 30, 30), did(2, 0, 31, 38)}}};
    const RunTimes times = RunTimes::of(run, 1);
    CHECK(times.input().seconds == Approx((2 + 2) / 2e6 + 1e-6));
    CHECK(times.step(0).seconds == Approx((8 + 14) / 2e6 + 7e-6));
    CHECK(times.output().seconds == Approx((2 + 2) / 2e6 + 1e-6));
    CHECK(times.busy(1) == Approx(25e-6));
}

TEST_CASE("rows that take turns share their time by their work") {
    const RunRecord::Run run{
        .batch = 1,
        .begin = at(0),
        .end = at(50),
        .threads = {{did(0, RunRecord::input, 0, 2), did(0, 0, 2, 10), did(0, 1, 10, 14), did(0, 0, 14, 18),
                     did(0, 1, 18, 20), did(0, 2, 21, 30), did(0, RunRecord::output, 30, 31)},
                    {did(0, RunRecord::input, 0, 1), did(0, 0, 2, 4), did(0, 1, 4, 5), did(0, 0, 5, 7), did(0, 1, 7, 8),
                     did(0, 2, 22, 26)}}};
    const RunTimes times = RunTimes::of(run, 3);
    CHECK(times.step(0).seconds == Approx(18e-6 * 16 / 24));
    CHECK(times.step(1).seconds == Approx(18e-6 * 8 / 24));
    CHECK(times.step(2).seconds == Approx(10e-6));
    CHECK(times.in_rows() == Approx(31e-6));
    CHECK(times.busy(0) == Approx((2 + 12 + 6 + 9 + 1) / 1e6));
    CHECK(times.step(0).imbalance() == Approx(12 / 8.));
}

TEST_CASE("the fastest tenth of the runs is averaged row by row, so that rows still add up") {
    const auto run = [](double seconds) {
        return RunTimes{seconds, {{seconds / 4, {seconds / 8}}, {seconds / 2, {}}, {seconds / 4, {}}}};
    };
    std::vector<RunTimes> runs;
    for (int i = 0; i < 11; ++i) runs.push_back(run(20 - i));
    const RunTimes mean = mean_of_fastest(runs);
    CHECK(mean.seconds == Approx(10.5));
    CHECK(mean.in_rows() == Approx(mean.seconds));
    CHECK(mean.input().busy.front() == Approx(10.5 / 8));
    CHECK(mean_of_fastest({run(7), run(9)}).seconds == Approx(7));
}

TEST_CASE("the least time of a step is that of any run") {
    RunRecord record{{shared_run(), shared_run()}};
    record.runs.back().threads = {
        {did(0, RunRecord::input, 0, 1), did(0, 0, 1, 9), did(0, 1, 9, 30), did(0, RunRecord::output, 30, 31)}};
    const auto least = least_step_seconds(record, 2);
    CHECK(least[0] == Approx(8e-6));
    CHECK(least[1] == Approx(10e-6));
}
