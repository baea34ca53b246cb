#include <taxon/app/console/json.hpp>
#include <taxon/io/npy.hpp>

#include "app/text/program.hpp"
#include "catch.hpp"
#include "text/small_vocabulary.hpp"

using taxon::app::Json;

namespace {

/// A folder with vocab.txt, and calls of the verb with it.
struct Fixture : TestFolder {
    Fixture() { write_text(vocabulary(), small_vocabulary_text()); }
    std::string vocabulary() const { return *this / "vocab.txt"; }

    std::string file(const std::string& name, const std::string& text) const {
        write_text(*this / name, text);
        return *this / name;
    }

    Outcome tokenize(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"tokenize", "--vocab", vocabulary()});
        return run_text_program(arguments);
    }

    /// The JSON that the verb writes.
    Json json(std::vector<std::string> arguments) const {
        arguments.insert(arguments.end(), {"--quiet", "--json", *this / "out.json"});
        const auto outcome = tokenize(arguments);
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        CHECK(outcome.out.empty());
        return Json::parse(text_of(*this / "out.json"));
    }
};

}  // namespace

TEST_CASE("tokenize shows tokens and their numbers") {
    const Fixture fixture;
    const auto one = fixture.tokenize({"--text", "The cat", "--text-pair", "a b c", "--sequence", "7"});
    CHECK(one.code == 0);
    CHECK(one.out == "[CLS] the cat [SEP] a b [SEP]\n  2 5 15 3 12 13 3\n1 text, 7 tokens, uncased; 1 truncated\n");
    CHECK(fixture.tokenize({"--text", ""}).out == "[CLS] [SEP]\n  2 3\n1 text, 2 tokens, uncased\n");
}

TEST_CASE("tokenize reads a list of texts and pairs, and writes one of tokens") {
    const Fixture fixture;
    const auto json = fixture.json({"--input-json", fixture.file("in.json", R"([["The cats"], ["a", "b!"], [""]])"),
                                    "--isa", "auto", "--backend", "cpu"});
    REQUIRE(json.size() == 3);
    CHECK(json[0] == Json{{"tokens", {"[CLS]", "the", "cat", "##s", "[SEP]"}},
                          {"ids", {2, 5, 15, 7, 3}},
                          {"token_type_ids", {0, 0, 0, 0, 0}},
                          {"left_out", 0}});
    CHECK(json[1].at("token_type_ids") == Json{0, 0, 0, 1, 1, 1});
    CHECK(json[2].at("ids") == Json{2, 3});
    CHECK(fixture.json({"--input-json", fixture / "in.json", "--limit", "2"}).size() == 2);
}

TEST_CASE("a text gives the same tokens from a string, a list and a column") {
    const Fixture fixture;
    const std::string text = "The caf\u00e9's un\u00adaffable \"cats\"", pair = "\u4e2d\u6587 [MASK]";
    const auto said = fixture.json({"--text", text, "--text-pair", pair});
    CHECK(fixture.json({"--input-json", fixture.file("in.json", Json::array({Json::array({text, pair})}).dump())}) ==
          said);
    const auto table = fixture.file("in.tsv", "label\tsentence\tsecond\n1\t" + text + "\t" + pair + "\n");
    CHECK(fixture.json({table, "--pair-column", "second"}) == said);
    CHECK(fixture.json({fixture.file("crlf.tsv", "first\tsecond\r\n" + text + "\t" + pair + "\r\n"), "--text-column",
                        "first", "--pair-column", "second"}) == said);
    CHECK(fixture.json({table})[0].at("tokens") == fixture.json({"--text", text})[0].at("tokens"));
}

TEST_CASE("case comes from the command line, else the files, else the variant") {
    const Fixture fixture;
    const auto first = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--text", "The"});
        return fixture.json(arguments)[0].at("tokens")[1].get<std::string>();
    };
    CHECK(first({}) == "the");
    CHECK(first({"--variant", "capital"}) == "The");
    CHECK(first({"--variant", "capital", "--lower-case"}) == "the");
    CHECK(first({"--cased"}) == "The");
    fixture.file("tokenizer_config.json", R"({"do_lower_case": false})");
    CHECK(first({}) == "The");
    CHECK(first({"--lower-case"}) == "the");
    CHECK(fixture.tokenize({"--text", "a", "--cased", "--lower-case"}).code == 2);
}

TEST_CASE("tokenize writes padded arrays of whole numbers") {
    const Fixture fixture;
    REQUIRE(fixture
                .tokenize({"--input-json", fixture.file("in.json", R"([["cat"], ["a", "b"]])"), "--sequence", "6",
                           "--output-dir", fixture / "new" + "/folder"})
                .code == 0);
    const auto numbers = [&](const std::string& name) {
        CHECK(contains(text_of(fixture / "new/folder/" + name),
                       "'descr': '<i8', 'fortran_order': False, 'shape': (2, 6)"));
        return taxon::io::read_npy(fixture / "new/folder/" + name).numbers;
    };
    CHECK(numbers("input_ids.npy") == std::vector<float>{2, 15, 3, 0, 0, 0, 2, 12, 3, 13, 3, 0});
    CHECK(numbers("token_type_ids.npy") == std::vector<float>{0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0});
    CHECK(numbers("attention_mask.npy") == std::vector<float>{1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 0});
}

TEST_CASE("wrong use of tokenize is told") {
    const Fixture fixture;
    const auto in = fixture.file("in.json", "[[\"a\"]]");
    const auto refused = [&](std::vector<std::string> arguments) {
        const auto outcome = fixture.tokenize(arguments);
        INFO(outcome.err);
        CHECK(outcome.out.empty());
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
        return outcome.code == 2;
    };
    CHECK(refused({}));
    CHECK(refused({"--text", "a", "--input-json", in}));
    CHECK(refused({"--text-pair", "a", "--input-json", in}));
    CHECK(refused({"--text", "a\xff"}));
    CHECK(refused({"--text", "a", "--sequence", "2"}));
    CHECK(refused({"--text", "a", "--sequence", "513"}));
    CHECK(refused({"--text", "a", "--variant", "nonsense"}));
    CHECK(refused({"--text", "a", "--isa", "nonsense"}));
    CHECK(refused({"--text", "a", "--text-column", "b"}));
    CHECK(refused({"--text", "a", "--json", fixture / "none/out.json"}));
    CHECK(run_text_program({"tokenize", "--text", "a"}).code == 2);
}

TEST_CASE("files that tokenize cannot use are refused by name, and nothing is written") {
    const Fixture fixture;
    const auto refused = [&](std::vector<std::string> arguments, const std::string& words) {
        arguments.insert(arguments.end(), {"--json", fixture / "never.json"});
        const auto outcome = fixture.tokenize(arguments);
        INFO(outcome.err);
        CHECK(outcome.out.empty());
        CHECK(!std::filesystem::exists(fixture / "never.json"));
        return outcome.code == 3 && contains(outcome.err, words);
    };
    const auto list = [&](const std::string& text) {
        return std::vector<std::string>{"--input-json", fixture.file("in.json", text)};
    };
    CHECK(refused({"--input-json", fixture / "none.json"}, "none.json: [io]"));
    CHECK(refused(list(""), "in.json: [truncated]"));
    CHECK(refused(list("[[\"a\""), "in.json: JSON, byte 5: [syntax]"));
    CHECK(refused(list("[[\"\xff\"]]"), "[encoding]"));
    CHECK(refused(list("[[\"\\ud800\"]]"), "in.json: JSON, byte"));
    CHECK(refused(list("{\"a\": 1}"), "[syntax] found something else, wanted a JSON list"));
    CHECK(refused(list("[[{}]]"), "entry 0: [type] found an object, wanted [text] or [text, pair]"));
    CHECK(refused(list("[[[\"a\"]]]"), "entry 0: [type]"));
    CHECK(refused(list("[[\"a\"], [\"b\"], null]"), "entry 2: [type]"));
    CHECK(refused(list(std::string(1'000'000, '[')), "[limit]"));
    CHECK(refused(list("[[\"a\"], \"b\"]"), "entry 1: [type]"));
    CHECK(refused(list("[[\"a\", 1]]"), "entry 0: [type]"));
    CHECK(refused(list("[[\"a\", \"b\", \"c\"]]"), "entry 0: [type]"));
    CHECK(refused(list("[[]]"), "entry 0: [type]"));
    CHECK(refused(list("[]"), "in.json: [missing] found no texts"));
    const auto table = fixture.file("in.tsv", "text\tlabel\na\t0\n");
    CHECK(refused({table}, "in.tsv: header: [missing] found no column 'sentence', wanted one of 'text', 'label'"));
    CHECK(refused({table, "--text-column", "text", "--pair-column", "pair"}, "no column 'pair'"));
    CHECK(refused({fixture.file("bytes.tsv", "sentence\na\n\xff\n")}, "bytes.tsv: line 3: [encoding]"));
    CHECK(refused({fixture.file("empty.tsv", "sentence\n")}, "empty.tsv: [missing] found no texts"));
    fixture.file("config.json", R"({"vocab_size": 30522})");
    CHECK(refused({"--text", "a"}, "vocab.txt: vocabulary: [mismatch]"));
    fixture.file("config.json", "{}");
    fixture.file("vocab.txt", "[PAD]\n[CLS]\n[SEP]\n[MASK]\n");
    CHECK(refused({"--text", "a"}, "without [UNK]"));
}

TEST_CASE("a text of 10,000 words and an empty line are texts like others") {
    const Fixture fixture;
    std::string text;
    for (int i = 0; i < 10000; ++i) text += "cat ";
    const auto json = fixture.json({fixture.file("in.tsv", "sentence\n\n" + text + "\n"), "--sequence", "512"});
    REQUIRE(json.size() == 2);
    CHECK(json[0].at("ids") == Json{2, 3});
    CHECK(json[1].at("ids").size() == 512);
    CHECK(json[1].at("left_out") == 10000 - 510);
}
