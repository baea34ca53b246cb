#include <taxon/app/console/console.hpp>
#include <taxon/app/text/program.hpp>

#include <sstream>
#include <taxon/app/model/entry_definition.hpp>
#include <taxon/io/safetensors.hpp>
#include <taxon/io/safetensors_writer.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/preprocess/word_piece.hpp>
#include <taxon/zoo/bert.hpp>
#include <taxon/zoo/sentence_encoder.hpp>

#include "app/text/program.hpp"
#include "catch.hpp"

using namespace taxon;

namespace {

constexpr int words = 63;
using Network = zoo::Bert<2, 32, 2, 64, words>;
struct Lower : app::Variant<Network, preprocess::WordPiece<512, text::LetterCase::uncased>> {};
struct Number : app::Variant<zoo::Bert<2, 32, 2, 64, words, 1>, preprocess::WordPiece<512, text::LetterCase::uncased>> {
};
struct Sentence : app::Variant<zoo::SentenceEncoder<2, 32, 2, 64, words, MeanTokens>,
                               preprocess::WordPiece<512, text::LetterCase::uncased>> {};
struct FirstSentence : app::Variant<zoo::SentenceEncoder<2, 32, 2, 64, words, FirstToken>,
                                    preprocess::WordPiece<512, text::LetterCase::uncased>> {};
struct Capital : app::Variant<Network, preprocess::WordPiece<512, text::LetterCase::cased>> {};

std::span<const app::ModelEntry> small_offers() {
    using Float32 = precision::Float32;
    static const std::vector<app::ModelEntry> entries{
        app::Entry<Lower, Float32, execution::Fused>::entry("lower"),
        app::Entry<Lower, Float32, execution::LayerByLayer>::reference_entry("lower"),
        app::Entry<Lower, precision::QInt8MixedFloat32, execution::Fused>::entry("lower"),
        app::Entry<Capital, Float32, execution::Fused>::entry("capital"),
        app::Entry<Number, Float32, execution::Fused>::entry("number"),
        app::Entry<FirstSentence, Float32, execution::Fused>::entry("first"),
        app::Entry<Sentence, Float32, execution::Fused>::entry("sentence")};
    return entries;
}

/// Generated numbers under the names of a graph's parameters.
void write_weights(const std::string& path, GraphView graph) {
    const io::SyntheticWeights source("c", 3);
    std::vector<std::vector<float>> numbers;
    std::vector<io::StoredTensor> tensors;
    for (const Parameter& parameter : graph.parameters) {
        const Dimensions shape(parameter.shape.begin(), parameter.shape.begin() + parameter.rank);
        auto& of_one = numbers.emplace_back(static_cast<std::size_t>(parameter.count()));
        source.read(graph.name(parameter), shape, of_one);
        tensors.push_back({.name = std::string(graph.name(parameter)),
                           .element = Element::float32,
                           .shape = shape,
                           .bytes = std::as_bytes(std::span(of_one))});
    }
    io::write_safetensors(path, tensors);
}

}  // namespace

GraphView text_graph() { return small_offers().front().graph; }

namespace {

Outcome run(const app::Family& family, const std::vector<std::string>& arguments) {
    const std::string name = "/usr/bin/" + std::string(family.name);
    std::vector<const char*> argv{name.c_str()};
    for (const auto& argument : arguments) argv.push_back(argument.c_str());
    argv.push_back(nullptr);
    std::ostringstream out, err;
    const int code = app::text_main(static_cast<int>(argv.size()) - 1, argv.data(), family, app::Console{out, err});
    return {code, out.str(), err.str()};
}

}  // namespace

Outcome run_text_program(const std::vector<std::string>& arguments) {
    return run({.name = "texts", .entries = small_offers()}, arguments);
}

Outcome run_sentence_program(const std::vector<std::string>& arguments) {
    static const std::string vocabulary = small_vocabulary_text();
    return run({.name = "sentences", .entries = small_offers().last(1), .vocabulary = vocabulary}, arguments);
}

ModelFolder::ModelFolder() {
    REQUIRE(small_tokens().size() == static_cast<std::size_t>(words));
    write_text(*this / "model/vocab.txt", small_vocabulary_text());
    write_text(*this / "model/config.json",
               R"({"num_hidden_layers": 2, "hidden_size": 32, "vocab_size": 63, "id2label": {"0": "no", "1": "yes"}})");
    write_weights(*this / "model/model.safetensors", small_offers().front().graph);
    std::string table = "sentence\tlabel\n";
    for (int i = 0; i < 20; ++i) {
        for (int word = 0; word <= i % 7; ++word)
            table += small_tokens()[static_cast<std::size_t>(5 + (i * 11 + word * 5) % 55)] + " ";
        table += "\t" + std::to_string(i % 2) + "\n";
    }
    write_text(dev(), table);
}

SentenceFolder::SentenceFolder() {
    write_weights(*this / "model/model.safetensors", small_offers().back().graph);
    write_text(*this / "model/config.json", R"({"num_hidden_layers": 2, "hidden_size": 32, "vocab_size": 63})");
    write_text(*this / "model/modules.json",
               R"([{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
                   {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                   {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}])");
    write_pooling("mean_tokens");
    write_text(*this / "model/sentence_bert_config.json", R"({"max_seq_length": 6, "do_lower_case": false})");
}

void SentenceFolder::write_pooling(const std::string& mode) const {
    write_text(*this / "model/1_Pooling/config.json",
               R"({"word_embedding_dimension": 32, "pooling_mode_max_tokens": false, "pooling_mode_)" + mode +
                   "\": true}");
}

TEST_CASE("a program of texts explains itself") {
    const auto help = run_text_program({"--help"});
    CHECK(help.code == 0);
    CHECK(help.err.empty());
    for (const char* word : {"infer", "eval", "perf", "gen", "embed", "verify", "convert", "tokenize", "Exit codes"})
        CHECK(contains(help.out, word));
    for (const char* verb : {"infer", "eval", "perf", "gen", "tokenize"}) {
        const auto of_verb = run_text_program({verb, "--help"});
        INFO(verb);
        CHECK(of_verb.code == 0);
        for (const char* option : {"lower, capital, number, first, sentence", "--vocab", "--sequence", "--task"})
            CHECK(contains(of_verb.out, option));
    }
    CHECK(contains(run_text_program({"--version"}).out, "taxon"));
}

TEST_CASE("a verb that is not there is wrong use, said in one line") {
    const auto nonsense = run_text_program({"nonsense", "--text", "a", "--weights", "x"});
    CHECK(nonsense.code == 2);
    CHECK(nonsense.out.empty());
    CHECK(nonsense.err == "texts: unknown verb 'nonsense'; there are infer, eval, perf, profile, gen, embed, "
                          "tokenize, verify, convert, export-onnx, describe, inspect, diff; "
                          "see texts --help\n");
    CHECK(run_text_program({}).code == 2);
    const auto option = run_text_program({"tokenize", "--nonsense"});
    CHECK(option.code == 2);
    CHECK(contains(option.err, "see texts tokenize --help"));
}
