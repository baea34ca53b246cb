// Damage, exhaustively: a small file of every format, with every bit flipped, cut after every byte, and read while each
// allocation fails once.
#include <new>
#include <taxon/core/error.hpp>

#include "allocations.hpp"
#include "catch.hpp"
#include "fuzz/target.hpp"

using namespace taxon;

namespace {

enum class Outcome { read, refused };

/// What a reader does with the bytes. Anything but an Error passes through, and fails the test.
Outcome outcome_of(const fuzz::Target& target, const std::string& bytes) {
    try {
        target.read(std::as_bytes(std::span(bytes)));
    } catch (const Error&) { return Outcome::refused; }
    return Outcome::read;
}

template <class Check>
void for_each_seed(Check check) {
    for (auto targets : {fuzz::weight_targets, fuzz::picture_targets, fuzz::text_targets, fuzz::network_targets})
        for (const fuzz::Target& target : targets()) {
            INFO(target.name);
            const auto seeds = target.seeds();
            for (std::size_t i = 0; i < seeds.size(); ++i) {
                INFO("seed " << i);
                check(target, seeds[i]);
            }
        }
}

}  // namespace

TEST_CASE("a file with one bit flipped is read or refused, and refused where checksums cover it", "[damage]") {
    long flips = 0, read = 0;
    for_each_seed([&](const fuzz::Target& target, std::string bytes) {
        const Outcome whole = outcome_of(target, bytes);
        for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
            const auto flip = static_cast<char>(1 << bit % 8);
            bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ flip);
            INFO("bit " << bit);
            const Outcome outcome = outcome_of(target, bytes);
            if (target.sealed && whole == Outcome::read) REQUIRE(outcome == Outcome::refused);
            bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ flip);
            ++flips, read += outcome == Outcome::read;
        }
    });
    CHECK(flips > 100'000);
    CHECK(read > 0);  // else the seeds are not read either
}

TEST_CASE("a file cut after any byte is read or refused, and refused where checksums cover it", "[damage]") {
    long cuts = 0;
    for_each_seed([&](const fuzz::Target& target, const std::string& bytes) {
        for (std::size_t size = 0; size < bytes.size(); ++size, ++cuts) {
            INFO("cut after " << size << " bytes");
            const Outcome outcome = outcome_of(target, bytes.substr(0, size));
            if (target.sealed) REQUIRE(outcome == Outcome::refused);
        }
    });
    CHECK(cuts > 10'000);
}

TEST_CASE("a reader whose allocations fail one after the other throws, and leaks nothing", "[damage]") {
    if (!OWN_ALLOCATOR) {
        WARN("a sanitizer's operator new does not fail");
        SUCCEED();
        return;
    }
    long failures = 0;
    for_each_seed([&](const fuzz::Target& target, const std::string& bytes) {
        outcome_of(target, bytes);  // tables that are made once
        bool failed = true;
        for (long number = 1; failed; ++number) {
            INFO("allocation " << number);
            const long before = test::allocations.bytes;
            failed = false;
            test::allocations.fail_at = test::allocations.count + number;
            try {
                target.read(std::as_bytes(std::span(bytes)));
            } catch (const std::bad_alloc&) { failed = true; } catch (const Error&) {
            }
            failed = failed || test::allocations.fail_at < 0;
            test::allocations.fail_at = 0;
            failures += failed;
            REQUIRE(test::allocations.bytes == before);
        }
    });
    CHECK(failures > 1'000);
}
