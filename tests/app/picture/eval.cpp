#include <taxon/app/console/json.hpp>

#include "app/program.hpp"
#include "catch.hpp"

using taxon::app::Json;

namespace {

/// Six class folders. Pictures of class c: red 10 c (right), and for c = 0 also reds 10 and 50 (wrong first; 50 is the
/// sixth best, out of five).
void write_dataset(const std::filesystem::path& root) {
    for (int c = 0; c < 6; ++c)
        write_text(root / std::to_string(c) / "a.bmp", bmp_of(static_cast<unsigned char>(10 * c)));
    write_text(root / "0" / "b.bmp", bmp_of(10));
    write_text(root / "0" / "c.bmp", bmp_of(50));
}

}  // namespace

TEST_CASE("eval scores a folder of class folders, whatever the threads and batches") {
    const TestFolder folder;
    write_dataset(folder.path() / "test");
    std::string first;
    for (const char* threads : {"1", "3"})
        for (const char* batch : {"1", "5"}) {
            REQUIRE(run_program({"eval", "--dataset", folder / "test", "--threads", threads, "--batch", batch,
                                 "--quiet", "--json", folder / "e.json"})
                        .code == 0);
            const auto text = text_of(folder / "e.json");
            if (first.empty()) first = text;
            CHECK(text == first);
        }
    const auto json = Json::parse(first);
    CHECK(json.at("n") == 8);
    CHECK(json.at("top1_count") == 6);
    CHECK(json.at("top5_count") == 7);
    CHECK(json.at("top1") == 6. / 8);
    CHECK(json.at("top5") == 7. / 8);
    CHECK(json.at("shard") == "0/1");
    CHECK(json.at("dataset_size") == 8);
    CHECK(json.at("family") == "tens");
    CHECK(json.at("variant") == "plain");
    CHECK(json.at("precision") == "force_float32");
    CHECK(json.at("backend") == "cpu");
    CHECK(json.at("execution") == "fused");
    CHECK(json.at("weights") == "embedded");
    CHECK(json.at("dataset") == "test");
}

TEST_CASE("eval prints the scores, and its progress on standard error") {
    const TestFolder folder;
    write_dataset(folder.path() / "test");
    const auto outcome = run_program({"eval", "--dataset", folder / "test", "--threads", "1"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out.starts_with(
        "tens plain, force_float32, cpu fused, portable\ntop-1   75.00%  (6 of 8)\ntop-5   87.50%  (7 of 8)\n"));
    CHECK(contains(outcome.err, "8 of 8 pictures, "));
    CHECK(contains(outcome.err, "/s, top-1 75.00%\n"));
    CHECK(contains(run_program({"eval", "--dataset", folder / "test"}, true).err,
                   "[==============================] 8 of 8 pictures"));
    CHECK(run_program({"eval", "--dataset", folder / "test", "--quiet"}).err.empty());
}

TEST_CASE("eval reads a TSV, and --limit takes the first of it") {
    const TestFolder folder;
    write_dataset(folder.path());
    write_text(folder.path() / "list.tsv", "0/c.bmp\t0\n3/a.bmp\t3\n4/a.bmp\t1\n");
    REQUIRE(
        run_program({"eval", "--dataset", folder / "list.tsv", "--limit", "2", "--quiet", "--json", folder / "e.json"})
            .code == 0);
    const auto json = Json::parse(text_of(folder / "e.json"));
    CHECK(json.at("n") == 2);
    CHECK(json.at("top1_count") == 1);
    CHECK(json.at("dataset") == "list.tsv");
}

TEST_CASE("eval's wrong use and refused files") {
    const TestFolder folder;
    write_dataset(folder.path() / "test");
    CHECK(run_program({"eval"}).code == 2);
    for (const char* shard : {"3", "3/3", "a/b", "-1/2", "0,1/3", "0/0", "0/"}) {
        const auto outcome = run_program({"eval", "--dataset", folder / "test", "--shard", shard});
        INFO(outcome.err);
        CHECK(outcome.code == 2);
        CHECK(contains(outcome.err, "wanted I/N with I from 0 to N - 1"));
    }
    CHECK(contains(run_program({"eval", "--dataset", folder / "test", "--shard", "8/9"}).err,
                   "8/9 of 8 pictures, which is empty"));
    CHECK(run_program({"eval", "--dataset", folder / "test", "--limit", "0"}).code == 2);
    CHECK(run_program({"eval", "--dataset", folder / "nothing"}).code == 3);
    write_text(folder.path() / "labels.txt", "a\nb\n");
    CHECK(run_program({"eval", "--dataset", folder / "test", "--labels", folder / "labels.txt"}).code == 2);
    CHECK(run_program({"eval", "--dataset", folder / "test", "--variant", "broken", "--weights", "synthetic"}).code ==
          4);
    write_text(folder.path() / "test/3/b.bmp", "no picture");
    const auto outcome = run_program({"eval", "--dataset", folder / "test", "--quiet", "--json", folder / "e.json"});
    CHECK(outcome.code == 3);
    CHECK(outcome.err.starts_with("tens: " + (folder / "test/3/b.bmp")));
    CHECK_FALSE(std::filesystem::exists(folder / "e.json"));
}

TEST_CASE("merged shards are the whole, to the byte") {
    const TestFolder folder;
    write_dataset(folder.path() / "test");
    std::vector<std::string> merge{"eval", "merge"};
    for (const std::string i : {"2", "0", "1"}) {
        REQUIRE(run_program({"eval", "--dataset", folder / "test", "--shard", i + "/3", "--quiet", "--json",
                             folder / (i + ".json")})
                    .code == 0);
        merge.push_back(folder / (i + ".json"));
    }
    REQUIRE(run_program({"eval", "--dataset", folder / "test", "--quiet", "--json", folder / "whole.json"}).code == 0);
    for (const std::string more : {"--json", "/joined.json"})
        merge.push_back(more[0] == '/' ? folder.path().string() + more : more);
    const auto outcome = run_program(merge);
    REQUIRE(outcome.code == 0);
    CHECK(outcome.out == "top-1   75.00%  (6 of 8)\ntop-5   87.50%  (7 of 8)\n");
    auto joined = Json::parse(text_of(folder / "joined.json")), whole = Json::parse(text_of(folder / "whole.json"));
    CHECK(joined.at("shard") == "0,1,2/3");
    joined.erase("shard");
    whole.erase("shard");
    CHECK(joined.dump() == whole.dump());
}

TEST_CASE("A22: on a full disk eval prints its figures and then fails") {
    const TestFolder folder;
    write_dataset(folder.path() / "test");
    const auto outcome = run_program({"eval", "--dataset", folder / "test", "--json", "/dev/full"});
    CHECK(outcome.code == 3);
    CHECK(outcome.out.starts_with("tens plain"));
    CHECK(contains(outcome.out, "top-1   75.00%  (6 of 8)\n"));
    CHECK(contains(outcome.err, "/dev/full"));
}

TEST_CASE("R18: --json - is standard output, which has nothing else then") {
    const TestFolder folder;
    write_dataset(folder.path() / "test");
    write_text(folder.path() / "a.bmp", bmp_of(20));
    for (std::vector<std::string> arguments : {std::vector<std::string>{"eval", "--dataset", folder / "test"},
                                               {"infer", folder / "a.bmp"},
                                               {"perf", "--iterations", "3", "--warmup", "0"},
                                               {"describe"}}) {
        INFO(arguments[0]);
        arguments.insert(arguments.end(), {"--json", "-"});
        const auto outcome = run_program(arguments);
        CHECK(outcome.code == 0);
        CHECK(Json::parse(outcome.out).is_object());
        CHECK(outcome.out.ends_with("}\n"));
        arguments.push_back("--quiet");
        CHECK(Json::parse(run_program(arguments).out).is_object());
        CHECK_FALSE(std::filesystem::exists("-"));
    }
}

TEST_CASE("R18: eval says which class folders are empty") {
    const TestFolder folder;
    write_text(folder.path() / "test/a/a.bmp", bmp_of(0));
    for (const char* name : {"b", "c", "d\033[1m", "e", "f"})
        std::filesystem::create_directories(folder.path() / "test" / name);
    const auto outcome = run_program({"eval", "--dataset", folder / "test"});
    CHECK(outcome.code == 0);
    CHECK(contains(outcome.err, "5 class folders without pictures: b, c, d?[1m, e, f\n"));
    CHECK(run_program({"eval", "--dataset", folder / "test", "--quiet"}).err.empty());
}

TEST_CASE("R9: files that are no pictures are counted, on the screen and in the JSON", "[cases]") {
    const TestFolder folder;
    write_dataset(folder.path() / "test");
    for (const char* name : {"0/d.gif", "1/notes.txt", "readme"}) write_text(folder.path() / "test" / name, "other");
    const auto outcome = run_program({"eval", "--dataset", folder / "test", "--json", folder / "e.json"});
    REQUIRE(outcome.code == 0);
    CHECK(contains(outcome.out, "3 files skipped"));
    const auto json = Json::parse(text_of(folder / "e.json"));
    CHECK(json.at("skipped") == 3);
    CHECK(json.at("n") == 8);
    CHECK(!json.contains("unreadable"));
    CHECK(!json.at("jpeg_decoder").get<std::string>().empty());
}

TEST_CASE("R11: --skip-unreadable counts and lists what cannot be read, and without it one error names them all",
          "[cases]") {
    const TestFolder folder;
    write_dataset(folder.path() / "test");
    for (const char* name : {"0/bad.jpg", "2/worse.png", "5/worst.bmp"})
        write_text(folder.path() / "test" / name, "no picture");
    for (const char* threads : {"1", "3"})
        for (const char* batch : {"1", "4"}) {
            const auto refused =
                run_program({"eval", "--dataset", folder / "test", "--threads", threads, "--batch", batch, "--quiet"});
            CHECK(refused.code == 3);
            CHECK(
                refused.err ==
                "tens: " + (folder / "test/0/bad.jpg") +
                    ": the first bytes: [unsupported] found a file of unknown type; 2 more cannot be read: worse.png, "
                    "worst.bmp; --skip-unreadable skips such pictures\n");
            const auto outcome = run_program({"eval", "--dataset", folder / "test", "--threads", threads, "--batch",
                                              batch, "--skip-unreadable", "--json", folder / "e.json"});
            REQUIRE(outcome.code == 0);
            CHECK(contains(outcome.out, "3 pictures skipped, unreadable:\n  " + (folder / "test/0/bad.jpg")));
            const auto json = Json::parse(text_of(folder / "e.json"));
            CHECK((json.at("n") == 8 && json.at("top1_count") == 6 && json.at("dataset_size") == 11));
            CHECK(json.at("skipped") == 3);
            REQUIRE(json.at("unreadable").size() == 3);
            CHECK(json["unreadable"][1].at("file") == folder / "test/2/worse.png");
        }
    for (const std::string i : {"0", "1"})
        REQUIRE(run_program({"eval", "--dataset", folder / "test", "--shard", i + "/2", "--skip-unreadable", "--quiet",
                             "--json", folder / (i + ".json")})
                    .code == 0);
    const auto merged =
        run_program({"eval", "merge", folder / "1.json", folder / "0.json", "--json", folder / "m.json"});
    REQUIRE(merged.code == 0);
    auto joined = Json::parse(text_of(folder / "m.json")), whole = Json::parse(text_of(folder / "e.json"));
    joined.erase("shard"), whole.erase("shard");
    CHECK(joined.dump() == whole.dump());
    for (int c = 0; c < 6; ++c) std::filesystem::remove(folder.path() / "test" / std::to_string(c) / "a.bmp");
    for (const char* name : {"0/b.bmp", "0/c.bmp"}) std::filesystem::remove(folder.path() / "test" / name);
    const auto none = run_program({"eval", "--dataset", folder / "test", "--skip-unreadable"});
    CHECK(none.code == 3);
    CHECK(contains(none.err, "none of the pictures can be read"));
}
