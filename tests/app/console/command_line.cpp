#include <taxon/app/console/command_line.hpp>

#include <sstream>

#include "catch.hpp"

using namespace taxon;
using namespace taxon::app;

namespace {

/// The parsed arguments of a program with the single verb `count`.
struct Parsed {
    std::optional<int> code{};
    std::string out{}, wrong{};
    int number = 0;
};

Parsed parsed(std::vector<const char*> arguments) {
    Parsed result;
    CLI::App program("Counts.", "counter");
    add_usual_flags(program);
    CLI::App& count = *program.add_subcommand("count", "Count up");
    std::string file;
    count.add_option("--to", result.number, "The last number");
    count.add_option("--log", file, "Where to write")->type_name("FILE.txt");
    std::ostringstream out, err;
    Console console{out, err};
    arguments.insert(arguments.begin(), "counter");
    try {
        result.code = parse(program, static_cast<int>(arguments.size()), arguments.data(), console);
    } catch (const WrongUse& error) { result.wrong = error.what(); }
    result.out = out.str();
    return result;
}

}  // namespace

TEST_CASE("a verb with its options is left for the program to run") {
    const auto result = parsed({"count", "--to", "7"});
    CHECK_FALSE(result.code);
    CHECK(result.number == 7);
    CHECK(result.out.empty());
    CHECK(result.wrong.empty());
}

TEST_CASE("help and version are printed, and that was all") {
    CHECK(parsed({"--version"}).out.starts_with("counter (taxon " + std::string(version) + ", JPEG by "));
    CHECK(parsed({"--version"}).code == 0);
    const auto all = parsed({"--help"}), one = parsed({"count", "--help"});
    CHECK((all.code == 0 && one.code == 0));
    CHECK(all.out.find("Counts.") != std::string::npos);
    CHECK(one.out.find("--to") != std::string::npos);
    CHECK(one.out.find("Counts.") == std::string::npos);
}

TEST_CASE("wrong use names the help to read") {
    CHECK(parsed({}).wrong == "A subcommand is required; see counter --help");
    CHECK(parsed({"tally"}).wrong == "unknown verb 'tally'; there are count; see counter --help");
    CHECK(parsed({"count", "--too", "1"}).wrong ==
          "unknown option '--too'; the nearest is --to; see counter count --help");
    CHECK(parsed({"count", "--lag=x"}).wrong ==
          "unknown option '--lag'; the nearest is --log; see counter count --help");
    CHECK(parsed({"count", "1"}).wrong.ends_with("; see counter count --help"));
    CHECK(parsed({"count", "--to", "seven"}).wrong.ends_with("; see counter count --help"));
    CHECK(parsed({"count", "--log", ""}).wrong == "--log: an empty name; see counter count --help");
    CHECK(parsed({"count", "--log", "x"}).wrong.empty());
}
