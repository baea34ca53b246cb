#include <taxon/app/console/progress.hpp>

#include "app/program.hpp"
#include "catch.hpp"

#include <sstream>

using namespace taxon::app;

namespace {

std::string shown(bool terminal, bool silent, std::size_t total) {
    std::ostringstream out, err;
    Console console{out, err, terminal, false};
    Progress progress(console, silent, "pictures", total, [] { return std::string("top-1 50.00%"); });
    for (std::size_t i = 0; i < total; ++i) progress.advance(1);
    CHECK(out.str().empty());
    return err.str();
}

}  // namespace

TEST_CASE("elsewhere than on a terminal, short work gives one plain line") {
    const auto text = shown(false, false, 40);
    CHECK(text.starts_with("40 of 40 pictures, "));
    CHECK(text.ends_with("/s, top-1 50.00%\n"));
    CHECK(std::count(text.begin(), text.end(), '\n') == 1);
}

TEST_CASE("on a terminal a bar is redrawn and ends with its line") {
    const auto text = shown(true, false, 3);
    CHECK(text.starts_with("\r["));
    CHECK(contains(text, "\r[==============================] 3 of 3 pictures, "));
    CHECK(text.ends_with("\n"));
}

TEST_CASE("silent work says nothing") { CHECK(shown(true, true, 5).empty()); }
