#include <taxon/io/json_keys.hpp>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"

using namespace taxon;
using io::JsonKeys;

TEST_CASE("a key is refused twice in an object, not in an object and one inside it") {
    JsonKeys keys(10);
    std::vector<std::string> seen;
    keys.start_object();
    keys.add("a");
    keys.start_object();
    keys.add("b");
    keys.add("a");
    keys.end_object([&](std::string&& key) { seen.push_back(std::move(key)); });
    CHECK(seen == std::vector<std::string>{"b", "a"});
    keys.add("b");
    keys.add("a");
    const Error error = error_of([&] { keys.end_object(); });
    CHECK(error.fault() == Fault::duplicate);
    CHECK(error.facts().place == "field 'a'");
}

TEST_CASE("at most so many keys are held at a time") {
    JsonKeys keys(2);
    for (int i = 0; i < 3; ++i) {  // closed objects do not count
        keys.start_object();
        keys.add("a");
        keys.end_object();
    }
    keys.start_object();
    keys.add("a");
    keys.add("b");
    CHECK(error_of([&] { keys.add("c"); }).fault() == Fault::limit);
}
