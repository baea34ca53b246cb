#include <taxon/text/piece_trie.hpp>

#include <map>
#include <random>
#include <string>

#include "catch.hpp"

using taxon::text::PieceTrie;

TEST_CASE("a trie finds what was put in, and the longest beginning") {
    PieceTrie trie;
    CHECK(trie.insert("a", 7) == PieceTrie::nothing);
    CHECK(trie.insert("abc", 8) == PieceTrie::nothing);
    CHECK(trie.insert("##s", 9) == PieceTrie::nothing);
    CHECK(trie.insert("abc", 10) == 8);
    CHECK(trie.number_at(trie.find("abc")) == 8);
    CHECK(trie.number_at(trie.find("ab")) == PieceTrie::nothing);
    CHECK(trie.find("b") == PieceTrie::nowhere);
    CHECK(trie.number_at(PieceTrie::nowhere) == PieceTrie::nothing);
    CHECK(trie.longest(PieceTrie::root, "abcd").length == 3);
    CHECK(trie.longest(PieceTrie::root, "abd").number == 7);
    CHECK(trie.longest(PieceTrie::root, "b").number == PieceTrie::nothing);
    CHECK(trie.longest(PieceTrie::root, "").length == 0);
    CHECK(trie.longest(trie.find("##"), "ss").number == 9);
}

TEST_CASE("a trie of random strings answers as a map does") {
    std::mt19937 dice(5);
    PieceTrie trie;
    std::map<std::string, std::int32_t> map;
    const auto string = [&] {
        std::string made(1 + dice() % 6, ' ');
        for (char& c : made) c = static_cast<char>(dice() % 4 == 0 ? dice() % 256 : 'a' + dice() % 3);
        return made;
    };
    std::size_t wrong = 0;
    for (std::int32_t i = 0; i < 20000; ++i) {
        const auto made = string();
        const auto [at, is_new] = map.emplace(made, i);
        wrong += trie.insert(made, i) != (is_new ? PieceTrie::nothing : at->second);
    }
    for (int i = 0; i < 20000; ++i) {
        const auto text = string() + string();
        PieceTrie::Match best;
        for (std::size_t length = 1; length <= text.size(); ++length)
            if (const auto found = map.find(text.substr(0, length)); found != map.end()) best = {found->second, length};
        const auto found = trie.longest(PieceTrie::root, text);
        wrong += found.number != best.number || found.length != best.length;
    }
    CHECK(wrong == 0);
}
