#include <taxon/weights/parameters.hpp>

#include <cmath>
#include <map>
#include <taxon/layer/embeddings.hpp>
#include <utility>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "networks.hpp"

using namespace taxon;

namespace {

/// A state dict of zeros.
class Tensors final : public WeightSource {
  public:
    explicit Tensors(GraphView graph) {
        for (const Parameter& p : graph.parameters)
            shapes[std::string(graph.name(p))] = Dimensions(p.shape.begin(), p.shape.begin() + p.rank);
    }

    std::string origin() const override { return "weights.pth"; }
    std::vector<std::string_view> names() const override {
        std::vector<std::string_view> all;
        for (const auto& [name, shape] : shapes) all.push_back(name);
        return all;
    }
    std::optional<Dimensions> shape_of(std::string_view name, std::span<const std::int64_t>) const override {
        const auto found = shapes.find(std::string(name));
        return found == shapes.end() ? std::nullopt : std::optional(found->second);
    }
    void read(std::string_view, std::span<const std::int64_t>, std::span<float> to) const override {
        std::fill(to.begin(), to.end(), 0.f);
    }

    std::map<std::string, Dimensions> shapes{};
};

/// One normalisation of two channels.
struct Norm {
    static constexpr Shape input{2};
    static constexpr void trace(Tracer& tracer) { Sequential<BatchNorm2d<2, 1000>>::trace(tracer); }
};

/// Weight 3, bias 5, mean 2 and variance 1/4 of the first channel; ones for the second.
class Numbers final : public WeightSource {
    std::string origin() const override { return ""; }
    std::vector<std::string_view> names() const override { return {}; }
    std::optional<Dimensions> shape_of(std::string_view, std::span<const std::int64_t> wanted) const override {
        return Dimensions(wanted.begin(), wanted.end());
    }
    void read(std::string_view name, std::span<const std::int64_t>, std::span<float> to) const override {
        to[0] = name == "0.weight" ? 3.f : name == "0.bias" ? 5.f : name == "0.running_mean" ? 2.f : 0.25f;
        to[1] = 1.f;
    }
};

constexpr GraphView graph = graph_of<networks::Branches>;

/// The sentence with which binding fails.
std::string refusal(const Tensors& tensors) {
    try {
        Parameters(graph, tensors);
    } catch (const Error& error) {
        CHECK(error.fault() == Fault::mismatch);
        CHECK(error.facts().file == "weights.pth");
        return error.facts().found;
    }
    return "bound";
}

}  // namespace

TEST_CASE("a state dict with exactly the parameters binds") {
    CHECK(refusal(Tensors(graph)) == "bound");
    CHECK(Parameters(graph, Tensors(graph))[0].size() == 10 * 3 * 3 * 3);
}

TEST_CASE("one error lists all that is missing, unexpected or mismatched") {
    Tensors tensors(graph);
    tensors.shapes.erase("0.bias");
    tensors.shapes.erase("2.1.2.running_var");
    tensors.shapes["3.weight"] = {9, 37, 1, 1};
    tensors.shapes["2.2.weight"] = {13, 90};
    tensors.shapes["classifier.weight"] = {1};
    const std::string found = refusal(tensors);
    CHECK(found == "2 mismatched: 2.2.weight (13, 90) instead of (13, 10, 3, 3), 3.weight (9, 37, 1, 1) instead of (9, "
                   "37, 3, 3); 2 missing: 0.bias (10), 2.1.2.running_var (16); 1 unexpected: classifier.weight");
}

TEST_CASE("numbers that inference does not need may be absent, or of any shape") {
    Tensors tensors(graph);
    tensors.shapes.erase("2.1.2.num_batches_tracked");
    CHECK(refusal(tensors) == "bound");
    tensors.shapes["2.1.2.num_batches_tracked"] = {1};
    CHECK(refusal(tensors) == "bound");
}

TEST_CASE("R5: names that do not fit: ten of them, the prefix that would have fitted, and advice that is right",
          "[cases]") {
    const auto error = [](const Tensors& tensors) { return error_of([&] { Parameters(graph, tensors); }).facts(); };
    Tensors other(graph);
    other.shapes.clear();
    for (int i = 0; i < 100; ++i) other.shapes["layer" + std::to_string(i) + std::string(600, 'x')] = {1};
    const Error::Facts facts = error(other);
    CHECK(facts.found.starts_with("11 missing: "));
    CHECK(facts.found.find("; 100 unexpected: layer0x") != std::string::npos);
    CHECK(facts.found.size() < 1000);
    CHECK(facts.found.ends_with(", …"));
    CHECK(facts.remedy.starts_with("these are weights of another network"));

    Tensors another(graph);
    another.shapes.clear();
    for (int i = 0; i < 100; ++i) another.shapes["features." + std::to_string(i) + ".block.0.weight"] = {1};
    const std::string line = error_of([&] { Parameters(graph, another); }).what();
    CHECK(line.find("found 11 missing: ") != std::string::npos);
    CHECK(line.find("; 100 unexpected: features.0.block.0.weight, ") != std::string::npos);

    Tensors under(graph);
    const auto shapes = std::exchange(under.shapes, {});
    for (const auto& [name, shape] : shapes) under.shapes["net.backbone." + name] = shape;
    under.shapes["net.loss.weight"] = {1};
    CHECK(error(under).remedy ==
          "12 parameters have the prefix 'net.backbone.': --weights-key net.backbone. takes only those");

    Tensors more(graph);
    more.shapes["loss.weight"] = {1};
    CHECK(error(more).found == "1 unexpected: loss.weight");
    CHECK(error(more).remedy.find("without them") != std::string::npos);

    Tensors fewer(graph);
    fewer.shapes.erase("0.bias");
    fewer.shapes["auxiliary.0.bias"] = {10};  // no better anywhere else
    CHECK(error(fewer).remedy.find("choose the variant") != std::string::npos);
}

TEST_CASE("a number that is not finite, and a negative variance, are refused by name") {
    struct One final : WeightSource {
        std::string bad{};
        float value = 0;
        std::string origin() const override { return "weights.pth"; }
        std::vector<std::string_view> names() const override { return {}; }
        std::optional<Dimensions> shape_of(std::string_view, std::span<const std::int64_t> wanted) const override {
            return Dimensions(wanted.begin(), wanted.end());
        }
        void read(std::string_view name, std::span<const std::int64_t>, std::span<float> to) const override {
            std::fill(to.begin(), to.end(), 1.f);
            if (name == bad) to[1] = value;
        }
    } source;
    const auto fault = [&](std::string name, float value) {
        source.bad = name, source.value = value;
        try {
            affine(graph_of<Norm>.node(1), Parameters(graph_of<Norm>, source));
        } catch (const Error& error) {
            CHECK(error.facts().place == "element 1 of " + name);
            return error.fault();
        }
        return Fault::usage;
    };
    CHECK(fault("0.weight", std::nanf("")) == Fault::value);
    CHECK(fault("0.bias", HUGE_VALF) == Fault::value);
    CHECK(fault("0.running_var", -1.f) == Fault::value);
    CHECK(fault("0.running_mean", -1.f) == Fault::usage);
}

TEST_CASE("a normalisation becomes one factor and one term in double") {
    const GraphView norm = graph_of<Norm>;
    const Affine found = affine(norm.node(1), Parameters(norm, Numbers()));
    CHECK(found.scale[0] == Approx(3 / std::sqrt(0.251)).epsilon(1e-12));
    CHECK(found.shift[0] == Approx(5 - 2 * 3 / std::sqrt(0.251)).epsilon(1e-12));
}

TEST_CASE("R6: weights for another number of classes say how many, and the line that builds for them") {
    constexpr GraphView classifier = graph_of<networks::Shortcuts>;
    Tensors other(classifier);
    for (auto& [name, shape] : other.shapes)
        if (!shape.empty() && shape.front() == 7) shape.front() = 3;
    const auto refusal = [&](const Tensors& tensors) { return error_of([&] { Parameters(classifier, tensors); }); };
    CHECK(std::string(refusal(other).what()) ==
          "weights.pth: classes: [mismatch] found weights for 3, wanted 7; use the network's type with as many classes "
          "as the weights have; of an example, -DTAXON_CLASSES=3 builds it");
    other.shapes.erase(other.shapes.begin());  // something else is wrong as well
    CHECK(refusal(other).facts().place == "parameters");
}

namespace {

/// Two heads, whose logits are added.
struct Heads {
    static constexpr Shape input{4};
    static constexpr void trace(Tracer& tracer) {
        Residual<Named<"head", Linear<4, 7>>, Named<"aux_head", Linear<4, 7>>>::trace(tracer);
    }
};

}  // namespace

TEST_CASE("weights for another number of classes say how many where several heads vote") {
    constexpr GraphView heads = graph_of<Heads>;
    Tensors other(heads);
    for (auto& [name, shape] : other.shapes) shape.front() = 3;
    CHECK(std::string(error_of([&] { Parameters(heads, other); }).what()).find("-DTAXON_CLASSES=3") !=
          std::string::npos);
}

namespace {

struct Words {
    static constexpr Shape input = Shape::tokens(2, 4);
    static constexpr void trace(Tracer& tracer) { Embeddings<8, 10, 4, 2, 1000>::trace(tracer); }
};

}  // namespace

TEST_CASE("R4: a table of word embeddings may have some rows more than its type") {
    constexpr GraphView words = graph_of<Words>;
    const Node& embedding = words.node(1);
    REQUIRE(embedding.op == Op::embedding);
    const auto with_shape = [&](const std::string& name, const Dimensions& shape) {
        Tensors tensors(words);
        tensors.shapes.at(name) = shape;
        return tensors;
    };
    const auto with_rows = [&](std::int64_t rows) { return with_shape("word_embeddings.weight", {rows, 8}); };
    for (const int rows : {10, 11, 1033}) {
        const Tensors tensors = with_rows(rows);
        const Parameters parameters(words, tensors);
        CHECK(parameters[embedding.parameter].size() == 80);
        CHECK(parameters.more_words(embedding).size() == 8 * static_cast<std::size_t>(rows - 10));
    }
    for (const auto& wrong :
         {with_rows(9), with_rows(1034), with_shape("word_embeddings.weight", {11, 9}),
          with_shape("word_embeddings.weight", {88}), with_shape("position_embeddings.weight", {5, 8}),
          with_shape("token_type_embeddings.weight", {3, 8})})
        CHECK(error_of([&] { Parameters(words, wrong); }).fault() == Fault::mismatch);
}
