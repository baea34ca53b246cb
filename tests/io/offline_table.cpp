#include <taxon/io/offline_table.hpp>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "io/checkpoint_writer.hpp"
#include "io/offline_bytes.hpp"

using namespace taxon;
using namespace taxon::test;
using io::OfflineTable;

namespace {

/// In memory of exactly its size, so that the sanitizers see a read past the end.
std::optional<Fault> read_and_verify(const std::string& bytes) {
    const auto exact = std::make_unique<std::byte[]>(bytes.size());
    std::memcpy(exact.get(), bytes.data(), bytes.size());
    try {
        for (const auto& section : OfflineTable::read({exact.get(), bytes.size()}).sections) section.verify();
    } catch (const Error& error) { return error.fault(); }
    return {};
}

/// All that a reader learns from an intact file.
auto content_of(const std::string& bytes) {
    const OfflineTable table = OfflineTable::read(as_span(bytes));
    std::vector<std::pair<std::string, std::string>> sections;
    for (const auto& section : table.sections) sections.emplace_back(section.name, io::as_text(section.bytes));
    return std::pair(table.fingerprint, sections);
}

constexpr std::size_t count_at = 12, size_at = 16, table_at = 40, name = 0, offset = 32, size = 40, second = 52;

std::optional<Fault> with(std::size_t at, const std::string& bytes) {
    return read_and_verify(resealed(offline_bytes().replace(at, bytes.size(), bytes)));
}
std::optional<Fault> with(std::size_t at, std::uint64_t number) { return with(at, pickled::little(number, 8)); }

}  // namespace

TEST_CASE("OfflineTable reads what the writer wrote") {
    const std::string bytes = offline_bytes();
    const OfflineTable table = OfflineTable::read(as_span(bytes));
    CHECK(table.fingerprint == offline_fingerprint);
    REQUIRE(table.sections.size() == offline_content.size());
    for (std::size_t i = 0; i < offline_content.size(); ++i) {
        CHECK(table.sections[i].name == offline_content[i].first);
        CHECK(io::as_text(table.sections[i].bytes) == offline_content[i].second);
        CHECK((table.sections[i].bytes.data() - as_span(bytes).data()) % 64 == 0);
    }
    CHECK(!read_and_verify(bytes));
    CHECK(resealed(bytes) == bytes);
}

TEST_CASE("F01, F04: OfflineTable finds every changed bit") {
    std::string bytes = offline_bytes();
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
        const auto flip = static_cast<char>(1 << bit % 8);
        bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ flip);
        INFO("bit " << bit);
        REQUIRE(read_and_verify(bytes));
        bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ flip);
    }
    CHECK(!read_and_verify(bytes));
}

TEST_CASE("F02: OfflineTable finds every truncation and everything appended") {
    const std::string bytes = offline_bytes();
    for (std::size_t left = 0; left < bytes.size(); ++left)
        REQUIRE(read_and_verify(bytes.substr(0, left)) == Fault::truncated);
    for (const std::size_t more : {1u, 63u, 64u, 4096u})
        CHECK(read_and_verify(bytes + std::string(more, '\0')) == Fault::unused);
    CHECK(read_and_verify(bytes + bytes) == Fault::unused);
}

TEST_CASE("F05, F07: OfflineTable says what is wrong with a file") {
    const std::string bytes = offline_bytes();
    CHECK(read_and_verify("PK\3\4") == Fault::magic);
    CHECK(read_and_verify(std::string(1000, '\0')) == Fault::magic);
    const auto error_with = [&](std::size_t at, const std::string& changed) {
        const std::string other = std::string(bytes).replace(at, changed.size(), changed);
        try {
            OfflineTable::read(as_span(other));
        } catch (const Error& error) { return error; }
        throw std::logic_error("nothing was thrown");
    };
    const Error as_text = error_with(4, "\n\x1A\n" + bytes.substr(8));  // a carriage return taken out
    CHECK(as_text.fault() == Fault::magic);
    CHECK(as_text.facts().remedy == "transfer it again, as binary");
    const Error newer = error_with(8, pickled::little(7, 4));
    CHECK(newer.fault() == Fault::version);
    CHECK(newer.facts().found == "version 7");
    CHECK(newer.facts().wanted == "version 1");
    CHECK(error_with(24, "x").fault() == Fault::checksum);
    CHECK(error_with(24, "x").facts().place == "header");
    CHECK(error_with(table_at, "x").facts().place == "table");
}

TEST_CASE("F03, F08: OfflineTable refuses hostile numbers whose checksums fit") {
    const std::uint64_t most = ~std::uint64_t{0}, whole = offline_bytes().size();
    CHECK(with(size_at, most) == Fault::truncated);
    CHECK(with(size_at, whole - 64) == Fault::unused);
    CHECK(with(count_at, pickled::little(0xFFFFFFFFu, 4)) == Fault::limit);
    CHECK(with(count_at, pickled::little(65'537, 4)) == Fault::limit);
    CHECK(with(count_at, pickled::little(65'536, 4)) == Fault::bounds);
    // the table's first entry lies where zeros should
    CHECK(with(count_at, pickled::little(0, 4)) == Fault::checksum);
    for (const std::uint64_t near : {most, most - 63, most - 255}) {
        CHECK(with(table_at + size, near) == Fault::overflow);
        CHECK(with(table_at + offset, near >> 1) == Fault::bounds);
        CHECK(with(table_at + size, near >> 1) == Fault::bounds);
    }
    CHECK(with(table_at + offset, most) == Fault::overflow);
    std::string unpadded = offline_bytes();
    unpadded.resize(unpadded.size() - (128 - 70));  // the last section's zeros
    CHECK(read_and_verify(resealed(unpadded.replace(size_at, 8, pickled::little(unpadded.size(), 8)))) ==
          Fault::bounds);
    CHECK(with(table_at + offset, most - 255) == Fault::bounds);  // ends below 2^64
    CHECK(with(table_at + size, whole) == Fault::bounds);
    CHECK(with(table_at + offset, 0) == Fault::overlap);
    CHECK(with(table_at + second + offset, 256) == Fault::overlap);
    CHECK(with(table_at + offset, 320) == Fault::unused);
    CHECK(with(table_at + offset, 257) == Fault::unused);
    CHECK(with(table_at + size, 11) == Fault::checksum);
    CHECK(with(table_at + size, 74) == Fault::overlap);
}

TEST_CASE("OfflineTable refuses names that are empty, endless, not text or there twice") {
    CHECK(with(table_at + name, std::string(32, 'n')) == Fault::encoding);
    CHECK(with(table_at + name, std::string(32, '\0')) == Fault::encoding);
    CHECK(with(table_at + name, std::string("\0x", 2)) == Fault::encoding);
    CHECK(with(table_at + name, "\xC0\x80") == Fault::encoding);
    CHECK(with(table_at + 31, "n") == Fault::encoding);
    CHECK(with(table_at + second + name, offline_bytes().substr(table_at, 32)) == Fault::duplicate);
    CHECK(!with(table_at + name, padded("renamed", 32)));
}

TEST_CASE("OfflineTable gives an error or the same content for thousands of random changes") {
    const std::string bytes = offline_bytes();
    std::mt19937 random(7);
    const auto below = [&](std::size_t end) { return random() % end; };
    int refused = 0, accepted = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string changed = bytes;
        const bool reseal = round % 2 == 0;
        for (std::size_t changes = 1 + below(3); changes > 0; --changes) {
            const std::size_t at = below(below(2) == 0 ? 256 : changed.size());
            switch (below(5)) {
                case 0: changed[at] = static_cast<char>(random()); break;
                case 1: changed[at] = static_cast<char>(changed[at] ^ 1 << below(8)); break;
                case 2:
                    changed.replace(at, std::min<std::size_t>(8, changed.size() - at),
                                    pickled::little(~std::uint64_t{0} >> below(64), 8));
                    break;
                case 3: changed.resize(256 + below(2 * bytes.size())); break;
                case 4:
                    changed.replace(at, std::min<std::size_t>(52, changed.size() - at),
                                    bytes.substr(below(bytes.size()), 52));
                    break;
            }
        }
        if (reseal) changed = resealed(changed);
        INFO("round " << round);
        if (read_and_verify(changed)) {
            ++refused;
            continue;
        }
        ++accepted;
        const auto [fingerprint, sections] = content_of(changed);
        if (!reseal) REQUIRE(content_of(changed) == content_of(bytes));
        // names and fingerprint may differ under a checksum that fits them, bytes may not
        REQUIRE(sections.size() == offline_content.size());
        for (std::size_t i = 0; i < sections.size(); ++i) REQUIRE(sections[i].second == offline_content[i].second);
    }
    CHECK(refused > 10'000);
    CHECK(accepted > 100);
}
