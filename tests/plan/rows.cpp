#include <taxon/plan/rows.hpp>

#include <algorithm>
#include <random>

#include "catch.hpp"

using namespace taxon;

TEST_CASE("rows that a step reads are those of its windows") {
    std::mt19937 random(5);
    const auto number = [&](int least, int most) { return std::uniform_int_distribution(least, most)(random); };
    for (int round = 0; round < 200; ++round) {
        const WindowAxis y{number(1, 5), number(1, 3), number(1, 2), number(0, 3), 0};
        const int first = number(0, 9), last = first + number(1, 6);
        int least = 1000, most = -1000;
        for (int row = first; row < last; ++row)
            for (int tap = 0; tap < y.size; ++tap) {
                const int read = row * y.stride - y.before + tap * y.dilation;
                least = std::min(least, read), most = std::max(most, read);
            }
        CHECK(detail::rows_read({.window = {.y = y}}, {first, last}) == RowRange{least, most + 1});
    }
}

TEST_CASE("a step whose windows may lie in the padding alone computes no rows for a chain") {
    Geometry g{.kernel = Kernel::depthwise, .in = {.shape = {8, 20, 20}}, .out = {.shape = {8, 20, 20}}};
    for (const int size : {1, 3, 5})
        for (int padding = 0; padding < 8; ++padding) {
            g.window.y = {size, 1, 1, padding, 0};
            CHECK(detail::computes_rows(g) == (padding < size));
            g.window.y = {size, 1, 1, 0, padding};
            CHECK(detail::computes_rows(g) == (padding < size));
        }
}
