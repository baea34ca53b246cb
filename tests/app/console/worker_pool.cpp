#include <taxon/app/console/worker_pool.hpp>

#include "catch.hpp"
#include "refused_threads.hpp"

#include <stdexcept>

using taxon::app::WorkerPool;

TEST_CASE("every worker does every job once") {
    for (int size : {1, 2, 5}) {
        WorkerPool workers(size);
        CHECK(workers.size() == size);
        std::vector<int> done(static_cast<std::size_t>(size));
        for (int round = 0; round < 1000; ++round)
            workers.run([&](int worker) { ++done[static_cast<std::size_t>(worker)]; });
        for (int count : done) CHECK(count == 1000);
    }
}

TEST_CASE("worker threads that was never used ends") { CHECK(WorkerPool(4).size() == 4); }

TEST_CASE("A23: if the system refuses threads, there are fewer workers, which do all") {
    int given = 0, done = 0;
    std::thread([&] {
        if (!refuse_threads()) return;
        WorkerPool workers(4);
        given = workers.size();
        CHECK(workers.wanted() == 4);
        workers.run([&](int) { ++done; });
    }).join();
    if (given == 0) WARN("skipped: threads cannot be refused here");
    CHECK(given == done);
    CHECK(given <= 1);
}

TEST_CASE("a worker's exception reaches the caller, and the workers goes on") {
    WorkerPool workers(3);
    for (int failing = 0; failing < 3; ++failing) {
        std::atomic<int> others{0};
        CHECK_THROWS_AS(workers.run([&](int worker) {
            if (worker == failing) throw std::runtime_error("worker");
            ++others;
        }),
                        std::runtime_error);
        CHECK(others == 2);
    }
    std::atomic<int> done{0};
    workers.run([&](int) { ++done; });
    CHECK(done == 3);
}
