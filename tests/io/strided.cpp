#include <taxon/io/strided.hpp>

#include <limits>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "io/checkpoint_writer.hpp"

using namespace taxon;
using namespace taxon::test;
using io::Strided;

namespace {

std::string gathered(const Strided& layout, const std::string& storage, std::size_t element_bytes, bool swap = false) {
    std::string dense(io::element_count(layout.shape) * element_bytes, '?');
    layout.gather(as_span(storage), element_bytes, swap, reinterpret_cast<std::byte*>(dense.data()));
    return dense;
}

}  // namespace

TEST_CASE("Strided gathers as the formula says") {
    // Every layout of shape (a, b, c) with small strides over a storage of the letters, against the sum of index times
    // stride.
    std::string storage;
    for (char c = 'A'; c <= 'z'; ++c) storage += c;
    for (std::int64_t code = 0; code < 3 * 3 * 3 * 4 * 4 * 4; ++code) {
        const std::int64_t a = code % 3 + 1, b = code / 3 % 3 + 1, c = code / 9 % 3 + 1, x = code / 27 % 4,
                           y = code / 108 % 4, z = code / 432 % 4;
        const Strided layout{2, {a, b, c}, {x, y, z}};
        layout.check(storage.size(), 1);
        std::string expected;
        for (std::int64_t i = 0; i < a; ++i)
            for (std::int64_t j = 0; j < b; ++j)
                for (std::int64_t k = 0; k < c; ++k)
                    expected += storage[static_cast<std::size_t>(2 + i * x + j * y + k * z)];
        REQUIRE(gathered(layout, storage, 1) == expected);
        if (layout.is_dense()) REQUIRE(expected == storage.substr(2, expected.size()));
    }
}

TEST_CASE("Strided swaps the bytes of each element") {
    CHECK(gathered({0, {3}, {1}}, "abcdef", 2, true) == "badcfe");
    CHECK(gathered({1, {2}, {1}}, "abcdefghijkl", 4, true) == "hgfelkji");
}

TEST_CASE("Strided lets the last element through and nothing after it") {
    const auto fault = [](const Strided& layout, std::uint64_t count) {
        return fault_of([&] { layout.check(count, 4); });
    };
    const Strided layout{1, {2, 3}, {4, 2}};  // the last is 1 + 4 + 4
    CHECK_FALSE(fault(layout, 10));
    CHECK(fault(layout, 9) == Fault::bounds);
    CHECK_FALSE(fault({3, {0}, {1}}, 3));
    CHECK(fault({4, {0}, {1}}, 3) == Fault::bounds);
}

TEST_CASE("Strided refuses ranks, offsets and sizes past the limits") {
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    const auto refusal = [](const Strided& layout, const Limits& limits = {}) {
        return error_of([&] { layout.check(10, 4, limits); });
    };
    CHECK(refusal({0, {1, 1, 1}, {1, 1, 1}}, {.tensor_rank = 2}).fault() == Fault::limit);
    CHECK(refusal({0, {1, 1, 1}, {1, 1, 1}}, {.tensor_rank = 2}).facts().found == "3 dimensions");
    // each product fits, and their sum does not
    CHECK(refusal({most, {2}, {1}}).fault() == Fault::overflow);
    CHECK(refusal({most, {2}, {1}}).facts().found == "a stride that reaches past 2^63");
    const Limits all{.tensor_elements = ~std::uint64_t{0}};
    CHECK(refusal({0, {std::int64_t{1} << 62}, {0}}, all).fault() == Fault::overflow);
    CHECK(refusal({0, {std::int64_t{1} << 62}, {0}}, all).facts().found == "more than 2^64 bytes");
}
