#include <taxon/app/console/json.hpp>

#include <fmt/core.h>

#include "app/text/program.hpp"
#include "catch.hpp"

using taxon::app::Json;

namespace {

struct Fixture : ModelFolder {
    Outcome eval(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"eval", "--weights", model(), "--task", "sst2", "--dataset", dev()});
        return run_text_program(arguments);
    }
    Json json(std::vector<std::string> arguments, const std::string& name = "e.json") const {
        arguments.insert(arguments.end(), {"--quiet", "--json", *this / name});
        const auto outcome = eval(arguments);
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        CHECK(outcome.out.empty());
        return Json::parse(text_of(*this / name));
    }
};

}  // namespace

TEST_CASE("eval counts what infer answers") {
    const Fixture fixture;
    const auto answers = run_text_program(
        {"infer", "--weights", fixture.model(), fixture.dev(), "--quiet", "--output", fixture / "logits.npy"});
    REQUIRE(answers.code == 0);
    const auto logits = floats_of_npy(fixture / "logits.npy");
    int found = 0, missed = 0, taken = 0, right = 0;
    for (std::size_t i = 0; i < 20; ++i) {
        const bool answer = logits[2 * i + 1] > logits[2 * i], label = i % 2 == 1;
        right += answer == label, found += answer && label, missed += !answer && label, taken += answer && !label;
    }
    CHECK((found + taken > 0 && found + taken < 20));  // the network gives both answers
    const auto json = fixture.json({});
    CHECK(json.at("n") == 20);
    CHECK(json.at("accuracy").get<double>() == right / 20.);
    CHECK(json.at("f1").get<double>() == Approx(2. * found / (2 * found + missed + taken)).epsilon(1e-12));
    CHECK(json.at("combined").get<double>() ==
          Approx((json["accuracy"].get<double>() + json["f1"].get<double>()) / 2).epsilon(1e-12));
    for (const auto& more :
         std::vector<std::vector<std::string>>{{"--batch", "8"}, {"--threads", "1"}, {"--padding", "compute"}})
        CHECK(fixture.json(more).at("f1") == json.at("f1"));
    const auto printed = fixture.eval({});
    CHECK(contains(printed.out, fmt::format("accuracy  {:6.2f}%  ({} of 20)\n", 5. * right, right)));
    CHECK(contains(printed.out, "texts/s"));
}

TEST_CASE("shards of texts join exactly") {
    const Fixture fixture;
    const auto whole = fixture.json({});
    fixture.json({"--shard", "0/2"}, "a.json"), fixture.json({"--shard", "1/2"}, "b.json");
    REQUIRE(run_text_program(
                {"eval", "merge", fixture / "a.json", fixture / "b.json", "--quiet", "--json", fixture / "m.json"})
                .code == 0);
    auto merged = Json::parse(text_of(fixture / "m.json"));
    CHECK(merged.at("shard") == "0,1/2");
    merged["shard"] = whole.at("shard");
    CHECK(merged == whole);
    CHECK(fixture.json({"--limit", "7"}).at("n") == 7);
}

TEST_CASE("R7: eval says how many texts were cut, and writes it") {
    const Fixture fixture;
    CHECK(fixture.json({}).at("texts_cut") == 0);
    CHECK(!contains(fixture.eval({}).out, "left out"));
    const auto tokens = run_text_program({"tokenize", "--vocab", fixture.model(), fixture.dev(), "--sequence", "4",
                                          "--quiet", "--json", fixture / "t.json"});
    REQUIRE(tokens.code == 0);
    std::uint64_t cut = 0;
    for (const auto& text : Json::parse(text_of(fixture / "t.json"))) cut += text.at("left_out") > 0;
    REQUIRE(cut > 1);
    const auto whole = fixture.json({"--sequence", "4"});
    CHECK(whole.at("texts_cut") == cut);
    CHECK(contains(fixture.eval({"--sequence", "4"}).out,
                   fmt::format("(their mean)\n{} texts truncated; --sequence sets", cut)));
    fixture.json({"--sequence", "4", "--shard", "0/2"}, "a.json");
    fixture.json({"--sequence", "4", "--shard", "1/2"}, "b.json");
    const auto merged = run_text_program({"eval", "merge", fixture / "a.json", fixture / "b.json"});
    CHECK(contains(merged.out, fmt::format("{} texts truncated", cut)));
}

TEST_CASE("MRPC's pairs are scored in its own columns") {
    const Fixture fixture;
    const auto pairs = fixture.file("mrpc.txt", "\xC3\xAF\xC2\xBB\xC2\xBFQuality\t#1 ID\t#2 ID\t#1 String\t#2 "
                                                "String\r\n1\t1\t2\tthe cat\t<QUOTE>a cat<QUOTE>\r\n0\t3\t4\ta\tb\r\n");
    const auto outcome = run_text_program({"eval", "--weights", fixture.model(), "--task", "mrpc", "--dataset", pairs,
                                           "--quiet", "--json", fixture / "e.json"});
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    CHECK(Json::parse(text_of(fixture / "e.json")).at("n") == 2);
}

TEST_CASE("what eval of texts cannot use is told in one line") {
    const Fixture fixture;
    const auto fails = [&](int code, const std::vector<std::string>& arguments, const std::string& words) {
        const auto outcome = run_text_program(arguments);
        INFO(outcome.err);
        CHECK(outcome.code == code);
        return contains(outcome.err, words);
    };
    CHECK(fails(2, {"eval", "--weights", fixture.model(), "--task", "sst2"}, "--dataset: [usage] found nothing"));
    CHECK(
        fails(2, {"eval", "--weights", fixture.model(), "--dataset", fixture.dev()}, "--task: [usage] found nothing"));
    CHECK(fails(2,
                {"eval", "--weights", fixture.model(), "--dataset", fixture.dev(), "--task", "sst2", "--shard", "2/2"},
                "--shard"));
    CHECK(fails(3, {"eval", "--weights", fixture.model(), "--dataset", fixture.dev(), "--task", "mrpc"},
                "no column '#1 String'"));
    CHECK(fails(3,
                {"eval", "--weights", fixture.model(), "--dataset", fixture.file("t.tsv", "sentence\tlabel\na\t2\n"),
                 "--task", "sst2"},
                "t.tsv: line 2: [value] found label '2'"));
    CHECK(fails(3,
                {"eval", "--weights", fixture.model(), "--dataset", fixture.file("e.tsv", "sentence\tlabel\n"),
                 "--task", "sst2"},
                "[missing]"));
}
