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
    CHECK(vocabulary.special_at("[SEP]!").length == 5);
    CHECK(vocabulary.special_at("[sep]").length == 0);
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
    CHECK_NOTHROW(small_vocabulary().require_rows(small_tokens().size()));
    CHECK(error_of([] { small_vocabulary().require_rows(30522); }).fault() == Fault::mismatch);
}
