#include <taxon/app/picture/picture_reader.hpp>

#include <algorithm>
#include <atomic>
#include <thread>

#include "app/program.hpp"
#include "catch.hpp"

using namespace taxon;

TEST_CASE("A15: pictures of all threads share one budget", "[cases]") {
    const TestFolder folder;
    write_text(folder.path() / "a.bmp", bmp_of(20));  // 2 x 2 pixels: 12 bytes
    for (const std::uint64_t pixels : {4u, 6u, 9u}) {
        const app::PictureReader reader({.max_pixels = pixels});
        const int at_once = static_cast<int>(4 * pixels / 12);
        std::atomic<int> reading{0}, most{0}, done{0};
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 8; ++i)
                threads.emplace_back([&] {
                    for (int round = 0; round < 50; ++round)
                        reader.read(folder / "a.bmp", [&](const Image& picture) {
                            const int now = ++reading;
                            for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {}
                            done += picture.height / 2;
                            std::this_thread::yield();
                            --reading;
                        });
                });
        }
        CHECK(done == 400);
        CHECK((most >= 1 && most <= at_once));
    }
}
