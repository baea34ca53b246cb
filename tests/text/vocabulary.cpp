#include <taxon/text/vocabulary.hpp>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "text/small_vocabulary.hpp"

using taxon::Fault;
using taxon::text::Vocabulary;

namespace {

std::string pieces_of(std::string_view word, std::size_t characters,
                      const Vocabulary& vocabulary = small_vocabulary()) {
    std::vector<Vocabulary::Id> ids{0};
    vocabulary.append_pieces(word, characters, ids);
    return spelt(ids, vocabulary);
}

std::vector<std::string> without(std::string_view token) {
    auto tokens = small_tokens();
    std::erase(tokens, token);
    return tokens;
}

}  // namespace

TEST_CASE("a vocabulary numbers its tokens from zero") {
    const auto& vocabulary = small_vocabulary();
    REQUIRE(vocabulary.size() == small_tokens().size());
    for (std::size_t i = 0; i < vocabulary.size(); ++i) {
        CHECK(vocabulary.token(static_cast<Vocabulary::Id>(i)) == small_tokens()[i]);
        CHECK(vocabulary.id_of(small_tokens()[i]) == static_cast<Vocabulary::Id>(i));
    }
    CHECK(vocabulary.id_of("nothing") == -1);
    CHECK(vocabulary.id_of("") == -1);
    CHECK(vocabulary.pad() == 0);
    CHECK(vocabulary.unknown() == 1);
    CHECK(vocabulary.start() == 2);
    CHECK(vocabulary.separator() == 3);
    CHECK(vocabulary.mask() == 4);
    CHECK(vocabulary.ids() == vocabulary.size());
    CHECK(vocabulary.token(-1).empty());
    CHECK(vocabulary.token(static_cast<Vocabulary::Id>(vocabulary.size())).empty());
}

TEST_CASE("a word falls into the longest pieces, or is unknown as a whole") {
    CHECK(pieces_of("unaffable", 9) == "[PAD] un ##aff ##able");
    CHECK(pieces_of("cats", 4) == "[PAD] cat ##s");
    CHECK(pieces_of("cafes", 5) == "[PAD] cafe ##s");
    CHECK(pieces_of("unaffablez", 10) == "[PAD] [UNK]");
    CHECK(pieces_of("zun", 3) == "[PAD] [UNK]");
    CHECK(pieces_of("ab", 2) == "[PAD] [UNK]");  // "##b" is no token, and "a" alone will not do
    CHECK(pieces_of("caab", 4) == "[PAD] c ##a ##ab");
    CHECK(pieces_of(std::string(100, 'x'), 100).ends_with("x ##x ##x"));
    CHECK(pieces_of(std::string(101, 'x'), 101) == "[PAD] [UNK]");
    CHECK(pieces_of("a", 101) == "[PAD] [UNK]");
    const Vocabulary greedy({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "##b", "##bc", "##cd"});
    CHECK(pieces_of("abcd", 4, greedy) == "[PAD] [UNK]");  // a ##b ##cd would come out even, but ##bc is longer
    const Vocabulary plain({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a"});
    CHECK(pieces_of("aa", 2, plain) == "[PAD] [UNK]");
    CHECK(pieces_of("a", 1, plain) == "[PAD] a");
}

TEST_CASE("a vocabulary that cannot be right is refused") {
    for (const char* special : {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}) {
        const auto error = error_of([&] { Vocabulary{without(special)}; });
        CHECK(error.fault() == Fault::missing);
        CHECK(std::string(error.what()).find(special) != std::string::npos);
    }
    CHECK(error_of([] { Vocabulary{{}}; }).fault() == Fault::missing);
    auto tokens = small_tokens();
    tokens.push_back("cat");
    const auto twice = error_of([&] { Vocabulary{tokens}; });
    CHECK(twice.fault() == Fault::duplicate);
    CHECK(std::string(twice.what()).find("'cat'") != std::string::npos);
    tokens.back().clear();
    CHECK(error_of([&] { Vocabulary{tokens}; }).fault() == Fault::syntax);
}

TEST_CASE("R4: a table of embeddings may be padded to a multiple of 8, and no other is the vocabulary's") {
    const auto fits = [](std::size_t rows) {
        try {
            small_vocabulary().require_rows(rows);
        } catch (const taxon::Error& error) {
            CHECK(error.fault() == Fault::mismatch);
            return false;
        }
        return true;
    };
    REQUIRE(small_tokens().size() == 63);
    for (const std::size_t rows : {63u, 64u, 72u, 128u, 1024u, 1080u}) CHECK(fits(rows));
    for (const std::size_t rows : {0u, 62u, 65u, 66u, 1088u, 30522u, 30528u}) CHECK(!fits(rows));
}

TEST_CASE("R4: added tokens have ids after the vocabulary's, or those that they have in it") {
    const Vocabulary vocabulary(small_tokens(), {{.content = "[E2]", .id = 66, .normalised = true},
                                                 {.content = "[E1]", .id = 64},
                                                 {.content = "cat", .id = 15},
                                                 {.content = "[MASK]", .id = 4}});
    REQUIRE(vocabulary.token(15) == "cat");
    CHECK(vocabulary.size() == 63);
    CHECK(vocabulary.ids() == 67);
    CHECK(vocabulary.token(64) == "[E1]");
    CHECK(vocabulary.token(65).empty());
    CHECK(vocabulary.token(66) == "[E2]");
    CHECK(vocabulary.id_of("[E2]") == 66);
    CHECK(vocabulary.added().size() == 4);
    CHECK(vocabulary.normalised().size() == 1);
    CHECK_NOTHROW(vocabulary.require_rows(67));
    CHECK_NOTHROW(vocabulary.require_rows(72));
    CHECK(error_of([&] { vocabulary.require_rows(66); }).fault() == Fault::mismatch);
    const auto fault_of = [](std::vector<taxon::text::AddedToken> added) {
        return error_of([&] { Vocabulary(small_tokens(), added); }).fault();
    };
    CHECK(fault_of({{.content = "cat", .id = 14}}) == Fault::mismatch);
    CHECK(fault_of({{.content = "new", .id = 14}}) == Fault::mismatch);
    CHECK(fault_of({{.content = "new", .id = -1}}) == Fault::mismatch);
    CHECK(fault_of({{.content = "", .id = 63}}) == Fault::syntax);
    CHECK(fault_of({{.content = "a1", .id = 63}, {.content = "a2", .id = 63}}) == Fault::duplicate);
    CHECK(fault_of({{.content = "a1", .id = 63}, {.content = "a1", .id = 64}}) == Fault::duplicate);
}
