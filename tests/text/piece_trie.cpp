#include <taxon/text/piece_trie.hpp>

#include <map>
#include <random>
#include <string>

#include "allocations.hpp"
#include "catch.hpp"

using taxon::test::bytes_allocated_by;
using taxon::text::PieceTrie;
using taxon::text::TokenList;

TEST_CASE("a trie finds what was put in, and the longest beginning") {
    const TokenList list{"a", "abc", "##s", "abc", "abde", "##", "abd"};
    const PieceTrie trie(list);
    CHECK(trie.find(list, "a") == 0);
    CHECK(trie.find(list, "abc") == 1);  // the first of two
    CHECK(trie.repeated() == 3);
    CHECK(trie.find(list, "##s") == 2);
    CHECK(trie.find(list, "abde") == 4);
    for (const char* none : {"", "ab", "b", "#", "abcd", "abdf"}) CHECK(trie.find(list, none) == PieceTrie::nothing);
    CHECK(trie.longest(list, "abcd").length == 3);
    CHECK(trie.longest(list, "abx").number == 0);
    CHECK(trie.longest(list, "b").number == PieceTrie::nothing);
    CHECK(trie.longest(list, "").length == 0);
    for (int byte = 0; byte < 256; ++byte)
        CHECK(trie.starts_with(static_cast<char>(byte)) == (byte == '#' || byte == 'a'));
    CHECK(PieceTrie(TokenList{"b", "a"}).repeated() == PieceTrie::nothing);
    CHECK(PieceTrie(TokenList{}).longest(list, "a").length == 0);
    CHECK(!PieceTrie().starts_with('a'));
}

TEST_CASE("a trie of the strings with a prefix leaves it off") {
    const TokenList list{"a", "##s", "##", "##so", "#s", "##ab"};
    const PieceTrie trie(list, "##");
    CHECK(trie.longest(list, "ss").number == 1);
    CHECK(trie.longest(list, "sort").number == 3);
    CHECK(trie.find(list, "ab") == 5);
    CHECK(trie.find(list, "a") == PieceTrie::nothing);
    CHECK((trie.starts_with('a') && trie.starts_with('s') && !trie.starts_with('#')));
}

TEST_CASE("a trie of random strings answers as a map does") {
    std::mt19937 dice(5);
    TokenList list;
    std::map<std::string, std::int32_t> map;
    const auto string = [&] {
        std::string made(1 + dice() % 6, ' ');
        for (char& c : made) c = static_cast<char>(dice() % 4 == 0 ? dice() % 256 : 'a' + dice() % 3);
        return made;
    };
    for (std::int32_t i = 0; i < 20000; ++i) {
        const auto made = string();
        map.emplace(made, i);
        list.add(made);
    }
    const PieceTrie trie(list);
    std::size_t wrong = 0;
    for (int i = 0; i < 20000; ++i) {
        const auto text = string() + string();
        PieceTrie::Match best;
        for (std::size_t length = 1; length <= text.size(); ++length)
            if (const auto found = map.find(text.substr(0, length)); found != map.end()) best = {found->second, length};
        const auto found = trie.longest(list, text);
        wrong += found.number != best.number || found.length != best.length;
    }
    CHECK(wrong == 0);
}

TEST_CASE("A2: a trie is no larger than its strings are many, whatever they are") {
    const auto size = [](std::size_t count, auto string_of) {
        TokenList list;
        for (std::size_t i = 0; i < count; ++i) list.add(string_of(i));
        const PieceTrie trie(list);
        for (std::size_t i = 0; i < count; i += 97)
            CHECK(trie.find(list, string_of(i)) == static_cast<std::int32_t>(i));
        return trie.size();
    };
    // long ones, chains of beginnings, and all that differ in one byte
    CHECK(size(2'000, [](std::size_t i) { return std::to_string(i) + std::string(1'000, 'x'); }) <= 4'001);
    CHECK(size(2'000, [](std::size_t i) { return std::string(i + 1, 'x'); }) <= 4'001);
    CHECK(size(2'000, [](std::size_t i) { return std::string(1'000, 'x') + std::to_string(i); }) <= 4'001);
    const auto memory = [](std::size_t count) {
        TokenList list;
        for (std::size_t i = 0; i < count; ++i) list.add(std::string(i % 100 + 1, 'x') + std::to_string(i));
        return bytes_allocated_by([&] { const PieceTrie trie(list); });
    };
    CHECK(memory(40'000) <= 5 * memory(10'000));
}
