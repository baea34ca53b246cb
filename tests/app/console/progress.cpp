#include <taxon/app/console/progress.hpp>

#include "app/program.hpp"
#include "catch.hpp"

#include <sstream>
#include <thread>

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

TEST_CASE("progress tells the rate and the time left") {
    CHECK(progress_text(40, 100, 0, "pictures", 2) == "40 of 100 pictures, 20/s, 3 s left");
    CHECK(progress_text(100, 100, 0, "pictures", 2) == "100 of 100 pictures, 50/s");
    CHECK(progress_text(1, 3601, 0, "layers", 4) == "1 of 3601 layers, 0.25/s, 4 h 00 min left");
    CHECK(progress_text(0, 10, 0, "texts", 0) == "0 of 10 texts, 0/s");
    CHECK(progress_text(60, 100, 40, "pictures", 2) == "60 of 100 pictures, 10/s, 4 s left");
}

TEST_CASE("a bar that did not come to its end leaves its line") {
    std::ostringstream out, err;
    Console console{out, err, true, false};
    {
        Progress progress(console, false, "pictures", 10);
        std::this_thread::sleep_for(std::chrono::milliseconds(110));
        progress.advance(4);
    }
    CHECK(contains(err.str(), "4 of 10 pictures"));
    CHECK(err.str().ends_with("left\033[K\n"));
}
