#include <random>
#include <string>

#include "catch.hpp"
#include "fuzz/target.hpp"

using namespace taxon;

/// Fuzzing has them under sanitizers, in the long tests; here are a few hundred that are the same each time.
TEST_CASE("a command line of any words ends with 0 or 2, and with one line of error") {
    std::minstd_rand random(7);
    const auto below = [&](std::size_t count) { return random() % count; };
    for (const fuzz::Target& target : fuzz::command_line_targets()) {
        INFO(target.name);
        const auto seeds = target.seeds();
        for (int number = 0; number < 200; ++number) {
            // cuts a valid line open and puts words in
            std::string line = seeds[below(seeds.size())];
            for (std::size_t count = below(4); count-- > 0;) {
                const std::size_t at = line.find('\0', below(line.size())) + 1;
                line.insert(at, target.words[below(target.words.size())] + '\0');
            }
            if (below(4) == 0) line[below(line.size())] = static_cast<char>(below(256));
            INFO(number);
            CHECK_NOTHROW(target.read(std::as_bytes(std::span(line))));
        }
    }
}
