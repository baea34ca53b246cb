#include <taxon/task/label.hpp>

#include <taxon/any_model_of.hpp>
#include <taxon/model.hpp>
#include <taxon/preprocess/word_piece.hpp>
#include <taxon/zoo/bert.hpp>

#include "catch.hpp"
#include "preprocess/picture_bytes.hpp"
#include "task/overflowing_weights.hpp"
#include "text/small_vocabulary.hpp"

using namespace taxon;
using picture_bytes::fault_of;

namespace {

using Network = zoo::Bert<1, 16, 2, 32, 63, 3>;
using Policy = preprocess::WordPiece<12>;
using Any = Model<Network, Policy, shape::Mutable<Range{1, 4}, Range{1, 24}>>;
using Fixed = Model<Network, Policy, shape::Fixed<4, 24>>;

const io::SyntheticWeights weights("label");
const std::vector<std::string> names{"contradiction", "neutral", "entailment"};

std::vector<text::TextInput> mixed_texts() {
    return {{"the cat"}, {""}, {"a b c cat cafe . the unaffable cat ! ? x x x x x x"}, {"the cat", "a b c"}, {"i", ""}};
}

/// Step by step: tokens at their own length, without padding.
std::vector<eval::Ranked> ranked(const Any& model, const text::TextInput& input) {
    text::Encoding encoding;
    Policy::apply(small_vocabulary(), input.text, input.pair, encoding);
    std::vector<float> tokens;
    for (std::size_t i = 0; i < encoding.size(); ++i)
        tokens.insert(tokens.end(),
                      {static_cast<float>(encoding.ids[i]), static_cast<float>(encoding.token_type_ids[i])});
    return eval::top_k(model(tokens, static_cast<int>(encoding.size())), 3);
}

}  // namespace

TEST_CASE("a text's labels are those of its tokens' logits, alone, in a pair and in a batch") {
    const auto model = Any::load(weights);
    const auto texts = mixed_texts();
    const auto all = task::label(model, small_vocabulary(), texts, {.labels = names});
    REQUIRE(all.size() == texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto& [text, pair] = texts[i];
        const auto alone = pair ? task::label(model, small_vocabulary(), text, *pair, {.labels = names})
                                : task::label(model, small_vocabulary(), text, {.labels = names});
        CHECK(alone == all[i]);
        const auto wanted = ranked(model, texts[i]);
        REQUIRE(alone.size() == wanted.size());
        for (std::size_t k = 0; k < wanted.size(); ++k) {
            CHECK(alone[k].index == wanted[k].index);
            CHECK(alone[k].probability == wanted[k].probability);
            CHECK(alone[k].label == names[static_cast<std::size_t>(wanted[k].index)]);
        }
    }
    CHECK(task::label(model, small_vocabulary(), std::span<const text::TextInput>()).empty());
}

TEST_CASE("a model of fixed batches and lengths fills up, and answers the same") {
    const auto any = Any::load(weights);
    const auto fixed = Fixed::load(weights);
    const auto texts = mixed_texts();
    const auto wanted = task::label(any, small_vocabulary(), texts),
               filled = task::label(fixed, small_vocabulary(), texts);
    REQUIRE(filled.size() == wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i)
        for (std::size_t k = 0; k < 3; ++k) {
            CHECK(filled[i][k].index == wanted[i][k].index);
            CHECK(std::abs(filled[i][k].probability - wanted[i][k].probability) < 1e-6);
        }
}

TEST_CASE("texts that are filled up to one length answer as at their own") {
    const auto model = Any::load(weights);
    std::vector<task::TokenRow> rows;
    const task::TextNetwork classifier(model);
    for (const auto& [text, pair] : mixed_texts()) rows.push_back(classifier.tokens(small_vocabulary(), text, pair));
    std::vector<float> own(3 * rows.size()), filled(3 * rows.size());
    task::TextRunner(classifier.runner()).run(rows, own);
    task::TextRunner(classifier.runner(), 20).run(rows, filled);
    for (std::size_t i = 0; i < own.size(); ++i) CHECK(std::abs(own[i] - filled[i]) < 1e-5f);
    rows.assign(1, task::TokenRow(2 * 25));
    CHECK(fault_of([&] { task::TextRunner(classifier.runner()).run(rows, std::span(own).first(3)); }) == Fault::shape);
}

TEST_CASE("a workspace may be given, and the best label alone be asked for") {
    const auto model = Any::load(weights);
    Any::Workspace workspace;
    const auto all = task::label(model, small_vocabulary(), "the cat");
    const auto best = task::label({model, workspace}, small_vocabulary(), "the cat", {.top = 1});
    REQUIRE(best.size() == 1);
    CHECK(best.front() == all.front());
    CHECK(best.front().label == std::to_string(best.front().index));
}

TEST_CASE("a model behind AnyModel labels as the Model does") {
    const auto any = any_model_of(Any::load(weights));
    CHECK(task::label(*any, small_vocabulary(), mixed_texts(), {.labels = names}) ==
          task::label(Any::load(weights), small_vocabulary(), mixed_texts(), {.labels = names}));
    auto tokens = small_tokens();
    tokens.pop_back();
    CHECK(fault_of([&] { task::label(*any, text::Vocabulary(tokens), "the cat"); }) == Fault::mismatch);
}

TEST_CASE("another vocabulary, labels of other classes and logits that are no numbers are refused") {
    const auto model = Any::load(weights);
    auto tokens = small_tokens();
    tokens.push_back("more");
    CHECK(fault_of([&] { task::label(model, text::Vocabulary(tokens), "the cat"); }) == Fault::mismatch);
    CHECK(fault_of([&] { task::label(model, small_vocabulary(), "the cat", {.labels = std::span(names).first(2)}); }) ==
          Fault::mismatch);
    const auto broken = Any::load(OverflowingWeights("classifier.weight"));
    CHECK_THROWS_WITH(task::label(broken, small_vocabulary(), mixed_texts()), Catch::StartsWith("text 0: logit"));
}
