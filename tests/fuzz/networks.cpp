// Networks of other frameworks.
#include <taxon/onnx/fold.hpp>
#include <taxon/onnx/read_model.hpp>

#include <memory>

#include "fuzz/target.hpp"
#include "onnx/model_writer.hpp"

namespace taxon::fuzz {
namespace {

using namespace test::onnx_bytes;

/// Reads a model, and computes all of it that depends on no input.
std::size_t read_onnx(std::span<const std::byte> bytes) {
    const Limits limits{.folded_elements = 1 << 16};
    const auto shared = onnx::SharedBytes::of({bytes.begin(), bytes.end()});
    const auto model = std::make_shared<const onnx::ModelProto>(onnx::read_model(shared, {}, limits));
    const onnx::Folded folded = onnx::fold(model, {}, limits);
    hold(folded.coverage.nodes.size() >= folded.program.steps.size());
    for (const auto& step : folded.program.steps) hold(step.outputs.size() == step.call.outputs.size());
    return 0;
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

std::vector<std::string> networks() {
    const auto some = [](const Sizes& shape, std::size_t count) {
        return floats("", shape, std::vector<float>(count, 1));
    };
    const auto whole = [](const std::vector<std::int64_t>& all) {
        return integers("", {static_cast<std::int64_t>(all.size())}, all);
    };
    return {small_model(),
            folding("Conv", {some({1, 1, 3}, 3), some({1, 1, 2}, 2)}, {attribute("pads", Sizes{1, 0})}),
            folding("Slice", {some({2, 2}, 4), whole({0}), whole({2}), whole({1}), whole({-1})}),
            folding("Pad", {some({2}, 2), whole({1, 1})}, {attribute("mode", std::string("reflect"))}),
            folding("Resize", {some({2}, 2), some({0}, 0), some({1}, 1)}, {attribute("mode", std::string("cubic"))}),
            folding("Einsum", {some({2, 1}, 2), some({1, 2}, 2)}, {attribute("equation", std::string("ij,jk->ik"))}),
            folding("LSTM", {some({1, 1, 1}, 1), some({1, 4, 1}, 4), some({1, 4, 1}, 4)}),
            folding("TopK", {some({3}, 3), whole({2})}),
            folding("ScatterND", {some({2}, 2), integers("", {1, 1}, {1}), some({1}, 1)})};
}

}  // namespace

std::vector<Target> network_targets() {
    std::vector<std::string> words{
        part(4, "Reshape"),        part(4, "Concat"),     part(4, "Gather"), part(4, "AveragePool"),
        part(4, "QuantizeLinear"), part(4, "Attention"),  part(4, "Where"),  part(4, "If"),
        attribute("axis", -1),     attribute("group", 2), number(2, 9),      dims({1, 2, 3})};
    return {{"onnx", read_onnx, networks, words}};
}

}  // namespace taxon::fuzz
