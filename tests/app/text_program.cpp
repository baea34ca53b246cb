#include <taxon/app/text_program.hpp>

#include <array>
#include <sstream>

#include "app/text_program.hpp"
#include "catch.hpp"

using namespace taxon;

Outcome run_text_program(const std::vector<std::string>& arguments) {
    static constexpr std::array<app::TextVariant, 2> variants{{{"lower", text::Case::uncased}, {"capital", text::Case::cased}}};
    std::vector<const char*> argv{"/usr/bin/texts"};
    for (const auto& argument : arguments) argv.push_back(argument.c_str());
    argv.push_back(nullptr);
    std::ostringstream out, err;
    const int code = app::text_main(static_cast<int>(argv.size()) - 1, argv.data(), {.name = "texts", .variants = variants}, app::Console{out, err});
    return {code, out.str(), err.str()};
}

TEST_CASE("a program of texts explains itself") {
    const auto help = run_text_program({"--help"});
    CHECK(help.code == 0);
    CHECK(help.err.empty());
    for (const char* word : {"tokenize", "--vocab", "--input-json", "--output-dir", "Exit codes"}) CHECK(contains(help.out, word));
    const auto verb = run_text_program({"tokenize", "--help"});
    CHECK(verb.code == 0);
    CHECK(contains(verb.out, "lower, capital"));
    CHECK(contains(run_text_program({"--version"}).out, "taxon"));
}

TEST_CASE("a verb that is not there is wrong use, said in one line") {
    for (const char* verb : {"infer", "eval", "nonsense"}) {
        const auto outcome = run_text_program({verb, "--text", "a", "--weights", "x"});
        CHECK(outcome.code == 2);
        CHECK(outcome.out.empty());
        CHECK(outcome.err == "texts: there is no verb '" + std::string(verb) + "'; see texts --help\n");
    }
    CHECK(run_text_program({}).code == 2);
    const auto option = run_text_program({"tokenize", "--nonsense"});
    CHECK(option.code == 2);
    CHECK(contains(option.err, "see texts tokenize --help"));
}
