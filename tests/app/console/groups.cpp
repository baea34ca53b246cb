#include <taxon/app/console/groups.hpp>

#include "catch.hpp"

#include <stdexcept>
#include <string>
#include <vector>

using namespace taxon::app;

TEST_CASE("groups cover every input once, in the right sizes") {
    for (int threads : {1, 3})
        for (std::size_t count : {0u, 1u, 10u, 12u})
            for (std::size_t batch : {1u, 4u, 20u}) {
                WorkerPool workers(threads);
                std::vector<int> seen(count);
                for_each_group(count, batch, workers, [&](int, Group group) {
                    const bool last = group.first + group.size == count;
                    if (group.size != batch && !last) throw std::logic_error("a short group before the last");
                    for (std::size_t i = 0; i < group.size; ++i) ++seen[group.first + i];
                });
                CHECK(seen == std::vector<int>(count, 1));
            }
}

TEST_CASE("of several failures the first in order is told, whatever the threads") {
    for (int threads : {1, 2, 4})
        for (int repeat = 0; repeat < 50; ++repeat) {
            WorkerPool workers(threads);
            std::string told;
            try {
                for_each_group(100, 1, workers, [](int, Group group) {
                    if (group.first >= 10) throw std::runtime_error(std::to_string(group.first));
                });
            } catch (const std::runtime_error& error) { told = error.what(); }
            CHECK(told == "10");
        }
}

TEST_CASE("no more workers than groups") {
    CHECK(worker_count(10, 1, 4) == 4);
    CHECK(worker_count(10, 4, 8) == 3);
    CHECK(worker_count(1, 256, 8) == 1);
    CHECK(worker_count(1'000'000, 1) == taxon::cpu::usable_processors());
}

TEST_CASE("a stop leaves the first inputs done, whatever the threads") {
    for (int threads : {1, 2, 4})
        for (std::size_t batch : {1u, 3u}) {
            WorkerPool workers(threads);
            std::stop_source stop;
            std::vector<int> seen(100);
            const auto work = [&](int, Group group) {
                for (std::size_t i = 0; i < group.size; ++i) ++seen[group.first + i];
                if (group.first >= 50) stop.request_stop();
            };
            const std::size_t done = for_each_group(seen.size(), batch, workers, work, stop.get_token());
            CHECK(done > 50);
            CHECK(done <= 51 + batch * static_cast<std::size_t>(threads));
            for (std::size_t i = 0; i < seen.size(); ++i) CHECK(seen[i] == (i < done ? 1 : 0));
            CHECK(for_each_group(seen.size(), batch, workers, work, stop.get_token()) == 0);
        }
}

TEST_CASE("work that is of no use in part says that it was stopped") {
    require_all(7, 7, "calibration");
    try {
        require_all(3, 7, "calibration");
        FAIL("accepted");
    } catch (const Stopped& stopped) {
        CHECK(std::string(stopped.what()) == "calibration stopped after 3 of 7; nothing is written");
    }
}
