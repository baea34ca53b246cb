#include <taxon/app/console/json.hpp>

#include "app/program.hpp"
#include "catch.hpp"

#include <csignal>

using taxon::app::Json;

namespace {

/// Twenty pictures and their list; the eighth sends Ctrl-C while it is scored.
void write_dataset(const TestFolder& folder) {
    std::string list;
    for (int i = 0; i < 20; ++i) {
        const std::string name = std::string(1, static_cast<char>('a' + i)) + ".bmp";
        write_text(folder / name, bmp_of(static_cast<unsigned char>(i == 7 ? 251 : 10 * (i % 7))));
        list += name + "\t" + std::to_string(i % 6) + "\n";
    }
    write_text(folder / "list.tsv", list);
}

/// Runs without the handlers of the tests' own program, which ours would leave alone.
Outcome eval(const TestFolder& folder, const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"eval", "--dataset", folder / "list.tsv", "--threads", "1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto before = std::signal(SIGINT, SIG_DFL);
    Outcome outcome = run_program(arguments);
    std::signal(SIGINT, before);
    return outcome;
}

Json json_of(const TestFolder& folder, const std::string& name) { return Json::parse(text_of(folder / name)); }

}  // namespace

TEST_CASE("Ctrl-C keeps what was scored, and --resume gives the whole to the byte") {
    const TestFolder folder;
    write_dataset(folder);
    for (const char* batch : {"1", "3"}) {
        const auto stopped = eval(folder, {"--json", folder / "part.json", "--batch", batch});
        CHECK(stopped.code == 130);
        CHECK(contains(stopped.out, "stopped after "));
        const auto part = json_of(folder, "part.json");
        CHECK(part.at("complete") == false);
        CHECK(part.at("n") == (batch[0] == '1' ? 8 : 9));
        CHECK(part.at("dataset_size") == 20);
        write_text(folder / "h.bmp", bmp_of(250));  // the same answer, and no signal
        const auto resumed = eval(folder, {"--json", folder / "resumed.json", "--resume", folder / "part.json"});
        CHECK(resumed.code == 0);
        CHECK(contains(resumed.err, "part.json: goes on after "));
        REQUIRE(eval(folder, {"--json", folder / "whole.json"}).code == 0);
        CHECK(json_of(folder, "whole.json").at("complete") == true);
        CHECK(text_of(folder / "resumed.json") == text_of(folder / "whole.json"));
        const auto again = eval(folder, {"--resume", folder / "resumed.json", "--json", folder / "again.json"});
        CHECK(again.code == 0);
        CHECK(contains(again.err, "complete already, and kept"));
        CHECK(text_of(folder / "again.json") == text_of(folder / "whole.json"));
        write_text(folder / "h.bmp", bmp_of(251));
    }
    const auto merged = run_program({"eval", "merge", folder / "part.json"});
    CHECK(merged.code == 3);
    CHECK(contains(merged.err, "found false: 9 of 20 inputs, wanted whole shards; eval --resume finishes it"));
}

TEST_CASE("a resumed run must be the same one") {
    const TestFolder folder;
    write_dataset(folder);
    REQUIRE(eval(folder, {"--json", folder / "part.json"}).code == 130);
    const auto refused = [&](const std::vector<std::string>& more, const std::string& words) {
        auto arguments = more;
        arguments.insert(arguments.end(), {"--resume", folder / "part.json"});
        const auto outcome = eval(folder, arguments);
        INFO(outcome.err);
        CHECK(outcome.code == 3);
        return contains(outcome.err, words);
    };
    CHECK(refused({"--exif"}, "field \"options\": [mismatch]"));
    CHECK(refused({"--limit", "19"}, "field \"dataset_digest\""));
    CHECK(refused({"--shard", "0/2"}, "field \"shard\": [mismatch] found 0/1, wanted 0/2"));
    CHECK(refused({"--variant", "nameless", "--weights", "synthetic"}, "field \"variant\""));
    auto list = text_of(folder / "list.tsv");
    list[list.size() - 2] = '5';
    write_text(folder / "list.tsv", list);
    CHECK(refused({}, "field \"dataset_digest\""));
}

TEST_CASE("a requeued share goes on, a complete one is kept, and another one is refused") {
    const TestFolder folder;
    write_dataset(folder);
    const std::string file = folder / "1-of-3.json";
    REQUIRE(eval(folder, {"--shard", "1/3", "--json", folder / "{shard}.json"}).code == 130);
    CHECK(json_of(folder, "1-of-3.json").at("n") == 3);
    write_text(folder / "h.bmp", bmp_of(250));
    const auto requeued = eval(folder, {"--shard", "1/3", "--json", folder / "{shard}.json"});
    CHECK(requeued.code == 0);
    CHECK(contains(requeued.err, file + ": goes on after 3 of 7\n"));
    const auto first = text_of(file);
    CHECK(Json::parse(first).at("complete") == true);
    write_text(folder / "h.bmp", bmp_of(0));  // would be seen if it were scored again
    const auto kept = eval(folder, {"--shard", "1/3", "--json", folder / "{shard}.json"});
    CHECK(kept.code == 0);
    CHECK(contains(kept.err, file + ": complete already, and kept\n"));
    CHECK(text_of(file) == first);
    const auto other = eval(folder, {"--shard", "1/3", "--exif", "--json", folder / "{shard}.json"});
    CHECK(other.code == 3);
    CHECK(contains(other.err, "give the options of that run, or another name"));
    CHECK(text_of(file) == first);
}
