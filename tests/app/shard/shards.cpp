#include <taxon/app/shard/shards.hpp>

#include "catch.hpp"

using taxon::app::Shards;

TEST_CASE("shards are read and written") {
    for (const char* text : {"0/1", "2/3", "0,2/3", "0,1,2/3", "11/12"}) {
        const auto shards = Shards::parse(text);
        REQUIRE(shards);
        CHECK(shards->text() == text);
    }
    CHECK(Shards::parse("2,0/3")->text() == "0,2/3");
    for (const char* text : {"", "/", "1", "1/", "/1", "1/1", "-1/2", "0,0/2", "0,/2", ",0/2", "0/2 ", " 0/2", "0x0/2",
                             "0/99999999999999999999"}) {
        INFO(text);
        CHECK_FALSE(Shards::parse(text));
    }
}

TEST_CASE("shards have every picture once") {
    for (std::size_t total : {0u, 1u, 7u, 12u, 100u})
        for (std::size_t of : {1u, 3u, 13u}) {
            std::size_t sum = 0;
            for (std::size_t part = 0; part < of; ++part) sum += Shards{{part}, of}.size(total);
            CHECK(sum == total);
        }
    CHECK(Shards{{0}, 3}.size(7) == 3);
    CHECK(Shards{{1, 2}, 3}.size(7) == 4);
}

TEST_CASE("shards join unless they overlap") {
    Shards sum{{1}, 3};
    CHECK(sum.overlap({{0, 1}, 3}));
    CHECK_FALSE(sum.overlap({{0, 2}, 3}));
    CHECK_FALSE(sum.complete());
    sum.join({{2, 0}, 3});
    CHECK(sum.text() == "0,1,2/3");
    CHECK(sum.complete());
}

TEST_CASE("shards that are missing are named") {
    CHECK((Shards{{1, 3}, 5}.missing()) == "0, 2, 4 of 5");
    const std::string many = Shards{{0}, 1000}.missing();
    CHECK(many.starts_with("1, 2, 3"));
    CHECK(many.ends_with("20, … of 1000"));
}
