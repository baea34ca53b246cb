#include <taxon/eval/glue.hpp>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "shared_data.hpp"

using taxon::Fault;
using namespace taxon::eval;

TEST_CASE("a task's file is read in its own columns, with its own quotes") {
    const ScratchFolder folder("glue");
    folder.write("dev.tsv", "label\tsentence\n1\ta \"b\" <QUOTE>\n0\t\n");
    const auto texts = read_glue(folder.path() / "dev.tsv", glue_task("sst2"));
    REQUIRE(texts.size() == 2);
    CHECK(texts[0].input.text == "a \"b\" <QUOTE>");
    CHECK(!texts[0].input.pair);
    CHECK(texts[0].label == 1);
    CHECK(texts[1].input.text.empty());
    CHECK(texts[1].label == 0);
    folder.write("mrpc.txt", "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n0\t1\t2\t<QUOTE>a<QUOTE>\t<QUOTE><QUOTE>\n");
    const auto pairs = read_glue(folder.path() / "mrpc.txt", glue_task("mrpc"));
    REQUIRE(pairs.size() == 1);
    CHECK(pairs[0].input.text == "\"a\"");
    CHECK(pairs[0].input.pair == "\"\"");
}

TEST_CASE("a task's file without labels, without texts or of another task is refused") {
    const ScratchFolder folder("glue_bad");
    const auto fault = [&](const char* text) {
        folder.write("t.tsv", text);
        return error_of([&] { read_glue(folder.path() / "t.tsv", glue_task("sst2")); });
    };
    CHECK(fault("sentence\tlabel\na\t1\nb\t-1\n").facts().place == "line 3");
    CHECK(fault("sentence\tlabel\na\t\n").fault() == Fault::value);
    CHECK(fault("sentence\tlabel\n").fault() == Fault::missing);
    CHECK(fault("index\tsentence\n0\ta\n").fault() == Fault::missing);
    CHECK(error_of([] { glue_task("cola"); }).fault() == Fault::usage);
}

TEST_CASE("T03: a line of a task's TSV that lacks columns, or has no label, is refused with its number") {
    const ScratchFolder folder("glue_lines");
    const auto error = [&](std::string_view line) {
        std::string text = "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n1\t1\t2\ta\tb\n\n";
        const auto path = folder.write("t.tsv", text.append(line).append("\n"));
        return error_of([&] { read_glue(path, glue_task("mrpc")); });
    };
    for (const auto& [line, fault] : {std::pair{"1\t1\t2", Fault::syntax},
                                      {"1\t1\t2\ta\tb\tc", Fault::syntax},
                                      {"2\t1\t2\ta\tb", Fault::value},
                                      {"\t1\t2\ta\tb", Fault::value}}) {
        INFO(line);
        CHECK(error(line).fault() == fault);
        CHECK(error(line).facts().place == "line 4");
    }
}
