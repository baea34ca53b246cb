#include <taxon/io/model_config.hpp>

#include <taxon/io/weight_file.hpp>

#include "allocations.hpp"
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

TEST_CASE("A9: a field of a config.json has its own type, and is there once") {
    for (const char* spelt : {"6.0", "\"6\"", "[6]", "{}", "true", "-6", "6e0"}) {
        INFO(spelt);
        CHECK(refusal(R"({"hidden_size": )" + std::string(spelt) + "}").starts_with("hidden_size: [type] found "));
    }
    CHECK(refusal(R"({"hidden_size": null, "hidden_act": null})").empty());
    CHECK(
        refusal(R"({"hidden_act": ["gelu"]})").starts_with("hidden_act: [type] found a list or an object, wanted gel"));
    CHECK(refusal(R"({"eps": "1e-12"})").starts_with("eps: [type] found \"1e-12\", wanted 1e-12"));
    CHECK(refusal(R"({"eps": [1e-12]})").starts_with("eps: [type]"));
    constexpr ConfigField flag[] = {{"is_decoder", 0, "false"}};
    CHECK_NOTHROW(ModelConfig::parse(R"({"is_decoder": false})").check(flag));
    for (const char* spelt : {"true", "\"false\"", "0", "[]"}) {
        INFO(spelt);
        CHECK_THROWS_AS(ModelConfig::parse(R"({"is_decoder": )" + std::string(spelt) + "}").check(flag), Error);
    }
    CHECK(refusal(R"({"hidden_size": 384, "hidden_size": 384})").find("[duplicate]") != std::string::npos);
    CHECK(refusal(R"({"id2label": {"0": "a", "1": "b", "0": "a"}})").find("[duplicate]") != std::string::npos);
    CHECK(refusal(R"({"more": {"x": 1, "x": 1}})").find("[duplicate]") != std::string::npos);
}

TEST_CASE("A3: a config.json of many keys is read in linear time, up to a limit") {
    const auto of = [](std::size_t count) {
        std::string text = "{";
        for (std::size_t i = 0; i < count; ++i) text += "\"" + std::to_string(i) + "\":0,";
        return text + R"("hidden_size": 384})";
    };
    const auto read = [](const std::string& text) {
        return bytes_allocated_by([&] { ModelConfig::parse(text).check(wanted); });
    };
    const std::string small = of(10'000), large = of(40'000);
    CHECK(read(large) <= 5 * read(small));
    CHECK_NOTHROW(ModelConfig::parse(of(9), {.json_values = 10}));
    CHECK(error_of([&] { ModelConfig::parse(of(10), {.json_values = 10}); }).fault() == Fault::limit);
    const std::string worst = of(Limits{}.json_values - 1);
    CHECK(peak_of([&] { ModelConfig::parse(worst); }) < (64u << 20) + 2 * worst.size());
}

TEST_CASE("a config.json's labels have their names") {
    const auto config = ModelConfig::parse(R"({"id2label": {"1": "b", "0": "a"}, "label2id": {"a": 0}})");
    CHECK(config.label(0) == "a");
    CHECK(config.label(1) == "b");
    CHECK(config.label(2) == std::nullopt);
    CHECK(config.number("num_labels") == 2);
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

TEST_CASE("A9: a network that is not for one label of several is refused, and what to do is said", "[cases]") {
    constexpr ConfigField one_label[] = {{"problem_type", 0, "single_label_classification"}};
    const auto refused = [&](const char* text) {
        return std::string(error_of([&] { ModelConfig::parse(text).check(one_label); }).what());
    };
    CHECK(
        refused(R"({"problem_type": "multi_label_classification"})") ==
        "problem_type: [mismatch] found multi_label_classification, wanted single_label_classification; what is shown "
        "would be no percentages; a copy of the weights without config.json gives the logits");
    CHECK(refused(R"({"problem_type": 1})").starts_with("problem_type: [mismatch] found 1, wanted single_label_"));
    CHECK_NOTHROW(ModelConfig::parse(R"({"problem_type": "single_label_classification"})").check(one_label));
    CHECK_NOTHROW(ModelConfig::parse(R"({"problem_type": null})").check(one_label));
}

TEST_CASE("a config.json's numbers are asked for by name, and other things are none") {
    const ModelConfig config = ModelConfig::parse(R"({"whole": 7, "word": "a", "part": 0.5})");
    CHECK(config.number("whole") == 7);
    CHECK(!config.number("word"));
    CHECK(!config.number("part"));
    CHECK(!config.number("nothing"));
    constexpr ConfigField fields[] = {{"num_labels", 2}, {"scale", 0, "2.0"}, {"flag", 0, "true"}};
    const auto check = [&](const char* text) { ModelConfig::parse(text).check(fields); };
    CHECK_NOTHROW(check(R"({"num_labels": 2, "scale": 2, "flag": true})"));
    CHECK(error_of([&] { check(R"({"flag": "true"})"); }).fault() == Fault::type);
    CHECK(error_of([&] { check(R"({"scale": "2.0"})"); }).fault() == Fault::type);
    CHECK(error_of([&] { check(R"({"num_labels": [2]})"); }).facts().remedy.find("TAXON_CLASSES") == std::string::npos);
    const ScratchFolder folder("model_config_none");
    CHECK_NOTHROW(io::check_config(folder.path(), fields));
    CHECK_NOTHROW(io::check_config(folder.path() / "model.safetensors", fields));
    // the keys of a label's object are forgotten behind it, the labels are not
    const Error labels = error_of([] {
        ModelConfig::parse(R"({"id2label": {"0": "a", "1": "b", "2": "c"}, "x": 1, "y": 2})", {.json_values = 4});
    });
    CHECK(labels.fault() == Fault::limit);
    CHECK(labels.facts().place == "config.json");
    CHECK(error_of([] { ModelConfig::parse(R"({"a": 1, "b": 2, "c": 3, "d": 4})", {.json_values = 2}); }).fault() ==
          Fault::limit);
}

TEST_CASE("a config.json in UTF-8 with a byte-order mark is read") {
    CHECK(refusal("\xEF\xBB\xBF{\"hidden_size\": 384}").empty());
}

TEST_CASE("R6: labels of another number name the line that builds for them") {
    CHECK(refusal(R"({"id2label": {"0": "a", "1": "b", "2": "c"}})").ends_with("-DTAXON_CLASSES=3 builds it"));
    CHECK(refusal(R"({"hidden_size": 768})").find("TAXON_CLASSES") == std::string::npos);
}
