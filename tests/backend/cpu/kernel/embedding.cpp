#include <taxon/backend/cpu/cpu.hpp>

#include <limits>
#include <taxon/backend/reference/reference.hpp>
#include <taxon/layer/activate.hpp>
#include <taxon/layer/attention.hpp>
#include <taxon/layer/embeddings.hpp>
#include <taxon/layer/first_token.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/model.hpp>

#include "backend/dice.hpp"
#include "backend/step_by_step.hpp"

using namespace taxon;

namespace {

constexpr int seed = 9;

struct Spec {
    int heads, features, hidden, words, positions, types, tokens;
};

constexpr Spec spec(int number) {
    Dice dice(seed * 1000 + number);
    Spec s{};
    s.heads = dice(1, 4);
    s.features = s.heads * dice(3, 40);
    s.hidden = dice(1, 70), s.words = dice(1, 300), s.positions = dice(20, 60), s.types = dice(1, 3);
    s.tokens = dice(2, s.positions);
    return s;
}

/// A text's classifier: embedded, a block with its normalisations behind the sums, and the first token's features.
template <int Number>
struct Network {
    static constexpr Spec s = spec(Number);
    static constexpr Shape input = Shape::tokens(2, s.tokens);
    using Attention =
        Residual<Sequential<Named<"self", LinearSideBySide<s.features, s.features, "query", "key", "value">>,
                            SelfAttention<s.features, s.heads>, Linear<s.features, s.features>>>;
    using Perceptron = Residual<Sequential<Linear<s.features, s.hidden>, GELU, Linear<s.hidden, s.features>>>;
    using Layers = Sequential<Embeddings<s.features, s.words, s.positions, s.types, 1'000'000'000'000>, Attention,
                              LayerNorm<s.features>, Perceptron, LayerNorm<s.features>, FirstToken,
                              Linear<s.features, s.features>, Tanh, Linear<s.features, 3>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

template <int Number>
void check() {
    const std::string what = "embedding " + std::to_string(Number);
    for (const int tokens : {1, 2, 9, Network<Number>::s.tokens}) {
        if (tokens > Network<Number>::s.tokens) continue;
        check_against_reference(Candidate::of<Network<Number>>(), what, tokens);
        if constexpr (Number == 1)
            check_against_reference(Candidate::of<Network<Number>, execution::LayerByLayer>(), what, tokens);
    }
}

template <class... Precisions>
void check_steps_of() {
    (check_steps(Candidate::of<Network<1>, execution::Fused, Precisions>(), "embedding", 11), ...);
}

using Tokens = Network<0>;
template <class... More>
using Texts = Model<Tokens, shape::Mutable<Range{1, 8}, Range{1, 40}>, More...>;

std::vector<float> texts(int batch, int length) {
    return input_of(graph_of<Tokens>, "texts", static_cast<std::size_t>(2 * batch * length));
}

}  // namespace

TEST_CASE("embedded texts agree with Reference") { check<0>(), check<1>(), check<2>(); }

TEST_CASE("steps over embedded texts are what the formulas say in every kind of number") {
    check_steps_of<precision::BFloat16, precision::QInt8MixedFloat16>();
}

TEST_CASE("tokens that are not valid change nothing") {
    const io::SyntheticWeights weights("texts");
    constexpr int batch = 3, length = 19;
    const auto samples = texts(batch, length);
    const std::vector<int> valid{19, 1, 8};
    Texts<backend::Reference>::Workspace formulas;
    std::vector<float> expected(batch * 3), found(batch * 3);
    Texts<backend::Reference>::load(weights)(samples, expected, formulas, length, valid);
    for (const auto isa : instruction_sets())
        for (const int threads : {1, 2}) {
            INFO(cpu::name_of(isa) << ", " << threads << " threads");
            const auto model = Texts<>::load(weights, {.isa = isa, .threads = threads});
            Texts<>::Workspace workspace;
            model(samples, found, workspace, length, valid);
            for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(expected[i]).margin(1e-5));
            for (std::size_t i = 0; i < batch; ++i) {
                const auto text = std::span(samples).subspan(i * 2 * length, 2 * static_cast<std::size_t>(valid[i]));
                CHECK(same_bytes(model(text, valid[i]), std::span(found).subspan(3 * i, 3)));
            }
        }
}

TEST_CASE("numbers of valid tokens that do not fit the batch are refused") {
    const auto model = Texts<>::load(io::SyntheticWeights("texts"));
    const auto samples = texts(2, 5);
    std::vector<float> outputs(6);
    Texts<>::Workspace workspace;
    for (const std::vector<int>& valid : {std::vector{5}, std::vector{5, 6}, std::vector{0, 5}})
        CHECK_THROWS_AS(model(samples, outputs, workspace, 5, valid), Error);
}

TEST_CASE("ids beyond the vocabulary are refused") {
    const io::SyntheticWeights weights("texts");
    const auto model = Texts<>::load(weights);
    const auto reference = Texts<backend::Reference>::load(weights);
    const auto fault = [](auto call) {
        try {
            call();
        } catch (const Error& error) { return std::string(error.what()); }
        return std::string();
    };
    const std::string words = std::to_string(Tokens::s.words - 1), types = std::to_string(Tokens::s.types - 1);
    const auto check = [&](std::size_t at, float id, const std::string& wanted) {
        auto samples = texts(2, 5);
        samples[at] = id;
        CHECK(fault([&] { model(samples, 5); }).find(wanted) != std::string::npos);
        CHECK(fault([&] { reference(samples, 5); }).find(wanted) != std::string::npos);
    };
    check(4, static_cast<float>(Tokens::s.words),
          "the id of token 2: [value] found " + std::to_string(static_cast<float>(Tokens::s.words)) +
              ", wanted a whole number from 0 to " + words);
    check(19, static_cast<float>(Tokens::s.types), "the type of token 9: [value]");
    check(3, static_cast<float>(Tokens::s.types), "wanted a whole number from 0 to " + types);
    for (const float id : {-1.f, .5f, 1e30f, std::numeric_limits<float>::quiet_NaN()})
        check(0, id, "the id of token 0: [value]");
}
