#include <taxon/text/vocabulary_file.hpp>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "text/small_vocabulary.hpp"

using taxon::Fault;
using taxon::text::LetterCase;
using taxon::text::read_stored_vocabulary;
using taxon::text::read_vocabulary;

namespace {

std::vector<std::string> tokens_of(const std::filesystem::path& path) {
    const auto vocabulary = read_vocabulary(path);
    return {vocabulary.tokens().begin(), vocabulary.tokens().end()};
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
