#include <taxon/io/json_reader.hpp>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "io/bad_input.hpp"
#include "io/checkpoint_writer.hpp"

using namespace taxon;
using namespace taxon::test;

namespace {

/// Writes down what it is told.
struct Recorder {
    std::string told;
    void start_object() { told += '{'; }
    void end_object() { told += '}'; }
    void start_array() { told += '['; }
    void end_array() { told += ']'; }
    void key(std::string_view text) { told += "k:" + std::string(text) + ' '; }
    void string(std::string_view text) { told += "s:" + std::string(text) + ' '; }
    void integer(std::uint64_t number) { told += "i:" + std::to_string(number) + ' '; }
    void other(std::string_view spelt) { told += "o:" + std::string(spelt) + ' '; }
};

std::string told_by(const std::string& text, io::JsonRoot root = io::JsonRoot::object) {
    Recorder recorder;
    io::JsonReader<Recorder>::read(text, 8, "test", recorder, root);
    return recorder.told;
}

}  // namespace

TEST_CASE("JsonReader tells of everything in order") {
    CHECK(told_by(" {\"a\": [1, -2, 3.5, 1e+5, true, false, null, \"x\", [], {}], \"b\" : 18446744073709551615 } ") ==
          "{k:a [i:1 o:-2 o:3.5 o:1e+5 o:true o:false o:null s:x []{}]k:b i:18446744073709551615 }");
    CHECK(told_by("{\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00df\\u20ac\\ud834\\udd1e\":0}") ==
          "{k:\"\\/\b\f\n\r\t"
          "A\xC3\x9F\xE2\x82\xAC\xF0\x9D\x84\x9E i:0 }");
}

TEST_CASE("JsonReader passes over a byte-order mark, and reads characters beyond surrogates as escapes have them") {
    CHECK(told_by("\xEF\xBB\xBF{\"a\":1}") == "{k:a i:1 }");
    CHECK(told_by("{\"\\ue000\":0}") == "{k:\xEE\x80\x80 i:0 }");
}

TEST_CASE("every error of JSON says what to do") {
    for (const char* text : {"{\"a\":[[[[[[[[]]]]]]]]}", "{\"\x80\":1}", "{", "[]", "{\"a\":18446744073709551616}"}) {
        INFO(text);
        try {
            told_by(text);
            FAIL("read");
        } catch (const Error& error) { CHECK(!error.facts().remedy.empty()); }
    }
}

TEST_CASE("JsonReader reads a list where one is wanted") {
    CHECK(told_by(" [1, {\"a\": []}, [2]] ", io::JsonRoot::list) == "[i:1 {k:a []}[i:2 ]]");
    CHECK(told_by("[]", io::JsonRoot::list) == "[]");
    for (const char* text : {"{}", "1", "[1", "[1] 2", "[1,]"}) {
        INFO(text);
        CHECK(fault_of([&] { told_by(text, io::JsonRoot::list); }) == Fault::syntax);
    }
    CHECK(fault_of([] { told_by("[]"); }) == Fault::syntax);
}

TEST_CASE("JsonReader accepts what a full JSON library accepts and refuses what it refuses") {
    // Every text of up to five of these pieces inside an object's braces, as nlohmann's parser judges it.
    const std::string pieces[] = {"\"a\"", ":", ",", "1", "-", "0", ".", "e", "[", "]", "{", "}", " ", "null"};
    constexpr std::size_t count = std::size(pieces);
    std::size_t accepted = 0, wrong = 0;
    for (std::size_t code = 0; code < count * count * count * count * count; ++code) {
        std::string text = "{\"k\":";
        for (std::size_t rest = code, i = 0; i < 5; ++i, rest /= count) text += pieces[rest % count];
        text += '}';
        const bool expected = nlohmann::json::accept(text);
        accepted += expected;
        wrong += expected == fault_of([&] { told_by(text); }).has_value();
    }
    CHECK(wrong == 0);
    CHECK(accepted > 400);
}

TEST_CASE("JsonReader refuses each bad text with its own fault") {
    const std::vector<BadInput> rows{
        {"empty", "", Fault::syntax, "test, byte 0"},
        {"a number", "1", Fault::syntax, "test, byte 0"},
        {"unfinished escape", "{\"\\u12", Fault::syntax, "test, byte 4"},
        {"escape of other letters", "{\"\\u12g4\":1}", Fault::syntax, "test, byte 4"},
        {"signed escape", "{\"\\u-123\":1}", Fault::syntax, "test, byte 4"},
        {"unknown escape", "{\"\\x\":1}", Fault::syntax, "test, byte 4"},
        {"end in an escape", "{\"\\", Fault::syntax, "test, byte 3"},
        {"raw line feed", "{\"\n\":1}", Fault::syntax, "test, byte 2"},
        {"raw NUL", std::string("{\"\0\":1}", 7), Fault::syntax, "test, byte 2"},
        {"two high surrogates", "{\"\\ud834\\ud834\":1}", Fault::encoding, "test, byte 14"},
        {"high surrogate at the end", "{\"\\ud834\":1}", Fault::encoding, "test, byte 8"},
        {"not UTF-8", "{\"\x80\":1}", Fault::encoding, "test, byte 0"},
        {"comment", "{/**/}", Fault::syntax, "test, byte 1"},
        {"leading zero", "{\"a\":01}", Fault::syntax, "test, byte 6"},
        {"wrong end", "{\"a\":[1}", Fault::syntax, "test, byte 7"},
        {"nine deep", "{\"a\":[[[[[[[[]]]]]]]]}", Fault::limit, "test, byte 12"},
        {"an unknown word", "{\"a\":nul}", Fault::syntax, "test, byte 5"},
        {"a low surrogate first", "{\"\\udd1e\":1}", Fault::encoding, "test, byte 8"},
        {"a high surrogate before another character", "{\"\\ud834\\ue000\":1}", Fault::encoding, "test, byte 14"},
        {"UTF-16", std::string("\xff\xfe{\0}\0", 6), Fault::encoding, "test, byte 0"},
        {"brackets in a string are no depth", "{\"[[[[[[[[[[[\\\"[[[[[\"", Fault::syntax, "test, byte 21"},
        {"past 2^64", "{\"a\":18446744073709551616}", Fault::overflow, "test, byte 25"},
    };
    for (const BadInput& row : rows) check_refused(row, [&] { told_by(row.bytes); });
}
