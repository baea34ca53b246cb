#include <taxon/eval/tsv.hpp>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"

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
    CHECK(error_in("a\tb\n\n", "a").facts().place == "line 2");
    CHECK(error_in("a\tb\ta\n", "a").fault() == Fault::duplicate);
    CHECK(error_in("", "a").fault() == Fault::missing);
    const auto bytes = error_in("a\nx\n\xff\n", "a");
    CHECK(bytes.fault() == Fault::encoding);
    CHECK(bytes.facts().place == "line 3");
}
