#include <taxon/eval/tsv.hpp>

#include "allocations.hpp"
#include "catch.hpp"
#include "eval/scratch_folder.hpp"

using taxon::test::peak_of;
using taxon::Fault;
using taxon::eval::Tsv;
using Cells = std::vector<std::string>;

TEST_CASE("a TSV's columns are found by name") {
    const ScratchFolder folder("tsv");
    const auto table = Tsv::read(folder.write("a.tsv", "sentence\tlabel\r\na \"text\t0\r\n\t1\r\n"));
    CHECK(table.rows() == 2);
    CHECK(table.names() == Cells{"sentence", "label"});
    CHECK(table.column("sentence") == Cells{"a \"text", ""});
    CHECK(table.column("label") == Cells{"0", "1"});
    CHECK(Tsv::read(folder.write("heading.tsv", "a\tb")).column("b").empty());
    // an empty line is an empty text
    CHECK(Tsv::read(folder.write("one.tsv", "text\n\nx\n")).column("text") == Cells{"", "x"});
    CHECK(Tsv::read(folder.write("mark.tsv", "\xC3\xAF\xC2\xBB\xC2\xBFQuality\t#1 String\n1\tx\n")).column("Quality") ==
          Cells{"1"});
}

TEST_CASE("a TSV that is not what was wanted is refused with the line") {
    const ScratchFolder folder("tsv_bad");
    const auto error_in = [&](std::string_view content, std::string_view column) {
        return error_of([&] { static_cast<void>(Tsv::read(folder.write("a.tsv", content)).column(column)); });
    };
    const auto none = error_in("sentence\tlabel\na\t0\n", "text");
    CHECK(none.fault() == Fault::missing);
    CHECK(none.facts().wanted == "one of 'sentence', 'label'");
    const auto narrow = error_in("a\tb\n1\t2\n3\n", "a");
    CHECK(narrow.fault() == Fault::syntax);
    CHECK(narrow.facts().place == "line 3");
    CHECK(error_in("a\tb\n1\t2\t3\n", "a").fault() == Fault::syntax);
    CHECK(error_in("a\tb\n\n\n1\n", "a").facts().place == "line 4");
    CHECK(error_in("a\tb\ta\n", "a").fault() == Fault::duplicate);
    CHECK(error_in("", "a").fault() == Fault::missing);
    const auto bytes = error_in("a\nx\n\xff\n", "a");
    CHECK(bytes.fault() == Fault::encoding);
    CHECK(bytes.facts().place == "line 3");
}

TEST_CASE("R17: blank lines of a TSV are passed over, and rows keep their lines") {
    const ScratchFolder folder("tsv_blank");
    const auto last = Tsv::read(folder.write("last.tsv", "sentence\tlabel\na\t1\n\n"));
    CHECK(last.column("label") == Cells{"1"});
    const auto all = Tsv::read(folder.write("all.tsv", "\r\nsentence\tlabel\r\n\r\na\t1\r\n\r\nb\t0"));
    CHECK(all.column("sentence") == Cells{"a", "b"});
    CHECK(all.place(0) == "line 4");
    CHECK(all.place(1) == "line 6");
    CHECK(Tsv::read(folder.write("one.tsv", "text\n\nx\n\n\n")).column("text") == Cells{"", "x"});
}

TEST_CASE("A14: the rows of a TSV are bounded, and a refused one costs little memory") {
    const ScratchFolder folder("tsv_rows");
    const auto path = folder.write("a.tsv", "a\n1\n2\n3\n");
    CHECK(Tsv::read(path, {.table_rows = 3}).rows() == 3);
    const auto error = error_of([&] { Tsv::read(path, {.table_rows = 2}); });
    CHECK(error.fault() == Fault::limit);
    CHECK(error.facts().place == "line 4");
    const std::string newlines(8'000'000, '\n');
    const auto many = folder.write("many.tsv", "text\n" + newlines + "x");
    CHECK(peak_of([&] { CHECK(error_of([&] { Tsv::read(many); }).fault() == Fault::limit); }) <
          (64u << 20) + 2 * newlines.size());
    const auto blank = folder.write("blank.tsv", newlines);
    CHECK(peak_of([&] { CHECK(error_of([&] { Tsv::read(blank); }).fault() == Fault::missing); }) < 2 * newlines.size());
}
