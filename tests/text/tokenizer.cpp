#include <taxon/text/tokenizer.hpp>

#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <taxon/text/vocabulary_file.hpp>

#include "allocations.hpp"
#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "shared_data.hpp"
#include "text/small_vocabulary.hpp"

using namespace taxon::text;
using taxon::test::bytes_allocated_by;

namespace {

std::string tokens_of(std::string_view text, LetterCase letter_case) {
    std::vector<Vocabulary::Id> ids;
    Tokenizer(small_vocabulary(), letter_case).append(text, ids);
    return spelt(ids);
}

Encoding encoding_of(std::string_view text, std::optional<std::string_view> pair, std::size_t most = 128,
                     LetterCase letter_case = LetterCase::uncased) {
    Encoding encoding;
    Tokenizer(small_vocabulary(), letter_case).encode(text, pair, most, encoding);
    return encoding;
}

/// Any bytes, most of them parts of texts.
std::string random_text(std::mt19937& dice) {
    static const std::vector<std::string> parts{"the",    "cat",      "s",      " ",      "un",     "aff", "able",
                                                "[MASK]", "[CLS",     "[",      "\u00e9", "\u0301", "中",  "!",
                                                "\xff",   "\xe4\xb8", "\u200b", "X",      "5",      " . "};
    std::string text;
    for (auto i = dice() % 40; i > 0; --i)
        text += dice() % 8 == 0 ? std::string(1, static_cast<char>(dice() % 256)) : parts[dice() % parts.size()];
    return text;
}

}  // namespace

TEST_CASE("texts become BERT's tokens") {
    struct Example {
        std::string text, uncased, cased;
    };
    // With this vocabulary the Hugging Face tokenizers give the same.
    const std::vector<Example> examples{
        {"", "", ""},
        {"   ", "", ""},
        {"The cats!", "the cat ##s !", "The cat ##s !"},
        {"unaffable unaffablezzz", "un ##aff ##able [UNK]", "un ##aff ##able [UNK]"},
        {"café cafe\u0301 CAFÉ", "cafe cafe cafe", "café [UNK] [UNK]"},
        {"résumé", "resume", "[UNK]"},
        {"İstanbul", "istanbul", "[UNK]"},
        {"ß ẞ", "ß ß", "ß [UNK]"},
        {"中文a中", "中 文 a 中", "中 文 a 中"},
        {"don't ($5.5)", "don ' t ( $ 5 . 5 )", "don ' t ( $ 5 . 5 )"},
        {std::string("a\0b\uFFFDc", 7), "abc", "abc"},
        {"ab\u00adc a\u200bbc", "abc abc", "abc abc"},
        {"a\tb\nc\rd\u00a0e\u3000c", "a b c [UNK] e c", "a b c [UNK] e c"},
        {"«a»—x", "« a » — x", "« a » — x"},
        {"€5", "€ ##5", "€ ##5"},
        {"[MASK]a[CLS]", "[MASK] a [CLS]", "[MASK] a [CLS]"},
        {"[[MASK]] [PAD][SEP][UNK]", "[ [MASK] ] [PAD] [SEP] [UNK]", "[ [MASK] ] [PAD] [SEP] [UNK]"},
        {"[cls] [ cls]", "[ cls ] [ cls ]", "[ cls ] [ cls ]"},
        {"がく", "か ##く", "が ##く"},
        {"\u0301", "", "[UNK]"},
        {"\ue000a a\u037eb", "a a ; b", "a a [UNK] b"},
        {"σ Σ", "σ σ", "σ [UNK]"},
        {std::string(101, 'x') + " c", "[UNK] c", "[UNK] c"},
    };
    for (const auto& [text, uncased, cased] : examples) {
        INFO(text);
        CHECK(tokens_of(text, LetterCase::uncased) == uncased);
        CHECK(tokens_of(text, LetterCase::cased) == cased);
    }
}

TEST_CASE("special tokens are put around a text and a pair") {
    CHECK(encoding_of("", std::nullopt) == Encoding{{2, 3}, {0, 0}, {1, 1}});
    const auto pair = encoding_of("The cat", "a!");
    CHECK(spelt(pair.ids) == "[CLS] the cat [SEP] a ! [SEP]");
    CHECK(pair.token_type_ids == std::vector<std::int32_t>{0, 0, 0, 0, 1, 1, 1});
    CHECK(pair.attention_mask == std::vector<std::int32_t>(7, 1));
    CHECK(encoding_of("", "") == Encoding{{2, 3, 3}, {0, 0, 1}, {1, 1, 1}});
}

TEST_CASE("what is too long is cut at the end, the longer text first") {
    CHECK(spelt(encoding_of("a b c a b c", std::nullopt, 5).ids) == "[CLS] a b c [SEP]");
    CHECK(spelt(encoding_of("a b c a b c", "! ?", 8).ids) == "[CLS] a b c [SEP] ! ? [SEP]");
    CHECK(spelt(encoding_of("! ?", "a b c a b c", 8).ids) == "[CLS] ! ? [SEP] a b c [SEP]");
    const auto both = encoding_of("a b c a", "! ? . ,", 6);
    CHECK(spelt(both.ids) == "[CLS] a [SEP] ! ? [SEP]");
    CHECK(both.left_out == 5);
    CHECK(spelt(encoding_of("a b", std::nullopt, 2).ids) == "[CLS] [SEP]");
    CHECK(error_of([] { encoding_of("a", std::nullopt, 1); }).fault() == taxon::Fault::usage);
    CHECK(error_of([] { encoding_of("a", "b", 2); }).fault() == taxon::Fault::usage);
}

TEST_CASE("a text of 10,000 words is cut, and nothing of it is lost before") {
    std::string text;
    for (int i = 0; i < 10000; ++i) text += "unaffable ";
    const auto encoding = encoding_of(text, std::nullopt);
    CHECK(encoding.size() == 128);
    CHECK(encoding.left_out == 30000 - 126);
    CHECK(encoding.ids.back() == small_vocabulary().separator());
    CHECK(encoding_of(text, text, 512).left_out == 60000 - 509);
    CHECK(encoding_of(std::string(1'000'000, 'x'), std::nullopt).ids == std::vector<Vocabulary::Id>{2, 1, 3});
}

TEST_CASE("any bytes become at most as many tokens as wanted, whatever was tokenized before") {
    std::mt19937 dice(6);
    for (const LetterCase letter_case : {LetterCase::uncased, LetterCase::cased}) {
        Tokenizer used(small_vocabulary(), letter_case);
        Encoding encoding;
        std::size_t wrong = 0;
        for (int round = 0; round < 10000; ++round) {
            const auto text = random_text(dice), pair = random_text(dice);
            const std::size_t most = 3 + dice() % 30;
            const auto second = dice() % 2 == 0 ? std::nullopt : std::optional<std::string_view>(pair);
            used.encode(text, second, most, encoding);
            wrong += encoding.size() > most || encoding.token_type_ids.size() != encoding.size() ||
                     encoding.attention_mask.size() != encoding.size();
            wrong += encoding.left_out > 0 && encoding.size() != most;
            wrong += encoding != encoding_of(text, second, most, letter_case);
            for (const auto id : encoding.ids)
                wrong += id < 0 || static_cast<std::size_t>(id) >= small_vocabulary().size();
        }
        CHECK(wrong == 0);
    }
}

TEST_CASE("known tokens spelt with spaces are tokenized into themselves") {
    std::mt19937 dice(7);
    std::vector<std::string> words;
    for (const auto& token : small_tokens())
        if (!token.starts_with("##")) words.push_back(token);
    std::size_t wrong = 0;
    for (int round = 0; round < 10000; ++round) {
        std::string text;
        for (auto i = dice() % 20; i > 0; --i) text += (text.empty() ? "" : " ") + words[dice() % words.size()];
        wrong += tokens_of(text, LetterCase::cased) != text;
    }
    CHECK(wrong == 0);
}

TEST_CASE("tokens are those of the reference tokenizer") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const auto vocabulary = read_vocabulary(*shared / "models" / "minilm-sst2" / "vocab.txt");
    std::ifstream file(*shared / "golden" / "tokenizer" / "wordpiece.json");
    const auto cases = nlohmann::json::parse(file);
    REQUIRE(cases.size() == 150);
    for (const auto& one : cases)
        for (const LetterCase letter_case : {LetterCase::uncased, LetterCase::cased}) {
            const auto text = one.at("text").get<std::string>();
            const auto pair =
                one.at("pair").is_null() ? std::nullopt : std::optional(one.at("pair").get<std::string>());
            const auto& wanted = one.at(letter_case == LetterCase::uncased ? "lower" : "cased");
            Encoding encoding;
            Tokenizer(vocabulary, letter_case).encode(text, pair, 128, encoding);
            INFO(text);
            CHECK(encoding.ids == wanted.at("ids").get<std::vector<std::int32_t>>());
            CHECK(encoding.token_type_ids == wanted.at("token_type_ids").get<std::vector<std::int32_t>>());
            CHECK(spelt(encoding.ids, vocabulary) == [&] {
                std::string all;
                for (const auto& token : wanted.at("tokens"))
                    all += (all.empty() ? "" : " ") + token.get<std::string>();
                return all;
            }());
        }
}

TEST_CASE("R4: added tokens are split off first, as the Hugging Face tokenizers do") {
    using namespace std::string_view_literals;
    using Ids = std::vector<Vocabulary::Id>;
    const Vocabulary vocabulary(small_tokens(),
                                {{.content = "<e>", .id = 63},
                                 {.content = "Café-9", .id = 64, .normalised = true},
                                 {.content = "<e>x", .id = 65},
                                 {.content = "the cat", .id = 66, .single_word = true, .normalised = true},
                                 {.content = "xx", .id = 67, .single_word = true},
                                 {.content = "中s", .id = 68, .normalised = true},
                                 {.content = "[E]", .id = 69, .normalised = true}});
    // made by tokenizers 0.23
    const struct {
        std::string_view text;
        Ids uncased, cased;
    } wanted[] = {
        {"a <e> cat"sv, {12, 63, 15}, {12, 63, 15}},
        {"a<e>cat<e>"sv, {12, 63, 15, 63}, {12, 63, 15, 63}},
        {"<E> a"sv, {1, 51, 1, 12}, {1, 1, 1, 12}},
        {"<e>x"sv, {65}, {65}},
        {"<e>xx"sv, {65, 41}, {65, 41}},
        {"<e><e>x<e>"sv, {63, 65, 63}, {63, 65, 63}},
        {"café-9"sv, {64}, {17, 59, 1}},
        {"CAFE-9s"sv, {64, 52}, {1, 59, 1}},
        {"CAFÉ-9, cafe\xCC\x81"
         "-9"sv,
         {64, 30, 64},
         {1, 59, 1, 30, 1, 59, 1}},
        {"the cat"sv, {66}, {66}},
        {"The  cat"sv, {5, 15}, {6, 15}},
        {"THE CAT!"sv, {66, 27}, {1, 1, 27}},
        {"the cats"sv, {5, 15, 7}, {5, 15, 7}},
        {"athe cat"sv, {1, 15}, {1, 15}},
        {"the cat_"sv, {5, 15, 1}, {5, 15, 1}},
        {"the cat the cat."sv, {66, 66, 29}, {66, 66, 29}},
        {"xx"sv, {67}, {67}},
        {"xxs"sv, {41, 42, 7}, {41, 42, 7}},
        {"a xx b"sv, {12, 67, 13}, {12, 67, 13}},
        {"x xx.xx"sv, {41, 67, 29, 67}, {41, 67, 29, 67}},
        {"axx xx"sv, {12, 42, 42, 67}, {12, 42, 42, 67}},
        {"éxx"sv, {51, 42, 42}, {1}},
        {"xx[MASK]xx"sv, {67, 4, 67}, {67, 4, 67}},
        {"中s 文"sv, {68, 26}, {68, 26}},
        {"s中s"sv, {52, 68}, {52, 68}},
        {"[E] a [e]"sv, {69, 12, 69}, {69, 12, 54, 51, 55}},
        {"a[E]the cat[E]"sv, {12, 69, 66, 69}, {12, 69, 66, 69}},
        {"[CLS]xx[SEP]"sv, {2, 67, 3}, {2, 67, 3}},
        {""sv, {}, {}},
        {"<e>"sv, {63}, {63}},
        {"un<e>affable"sv, {8, 63, 12, 24, 24, 10}, {8, 63, 12, 24, 24, 10}},
        {"the\xE2\x80\x8B"
         "cat the\xC2\xA0"
         "cat"sv,
         {1, 66},
         {1, 66}},
        {"xx\xCC\x81"
         ""sv,
         {41, 42},
         {1}},
        {"xx中"sv, {41, 42, 25}, {41, 42, 25}},
        {"<e> xx"sv, {63, 67}, {63, 67}},
        {"the cat\0s"sv, {5, 15, 7}, {5, 15, 7}},
    };
    Tokenizer uncased(vocabulary, LetterCase::uncased), cased(vocabulary, LetterCase::cased);
    for (const auto& [text, lower, as_it_is] : wanted) {
        INFO(text);
        Ids ids;
        uncased.append(text, ids);
        CHECK(ids == lower);
        ids.clear();
        cased.append(text, ids);
        CHECK(ids == as_it_is);
    }
}

TEST_CASE("R4: an added token that its normalisation empties is none") {
    const Vocabulary vocabulary(small_tokens(), {{.content = "\xCC\x81", .id = 63, .normalised = true}});
    std::vector<Vocabulary::Id> ids;
    Tokenizer(vocabulary, LetterCase::uncased).append("the cat", ids);
    CHECK(ids == std::vector<Vocabulary::Id>{5, 15});
}

TEST_CASE("T06: immense words, sentences and accents are cut to the length wanted, with work linear in the text") {
    const auto marks = [](std::size_t count) {
        std::string text = "e";
        for (std::size_t i = 0; i < count; ++i) text += i % 2 == 0 ? "\u0301" : "\u0323";  // to be ordered
        return text;
    };
    const auto sentence = [](std::size_t count) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i) text += "cat ";
        return text;
    };
    const auto encoded = [](const std::string& text) {
        const auto encoding = encoding_of(text, std::nullopt, 512);
        CHECK(encoding.size() <= 512);
        return encoding;
    };
    CHECK(encoded(std::string(10'000, 'x')).ids == std::vector<Vocabulary::Id>{2, 1, 3});
    CHECK(encoded(sentence(100'000)).left_out == 100'000 - 510);
    CHECK(spelt(encoded(marks(50'000)).ids) == "[CLS] e [SEP]");
    const auto work = [&](const std::string& text) { return bytes_allocated_by([&] { encoded(text); }); };
    CHECK(work(sentence(40'000)) <= 5 * work(sentence(10'000)));
    CHECK(work(marks(40'000)) <= 5 * work(marks(10'000)));
}
