#include <taxon/text/encoding.hpp>

#include "catch.hpp"

using taxon::text::longest_first;
using Kept = std::pair<std::size_t, std::size_t>;

TEST_CASE("the longer of two texts is cut first") {
    CHECK(longest_first(3, 4, 7) == Kept{3, 4});
    CHECK(longest_first(7, 3, 6) == Kept{3, 3});
    CHECK(longest_first(7, 3, 7) == Kept{4, 3});
    CHECK(longest_first(3, 7, 7) == Kept{3, 4});
    CHECK(longest_first(7, 0, 4) == Kept{4, 0});
    CHECK(longest_first(7, 3, 1) == Kept{1, 0});
    CHECK(longest_first(3, 7, 1) == Kept{0, 1});
    CHECK(longest_first(4, 4, 3) == Kept{1, 2});
    CHECK(longest_first(5, 5, 0) == Kept{0, 0});
}

TEST_CASE("truncation fills the room, never adds, and cuts the shorter text only with the longer") {
    std::size_t wrong = 0;
    for (std::size_t a = 0; a < 24; ++a)
        for (std::size_t b = 0; b < 24; ++b)
            for (std::size_t room = 0; room < 50; ++room) {
                const auto [first, second] = longest_first(a, b, room);
                wrong += first > a || second > b || first + second != std::min(a + b, room);
                wrong += (first < a && first + 1 < second) || (second < b && second + 1 < first);
            }
    CHECK(wrong == 0);
}

TEST_CASE("padding adds to the end and never cuts") {
    taxon::text::Encoding encoding{{2, 9, 3}, {0, 0, 1}, {1, 1, 1}};
    pad_to(encoding, 5, 7);
    CHECK(encoding == taxon::text::Encoding{{2, 9, 3, 7, 7}, {0, 0, 1, 0, 0}, {1, 1, 1, 0, 0}});
    pad_to(encoding, 2, 7);
    CHECK(encoding.size() == 5);
}
