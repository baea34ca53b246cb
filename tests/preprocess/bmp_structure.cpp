#include <taxon/preprocess/bmp_structure.hpp>

#include "catch.hpp"
#include "preprocess/picture_bytes.hpp"

using namespace picture_bytes;
using taxon::Fault;
using taxon::preprocess::read_bmp_facts;

TEST_CASE("a BMP states its size, whichever way its rows go") {
    for (const std::uint32_t height : {2u, 0u - 2u}) {
        const auto facts = read_bmp_facts(bmp(2, height, 24, {}, Data(16)));
        CHECK((facts.width == 2 && facts.height == 2 && facts.trailing_bytes == 0));
    }
}

TEST_CASE("kinds of BMP that are not read say so") {
    const auto refusal = [](const Data& data) { return fault_of([&] { read_bmp_facts(data); }); };
    CHECK(refusal(bmp(1, 1, 16, {}, Data(4))) == Fault::unsupported);
    CHECK(refusal(bmp(1, 1, 8, Data(8), Data(4), 1)) == Fault::unsupported);
    CHECK(refusal(bmp(1, 1, 32, {}, Data(4), 3)) == Fault::unsupported);
    CHECK(refusal(with(bmp(1, 1, 24, {}, Data(4)), 14, {64})) == Fault::unsupported);
    CHECK(refusal(with(bmp(1, 1, 24, {}, Data(4)), 10, {53})) == Fault::syntax);
    CHECK(refusal(with(bmp(1, 1, 24, {}, Data(4)), 10, {59})) == Fault::truncated);
    CHECK(refusal(bmp(1, 1, 8, {}, Data(4))) == Fault::syntax);
    CHECK(refusal(bmp(1, 1, 8, Data(4 * 257), Data(4))) == Fault::syntax);
    CHECK(refusal(bmp(1, 1, 8, Data(8), bytes_of({2, 0, 0, 0}))) == Fault::value);
    CHECK(refusal(bmp(2, 1, 4, Data(8), bytes_of({0x12, 0, 0, 0}))) == Fault::value);
}
