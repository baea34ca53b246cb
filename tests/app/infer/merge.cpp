#include <taxon/app/console/json.hpp>

#include "app/program.hpp"
#include "catch.hpp"

#include <csignal>

using taxon::app::Json;

namespace {

/// Eleven pictures and a list of them; the sixth and the last cannot be read.
void write_pictures(const TestFolder& folder) {
    std::string list;
    for (int i = 0; i < 11; ++i) {
        const std::string name = "pictures/" + std::string(1, static_cast<char>('a' + i)) + ".bmp";
        write_text(folder / name, i % 5 == 0 && i > 0 ? "no picture" : bmp_of(static_cast<unsigned char>(5 * i)));
        list += name + (i % 2 == 0 ? "\r\n" : "\n\n");
    }
    write_text(folder / "list.txt", list);
    write_text(folder / "pictures/notes.md", "no picture");
}

Outcome infer(const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"infer", "--threads", "1", "--skip-unreadable"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto before = std::signal(SIGINT, SIG_DFL);
    Outcome outcome = run_program(arguments);
    std::signal(SIGINT, before);
    return outcome;
}

}  // namespace

TEST_CASE("merged shares are what one run over all inputs writes, to the byte") {
    const TestFolder folder;
    write_pictures(folder);
    const std::string pictures = folder / "pictures";
    REQUIRE(infer({pictures, "--json", folder / "whole.json"}).code == 0);
    std::vector<std::string> merge{"infer", "merge", "--json", folder / "merged.json"};
    for (const std::string i : {"3", "0", "2", "1"}) {
        REQUIRE(infer({pictures, "--shard", i + "/4", "--json", folder / "{shard}.json"}).code == 0);
        merge.push_back(folder / (i + "-of-4.json"));
    }
    const auto merged = run_program(merge);
    INFO(merged.err);
    REQUIRE(merged.code == 0);
    CHECK(merged.out == "9 of 11 images, shard 0,1,2,3/4, 2 unreadable\n");
    CHECK(text_of(folder / "merged.json") == text_of(folder / "whole.json"));

    merge.pop_back();
    const auto missing = run_program(merge);
    CHECK(missing.code == 3);
    CHECK(contains(missing.err, "found no shard 1 of 4, wanted all of them; --partial merges what there is"));
    merge.push_back("--partial");
    merge[3] = folder / "partial.json";
    REQUIRE(run_program(merge).code == 0);
    REQUIRE(
        run_program({"infer", "merge", folder / "partial.json", folder / "1-of-4.json", "--json", folder / "m.json"})
            .code == 0);
    CHECK(text_of(folder / "m.json") == text_of(folder / "whole.json"));
}

TEST_CASE("infer merge refuses what does not belong together") {
    const TestFolder folder;
    write_pictures(folder);
    const auto share = [&](const std::string& shard, const std::string& name, std::vector<std::string> more) {
        more.insert(more.end(), {"--shard", shard, "--json", folder / name});
        REQUIRE(infer(more).code == 0);
    };
    const std::string pictures = folder / "pictures";
    share("0/2", "a.json", {pictures}), share("1/2", "b.json", {pictures}), share("1/3", "third.json", {pictures});
    share("1/2", "exif.json", {pictures, "--exif"}), share("1/2", "few.json", {pictures, "--limit", "9"});
    share("1/2", "nameless.json", {pictures, "--variant", "nameless", "--weights", "synthetic"});
    REQUIRE(infer({pictures, "--json", folder / "whole.json"}).code == 0);
    const auto refused = [&](const std::string& name, const std::string& words) {
        const auto outcome = run_program({"infer", "merge", folder / "a.json", folder / name});
        INFO(outcome.err);
        CHECK(outcome.code == 3);
        return contains(outcome.err, words);
    };
    CHECK(refused("a.json", "[overlap] found 0/2, which is in already"));
    CHECK(refused("third.json", "found 1/3, wanted a part of 2"));
    CHECK(refused("exif.json", "field \"options\": [mismatch]"));
    CHECK(refused("few.json", "field \"inputs\": [mismatch] found 9, wanted 11"));
    CHECK(refused("nameless.json", "field \"variant\": [mismatch]"));
    CHECK(refused("whole.json", "field \"share\": [missing]"));
    auto json = Json::parse(text_of(folder / "b.json"));
    json["images"].erase(0);
    write_text(folder / "short.json", json.dump());
    CHECK(refused("short.json", "field \"images\": [value]"));
    CHECK(run_program({"infer", "merge", folder / "a.json", folder / "b.json"}).code == 0);
}

TEST_CASE("a share of infer is not done twice, nor mistaken for another") {
    const TestFolder folder;
    write_pictures(folder);
    const std::string pictures = folder / "pictures", file = folder / "0-of-2.json";
    REQUIRE(infer({pictures, "--shard", "0/2", "--json", folder / "{shard}.json"}).code == 0);
    const auto first = text_of(file);
    write_text(folder / "pictures/a.bmp", bmp_of(50));  // would be seen if it were run again
    const auto kept = infer({pictures, "--shard", "0/2", "--json", folder / "{shard}.json"});
    CHECK(kept.code == 0);
    CHECK(contains(kept.err, file + ": complete already, and kept\n"));
    CHECK(text_of(file) == first);
    CHECK(infer({pictures, "--shard", "0/2", "--top", "2", "--json", file}).code == 3);
    CHECK(infer({pictures, "--shard", "1/2", "--json", file}).code == 3);
    CHECK(text_of(file) == first);
}

TEST_CASE("inputs may be a list in a file, relative to its folder") {
    const TestFolder folder;
    write_pictures(folder);
    REQUIRE(infer({folder / "pictures", "--json", folder / "folder.json"}).code == 0);
    REQUIRE(infer({"--inputs", folder / "list.txt", "--json", folder / "list.json"}).code == 0);
    auto one = Json::parse(text_of(folder / "folder.json")), other = Json::parse(text_of(folder / "list.json"));
    CHECK(one.at("images") == other.at("images"));
    write_text(folder / "empty.txt", "\n\n");
    CHECK(contains(infer({"--inputs", folder / "empty.txt"}).err, "empty.txt: [missing] found no paths"));
    CHECK(infer({"--inputs", folder / "nothing.txt"}).code == 3);
    write_text(folder / "wrong.txt", "pictures/z.bmp\n");
    CHECK(contains(infer({"--inputs", folder / "wrong.txt"}).err, "pictures/z.bmp: [io] found no such file"));
    CHECK(infer({"--inputs", folder / "list.txt", "--input", "synthetic"}).code == 2);
}

TEST_CASE("Ctrl-C keeps the first results of infer") {
    const TestFolder folder;
    for (int i = 0; i < 6; ++i)
        write_text(folder / (std::to_string(i) + ".bmp"), bmp_of(static_cast<unsigned char>(i == 3 ? 251 : 10 * i)));
    const auto outcome = infer({folder.path().string(), "--json", folder / "r.json", "--output", folder / "r.npy",
                                "--result-top1-file", folder / "top1.txt"});
    CHECK(outcome.code == 130);
    CHECK(contains(outcome.out, "stopped after 4 of 6 inputs\n"));
    const auto json = Json::parse(text_of(folder / "r.json"));
    CHECK(json.at("complete") == false);
    CHECK(json.at("images").size() == 4);
    CHECK(floats_of_npy(folder / "r.npy").size() == 4 * 6);
    CHECK(text_of(folder / "top1.txt") == "[0]: 0\n[1]: 1\n[2]: 2\n[3]: 5\n");
}
