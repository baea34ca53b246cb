#include <taxon/graph/collapsed_nest.hpp>

#include <vector>

#include "backend/dice.hpp"
#include "catch.hpp"

using namespace taxon;

namespace {

constexpr LoopNest nest_of(std::array<int, 4> sizes, std::array<int, 4> a, std::array<int, 4> out, int inner = 0) {
    LoopNest nest{.rank = 4, .inner = inner};
    for (std::size_t i = 0; i < 4; ++i)
        nest.sizes[i] = sizes[i], nest.operands[0].by[i] = a[i], nest.out.by[i] = out[i];
    return nest;
}

constexpr bool has_sizes(const LoopNest& nest, std::initializer_list<int> sizes, int inner = 0) {
    bool same = nest.rank == static_cast<int>(sizes.size()) && nest.inner == inner;
    std::size_t i = 0;
    for (const int size : sizes) same &= nest.sizes[i++] == size;
    return same;
}

// in order; a transposition; axes of one element; a broadcast; inner axes stay apart from outer ones
static_assert(has_sizes(collapsed(nest_of({2, 3, 4, 5}, {60, 20, 5, 1}, {60, 20, 5, 1})), {120}));
static_assert(has_sizes(collapsed(nest_of({2, 3, 4, 5}, {60, 5, 15, 1}, {60, 20, 5, 1})), {2, 3, 4, 5}));
static_assert(has_sizes(collapsed(nest_of({2, 3, 4, 5}, {1, 40, 10, 2}, {60, 20, 5, 1})), {2, 60}));
static_assert(has_sizes(collapsed(nest_of({1, 6, 1, 5}, {9, 5, 7, 1}, {30, 5, 5, 1})), {30}));
static_assert(has_sizes(collapsed(nest_of({2, 3, 4, 5}, {0, 0, 5, 1}, {60, 20, 5, 1})), {6, 20}));
static_assert(has_sizes(collapsed(nest_of({2, 3, 4, 5}, {60, 20, 5, 1}, {3, 1, 0, 0}, 2)), {6, 20}, 1));
static_assert(has_sizes(collapsed(nest_of({1, 1, 1, 1}, {9, 9, 9, 9}, {1, 1, 1, 1}, 2)), {1, 1}, 1));
static_assert(has_sizes(collapsed(LoopNest{}), {1}));

}  // namespace

TEST_CASE("Collapsed loops visit the same elements in the same order") {
    for (int seed = 0; seed < 300; ++seed) {
        Dice dice(seed);
        LoopNest nest{.rank = dice(0, 6)};
        nest.inner = dice(0, nest.rank);
        std::array<Strides, 4> all{};
        for (int axis = nest.rank, in_order = 1; axis-- > 0;) {
            const auto i = static_cast<std::size_t>(axis);
            nest.sizes[i] = dice(1, 3);
            for (Strides& strides : all) strides.by[i] = dice(0, 3) > 0 ? in_order : dice(-4, 4);
            in_order *= nest.sizes[i];
        }
        for (Strides& strides : all) strides.first = dice(0, 9);
        nest.operands = {all[0], all[1], all[2]}, nest.out = all[3];
        const LoopNest few = collapsed(nest);
        const auto places = [](const LoopNest& loops, int from, int to) {
            std::vector<std::array<int, 4>> visited;
            loops.walk(from, to, std::array{loops.operands[0], loops.operands[1], loops.operands[2], loops.out},
                       [&](int, const std::array<int, 4>& at) { visited.push_back(at); });
            return visited;
        };
        CHECK(few.rank <= std::max(nest.rank, 1));
        CHECK(places(few, 0, few.rank - few.inner) == places(nest, 0, nest.rank - nest.inner));
        CHECK(places(few, 0, few.rank) == places(nest, 0, nest.rank));
    }
}
