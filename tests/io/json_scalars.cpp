#include <taxon/io/json_scalars.hpp>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"

namespace {

std::string shown(std::string_view text) {
    std::string all;
    taxon::io::for_each_json_scalar(text, "text", [&](taxon::io::JsonScalar&& scalar) {
        all += std::string(scalar.folder) + std::string(scalar.key) + "=";
        all += scalar.string  ? "'" + *scalar.string + "'"
               : scalar.whole ? std::to_string(*scalar.whole)
                              : std::string(scalar.other);
        all += " ";
    });
    return all;
}

}  // namespace

TEST_CASE("scalars come in order, each with the keys that lead to it") {
    CHECK(shown("{}").empty());
    CHECK(shown(R"({"a": 1, "b": {"c": "x", "d": {"e": true}}, "f": null})") == "a=1 b/c='x' b/d/e=true f=null ");
    CHECK(shown(R"({"a": [1, "x", [2, 3], {"b": -1}, []], "c": 0.5})") ==
          "a/0=1 a/1='x' a/2/0=2 a/2/1=3 a/3/b=-1 c=0.5 ");
    CHECK(shown(R"({"": {"": ""}})") == "/='' ");
}

TEST_CASE("a scalar knows its path") {
    taxon::io::for_each_json_scalar(R"({"model": {"type": "WordPiece"}})", "text", [](taxon::io::JsonScalar&& scalar) {
        CHECK(scalar.is("model/type"));
        CHECK(!scalar.is("type"));
        CHECK(!scalar.is("model/typ"));
        CHECK(!scalar.is("model/types"));
        CHECK(!scalar.is("other/type"));
    });
}

TEST_CASE("what is no JSON object is refused as the reader refuses it") {
    CHECK(error_of([] { shown("[1]"); }).fault() == taxon::Fault::syntax);
    CHECK(error_of([] { shown("{\"a\": }"); }).fault() == taxon::Fault::syntax);
    std::string deep;
    for (int i = 0; i < 100; ++i) deep += "{\"a\":";
    CHECK(error_of([&] { shown(deep); }).fault() == taxon::Fault::limit);
}
