// Networks of other frameworks.
#include <taxon/onnx/fold.hpp>
#include <taxon/onnx/operators.hpp>
#include <taxon/onnx/read_model.hpp>

#include <algorithm>
#include <memory>
#include <sstream>

#include "fuzz/target.hpp"
#include "onnx/lowered_operators.hpp"
#include "onnx/model_writer.hpp"
#include "onnx/random_node.hpp"
#include "onnx/small_node.hpp"

namespace taxon::fuzz {
namespace {

using namespace test::onnx_bytes;

constexpr Limits limits{.folded_elements = 1 << 16};

std::shared_ptr<const onnx::ModelProto> model_of(std::span<const std::byte> bytes) {
    const auto shared = onnx::SharedBytes::of({bytes.begin(), bytes.end()});
    return std::make_shared<const onnx::ModelProto>(onnx::read_model(shared, {}, limits));
}

/// Reads a model.
std::size_t read_onnx(std::span<const std::byte> bytes) {
    model_of(bytes);
    return 0;
}

/// Reads a model, and computes all of it that depends on no input.
std::size_t fold_onnx(std::span<const std::byte> bytes) {
    const onnx::Folded folded = onnx::fold(model_of(bytes), {}, limits);
    hold(folded.coverage.nodes.size() >= folded.program.steps.size());
    for (const auto& step : folded.program.steps) hold(step.outputs.size() == step.call.outputs.size());
    return 0;
}

/// The same of a model of one node, for which bytes are the recipe.
std::size_t compute_operator(std::span<const std::byte> bytes) {
    const test::RandomNode random(bytes);
    return fold_onnx(std::as_bytes(std::span(random.bytes())));
}

/// A pseudo-random recipe.
std::string recipe_of(std::uint32_t seed, std::size_t count) {
    std::string recipe;
    for (std::size_t i = 0; i < count; ++i, seed = seed * 1664525u + 1013904223u)
        recipe += static_cast<char>(seed >> 24);
    return recipe;
}

/// Some uses of each operator.
std::vector<std::string> operator_recipes() {
    constexpr std::uint32_t uses = 8;
    std::vector<std::string> all;
    for (std::uint32_t i = 0; i < uses * onnx::operators().size(); ++i) {
        all.push_back(recipe_of(i, 96));
        all.back()[0] = static_cast<char>(i % onnx::operators().size());
    }
    return all;
}

/// Constants through a node, so that it is computed.
std::string folding(const std::string& operation, const std::vector<std::string>& initializers,
                    const std::vector<std::string>& attributes = {}, std::int64_t opset = 17) {
    std::vector<std::string> names;
    Graph graph{{}, {}, {}, {value("y", {1})}};
    for (const std::string& tensor : initializers) {
        names.push_back(std::string(1, static_cast<char>('a' + names.size())));
        graph.initializers.push_back(tensor + part(8, names.back()));
    }
    graph.nodes.push_back(node(operation, names, {"y"}, attributes));
    return model(graph, opset);
}

/// Each operator of the lowering in the forms that it has, of constants, so that it is computed.
std::vector<std::string> constant_operators() {
    std::vector<std::string> all;
    for (const char* form : test::lowered_operators) {
        std::istringstream words(form);
        std::string line, word;
        words >> line;
        for (bool is_input = true; words >> word;) {
            is_input = is_input && word != "|";
            line += (is_input && word[0] != '=' && word[0] != '_' ? " =" : " ") + word;
        }
        all.push_back(test::SmallNode(line).bytes());
    }
    return all;
}

/// One whole number of eight bits, without a sign.
std::string byte_of(const std::string& name, const Sizes& shape) {
    return dims(shape) + number(2, 2) + part(8, name) + part(9, "\3");
}

/// A product of quantized numbers, whose zero points are left out or all there.
std::string quantized_product(const std::string& operation, const Sizes& shape) {
    const bool whole = operation.ends_with("Integer");
    const std::vector<std::string> inputs =
        whole ? std::vector<std::string>{"n", "n"} : std::vector<std::string>{"n", "s", "z", "n", "s", "z", "s", "z"};
    return model(Graph{{node(operation, inputs, {"y"})},
                       {byte_of("n", shape), byte_of("z", {}), floats("s", {}, {0.5f})},
                       {},
                       {value("y", shape, whole ? 6 : 2)}});
}

std::vector<std::string> networks() {
    const auto some = [](const Sizes& shape, std::size_t count) {
        return floats("", shape, std::vector<float>(count, 1));
    };
    const auto whole = [](const std::vector<std::int64_t>& all) {
        return integers("", {static_cast<std::int64_t>(all.size())}, all);
    };
    std::vector<std::string> all{
        small_model(),
        quantized_product("QLinearConv", {1, 1, 1, 1}),
        quantized_product("QLinearMatMul", {1, 1}),
        quantized_product("ConvInteger", {1, 1, 1, 1}),
        quantized_product("MatMulInteger", {1, 1}),
        folding("Conv", {some({1, 1, 3}, 3), some({1, 1, 2}, 2)}, {attribute("pads", Sizes{1, 0})}),
        folding("Slice", {some({2, 2}, 4), whole({0}), whole({2}), whole({1}), whole({-1})}),
        folding("Pad", {some({2}, 2), whole({1, 1})}, {attribute("mode", std::string("reflect"))}),
        folding("Resize", {some({2}, 2), some({0}, 0), some({1}, 1)}, {attribute("mode", std::string("cubic"))}),
        folding("Einsum", {some({2, 1}, 2), some({1, 2}, 2)}, {attribute("equation", std::string("ij,jk->ik"))}),
        folding("LSTM", {some({1, 1, 1}, 1), some({1, 4, 1}, 4), some({1, 4, 1}, 4)}),
        folding("TopK", {some({3}, 3), whole({2})}),
        folding("ScatterND", {some({2}, 2), integers("", {1, 1}, {1}), some({1}, 1)})};
    const auto more = constant_operators();
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

}  // namespace

std::vector<Target> network_targets() {
    std::vector<std::string> words{attribute("axis", -1), attribute("group", 2), number(2, 9), dims({1, 2, 3}),
                                   part(4, "If")};
    for (const onnx::Operator& one : onnx::operators()) {
        words.push_back(part(4, std::string(one.name)));
        std::istringstream names{std::string(one.attributes)};
        for (std::string name; names >> name;) words.push_back(part(1, name));
    }
    std::ranges::sort(words);
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return {{"onnx", read_onnx, networks, words},
            {"onnx_graph", fold_onnx, networks, words},
            {"onnx_operator", compute_operator, operator_recipes}};
}

}  // namespace taxon::fuzz
