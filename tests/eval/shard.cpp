#include <taxon/eval/shard.hpp>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"

using taxon::Fault;
using namespace taxon::eval;

TEST_CASE("shards hold every entry once") {
    const std::vector<int> entries{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    for (int count : {1, 3, 10, 13}) {
        std::vector<int> seen(entries.size(), 0);
        for (int index = 0; index < count; ++index)
            for (const int entry : shard(entries, index, count)) {
                CHECK(entry % count == index);
                ++seen[static_cast<std::size_t>(entry)];
            }
        CHECK(seen == std::vector<int>(entries.size(), 1));
    }
    CHECK(error_of([&] { shard(entries, 3, 3); }).fault() == Fault::usage);
    CHECK(error_of([&] { shard(entries, -1, 3); }).fault() == Fault::usage);
    CHECK(error_of([&] { shard(entries, 0, 0); }).fault() == Fault::usage);
}

TEST_CASE("a limit keeps the first entries") {
    const std::vector<int> entries{7, 8, 9};
    CHECK(limit(entries, 2) == std::vector<int>{7, 8});
    CHECK(limit(entries, 9) == entries);
    CHECK(error_of([&] { limit(entries, 0); }).fault() == Fault::usage);
}
