#include <taxon/text/vocabulary_file.hpp>

#include <nlohmann/json.hpp>

#include "allocations.hpp"
#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "text/small_vocabulary.hpp"

using taxon::test::bytes_allocated_by;
using taxon::test::peak_of;
using taxon::Fault;
using taxon::text::LetterCase;
using taxon::text::read_stored_vocabulary;
using taxon::text::read_vocabulary;

namespace {

std::vector<std::string> tokens_of(const std::filesystem::path& path) {
    const auto vocabulary = read_vocabulary(path);
    std::vector<std::string> tokens;
    for (std::size_t i = 0; i < vocabulary.size(); ++i) tokens.emplace_back(vocabulary.tokens()[i]);
    return tokens;
}

std::string tokenizer_json() {
    nlohmann::json vocabulary;
    for (std::size_t i = 0; i < small_tokens().size(); ++i) vocabulary[small_tokens()[i]] = i;
    return nlohmann::json{{"normalizer", {{"type", "BertNormalizer"}, {"lowercase", false}}},
                          {"model", {{"type", "WordPiece"}, {"vocab", vocabulary}}}}
        .dump(1);
}

}  // namespace

TEST_CASE("a vocabulary is the same from every kind of file") {
    const ScratchFolder folder("vocabulary_file");
    const auto text = small_vocabulary_text();
    CHECK(tokens_of(folder.write("vocab.txt", text)) == small_tokens());
    CHECK(tokens_of(folder.path()) == small_tokens());
    CHECK(tokens_of(folder.write("crlf.txt", small_vocabulary_text("\r\n"))) == small_tokens());
    CHECK(tokens_of(folder.write("no_last_end.txt", text.substr(0, text.size() - 1))) == small_tokens());
    CHECK(tokens_of(folder.write("mark.txt", "\xEF\xBB\xBF" + text)) == small_tokens());
    CHECK(tokens_of(folder.write("any_name", tokenizer_json())) == small_tokens());
    CHECK(tokens_of(folder.write("model/tokenizer.json", "\xEF\xBB\xBF \n" + tokenizer_json()).parent_path()) ==
          small_tokens());
}

TEST_CASE("a vocabulary whose files say another case than the policy is refused") {
    const ScratchFolder folder("vocabulary_policy");
    folder.write("vocab.txt", small_vocabulary_text());
    CHECK(read_vocabulary(folder.path(), LetterCase::cased).size() == small_tokens().size());
    folder.write("tokenizer_config.json", "{\"do_lower_case\": false}");
    CHECK(read_vocabulary(folder.path(), LetterCase::cased).size() == small_tokens().size());
    const auto error = error_of([&] { read_vocabulary(folder.path(), LetterCase::uncased); });
    CHECK(error.fault() == Fault::mismatch);
    CHECK_THAT(error.what(), Catch::Contains("found cased, wanted uncased, as the Preprocess policy says; use "
                                             "preprocess::WordPiece<…, text::LetterCase::cased>"));
}

TEST_CASE("the case is what stands beside the vocabulary") {
    const ScratchFolder folder("vocabulary_case");
    const auto vocabulary = folder.write("vocab.txt", small_vocabulary_text());
    const auto letter_case = [&](std::string_view settings) {
        folder.write("tokenizer_config.json", settings);
        return read_stored_vocabulary(vocabulary).letter_case;
    };
    CHECK(read_stored_vocabulary(vocabulary).letter_case == std::nullopt);
    CHECK(letter_case("{\"do_lower_case\": true, \"tokenizer_class\": \"BertTokenizer\", \"tokenize_chinese_chars\": "
                      "true, \"strip_accents\": null}") == LetterCase::uncased);
    CHECK(letter_case("{\"do_lower_case\": false, \"model_max_length\": 512, \"added_tokens_decoder\": {\"0\": "
                      "{\"content\": \"[PAD]\"}}}") == LetterCase::cased);
    CHECK(letter_case("{}") == std::nullopt);
    CHECK(error_of([&] { letter_case("{\"do_lower_case\": 1}"); }).fault() == Fault::type);
    CHECK(error_of([&] { letter_case("{\"do_lower_case\": true, \"strip_accents\": false}"); }).fault() ==
          Fault::unsupported);
    CHECK(error_of([&] { letter_case("{\"tokenize_chinese_chars\": false}"); }).fault() == Fault::unsupported);
    CHECK(error_of([&] { letter_case("{\"tokenizer_class\": \"RobertaTokenizer\"}"); }).fault() == Fault::unsupported);
    const auto damaged = error_of([&] { letter_case("{\"do_lower_case\": "); });
    CHECK(damaged.fault() == Fault::syntax);
    CHECK(damaged.facts().file.ends_with("tokenizer_config.json"));
    folder.write("tokenizer_config.json", "{\"do_lower_case\": true}");
    // its own word counts
    CHECK(read_stored_vocabulary(folder.write("tokenizer.json", tokenizer_json())).letter_case == LetterCase::cased);
}

TEST_CASE("a config.json of another model does not fit") {
    const ScratchFolder folder("vocabulary_config");
    const auto vocabulary = folder.write("vocab.txt", small_vocabulary_text());
    folder.write("config.json", "{\"vocab_size\": " + std::to_string(small_tokens().size()) +
                                    ", \"text_config\": {\"vocab_size\": 5}}");
    CHECK(read_vocabulary(vocabulary).size() == small_tokens().size());
    folder.write("config.json", "{\"vocab_size\": 30522}");
    const auto error = error_of([&] { read_vocabulary(vocabulary); });
    CHECK(error.fault() == Fault::mismatch);
    CHECK(std::string(error.what()).find("30522") != std::string::npos);
    folder.write("config.json", "{\"vocab_size\" 30522}");
    CHECK(error_of([&] { read_vocabulary(vocabulary); }).fault() == Fault::syntax);
}

TEST_CASE("a vocabulary file that is damaged is refused by its name") {
    const ScratchFolder folder("vocabulary_bad");
    const auto fault_of = [&](std::string_view content) {
        const auto error = error_of([&] { read_vocabulary(folder.write("vocab.txt", content)); });
        CHECK(error.facts().file.ends_with("vocab.txt"));
        return error.fault();
    };
    const auto text = small_vocabulary_text();
    CHECK(fault_of("") == Fault::truncated);
    CHECK(fault_of("one\ntwo\n") == Fault::missing);
    CHECK(fault_of(text + "the\n") == Fault::duplicate);
    CHECK(fault_of(text + "\nlast\n") == Fault::syntax);
    CHECK(fault_of(text + "\xff\n") == Fault::encoding);
    CHECK(fault_of(text + std::string("a\0b\n", 4)) == Fault::encoding);
    CHECK(fault_of("\xff\xfe[\0P\0") == Fault::encoding);
    CHECK(fault_of(text + std::string(70000, 'a') + "\n") == Fault::limit);
    CHECK(fault_of("{\"model\": 1}") == Fault::missing);
    CHECK(error_of([&] { read_vocabulary(folder.path() / "none.txt"); }).fault() == Fault::io);
    const ScratchFolder empty("vocabulary_none");
    CHECK(error_of([&] { read_vocabulary(empty.path()); }).fault() == Fault::io);
}

TEST_CASE("R4: the tokens that added_tokens.json adds to a vocab.txt, special or not") {
    const ScratchFolder folder("vocabulary_added");
    const auto path = folder.write("vocab.txt", small_vocabulary_text());
    const auto added = [&](std::string_view json) {
        folder.write("added_tokens.json", json);
        return read_vocabulary(path).added();
    };
    using Added = taxon::text::AddedToken;
    CHECK(added("{}").empty());
    CHECK(added(R"({"[E2]": 64, "[E1]": 63})") == std::vector{Added{.content = "[E1]", .id = 63, .normalised = true},
                                                              Added{.content = "[E2]", .id = 64, .normalised = true}});
    folder.write("special_tokens_map.json",
                 R"({"additional_special_tokens": ["[E2]", {"content": "<x>", "lstrip": false}]})");
    CHECK(!added(R"({"[E2]": 63})")[0].normalised);
    CHECK(!added(R"({"<x>": 63})")[0].normalised);
    CHECK(read_vocabulary(folder.path()).ids() == 64);
    for (const auto& [json, fault] : {std::pair{R"({"[E]": "63"})", Fault::type},
                                      {R"({"[E]": 16777216})", Fault::type},
                                      {R"({"[E]": {"id": 63}})", Fault::type},
                                      {R"({"[E]": 63, "[E]": 64})", Fault::duplicate},
                                      {R"({"[E]": 63, "[F]": 63})", Fault::duplicate},
                                      {R"({"[E]": 5})", Fault::mismatch},
                                      {R"({"[E]": 63)", Fault::syntax}}) {
        INFO(json);
        const auto error = error_of([&added, text = json] { added(text); });
        CHECK(error.fault() == fault);
        CHECK(error.facts().file.starts_with(folder.path().string()));
    }
}

TEST_CASE("R4: the tokens of a tokenizer_config.json come before those of added_tokens.json") {
    const ScratchFolder folder("vocabulary_decoder");
    const auto path = folder.write("vocab.txt", small_vocabulary_text());
    folder.write("added_tokens.json", R"({"[E]": 63})");
    folder.write("tokenizer_config.json", R"({"added_tokens_decoder": {
        "0": {"content": "[PAD]", "normalized": false, "special": true},
        "70": {"content": "[F]", "lstrip": false, "normalized": true, "single_word": true, "special": false}}})");
    const auto vocabulary = read_vocabulary(path);
    REQUIRE(vocabulary.added().size() == 2);
    CHECK(vocabulary.added()[1] ==
          taxon::text::AddedToken{.content = "[F]", .id = 70, .single_word = true, .normalised = true});
    folder.write("tokenizer_config.json", R"({"added_tokens_decoder": {"x": {"content": "[F]"}}})");
    CHECK(error_of([&] { read_vocabulary(path); }).fault() == Fault::missing);
}

TEST_CASE("R4: of both vocabularies of a folder, the tokenizer.json counts, which knows the added tokens") {
    const ScratchFolder folder("vocabulary_both");
    folder.write("vocab.txt", small_vocabulary_text());
    auto json = nlohmann::json::parse(tokenizer_json());
    json["added_tokens"] = {{{"id", 63}, {"content", "[E]"}}};
    folder.write("tokenizer.json", json.dump());
    CHECK(read_vocabulary(folder.path()).ids() == 64);
    folder.write("config.json", R"({"vocab_size": 72})");
    CHECK(read_vocabulary(folder.path()).ids() == 64);
    folder.write("config.json", R"({"vocab_size": 63})");
    CHECK(error_of([&] { read_vocabulary(folder.path()); }).fault() == Fault::mismatch);
}

TEST_CASE("T02: a vocabulary with a token twice, an empty one, none of the special ones or one too few") {
    const ScratchFolder folder("vocabulary_rows");
    std::string text = small_vocabulary_text();
    for (std::size_t i = small_tokens().size(); i < 30'522; ++i) text += "token" + std::to_string(i) + "\n";
    folder.write("config.json", R"({"vocab_size": 30522})");
    const auto fault_of = [&](const std::string& lines) {
        return error_of([&] { read_vocabulary(folder.write("vocab.txt", lines)); }).fault();
    };
    CHECK(read_vocabulary(folder.write("vocab.txt", text)).size() == 30'522);
    const std::size_t last = text.rfind('\n', text.size() - 2) + 1;
    CHECK(fault_of(text.substr(0, last)) == Fault::mismatch);  // 30,521 lines
    CHECK(fault_of(text + "more\n") == Fault::mismatch);
    CHECK(fault_of(text.substr(0, last) + "the\n") == Fault::duplicate);
    CHECK(fault_of(text.substr(0, last) + "\nmore\n") == Fault::syntax);
    CHECK(fault_of("x" + text) == Fault::missing);  // "x[PAD]"
}

TEST_CASE("T02: a blank last line of a vocabulary is no token, and its tokens are bounded") {
    const ScratchFolder folder("vocabulary_limits");
    const auto path = folder.write("vocab.txt", small_vocabulary_text() + "\n");
    CHECK(read_vocabulary(path).size() == small_tokens().size());
    CHECK_NOTHROW(read_stored_vocabulary(path, {.vocabulary_tokens = small_tokens().size()}));
    const auto error = error_of([&] { read_stored_vocabulary(path, {.vocabulary_tokens = 62}); });
    CHECK(error.fault() == Fault::limit);
    CHECK(error.facts().place == "line 63");
    CHECK(error_of([&] { read_stored_vocabulary(path, {.text_bytes = 100}); }).fault() == Fault::limit);
}

TEST_CASE("A14: vocabularies of long tokens, of many short ones and of newlines cost little more than the file") {
    const ScratchFolder folder("vocabulary_memory");
    const auto memory = [&](const std::string& text) {
        const auto path = folder.write("vocab.txt", text);
        return peak_of([&] {
            try {
                read_vocabulary(path);
            } catch (const taxon::Error&) {}
        });
    };
    const auto special = small_vocabulary_text();
    std::string long_ones = special, short_ones = special;
    for (int i = 0; i < 200; ++i)
        long_ones += std::string(60'000, static_cast<char>('a' + i % 26)) + std::to_string(i) + "\n";
    CHECK(memory(long_ones) < 2 * long_ones.size());
    for (int i = 0; i < 600'000; ++i) {
        std::string token;
        for (int rest = i + 10'000'000; rest > 0; rest /= 93) token += static_cast<char>('!' + rest % 93);
        short_ones += token + "\n";
    }
    CHECK(memory(short_ones) < (64u << 20) + 2 * short_ones.size());
    const std::string most = short_ones.substr(0, short_ones.size() / 10 * 8);  // not refused
    CHECK(memory(most) < (64u << 20) + 2 * most.size());
    CHECK(memory(std::string(8'000'000, '\n') + "x") < 16'000'000);
}

TEST_CASE("A2: a vocabulary whose transitions would share their hashes is like any other") {
    // one long line and its beginnings, as ../shared/cases/attack/flood100k.txt has them: no byte is followed by two
    const auto memory = [](std::size_t lines) {
        std::string text = small_vocabulary_text(), line;
        for (std::size_t i = 0; i < lines; ++i) {
            line.clear();
            for (std::size_t at = 0; at < 100; ++at) line += static_cast<char>('#' + (i * 37 + at * 61) % 90);
            text += line + std::to_string(i) + "\n";
        }
        const ScratchFolder folder("vocabulary_flood");
        const auto path = folder.write("vocab.txt", text);
        return bytes_allocated_by([&] { read_vocabulary(path); });
    };
    CHECK(memory(4'000) <= 5 * memory(1'000));
}
