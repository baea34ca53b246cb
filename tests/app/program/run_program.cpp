#include <taxon/app/program/run_program.hpp>

#include <boost/hana/tuple.hpp>
#include <sstream>
#include <taxon/app/program/verb_list.hpp>

#include "app/program.hpp"
#include "catch.hpp"

using namespace taxon;
using namespace taxon::app;

namespace {

struct Count final : Verb {
    int last = 3;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = program.add_subcommand("count", "Count the variants of " + std::string(family.name));
        verb->add_option("--to", last, "The last number")->capture_default_str();
        return verb;
    }
    int run(const Program& program, Console& console) const override {
        console.out << program.executable << " counts to " << last << '\n';
        return last;
    }
};

struct Refuse final : Verb {
    CLI::App* add(CLI::App& program, const Family&) override { return program.add_subcommand("refuse", "Fail"); }
    int run(const Program&, Console&) const override { throw Error(Fault::io, {.file = "a.pth", .found = "nothing"}); }
};

constexpr ModelEntry entries[] = {{.variant = "one"}};

Outcome run_numbers(std::vector<const char*> arguments, std::span<const ModelEntry> table = entries) {
    arguments.insert(arguments.begin(), "/usr/bin/numbers");
    const Verbs verbs = make_verbs(boost::hana::tuple_t<Count, Refuse>);
    std::ostringstream out, err;
    Console console{out, err};
    const int code =
        run_program(static_cast<int>(arguments.size()), arguments.data(), {.name = "integers", .entries = table},
                    {"Counters", {"count --to 7"}}, verbs, console);
    return {code, out.str(), err.str()};
}

}  // namespace

TEST_CASE("a program is a list of verbs, and runs the one that is named") {
    const Outcome seven = run_numbers({"count", "--to", "7"}), standard = run_numbers({"count"});
    CHECK(seven.code == 7);
    CHECK(seven.out == "/usr/bin/numbers counts to 7\n");
    CHECK(standard.code == 3);
    const Outcome failure = run_numbers({"refuse"});
    CHECK(failure.code == 3);
    CHECK(failure.err == "numbers: a.pth: [io] found nothing; check the path and its permissions\n");
}

TEST_CASE("help lists the verbs in their order, and examples with the program's name") {
    const Outcome help = run_numbers({"--help"});
    CHECK(help.code == 0);
    CHECK(contains(help.out, "Counters of the integers family, on the CPU."));
    CHECK(help.out.find("Count the variants of integers") < help.out.find("Fail"));
    CHECK(contains(help.out, "Examples:\n  numbers count --to 7\n"));
    CHECK_FALSE(contains(run_numbers({"count", "--help"}).out, "Examples:"));
}

TEST_CASE("a word that is no verb, and a program without networks, are wrong use") {
    const Outcome unknown = run_numbers({"tally"}), empty = run_numbers({"count"}, {});
    CHECK(unknown.code == 2);
    CHECK(unknown.err == "numbers: unknown verb 'tally'; there are count, refuse; see numbers --help\n");
    CHECK(empty.code == 2);
    CHECK(contains(empty.err, "TAXON_VARIANTS"));
}
