#include <taxon/app/text/embed.hpp>

#include <cmath>
#include <numeric>

#include "app/text/program.hpp"
#include "catch.hpp"

using taxon::app::Json;

namespace {

struct Fixture : SentenceFolder {
    Outcome embed(std::vector<std::string> more) const {
        more.insert(more.begin(), {"embed", "--weights", model()});
        return run_text_program(more);
    }

    std::vector<float> vectors(std::vector<std::string> more) const {
        more.insert(more.end(), {"--quiet", "--output", *this / "vectors.npy"});
        const auto outcome = embed(more);
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        CHECK(outcome.out.empty());
        return floats_of_npy(*this / "vectors.npy");
    }
};

}  // namespace

TEST_CASE("embed gives vectors of length one, the same at any batch, number of threads and order") {
    const Fixture fixture;
    const auto file = fixture.file("texts.txt", "the cat\ncat\nthe the the cat\n");
    const auto all = fixture.vectors({file});
    REQUIRE(all.size() == 3 * 32);
    for (int i = 0; i < 3; ++i) {
        const auto* one = all.data() + 32 * i;
        CHECK(std::inner_product(one, one + 32, one, 0.0) == Approx(1).epsilon(1e-5));
    }
    CHECK(fixture.vectors({file, "--batch", "3", "--threads", "2"}) == all);
    CHECK(fixture.vectors({file, "--limit", "2"}) == std::vector<float>(all.begin(), all.begin() + 64));
    CHECK(fixture.vectors({"--text", "cat"}) == std::vector<float>(all.begin() + 32, all.begin() + 64));
    CHECK(fixture.vectors({"--text", "cat", "--prefix", "the "}) == std::vector<float>(all.begin(), all.begin() + 32));
    const auto filled = fixture.vectors({file, "--padding", "compute"});
    for (std::size_t i = 0; i < all.size(); ++i) CHECK(filled[i] == Approx(all[i]).margin(1e-5));
}

TEST_CASE("embed shows how alike a few texts are, and says which network it chose") {
    const Fixture fixture;
    const auto outcome =
        fixture.embed({"--text", "the cat", "--text", "cat", "--json", fixture / "o.json", "--sequence", "9"});
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    CHECK(contains(outcome.out, "2 vectors of 32 numbers by sentence\n"));
    CHECK(contains(outcome.out, "cosine similarity\n  1.0000"));
    const auto json = Json::parse(text_of(fixture / "o.json"));
    CHECK(json.at("variant") == "sentence");
    CHECK(json.at("pooling") == "mean_tokens");
    CHECK(json.at("dimensions") == 32);
    const double cosine = json.at("cosines").at(0).at(1).get<double>();
    CHECK(cosine < 0.9999);
    CHECK(json.at("cosines").at(1).at(0).get<double>() == cosine);
    CHECK(json.at("cosines").at(1).at(1).get<double>() == Approx(1));
}

TEST_CASE("embed reads the pooling and the longest text from the folder") {
    const Fixture fixture;
    const auto cut = fixture.embed({"--text", "the cat the cat the cat"});
    CHECK(contains(cut.out, "1 text truncated"));
    fixture.write_pooling("cls_token");
    const auto first = fixture.embed({"--text", "the cat"});
    CHECK(contains(first.out, "by first\n"));
    const auto other = fixture.embed({"--text", "the cat", "--variant", "sentence"});
    CHECK(other.code == 3);
    CHECK(contains(other.err, "found pooling_mode_cls_token, wanted pooling_mode_mean_tokens"));
    fixture.write_pooling("lasttoken");
    CHECK(contains(fixture.embed({"--text", "the cat"}).err, "found pooling_mode_lasttoken"));
}

TEST_CASE("classifiers and sentence encoders are not taken for each other") {
    const Fixture fixture;
    const auto classifier = fixture.embed({"--text", "a", "--variant", "lower"});
    CHECK(classifier.code == 2);
    CHECK(contains(classifier.err, "found variant lower, a classifier, wanted a sentence encoder"));
    const auto encoder =
        run_text_program({"infer", "--weights", "synthetic", "--variant", "sentence", "--input", "synthetic"});
    CHECK(encoder.code == 2);
    CHECK(contains(encoder.err, "found variant sentence, a sentence encoder, wanted a classifier; embed runs it"));
    CHECK(fixture.embed({}).code == 2);
    CHECK(fixture.embed({"--text", "a", fixture.file("t.txt", "b\n")}).code == 2);
    CHECK(fixture.embed({fixture.file("empty.txt", "")}).code == 3);
}

TEST_CASE("a program of sentence encoders alone embeds by infer, with its own vocabulary") {
    const TestFolder folder;
    const std::vector<std::string> rest{"--weights", "synthetic", "--text", "the cat", "--text", "cat", "--output"};
    const auto vectors = [&](const std::string& verb, const std::vector<std::string>& more = {}) {
        std::vector<std::string> arguments{verb};
        arguments.insert(arguments.end(), rest.begin(), rest.end());
        arguments.push_back(folder / "vectors.npy");
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto outcome = run_sentence_program(arguments);
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        return floats_of_npy(folder / "vectors.npy");
    };
    const auto all = vectors("embed");
    CHECK(vectors("infer") == all);
    write_text(folder.path() / "vocab.txt", small_vocabulary_text());
    CHECK(vectors("embed", {"--vocab", folder / "vocab.txt"}) == all);

    const auto tokens = run_sentence_program({"tokenize", "--text", "The cat"});
    CHECK(contains(tokens.out, "[CLS] the cat [SEP]\n"));
    const auto help = run_sentence_program({"--help"});
    CHECK(contains(help.out, "Sentence encoders of the sentences family"));
    CHECK(contains(help.out, "the program's own"));
    CHECK(run_sentence_program({"eval"}).code == 2);
}
