#include <taxon/app/console/json.hpp>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/offline_file.hpp>
#include <taxon/io/offline_writer.hpp>

#include "app/text/program.hpp"
#include "catch.hpp"

using namespace taxon;
using taxon::app::Json;

namespace {

struct Fixture : ModelFolder {
    Outcome gen(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"gen", "--weights", model(), "--output", file()});
        return run_text_program(arguments);
    }
    std::string file() const { return *this / "m.taxon"; }
    std::vector<float> logits(const std::string& weights, std::vector<std::string> more = {}) const {
        more.insert(more.begin(), {"infer", "--weights", weights, dev(), "--quiet", "--output", *this / "l.npy"});
        const auto outcome = run_text_program(more);
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        return floats_of_npy(*this / "l.npy");
    }
};

}  // namespace

TEST_CASE("an offline file of texts carries its vocabulary, its case and its labels") {
    const Fixture fixture;
    const auto made = fixture.gen({"--cased", "--json", fixture / "g.json"});
    INFO(made.err);
    REQUIRE(made.code == 0);
    const auto facts = Json::parse(text_of(fixture / "g.json")).at("facts");
    CHECK(facts.at("letters") == "cased");
    CHECK(facts.at("sequence") == Json{3, 512});
    CHECK(run_text_program({"verify", "--weights", fixture.file()}).code == 0);
    CHECK(fixture.logits(fixture.file()) == fixture.logits(fixture.model(), {"--cased"}));
    const auto answer = run_text_program({"infer", "--weights", fixture.file(), "--text", "The cat"}).out;
    CHECK((contains(answer, "%  yes  The cat") || contains(answer, "%  no   The cat") ||
           contains(answer, "%  no  The cat")));
    CHECK(fixture.logits(fixture.file(), {"--vocab", fixture.model(), "--lower-case"}) ==
          fixture.logits(fixture.model(), {"--lower-case"}));
}

TEST_CASE("an offline file is for the lengths that it was made for") {
    const Fixture fixture;
    REQUIRE(fixture.gen({"--sequence", "8:16", "--batch", "1:4"}).code == 0);
    CHECK(fixture.logits(fixture.file()) == fixture.logits(fixture.model(), {"--sequence", "16"}));
    const auto refused = [&](const std::vector<std::string>& more) {
        std::vector<std::string> arguments{"infer", "--weights", fixture.file(), "--text", "a"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto outcome = run_text_program(arguments);
        INFO(outcome.err);
        CHECK(outcome.code == 2);
        return contains(outcome.err, "m.taxon was made");
    };
    CHECK(refused({"--sequence", "17"}));
    CHECK(refused({"--sequence", "7"}));
    CHECK(refused({"--batch", "5"}));
    for (const char* range : {"2", "513", "16:8", "x", ""}) CHECK(fixture.gen({"--sequence", range}).code == 2);
}

TEST_CASE("integers of an offline file are calibrated with texts") {
    const Fixture fixture;
    const auto made = fixture.gen(
        {"--precision", "qint8_mixed_float32", "--calibration-file", fixture.dev(), "--json", fixture / "g.json"});
    INFO(made.err);
    REQUIRE(made.code == 0);
    CHECK(contains(made.out, "by the method linear; inputs: 20 texts"));
    const auto calibration = Json::parse(text_of(fixture / "g.json")).at("facts").at("calibration");
    CHECK(calibration.at("inputs") == "texts");
    CHECK(calibration.at("samples") == 20);
    CHECK(fixture.logits(fixture.file()) ==
          fixture.logits(fixture.model(), {"--precision", "qint8_mixed_float32", "--calibration-file", fixture.dev()}));
    CHECK(fixture.gen({"--precision", "qint8_mixed_float32"}).code == 2);
}

TEST_CASE("generated weights need no vocabulary") {
    const TestFolder folder;
    const auto made = run_text_program({"gen", "--weights", "synthetic", "--output", folder / "m.taxon"});
    INFO(made.err);
    REQUIRE(made.code == 0);
    CHECK(run_text_program({"verify", "--weights", folder / "m.taxon"}).code == 0);
    CHECK(run_text_program({"infer", "--weights", folder / "m.taxon", "--input", "synthetic"}).code == 0);
    CHECK(run_text_program({"infer", "--weights", folder / "m.taxon", "--text", "a"}).code == 2);
}

TEST_CASE("A7: a vocabulary without facts is refused", "[cases]") {
    const Fixture fixture;
    REQUIRE(fixture.gen({}).code == 0);
    std::vector<std::string> names, contents;
    std::uint64_t fingerprint = 0;
    {
        const auto file = io::OfflineFile::open(fixture.file());
        fingerprint = file.fingerprint();
        for (const auto name : file.names())
            if (name != "facts") names.emplace_back(name), contents.emplace_back(io::as_text(file.section(name)));
    }
    std::vector<io::OfflineSection> sections;
    for (std::size_t i = 0; i < names.size(); ++i)
        sections.push_back({names[i], std::as_bytes(std::span(contents[i]))});
    io::OfflineWriter::write(fixture.file(), fingerprint, sections);
    for (const char* verb : {"infer", "inspect", "verify"}) {
        std::vector<std::string> arguments{verb};
        if (arguments[0] != "inspect") arguments.push_back("--weights");
        arguments.push_back(fixture.file());
        if (arguments[0] == "infer") arguments.insert(arguments.end(), {"--text", "a"});
        const auto outcome = run_text_program(arguments);
        CHECK(outcome.code == 3);
        CHECK(contains(outcome.err, "section 'facts': [missing] found none, but a section 'vocabulary'"));
    }
}

TEST_CASE("A18: gen refuses a token with the end of a line in it") {
    const Fixture fixture;
    for (const char* hostile : {"a\nb", "a\r", "a\nb\n"}) {
        Json vocabulary = Json::object();
        for (std::size_t i = 0; i < small_tokens().size(); ++i) vocabulary[small_tokens()[i]] = i;
        vocabulary.erase("##ab");
        vocabulary[hostile] = 62;
        const Json json{{"normalizer", {{"type", "BertNormalizer"}, {"lowercase", true}}},
                        {"model", {{"type", "WordPiece"}, {"vocab", vocabulary}}}};
        const auto made = fixture.gen({"--vocab", fixture.ModelFolder::file("tokenizer.json", json.dump())});
        CHECK(made.code == 3);
        CHECK(contains(made.err, "vocabulary, token 62: [value] found a line break"));
        CHECK(!std::filesystem::exists(fixture.file()));
    }
}

TEST_CASE("a level compares precisions of texts by their classes, or by accuracy on a data set") {
    const Fixture fixture;
    const auto level = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"--level", "O2", "--calibration-file", fixture.dev(), "--max-drop", "100", "--json",
                                   fixture / "g.json"});
        const auto made = fixture.gen(more);
        INFO(made.err);
        REQUIRE(made.code == 0);
        CHECK(run_text_program({"verify", "--weights", fixture.file()}).code == 0);
        return Json::parse(text_of(fixture / "g.json")).at("level");
    };
    const Json agreement = level({});
    CHECK(agreement.at("compared_on") == "calibration texts");
    CHECK(agreement.at("compared") == 20);
    CHECK(agreement.at("candidates").size() == 2);
    CHECK(agreement.at("scan").at("samples") == 20);
    CHECK_FALSE(agreement.at("scan").at("layers").empty());
    const Json accuracy = level({"--dataset", fixture.dev(), "--task", "sst2"});
    CHECK(accuracy.at("compared_on") == "texts of the data set");
    CHECK(accuracy.at("drop_of") == "accuracy, percentage points");
    for (const Json& row : accuracy.at("candidates")) {
        std::vector<std::string> eval{
            "eval", "--weights",   fixture.model(),     "--dataset", fixture.dev(), "--task",
            "sst2", "--precision", row.at("precision"), "--quiet",   "--json",      fixture / "e.json"};
        if (row.at("precision") != "force_float32") eval.insert(eval.end(), {"--calibration-file", fixture.dev()});
        REQUIRE(run_text_program(eval).code == 0);
        CHECK(row.at("accuracy") == Json::parse(text_of(fixture / "e.json")).at("accuracy"));
    }
    CHECK(fixture.gen({"--level", "O2"}).code == 2);
    CHECK(fixture.gen({"--level", "O2", "--dataset", fixture.dev(), "--calibration-file", fixture.dev()}).code == 2);
}
