#include <taxon/zoo/sentence_encoder.hpp>

#include <cmath>
#include <taxon/backend/reference/reference.hpp>
#include <taxon/io/weight_file.hpp>
#include <taxon/model.hpp>

#include "backend/against_reference.hpp"
#include "catch.hpp"
#include "source_folder.hpp"

using namespace taxon;

namespace {

/// The networks of tests/golden/make_sentences.py: 2 layers of 32 numbers, 63 words.
template <class Pool, class... More>
using Encoder =
    Model<zoo::SentenceEncoder<2, 32, 2, 64, 63, Pool>, shape::Mutable<Range{1, 2}, Range{1, 512}>, More...>;

/// Two texts of nine tokens, the second of which are five: transformers' embeddings of them in double, rounded.
template <class Pool, class... More>
void check(const std::string& name, std::optional<cpu::Isa> isa = {}) {
    const auto golden = io::WeightFile::open(source_folder() / "tests/golden/sentences.safetensors");
    const auto read = [&](const std::string& tensor, Dimensions shape) {
        std::vector<float> numbers(64);
        numbers.resize(static_cast<std::size_t>(shape[0] * shape[1]));
        golden.read(tensor, shape, numbers);
        return numbers;
    };
    const auto ids = read("input_ids", {2, 9}), wanted = read(name, {2, 32});
    std::vector<float> samples, found(64);
    for (const float id : ids) samples.insert(samples.end(), {id, 0});
    const io::SyntheticWeights weights(name, 3);
    const std::vector<int> valid{9, 5};
    typename Encoder<Pool, More...>::Workspace workspace;
    const auto model = [&] {
        if constexpr (sizeof...(More) > 0) return Encoder<Pool, More...>::load(weights);
        else return Encoder<Pool>::load(weights, {.isa = isa});
    }();
    model(samples, found, workspace, 9, valid);
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(wanted[i]).margin(2e-6));
}

template <class Pool>
void check_all(const std::string& name) {
    for (const auto isa : instruction_sets()) {
        INFO(cpu::name_of(isa));
        check<Pool>(name, isa);
    }
    check<Pool, backend::Reference>(name);
}

}  // namespace

TEST_CASE("sentence encoders have as many parameters as published, without the pooler") {
    STATIC_REQUIRE(graph_of<zoo::SentenceMiniLmL6>.parameter_count() == 22'713'216 - 147'840);
    STATIC_REQUIRE(graph_of<zoo::SentenceMiniLmL12>.parameter_count() == 33'360'000 - 147'840);
    STATIC_REQUIRE(graph_of<zoo::BgeSmall>.parameter_count() == 33'360'000 - 147'840);
}

TEST_CASE("sentence encoders give transformers' embeddings, of the mean and of the first token") {
    check_all<MeanTokens>("mean");
    check_all<FirstToken>("first");
}

TEST_CASE("of an encoder that reads the first token alone, most of the last layer is one row") {
    constexpr PlanView first = plan_of<zoo::BgeSmall>, mean = plan_of<zoo::SentenceMiniLmL12>;
    const auto alone = [](PlanView plan) {
        return std::count_if(plan.steps.begin(), plan.steps.end(), [](const Step& s) { return s.first_token_only; });
    };
    CHECK(alone(first) == 6);
    CHECK(alone(mean) == 0);
}
