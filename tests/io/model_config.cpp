#include <taxon/io/model_config.hpp>

#include <taxon/io/weight_file.hpp>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "io/checkpoint_writer.hpp"
#include "shared_data.hpp"

using namespace taxon;
using namespace taxon::test;
using io::ModelConfig;

namespace {

constexpr ConfigField wanted[] = {
    {"hidden_size", 384}, {"num_labels", 2}, {"hidden_act", 0, "gelu"}, {"eps", 0, "1e-12"}};

std::string refusal(std::string_view text) {
    try {
        ModelConfig::parse(text).check(wanted);
    } catch (const Error& error) { return error.what(); }
    return "";
}

}  // namespace

TEST_CASE("ModelConfig holds the numbers of a config.json to those of an architecture") {
    CHECK(refusal(R"({"hidden_size": 384, "more": {"hidden_size": 7, "x": [{"num_labels": 9}]}, "eps": 1e-12,)"
                  R"( "name": "bert", "cache": true})")
              .empty());
    CHECK(refusal(R"({"hidden_size": 384, "id2label": {"0": "a", "1": "b"}})").empty());
    CHECK(refusal("{}").empty());
    CHECK(refusal(R"({"hidden_size": 768})").starts_with("hidden_size: [mismatch] found 768, wanted 384; "));
    CHECK(refusal(R"({"num_labels": 3})").starts_with("num_labels: [mismatch] found 3, wanted 2; "));
    CHECK(refusal(R"({"id2label": {"0": "a", "1": "b", "2": "c"}})")
              .starts_with("num_labels: [mismatch] found 3, wanted 2; "));
    CHECK(refusal(R"({"id2label": {}})").starts_with("num_labels: [mismatch] found 0, wanted 2; "));
    CHECK(refusal(R"({"hidden_size": 384)").find("[syntax]") != std::string::npos);
    CHECK(refusal(std::string(100, '[')).find("[limit]") != std::string::npos);
}

TEST_CASE("ModelConfig holds words, and numbers however they are spelt, to those of an architecture") {
    CHECK(refusal(R"({"hidden_act": "gelu", "eps": 1.0E-12})").empty());
    CHECK(refusal(R"({"hidden_act": null})").empty());
    CHECK(refusal(R"({"hidden_act": "relu"})").starts_with("hidden_act: [mismatch] found relu, wanted gelu; "));
    CHECK(refusal(R"({"hidden_act": 3})").starts_with("hidden_act: [mismatch] found 3, wanted gelu; "));
    CHECK(refusal(R"({"eps": 1e-5})").starts_with("eps: [mismatch] found 1e-5, wanted 1e-12; "));
}

TEST_CASE("a folder's config.json is checked before its weights are read") {
    const ScratchFolder folder("model_config");
    const auto path = folder.write("config.json", R"({"hidden_size": 768})");
    const Error error = error_of([&] { io::WeightFile::check_config(path.parent_path(), wanted); });
    CHECK(std::string(error.what()).starts_with(path.string() + ": hidden_size: [mismatch] found 768, wanted 384"));
    CHECK(error_of([&] { io::WeightFile::check_config(path.parent_path() / "pytorch_model.bin", wanted); }).fault() ==
          Fault::mismatch);
    // another file has no config beside it that is surely its own
    CHECK_NOTHROW(io::WeightFile::check_config(path, wanted));
    CHECK_NOTHROW(io::WeightFile::check_config(path.parent_path() / "nowhere", wanted));
}

TEST_CASE("R6: labels of another number name the line that builds for them") {
    CHECK(refusal(R"({"id2label": {"0": "a", "1": "b", "2": "c"}})").ends_with("-DTAXON_CLASSES=3 builds it"));
    CHECK(refusal(R"({"hidden_size": 768})").find("TAXON_CLASSES") == std::string::npos);
}
