#include <taxon/backend/cpu/team_choice.hpp>

#include <algorithm>
#include <map>
#include <vector>

#include "catch.hpp"

using taxon::cpu::TeamChoice;

namespace {

/// Runs whose times by number of threads are given; the numbers that were chosen.
class Runs {
  public:
    explicit Runs(int most) : most_(most) {}

    template <class TimeOf>
    std::vector<int> run(int count, TimeOf time_of) {
        std::vector<int> chosen;
        for (int i = 0; i < count; ++i) {
            const int threads = choice_.next(most_);
            const double time = time_of(threads, i);
            total += time;
            chosen.push_back(threads);
            choice_.note(threads, time);
        }
        return chosen;
    }

    double total = 0;

  private:
    int most_;
    TeamChoice choice_;
};

auto share_of(const std::vector<int>& chosen, int threads) {
    return static_cast<double>(std::ranges::count(chosen, threads)) / static_cast<double>(chosen.size());
}

/// 1.74 ms alone, .92 together.
double free_core(int threads, int) { return threads == 1 ? 1.74 : .92; }
/// A second process beside it: every third run waits for a slice of its time.
double lost_core(int threads, int run) { return threads == 1 ? 1.74 : run % 3 == 0 ? 6 : 1.1; }

}  // namespace

TEST_CASE("the first runs try all threads and one, then the quicker is used") {
    Runs runs(2);
    const auto close = [](int threads, int) { return threads == 1 ? 1.2 : .92; };
    CHECK(runs.run(10, close) == std::vector{2, 2, 2, 2, 1, 1, 1, 1, 1, 2});
    CHECK(share_of(runs.run(1000, close), 2) > .9);
    Runs alone(2);
    alone.run(10, [](int threads, int) { return threads == 1 ? 1. : 1.5; });
    CHECK(share_of(alone.run(1000, [](int threads, int) { return threads == 1 ? 1. : 1.5; }), 1) > .95);
}

TEST_CASE("two runs show that one thread is much slower") {
    Runs runs(2);
    CHECK(runs.run(10, free_core) == std::vector{2, 2, 2, 2, 1, 1, 2, 2, 2, 2});
    CHECK(share_of(runs.run(1000, free_core), 2) > .97);
}

TEST_CASE("one slow run does not end a trial that is quicker otherwise") {
    Runs runs(2);
    const auto time_of = [](int threads, int run) { return threads == 2 ? .92 : run == 6 ? 5 : .8; };
    runs.run(10, time_of);
    CHECK(share_of(runs.run(1000, time_of), 1) > .9);
}

TEST_CASE("trying costs at most 2 percent of the time") {
    for (const double together : {.5, .9, 1.1, 1.7, 4., 20.}) {
        Runs runs(2);
        const auto time_of = [=](int threads, int) { return threads == 1 ? 1 : together; };
        runs.run(50, time_of);
        runs.total = 0;
        runs.run(10'000, time_of);
        CHECK(runs.total < 10'000 * std::min(together, 1.) * 1.025);
    }
}

TEST_CASE("five slow runs are enough to leave the team, and a trial of five to come back") {
    Runs runs(2);
    runs.run(100, free_core);
    const auto slow = runs.run(10, [](int threads, int) { return threads == 1 ? 1.74 : 3.; });
    CHECK(share_of(slow, 2) <= .5);
    CHECK(slow.back() == 1);
    runs.run(1000, lost_core);
    CHECK(share_of(runs.run(1000, lost_core), 1) > .9);
    // the next trial is good
    runs.run(300, free_core);
    CHECK(share_of(runs.run(1000, free_core), 2) > .95);
}

TEST_CASE("one slow run is no reason to leave the team") {
    Runs runs(2);
    runs.run(20, free_core);
    const auto chosen = runs.run(1000, [](int threads, int run) { return run % 50 == 0 ? 8 : free_core(threads, 0); });
    CHECK(share_of(chosen, 2) > .95);
}

TEST_CASE("of many threads as many are used as pay") {
    for (const int best : {1, 2, 4, 8, 16, 48}) {
        Runs runs(48);
        const auto time_of = [=](int threads, int) {
            return threads <= best ? 10. / threads : 10. / best + .1 * (threads - best);
        };
        runs.run(200, time_of);
        CHECK(share_of(runs.run(1000, time_of), best) > .9);
    }
}

TEST_CASE("a run that did not get its threads tells nothing") {
    TeamChoice choice;
    for (int i = 0; i < 100; ++i) {
        CHECK(choice.next(2) == 2);
        choice.note(1, 1);
    }
}
