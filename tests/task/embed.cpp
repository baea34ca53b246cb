#include <taxon/task/embed.hpp>

#include <numeric>
#include <taxon/any_model_of.hpp>
#include <taxon/model.hpp>
#include <taxon/preprocess/word_piece.hpp>
#include <taxon/zoo/sentence_encoder.hpp>

#include "catch.hpp"
#include "preprocess/picture_bytes.hpp"
#include "task/overflowing_weights.hpp"
#include "text/small_vocabulary.hpp"

using namespace taxon;
using picture_bytes::fault_of;

namespace {

using Encoder = Model<zoo::SentenceEncoder<1, 16, 2, 32, 63, MeanTokens>, preprocess::WordPiece<12>,
                      shape::Mutable<Range{1, 4}, Range{1, 24}>>;

}  // namespace

TEST_CASE("texts become vectors of length one, alone and together, by a model of either kind") {
    const io::SyntheticWeights weights("embed");
    const auto model = Encoder::load(weights);
    const std::vector<std::string> texts{"the cat", "", "cat the the"};
    const auto all = task::embed(model, small_vocabulary(), texts);
    REQUIRE(all.size() == 3 * 16);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto one = std::span(all).subspan(16 * i, 16);
        CHECK(std::inner_product(one.begin(), one.end(), one.begin(), 0.0) == Approx(1).epsilon(1e-5));
        CHECK(task::embed(model, small_vocabulary(), std::span(texts).subspan(i, 1)) ==
              std::vector<float>(one.begin(), one.end()));
    }
    const std::vector<std::string> bare{"cat"};
    CHECK(task::embed(model, small_vocabulary(), bare, "the ") == std::vector<float>(all.begin(), all.begin() + 16));
    const auto any = any_model_of(Encoder::load(weights));
    CHECK(task::embed(*any, small_vocabulary(), texts) == all);
    CHECK(task::embed(model, small_vocabulary(), {}).empty());
}

TEST_CASE("numbers of a vector that are not finite are refused, and name the text") {
    const auto broken = Encoder::load(OverflowingWeights("embeddings.LayerNorm.weight"));
    const std::vector<std::string> texts{"the cat"};
    CHECK(fault_of([&] { task::embed(broken, small_vocabulary(), texts); }) == Fault::value);
}
