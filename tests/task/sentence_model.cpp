#include <taxon/task/sentence_model.hpp>

#include <array>

#include "catch.hpp"

using namespace taxon;

namespace {

/// Two texts of four tokens a run; its inputs are mask, types and ids. It gives a number for each text, the sum of its
/// mask, and then (id, 10 type) for each token, whether it is masked or not.
class Network final : public AnyModel {
  public:
    static constexpr std::array inputs{Port{"attention_mask", Shape::rows(8, 1)},
                                       Port{"token_type_ids", Shape::rows(8, 1)}, Port{"input_ids", Shape::rows(8, 1)}};
    static constexpr std::array outputs{Port{"pooler_output", Shape::rows(2, 1)},
                                        Port{"last_hidden_state", Shape::rows(16, 1)}};

    GraphView graph() const override {
        GraphView graph{};
        graph.inputs = inputs, graph.outputs = outputs;
        return graph;
    }
    PlanView plan() const override { return {}; }
    std::string_view isa() const override { return "none"; }
    std::unique_ptr<Workspace> make_workspace() const override { return std::make_unique<Workspace>(); }
    Workspace& thread_workspace() const override {
        static thread_local Workspace workspace;
        return workspace;
    }
    void run(std::span<const float> samples, std::span<float> results, Workspace&, int,
             std::span<const int>) const override {
        REQUIRE(samples.size() / 24 == results.size() / 18);
        for (std::size_t run = 0; run < results.size() / 18; ++run) {
            const auto mask = samples.subspan(run * 24, 8), types = samples.subspan(run * 24 + 8, 8),
                       ids = samples.subspan(run * 24 + 16, 8);
            const auto to = results.subspan(run * 18, 18);
            for (std::size_t text = 0; text < 2; ++text)
                to[text] = mask[4 * text] + mask[4 * text + 1] + mask[4 * text + 2] + mask[4 * text + 3];
            for (std::size_t token = 0; token < 8; ++token)
                to[2 + 2 * token] = ids[token], to[3 + 2 * token] = 10 * types[token];
        }
    }
    void run_ports(std::span<const InputSpan>, std::span<const OutputSpan>, Workspace&, int) const override {}
    void preprocess(const Image&, PixelTarget) const override {}
    void walk(std::span<const float> sample, Workspace&, const LayerVisitor&) const override {
        CHECK(sample.size() == 24);
    }
    void save(const std::filesystem::path&, std::span<const io::OfflineSection>) const override {}
};

task::SentenceModel model_of(int output, int width, task::TokenPooling pooling) {
    return {std::make_unique<Network>(),
            {{.shape = Shape::tokens(2, 4)}, {.shape = {width}}, {}},
            {.texts = 2,
             .tokens = 4,
             .words = 50,
             .types = 2,
             .ids = 2,
             .mask = 0,
             .of_type = 1,
             .output = output,
             .pooling = pooling,
             .normalizes = false}};
}

/// Three texts of three tokens, an id and a type each.
const std::vector<float> texts{1, 0, 2, 0, 3, 1, 10, 0, 20, 0, 30, 0, 40, 1, 41, 1, 42, 1};

std::vector<float> vectors(const task::SentenceModel& model, std::span<const int> valid = {}) {
    std::vector<float> all(3 * static_cast<std::size_t>(model.output_shape().size()));
    model.run(texts, all, *model.make_workspace(), 3, valid);
    return all;
}

}  // namespace

TEST_CASE("texts of any number run in a sentence encoder of a fixed number of texts and tokens") {
    const auto mean = model_of(1, 2, task::TokenPooling::mean);
    CHECK((mean.input_shape() == Shape::tokens(2, 4)));
    CHECK(mean.words() == 50);
    CHECK(vectors(mean) == std::vector<float>{2, 10.f / 3, 20, 0, 41, 10});
    constexpr std::array valid{2, 1, 3};
    CHECK(vectors(mean, valid) == std::vector<float>{1.5f, 0, 10, 0, 41, 10});
    CHECK(vectors(model_of(1, 2, task::TokenPooling::cls)) == std::vector<float>{1, 0, 10, 0, 40, 10});
    // the network's own vectors, of its mask: padding to four tokens is masked, too
    CHECK(vectors(model_of(0, 1, task::TokenPooling::none), valid) == std::vector<float>{2, 1, 3});
    mean.walk(std::span(texts).first(6), mean.thread_workspace(), {});
}

TEST_CASE("tokens that a sentence encoder does not take are refused") {
    const auto model = model_of(0, 1, task::TokenPooling::none);
    const auto error_of = [&](const std::vector<float>& tokens, int length) -> std::string {
        std::vector<float> one(1);
        try {
            model.run(tokens, one, model.thread_workspace(), length, {});
        } catch (const Error& error) { return error.what(); }
        return "";
    };
    CHECK(error_of({1, 0, 2, 0, 3, 0, 4, 0, 5, 0}, 5).find("5 for each of 1 texts") != std::string::npos);
    CHECK(error_of({1, 0, 50, 0}, 2).find("the id of token 1") != std::string::npos);
    CHECK(error_of({1, 0, 49, 2}, 2).find("the type of token 1") != std::string::npos);
    CHECK(error_of({1, 0, 49, 1}, 2).empty());
}
