#include <taxon/app/console/json.hpp>
#include <taxon/eval/tsv.hpp>
#include <taxon/io/npy.hpp>
#include <taxon/io/safetensors_writer.hpp>
#include <taxon/io/weight_file.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "app/text/program.hpp"
#include "catch.hpp"

using taxon::app::Json;

namespace {

std::vector<std::string> joined(std::vector<std::string> some, const std::vector<std::string>& more) {
    some.insert(some.end(), more.begin(), more.end());
    return some;
}

/// A model folder, and calls of infer with it.
struct Fixture : ModelFolder {
    Outcome infer(const std::vector<std::string>& arguments) const {
        return run_text_program(joined({"infer", "--weights", model()}, arguments));
    }

    std::vector<float> logits(const std::vector<std::string>& arguments) const {
        const auto outcome = infer(joined(arguments, {"--quiet", "--output", *this / "logits.npy"}));
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        CHECK(outcome.out.empty());
        return floats_of_npy(*this / "logits.npy");
    }
};

/// True if two lists of logits differ by rounding alone: sums of some hundred floats in another order.
bool close(const std::vector<float>& some, const std::vector<float>& others) {
    return some.size() == others.size() && std::equal(some.begin(), some.end(), others.begin(), [](float a, float b) {
               return std::abs(a - b) <= 1e-5f * (1 + std::abs(b));
           });
}

}  // namespace

TEST_CASE("infer prints the label and its probability") {
    const Fixture fixture;
    const auto outcome = fixture.infer({"--text", "the cat", "--json", fixture / "o.json"});
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    const auto json = Json::parse(text_of(fixture / "o.json"));
    const auto& text = json.at("texts").at(0);
    CHECK(text.at("text") == "the cat");
    CHECK(text.at("tokens") == 4);
    CHECK(text.at("left_out") == 0);
    CHECK(!text.contains("pair"));
    const auto& best = text.at("top").at(0);
    const auto logits = fixture.logits({"--text", "the cat"});
    const int wanted = logits[1] > logits[0];
    CHECK(best.at("class") == wanted);
    CHECK(best.at("label") == (wanted == 1 ? "yes" : "no"));
    const double probability =
        1 / (1 + std::exp(-std::abs(static_cast<double>(logits[1]) - static_cast<double>(logits[0]))));
    CHECK(best.at("probability").get<double>() == Approx(probability).epsilon(1e-6));
    CHECK(outcome.out == fmt::format("{:5.1f}%  {}  the cat\n", 100 * probability, wanted == 1 ? "yes" : "no"));
    CHECK(contains(fixture.infer({"--text", "the cat", "--task", "sst2"}).out, wanted == 1 ? "positive" : "negative"));
    CHECK(contains(fixture.infer({"--text", "the cat", "--labels", fixture.file("l.txt", "bad\ngood\n")}).out,
                   wanted == 1 ? "good" : "bad"));
}

TEST_CASE("a table of texts, a list of them and each alone have the same logits, at any batch, number of threads and "
          "padding") {
    const Fixture fixture;
    const auto all = fixture.logits({fixture.dev()});
    REQUIRE(all.size() == 40);
    CHECK(std::count(all.begin(), all.end(), all[0]) < 3);  // the network tells texts apart
    CHECK(fixture.logits({fixture.dev(), "--batch", "7", "--threads", "2"}) == all);
    CHECK(fixture.logits({fixture.dev(), "--limit", "3"}) == std::vector<float>(all.begin(), all.begin() + 6));
    const auto filled = fixture.logits({fixture.dev(), "--padding", "compute", "--sequence", "40"});
    CHECK(close(filled, all));
    CHECK(fixture.logits(
              {fixture.dev(), "--padding", "compute", "--sequence", "40", "--batch", "6", "--threads", "2"}) == filled);
    CHECK(close(fixture.logits({fixture.dev(), "--backend", "reference"}), all));
    const auto texts = taxon::eval::Tsv::read(fixture.dev()).column("sentence");
    Json list = Json::array();
    for (std::size_t i = 0; i < texts.size(); ++i) {
        list.push_back({texts[i]});
        CHECK(fixture.logits({"--text", texts[i]}) == std::vector<float>{all[2 * i], all[2 * i + 1]});
    }
    CHECK(fixture.logits({"--input-json", fixture.file("in.json", list.dump())}) == all);
}

TEST_CASE("what tokenize wrote is answered as the texts are") {
    const Fixture fixture;
    const auto all = fixture.logits({fixture.dev()});
    REQUIRE(run_text_program({"tokenize", "--vocab", fixture.model(), fixture.dev(), "--sequence", "30", "--output-dir",
                              fixture / "tokens", "--quiet"})
                .code == 0);
    CHECK(fixture.logits({"--tensor", fixture / "tokens"}) == all);
    CHECK(fixture.logits({"--tensor", "input_ids=" + (fixture / "tokens/input_ids.npy"), "--tensor",
                          "attention_mask=" + (fixture / "tokens/attention_mask.npy")}) == all);
    const auto mask = fixture / "tokens/attention_mask.npy";
    CHECK(fixture.infer({"--tensor", "attention_mask=" + mask}).code == 2);
    CHECK(fixture.infer({"--tensor", mask}).code == 2);
    CHECK(fixture.infer({"--tensor", fixture / "tokens", "--sequence", "20"}).code == 3);
    taxon::io::write_npy(mask, std::vector<float>(20 * 30, 0), {20, 30});
    const auto none = fixture.infer({"--tensor", fixture / "tokens"});
    CHECK(none.code == 3);
    CHECK(contains(none.err, "text 0: [value] found another mask"));
}

TEST_CASE("generated texts get shorter one by one") {
    const Fixture fixture;
    const auto three = fixture.logits({"--input", "synthetic:a", "--batch", "3", "--sequence", "20"});
    REQUIRE(three.size() == 6);
    CHECK(fixture.logits({"--input", "synthetic:a", "--batch", "1", "--sequence", "20"}) ==
          std::vector<float>(three.begin(), three.begin() + 2));
    CHECK(close(fixture.logits({"--input", "synthetic:a", "--batch", "3", "--sequence", "20", "--padding", "compute"}),
                three));
    CHECK(fixture.logits({"--input", "synthetic:b", "--batch", "3", "--sequence", "20"}) != three);
    CHECK(fixture.infer({"--input", "synthetic", "--batch", "4", "--sequence", "21"}).code == 2);
    CHECK(fixture.infer({"--input", "other"}).code == 2);
}

TEST_CASE("a text that is too long loses its end, and that is said") {
    const Fixture fixture;
    std::string text;
    for (int i = 0; i < 10000; ++i) text += "cat ";
    const auto outcome = fixture.infer({"--text", text});
    CHECK(outcome.code == 0);
    CHECK(contains(outcome.out, "…\n1 text truncated; --sequence sets the maximum number of tokens\n"));
    CHECK(fixture.logits({"--text", text, "--sequence", "6"}) == fixture.logits({"--text", "cat cat cat cat"}));
    CHECK(fixture.logits({"--text", text, "--sequence", "512"}).size() == 2);
    CHECK(fixture.infer({"--text", ""}).code == 0);
}

TEST_CASE("wrong use of infer over texts is told in one line") {
    const Fixture fixture;
    for (const auto& arguments :
         std::vector<std::vector<std::string>>{{},
                                               {"--text", "a", "--input", "synthetic"},
                                               {"--text-pair", "a"},
                                               {"--text", "\xff"},
                                               {"--text", "a", "--pair-column", "b"},
                                               {fixture.dev(), "--task", "sst2", "--text-column", "sentence"},
                                               {"--text", "a", "--task", "cola"},
                                               {"--text", "a", "--padding", "some"},
                                               {"--text", "a", "--batch", "257"},
                                               {"--text", "a", "--precision", "force_float16"},
                                               {"--text", "a", "--precision", "qint8_mixed_float32"},
                                               {"--text", "a", "--labels", fixture.file("l.txt", "one\n")},
                                               {"--text", "a", "--task", "mrpc"},
                                               {"--input", "synthetic", "--vocab", fixture.model()},
                                               {"--text", "a", "--json", fixture / "model/vocab.txt"},
                                               {fixture.dev(), "--json", fixture.dev()}}) {
        const auto outcome = fixture.infer(arguments);
        INFO(outcome.err);
        CHECK(outcome.code == 2);
        CHECK(outcome.out.empty());
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    }
    const auto no_words = run_text_program({"infer", "--weights", "synthetic", "--text", "a"});
    CHECK(no_words.code == 2);
    CHECK(contains(no_words.err, "--vocab: [usage] found nothing, and no vocabulary beside the weights"));
}

TEST_CASE("files that do not fit the network are refused by name") {
    const Fixture fixture;
    const auto refused = [&](const std::vector<std::string>& arguments, const std::string& words) {
        const auto outcome = fixture.infer(arguments);
        INFO(outcome.err);
        CHECK(outcome.out.empty());
        return outcome.code == 3 && contains(outcome.err, words);
    };
    CHECK(refused({fixture.file("in.tsv", "text\na\n")}, "no column 'sentence'"));
    CHECK(refused({fixture.file("bad.tsv", "sentence\n\xff\n")}, "bad.tsv: line 2: [encoding]"));
    CHECK(refused({"--text", "a", "--vocab", fixture.file("short.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n")},
                  "short.txt: vocabulary: [mismatch] found 6 tokens, wanted 63"));
    CHECK(refused({"--text", "a", "--vocab", fixture.file("none.txt", "[PAD]\n[CLS]\n[SEP]\n[MASK]\na\n")},
                  "without [UNK]"));
    write_text(fixture / "model/config.json", R"({"num_hidden_layers": 12, "vocab_size": 63})");
    CHECK(refused({"--text", "a"}, "config.json: num_hidden_layers: [mismatch] found 12, wanted 2"));
}

TEST_CASE("calibration takes texts") {
    const Fixture fixture;
    const std::vector<std::string> bytes{fixture.dev(), "--precision", "qint8_mixed_float32"};
    const auto refused = fixture.infer(bytes);
    CHECK(refused.code == 2);
    CHECK(contains(refused.err, "--calibration-file TSV of typical texts"));
    const auto logits = fixture.logits(joined(bytes, {"--calibration-file", fixture.dev()})),
               exact = fixture.logits({fixture.dev()});
    CHECK(logits != exact);
    double squares = 0, noise = 0;
    for (std::size_t i = 0; i < exact.size(); ++i)
        squares += std::pow(exact[i], 2), noise += std::pow(exact[i] - logits[i], 2);
    CHECK(noise < .01 * squares);  // 8 bits leave some 40 dB a layer, and this network has two
    CHECK(fixture.infer(joined(bytes, {"--calibration-file", fixture.file("none.tsv", "sentence\n")})).code == 3);
    CHECK(run_text_program(
              {"infer", "--weights", "synthetic", "--input", "synthetic", "--precision", "qint8_mixed_float32"})
              .code == 0);
}

TEST_CASE("R6: a network of one label is a regression, and shows its number") {
    const Fixture fixture;
    const auto infer = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"infer", "--variant", "number", "--weights", "synthetic", "--vocab", fixture.model(),
                                   "--text", "the cat"});
        return run_text_program(more);
    };
    const auto outcome = infer({"--output", fixture / "y.npy", "--json", fixture / "r.json"});
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    const auto numbers = floats_of_npy(fixture / "y.npy");
    REQUIRE(numbers.size() == 1);
    CHECK(outcome.out == fmt::format("{:8.5g}    the cat\n", numbers[0]));
    const auto text = Json::parse(text_of(fixture / "r.json")).at("texts").at(0);
    CHECK(text.at("number").get<float>() == numbers[0]);
    CHECK(text.at("top").empty());
    const auto refused = infer({"--result-top1-file", fixture / "top1.txt"});
    CHECK(refused.code == 2);
    CHECK(contains(refused.err, "--result-top1-file: [usage] found a network that gives one number"));
}

namespace {

/// A model folder whose word embeddings have rows more, each a copy of the word "cat", 15.
struct MoreWords : Fixture {
    explicit MoreWords(std::size_t more) {
        const auto source = taxon::io::WeightFile::open(model());
        std::vector<taxon::io::StoredTensor> tensors(source.tensors().begin(), source.tensors().end());
        std::vector<std::byte> table;
        for (auto& tensor : tensors) {
            if (!tensor.name.ends_with("word_embeddings.weight")) continue;
            const std::size_t row = tensor.bytes.size() / small_tokens().size();
            table.assign(tensor.bytes.begin(), tensor.bytes.end());
            for (std::size_t i = 0; i < more; ++i)
                table.insert(table.end(), tensor.bytes.begin() + static_cast<std::ptrdiff_t>(15 * row),
                             tensor.bytes.begin() + static_cast<std::ptrdiff_t>(16 * row));
            tensor.shape[0] += static_cast<std::int64_t>(more);
            tensor.bytes = table;
        }
        std::filesystem::create_directories(folder());
        taxon::io::write_safetensors(folder() + "/model.safetensors", tensors);
        write_text(folder() + "/vocab.txt", small_vocabulary_text());
        write_text(folder() + "/config.json",
                   R"({"hidden_size": 32, "vocab_size": )" + std::to_string(small_tokens().size() + more) + "}");
    }
    std::string folder() const { return *this / "more"; }
    std::vector<float> answer(const std::string& text, std::vector<std::string> arguments = {}) const {
        arguments.insert(arguments.begin(),
                         {"infer", "--weights", folder(), "--text", text, "--quiet", "--output", *this / "answer.npy"});
        const auto outcome = run_text_program(arguments);
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        return floats_of_npy(*this / "answer.npy");
    }
};

}  // namespace

TEST_CASE("R4: a model whose embeddings are padded answers as it does without the padding") {
    for (const std::size_t more : {1u, 65u, 513u}) {
        const MoreWords padded(more);
        CHECK(padded.answer("the cats") == padded.logits({"--text", "the cats"}));
    }
    const MoreWords uneven(3);
    const auto outcome = run_text_program({"infer", "--weights", uneven.folder(), "--text", "a"});
    CHECK(outcome.code == 3);
    CHECK(contains(outcome.err, "[mismatch] found 63 tokens, wanted 66, one for each row"));
}

TEST_CASE("R4: added tokens have rows of their own, on every backend, and in an offline file") {
    const MoreWords model(5);
    write_text(model.folder() + "/added_tokens.json", R"({"[E1]": 63, "<e>": 67})");
    const auto cat = model.logits({"--text", "the cat!"});
    for (const char* text : {"the [E1]!", "the <e>!", "the[e1]!"}) CHECK(model.answer(text) == cat);
    CHECK(model.answer("the b!") != cat);
    CHECK(close(model.answer("the <e>!", {"--backend", "reference"}), cat));
    const auto made = run_text_program({"gen", "--weights", model.folder(), "--output", model / "m.taxon"});
    INFO(made.err);
    REQUIRE(made.code == 0);
    CHECK(run_text_program({"verify", "--weights", model / "m.taxon"}).code == 0);
    REQUIRE(run_text_program({"infer", "--weights", model / "m.taxon", "--text", "the <e>!", "--quiet", "--output",
                              model / "answer.npy"})
                .code == 0);
    CHECK(floats_of_npy(model / "answer.npy") == cat);
    const auto eval =
        run_text_program({"eval", "--weights", model.folder(), "--task", "sst2", "--dataset", model.dev(), "--quiet"});
    CHECK(eval.code == 0);
}

TEST_CASE("R4: ids beyond the weights' rows are refused, with a vocabulary or without") {
    const MoreWords model(5);
    write_text(model.folder() + "/config.json", "{}");
    write_text(model.folder() + "/added_tokens.json", R"({"[E1]": 68})");
    const auto outcome = run_text_program({"infer", "--weights", model.folder(), "--text", "a"});
    CHECK(outcome.code == 3);
    CHECK(contains(outcome.err, "[mismatch] found 69 tokens, wanted 68"));
}
