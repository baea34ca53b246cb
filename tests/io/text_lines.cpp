#include <taxon/io/text_lines.hpp>

#include "allocations.hpp"
#include "catch.hpp"
#include "eval/scratch_folder.hpp"

using taxon::test::peak_of;
using taxon::Fault;
using taxon::Limits;
using Lines = std::vector<std::string>;

namespace {

Lines read_lines(const std::filesystem::path& path, const Limits& limits = {}) {
    Lines lines;
    const auto see = [&](std::size_t, std::string_view line) { lines.emplace_back(line); };
    taxon::io::for_each_line_of(path, see, limits);
    return lines;
}

}  // namespace

TEST_CASE("T04: line ends, marks and unusual characters load") {
    const ScratchFolder folder("text_lines_good");
    const auto read = [&](std::string_view text) { return read_lines(folder.write("text", text)); };
    CHECK(read("a\nb\n") == Lines{"a", "b"});
    CHECK(read("a\r\nb\r\n") == Lines{"a", "b"});
    CHECK(read("a\nb") == Lines{"a", "b"});
    CHECK(read("a\n\nb\n") == Lines{"a", "", "b"});
    CHECK(read("") == Lines{});
    CHECK(read("\xEF\xBB\xBF"
               "a\n") == Lines{"a"});
    CHECK(read("\xC3\xAF\xC2\xBB\xC2\xBF"
               "a\n") == Lines{"a"});
    CHECK(read("\"a\xE2\x80\xA8 b\n'c\n") == Lines{"\"a\xE2\x80\xA8 b", "'c"});
    CHECK(read("a\rb\n") == Lines{"a\rb"});
}

TEST_CASE("T01: what is not UTF-8 is refused with its line") {
    const ScratchFolder folder("text_lines_bad");
    using namespace std::string_view_literals;
    for (const std::string_view bad :
         {"a\nb\xFF\n"sv, "a\n\xC0\xAF\n"sv, "a\n\xED\xA0\x80\n"sv, "a\n\0b\n"sv, "a\n\xE2\x82"sv}) {
        const auto path = folder.write("text", bad);
        const auto error = error_of([&] { read_lines(path); });
        CHECK(error.fault() == Fault::encoding);
        CHECK(error.facts().place == "line 2");
        CHECK(error.facts().file == path.string());
    }
    const auto wide = folder.write("wide", "\xFF\xFE"
                                           "a\0\n\0"sv);
    CHECK(error_of([&] { read_lines(wide); }).fault() == Fault::encoding);
}

TEST_CASE("T05: immense lines and files are refused") {
    const ScratchFolder folder("text_lines_long");
    const auto line = folder.write("line", std::string(Limits{}.line_bytes + 1, 'a'));
    CHECK(error_of([&] { read_lines(line); }).fault() == Fault::limit);
    CHECK(read_lines(folder.write("longest", std::string(Limits{}.line_bytes, 'a'))).size() == 1);
    const auto file = folder.write("file");
    std::filesystem::resize_file(file, Limits{}.text_bytes + 1);
    CHECK(error_of([&] { read_lines(file); }).fault() == Fault::limit);
}

TEST_CASE("R17: blank lines at the end of a text are none") {
    const ScratchFolder folder("text_lines_blank");
    const auto read = [&](std::string_view text) { return read_lines(folder.write("text", text)); };
    CHECK(read("a\n\n") == Lines{"a"});
    CHECK(read("a\r\n\r\n\n\r\n") == Lines{"a"});
    CHECK(read("a\n\nb\n\n") == Lines{"a", "", "b"});
    CHECK(read("\n\r\n\n").empty());
    CHECK(read("\n\na") == Lines{"", "", "a"});
}

TEST_CASE("A14: a text of newlines costs no memory beside the text") {
    const std::string text = std::string(4'000'000, '\n') + "x";
    std::size_t blank = 0;
    CHECK(peak_of([&] {
              taxon::io::for_each_line(text, [&](std::size_t, std::string_view line) { blank += line.empty(); });
          }) < 1000);
    CHECK(blank == text.size() - 1);
}

TEST_CASE("limits of texts can be set") {
    const ScratchFolder folder("text_lines_limits");
    const auto path = folder.write("text", "abc\nd\n");
    CHECK_NOTHROW(read_lines(path, {.text_bytes = 6, .line_bytes = 3}));
    CHECK(error_of([&] { read_lines(path, {.text_bytes = 5}); }).fault() == Fault::limit);
    CHECK(error_of([&] { read_lines(path, {.line_bytes = 2}); }).facts().place == "line 1");
}

TEST_CASE("a text that is not there is an error of reading") {
    const ScratchFolder folder("text_lines_none");
    CHECK(error_of([&] { read_lines(folder.path() / "none"); }).fault() == Fault::io);
    CHECK(error_of([&] { read_lines(folder.path()); }).fault() == Fault::io);
}
