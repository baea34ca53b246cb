#include <taxon/app/shard/share.hpp>

#include "app/program.hpp"
#include "catch.hpp"

#include <sstream>

using namespace taxon;
using namespace taxon::app;

namespace {

const ShardEnvironment in_array([](const char* name) -> const char* {
    const std::string_view asked = name;
    if (asked == "JOB_COMPLETION_INDEX") return "3";
    return asked == "TAXON_SHARDS" ? "12" : nullptr;
});

Share share_of(const std::string& text, std::string& said) {
    std::ostringstream out, err;
    Console console{out, err};
    ShareOptions options{text, std::nullopt};
    const Share share = options.share(console, false, in_array);
    said = err.str();
    return share;
}

std::string named(const Share& share, std::string file) {
    share.name("--json", file);
    return file;
}

}  // namespace

TEST_CASE("a share is stated, or found and told") {
    std::string said;
    CHECK(share_of("2/3", said).shards().text() == "2/3");
    CHECK(said.empty());
    CHECK(share_of("auto", said).shards().text() == "3/12");
    CHECK(said == "share 3 of 12, by JOB_COMPLETION_INDEX\n");
    CHECK(share_of("auto/5", said).shards().text() == "3/5");
    for (const char* text :
         {"", "auto/", "auto/0", "auto/x", "autos", "auto 3", "0,1/3", "3/3", "1/1000001", "auto/1000001"}) {
        INFO(text);
        CHECK_THROWS_AS(share_of(text, said), Error);
    }
    std::ostringstream out, err;
    Console console{out, err};
    CHECK_FALSE(ShareOptions{}.share(console, false).stated());
}

TEST_CASE("a share has every N-th entry, and they know their numbers") {
    const std::vector<int> all{0, 1, 2, 3, 4, 5, 6};
    const Share share(1, 3, true, false);
    CHECK(share.of(all, "text") == std::vector<int>{1, 4});
    CHECK(share.number(1) == 4);
    CHECK(Share().of(all, "text") == all);
    CHECK_THROWS_AS(Share(7, 8, true, false).of(all, "text"), Error);
}

TEST_CASE("an output has its share's number where its name says so") {
    CHECK(named(Share(3, 16, true, true), "r/{shard}.json") == "r/03-of-16.json");
    CHECK(named(Share(3, 5, true, false), "{shard}/{shard}") == "3-of-5/3-of-5");
    CHECK(named(Share(3, 5, true, false), "a.json") == "a.json");
    CHECK(named(Share(3, 5, true, true), "-") == "-");
    CHECK(named(Share(), "{shard}.json") == "{shard}.json");
    try {
        named(Share(3, 16, true, true), "a.json");
        FAIL("accepted");
    } catch (const Error& error) {
        CHECK(std::string(error.what()) ==
              "--json: [usage] found 'a.json', the same for every share, wanted a name with "
              "{shard} in it, which becomes 03-of-16");
    }
}
