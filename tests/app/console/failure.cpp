#include <taxon/app/console/failure.hpp>

#include <sstream>

#include "app/program.hpp"
#include "catch.hpp"

using namespace taxon;

namespace {

template <class Run>
Outcome outcome_of(Run&& run) {
    std::ostringstream out, err;
    app::Console console{out, err};
    const int code = app::with_failures_told("/bin/program", console, "close something", run);
    return {code, out.str(), err.str()};
}

}  // namespace

TEST_CASE("every failure is one line and its exit code") {
    CHECK(outcome_of([] { return 0; }).err.empty());
    CHECK(outcome_of([]() -> int { throw app::WrongUse("no\nsuch option"); }).err == "program: no such option\n");
    CHECK(outcome_of([]() -> int { throw app::WrongUse(""); }).code == 2);
    CHECK(outcome_of([]() -> int { throw Error(Fault::usage, {.place = "--x"}); }).code == 2);
    CHECK(outcome_of([]() -> int { throw Error(Fault::io, {.file = "a"}); }).code == 3);
    CHECK(outcome_of([]() -> int { throw app::CheckFailed("x"); }).code == 4);
    const auto memory = outcome_of([]() -> int { throw std::bad_alloc(); });
    CHECK(memory.code == 3);
    CHECK(contains(memory.err, "close something"));
    CHECK(outcome_of([]() -> int { throw std::runtime_error("x"); }).code == 3);
    CHECK(outcome_of([]() -> int { throw 7; }).code == 3);
}

TEST_CASE("a file's fault comes with a remedy: its reader's, or else that of its kind") {
    const auto line = [](Fault fault, Error::Parts parts) {
        return outcome_of([&]() -> int { throw Error(fault, parts); }).err;
    };
    CHECK(line(Fault::syntax, {.file = "a.json", .found = "x"}) ==
          "program: a.json: [syntax] found x; mend it there, or fetch or write the file again\n");
    CHECK(line(Fault::syntax, {.file = "a.json", .found = "x", .remedy = "do so"}) ==
          "program: a.json: [syntax] found x; do so\n");
    CHECK(line(Fault::usage, {.place = "--x", .found = "y"}) == "program: --x: [usage] found y\n");
    for (const Fault fault : {Fault::io, Fault::limit, Fault::missing, Fault::version, Fault::checksum, Fault::value})
        CHECK(contains(line(fault, {.file = "a", .found = "x"}), "; "));
}

TEST_CASE("an output that fails is a failure") {
    std::ostringstream out, err;
    app::Console console{out, err};
    CHECK(app::with_failures_told("program", console, "", [&] {
              out.setstate(std::ios::badbit);
              return 0;
          }) == 3);
    CHECK(contains(err.str(), "standard output"));
}

TEST_CASE("A16: a failure of any kind is told in a short line without controls") {
    const std::string hostile = "\x1b[2J" + std::string(1'000'000, 'x') + "\xE2\x80\xAE";
    for (const auto& outcome : {outcome_of([&]() -> int { throw std::runtime_error(hostile); }),
                                outcome_of([&]() -> int { throw app::CheckFailed(hostile); }),
                                outcome_of([&]() -> int { throw app::WrongUse(hostile); })}) {
        CHECK(outcome.err.size() < 500);
        CHECK(outcome.err == printable(outcome.err.substr(0, outcome.err.size() - 1)) + "\n");
    }
}
