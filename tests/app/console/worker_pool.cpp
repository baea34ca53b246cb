#include <taxon/app/console/worker_pool.hpp>

#include "catch.hpp"

#include <stdexcept>

using taxon::app::Crew;

TEST_CASE("every worker does every job once") {
    for (int size : {1, 2, 5}) {
        Crew crew(size);
        CHECK(crew.size() == size);
        std::vector<int> done(static_cast<std::size_t>(size));
        for (int round = 0; round < 1000; ++round) crew.run([&](int worker) { ++done[static_cast<std::size_t>(worker)]; });
        for (int count : done) CHECK(count == 1000);
    }
}

TEST_CASE("a crew that was never used ends") { CHECK(Crew(4).size() == 4); }

TEST_CASE("a worker's exception reaches the caller, and the crew goes on") {
    Crew crew(3);
    for (int failing = 0; failing < 3; ++failing) {
        std::atomic<int> others{0};
        CHECK_THROWS_AS(crew.run([&](int worker) {
            if (worker == failing) throw std::runtime_error("worker");
            ++others;
        }),
                        std::runtime_error);
        CHECK(others == 2);
    }
    std::atomic<int> done{0};
    crew.run([&](int) { ++done; });
    CHECK(done == 3);
}
