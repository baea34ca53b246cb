#include <taxon/text/tokenizer_json.hpp>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "text/small_vocabulary.hpp"

using nlohmann::json;
using taxon::Fault;
using taxon::text::LetterCase;
using taxon::text::TokenizerJson;

namespace {

/// As the Hugging Face tokenizers write it.
json tokenizer() {
    json vocabulary = json::object();
    for (std::size_t i = 0; i < small_tokens().size(); ++i) vocabulary[small_tokens()[i]] = i;
    return {{"version", "1.0"},
            {"truncation", nullptr},
            {"padding", nullptr},
            {"added_tokens",
             {{{"id", 0}, {"content", "[PAD]"}, {"single_word", false}, {"special", true}},
              {{"id", 2}, {"content", "[CLS]"}, {"special", true}}}},
            {"normalizer",
             {{"type", "BertNormalizer"},
              {"clean_text", true},
              {"handle_chinese_chars", true},
              {"strip_accents", nullptr},
              {"lowercase", true}}},
            {"pre_tokenizer", {{"type", "BertPreTokenizer"}}},
            {"post_processor",
             {{"type", "TemplateProcessing"}, {"single", {{{"SpecialToken", {{"id", "[CLS]"}, {"type_id", 0}}}}}}}},
            {"decoder", {{"type", "WordPiece"}, {"prefix", "##"}, {"cleanup", true}}},
            {"model",
             {{"type", "WordPiece"},
              {"unk_token", "[UNK]"},
              {"continuing_subword_prefix", "##"},
              {"max_input_chars_per_word", 100},
              {"vocab", vocabulary}}}};
}

taxon::Error error_with(std::string_view pointer, const json& value) {
    auto changed = tokenizer();
    changed[json::json_pointer(std::string(pointer))] = value;
    return error_of([&] { TokenizerJson::read(changed.dump()); });
}

}  // namespace

TEST_CASE("tokenizer.json gives the vocabulary and its case") {
    auto source = tokenizer();
    const auto stored = TokenizerJson::read(source.dump());
    REQUIRE(stored.vocabulary.size() == small_tokens().size());
    for (std::size_t i = 0; i < small_tokens().size(); ++i)
        CHECK(stored.vocabulary.token(static_cast<std::int32_t>(i)) == small_tokens()[i]);
    CHECK(stored.letter_case == LetterCase::uncased);
    source["normalizer"]["lowercase"] = false;
    CHECK(TokenizerJson::read(source.dump(2)).letter_case == LetterCase::cased);
    source["normalizer"]["strip_accents"] = false;
    CHECK(TokenizerJson::read(source.dump(-1, ' ', true)).vocabulary.id_of("café") == stored.vocabulary.id_of("café"));
}

TEST_CASE("a tokenizer.json of another way of tokenizing is refused") {
    CHECK(error_with("/model/type", "BPE").fault() == Fault::unsupported);
    CHECK(error_with("/model/unk_token", "<unk>").fault() == Fault::unsupported);
    CHECK(error_with("/model/continuing_subword_prefix", "@@").fault() == Fault::unsupported);
    CHECK(error_with("/model/max_input_chars_per_word", 200).fault() == Fault::unsupported);
    // a flag or a number as a text
    for (const char* flag : {"lowercase", "clean_text", "handle_chinese_chars"})
        CHECK(error_with(std::string("/normalizer/") + flag, "true").facts().found == "\"true\"");
    CHECK(error_with("/model/max_input_chars_per_word", "100").facts().found == "\"100\"");
    CHECK(error_with("/normalizer/lowercase", nullptr).fault() == Fault::unsupported);
    CHECK(error_with("/normalizer/type", "Sequence").fault() == Fault::unsupported);
    CHECK(error_with("/normalizer/clean_text", false).fault() == Fault::unsupported);
    CHECK(error_with("/normalizer/handle_chinese_chars", false).fault() == Fault::unsupported);
    CHECK(error_with("/normalizer/strip_accents", false).fault() == Fault::unsupported);
    CHECK(error_with("/pre_tokenizer/type", "Whitespace").fault() == Fault::unsupported);
    CHECK(error_with("/added_tokens/0/content", "[ENT]").fault() == Fault::mismatch);
    CHECK(error_with("/normalizer", nullptr).fault() == Fault::missing);
    CHECK(error_with("/model", nullptr).fault() == Fault::missing);
}

TEST_CASE("a tokenizer.json whose ids do not count from zero is refused") {
    CHECK(error_with("/model/vocab/cat", 4000).fault() == Fault::bounds);
    CHECK(error_with("/model/vocab/cat", 5).fault() == Fault::duplicate);
    CHECK(error_with("/model/vocab/cat", -1).fault() == Fault::type);
    CHECK(error_with("/model/vocab/cat", "14").fault() == Fault::type);
    CHECK(error_with("/model/vocab/cat", 1u << 31).fault() == Fault::type);
    CHECK(error_of([] { TokenizerJson::read("{\"model\": {\"type\": \"WordPiece\""); }).fault() == Fault::syntax);
    CHECK(error_of([] { TokenizerJson::read("{\"\xff\": 1}"); }).fault() == Fault::encoding);
    auto without_unknown = tokenizer();
    without_unknown["model"]["vocab"].erase("##ab");
    without_unknown["model"]["vocab"].erase("[UNK]");
    without_unknown["model"]["vocab"][";"] = 1;
    CHECK(error_of([&] { TokenizerJson::read(without_unknown.dump()); }).fault() == Fault::missing);
}

TEST_CASE("R4: the added tokens of a tokenizer.json are part of the vocabulary") {
    auto source = tokenizer();
    source["added_tokens"].push_back({{"id", 63},
                                      {"content", "[ENT]"},
                                      {"single_word", true},
                                      {"lstrip", false},
                                      {"rstrip", true},
                                      {"normalized", true},
                                      {"special", false}});
    source["added_tokens"].push_back({{"id", 64}, {"content", "<x>"}, {"special", true}});
    source["added_tokens"].push_back({{"id", 65}, {"content", "<y>"}});
    const auto vocabulary = TokenizerJson::read(source.dump()).vocabulary;
    using Added = taxon::text::AddedToken;
    REQUIRE(vocabulary.added().size() == 5);
    CHECK(vocabulary.added()[0] == Added{.content = "[PAD]", .id = 0});
    CHECK(vocabulary.added()[2] == Added{.content = "[ENT]", .id = 63, .single_word = true, .normalised = true});
    CHECK(vocabulary.added()[3] == Added{.content = "<x>", .id = 64});
    CHECK(vocabulary.added()[4] == Added{.content = "<y>", .id = 65, .normalised = true});
    const json one{{"id", 63}, {"content", "<x>"}};
    const auto with = [&](const char* field, const json& value) {
        auto changed = one;
        changed[field] = value;
        if (value.is_null()) changed.erase(field);
        return error_with("/added_tokens/2", changed).fault();
    };
    CHECK(with("id", nullptr) == Fault::missing);
    CHECK(with("id", "63") == Fault::type);
    CHECK(with("id", 1 << 24) == Fault::type);
    CHECK(with("content", nullptr) == Fault::missing);
    CHECK(with("content", 7) == Fault::type);
    CHECK(with("content", std::string(513, 'x')) == Fault::limit);
    CHECK(with("single_word", 1) == Fault::type);
}

TEST_CASE("the tokens of a tokenizer.json are bounded") {
    const auto text = tokenizer().dump();
    CHECK_NOTHROW(TokenizerJson::read(text, {.vocabulary_tokens = 63}));
    CHECK(error_of([&] { TokenizerJson::read(text, {.vocabulary_tokens = 62}); }).fault() == Fault::limit);
    CHECK(error_of([&] { TokenizerJson::read(text, {.line_bytes = 5}); }).fault() == Fault::limit);
    CHECK(error_of([&] { TokenizerJson::read(text, {.json_depth = 3}); }).fault() == Fault::limit);
}

TEST_CASE("A9: a token twice in a tokenizer.json is refused") {
    auto text = tokenizer().dump();
    text.replace(text.find("\"vocab\":{"), 9, "\"vocab\":{\"cat\":14,");
    CHECK(error_of([&] { TokenizerJson::read(text); }).fault() == Fault::duplicate);
}

TEST_CASE("A14: a key above an added token is as long as a name") {
    const auto with_key = [](std::size_t size) {
        auto changed = tokenizer();
        changed["added_tokens"] = {{std::string(size, 'k'), {{"id", 0}, {"content", "[PAD]"}}}};
        return changed.dump();
    };
    CHECK(TokenizerJson::read(with_key(511)).vocabulary.added().size() == 1);
    CHECK(error_of([&] { TokenizerJson::read(with_key(512)); }).fault() == Fault::limit);
}
