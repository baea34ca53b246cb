#include <taxon/io/inflate.hpp>

#include <string>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "preprocess/picture_bytes.hpp"

using namespace picture_bytes;
using taxon::Fault;

namespace {

std::string inflated(const Data& packed) {
    std::string text;
    taxon::io::inflate(packed, [&](std::span<const std::byte> bytes) {
        text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    });
    return text;
}

Fault refusal(const Data& packed) {
    return fault_of([&] { inflated(packed); });
}

}  // namespace

TEST_CASE("a zlib stream of each kind of block") {
    CHECK(inflated(stored({})).empty());
    CHECK(inflated(stored(text_bytes("stored"))) == "stored");
    // By zlib: fixed codes and an overlapping copy; then codes of the block's own, and copies from afar.
    CHECK(inflated(of_hex("78da4b4c4a4e248400ff000dc9")) == "abcabcabcabcabcabcabcabcabcabcabcabc");
    std::string wanted;
    for (std::size_t i = 0; i < 900; ++i) wanted += "abcdefgh   etaoin"[(i * i * 7 + i / 3) % 17];
    CHECK(inflated(of_hex("78daedcbb10d00300803b057f25a10814eb0f0bfda233ab2db3ca2b20248a2ab2648e348dd93ed2193e50943b9"
                          "731c7a6ecb962dffca05a6b84ea7")) == wanted);
}

TEST_CASE("a zlib stream that is cut, damaged or not one at all is refused") {
    const Data whole = stored(text_bytes("some bytes"));
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK(refusal(Data(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))) == Fault::truncated);
    CHECK(refusal(with(whole, 0, {0x79})) == Fault::syntax);
    CHECK(refusal(with(whole, 2, {0x07})) == Fault::syntax);  // block kind 3
    CHECK(refusal(with(whole, 3, {0x0b})) == Fault::syntax);  // a size that is not its complement's
    CHECK(refusal(with(whole, 8, {'S'})) == Fault::checksum);
    // RFC 1950, section 2.2: bit 5 of the second byte promises a dictionary
    CHECK(error_of([&] { inflated(of_hex("782000000001")); }).facts().found == "a stream with a dictionary");
}
