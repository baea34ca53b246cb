#include <taxon/graph/traced_graph.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/layer/dense.hpp>
#include <taxon/onnx/exporter/export_graph.hpp>
#include <taxon/onnx/lint.hpp>

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

#include "catch.hpp"
#include "onnx/every_layer.hpp"

using namespace taxon;

namespace {

onnx::ModelProto exported(const std::string& name, const onnx::ExportOptions& form = {}) {
    for (const auto& one : every_layer::cases())
        if (one.name == name) {
            REQUIRE(one.network->problem() == "");
            const io::SyntheticWeights weights;
            const GraphView graph = one.network->graph();
            return onnx::export_graph(graph, Parameters(graph, weights), form, name);
        }
    FAIL("no case of this name");
    return {};
}

const onnx::TensorProto* initializer(const onnx::ModelProto& model, const std::string& name) {
    for (const onnx::TensorProto& tensor : model.graph.initializers)
        if (tensor.name == name) return &tensor;
    return nullptr;
}

std::vector<float> floats_of(const onnx::TensorProto& tensor) {
    std::vector<float> numbers(tensor.data.view.size() / sizeof(float));
    std::memcpy(numbers.data(), tensor.data.view.data(), tensor.data.view.size());
    return numbers;
}

std::vector<std::string> operations(const onnx::ModelProto& model) {
    std::vector<std::string> all;
    for (const onnx::NodeProto& node : model.graph.nodes) all.push_back(node.operation);
    return all;
}

bool has(const onnx::ModelProto& model, const std::string& operation) {
    const auto all = operations(model);
    return std::find(all.begin(), all.end(), operation) != all.end();
}

/// Every operand is there before it is read, and every name is given once.
std::string first_problem(const onnx::ModelProto& model) {
    std::set<std::string> known;
    for (const onnx::ValueInfoProto& input : model.graph.inputs)
        if (!known.insert(input.name).second) return "two inputs " + input.name;
    for (const onnx::TensorProto& tensor : model.graph.initializers)
        if (!known.insert(tensor.name).second) return "two values " + tensor.name;
    for (const onnx::NodeProto& node : model.graph.nodes) {
        for (const std::string& input : node.inputs)
            if (!input.empty() && !known.contains(input)) return node.name + " reads " + input;
        for (const std::string& output : node.outputs)
            if (!known.insert(output).second) return "two values " + output;
    }
    for (const onnx::ValueInfoProto& output : model.graph.outputs)
        if (!known.contains(output.name)) return "no output " + output.name;
    return "";
}

}  // namespace

TEST_CASE("onnx: every layer is exported in both forms, and no converter's rule is broken") {
    const io::SyntheticWeights weights;
    for (const auto& one : every_layer::cases()) {
        INFO(one.name);
        REQUIRE(one.network->problem() == "");
        const GraphView graph = one.network->graph();
        for (const onnx::ExportOptions& form : {onnx::ExportOptions{.opset = 13},
                                                {.opset = 17},
                                                {.opset = 17, .batch = 3},
                                                {.opset = 13, .open_batch = true}}) {
            const onnx::ModelProto model = onnx::export_graph(graph, Parameters(graph, weights), form, one.name);
            CHECK(first_problem(model) == "");
            CHECK(onnx::lint(model) == std::vector<std::string>{});
            CHECK(model.opset == std::map<std::string, std::int64_t>{{"", form.opset}});
            CHECK(model.ir_version == (form.opset == 13 ? 7 : 8));
            for (const auto* values : {&model.graph.inputs, &model.graph.outputs})
                for (const onnx::ValueInfoProto& value : *values)
                    CHECK(value.shape->front() == (form.open_batch
                                                       ? onnx::ValueInfoProto::Dimension("batch")
                                                       : onnx::ValueInfoProto::Dimension(std::int64_t{form.batch})));
        }
    }
}

TEST_CASE("onnx: the form for opset 13 writes out what 17 has an operator for") {
    for (const std::string& name : {std::string("vit"), std::string("activations")}) {
        const auto older = exported(name, {.opset = 13}), newer = exported(name, {.opset = 17});
        const bool norms = name == "vit";
        for (const std::string& operation : norms ? std::vector<std::string>{"LayerNormalization"}
                                                  : std::vector<std::string>{"HardSwish", "HardSigmoid"}) {
            CHECK(has(newer, operation));
            CHECK_FALSE(has(older, operation));
        }
        CHECK(has(older, norms ? "Sqrt" : "Clip"));
    }
}

TEST_CASE("onnx: parameters have the state dict's names and shapes, and a normalisation is in the weights before it") {
    const auto model = exported("conv2d_norm");
    REQUIRE(operations(model) == std::vector<std::string>{"Conv", "HardSwish"});
    REQUIRE(model.graph.initializers.size() == 2);
    const onnx::TensorProto *weight = initializer(model, "0.weight"), *bias = initializer(model, "0.bias");
    REQUIRE(weight != nullptr);
    REQUIRE(bias != nullptr);
    CHECK(weight->shape == Dimensions{8, 6, 3, 3});
    CHECK(bias->shape == Dimensions{8});
    const io::SyntheticWeights source;
    const auto read = [&](const char* name, Dimensions shape) {
        std::int64_t count = 1;
        for (const auto size : shape) count *= size;
        std::vector<float> numbers(static_cast<std::size_t>(count));
        source.read(name, shape, numbers);
        return numbers;
    };
    const auto plain = read("0.weight", {8, 6, 3, 3}), factor = read("1.weight", {8}), shift = read("1.bias", {8}),
               mean = read("1.running_mean", {8}), variance = read("1.running_var", {8});
    const auto folded = floats_of(*weight), biases = floats_of(*bias);
    for (std::size_t channel = 0; channel < 8; ++channel) {
        const double scale = factor[channel] / std::sqrt(variance[channel] + 1e-5);
        CHECK(biases[channel] == static_cast<float>(shift[channel] - mean[channel] * scale));
        for (std::size_t i = channel * 54; i < (channel + 1) * 54; ++i)
            REQUIRE(folded[i] == static_cast<float>(plain[i] * scale));
    }
    // one that nothing can take in stays, with its own
    const auto alone = exported("norm_first");
    CHECK(operations(alone) == std::vector<std::string>{"Relu", "BatchNormalization", "Conv"});
    for (const char* name : {"1.weight", "1.bias", "1.running_mean", "1.running_var", "2.weight"})
        CHECK(initializer(alone, name) != nullptr);
    CHECK(initializer(alone, "1.num_batches_tracked") == nullptr);
}

TEST_CASE("onnx: nodes and values are called by their layers") {
    const auto model = exported("classifier");
    std::vector<std::string> names;
    for (const onnx::NodeProto& node : model.graph.nodes) names.push_back(node.name);
    CHECK(names == std::vector<std::string>{"0/GlobalAveragePool", "0/Flatten", "1/Gemm", "3/Tanh"});
    CHECK(model.graph.nodes[2].inputs == std::vector<std::string>{"0/Flatten", "1.weight", "1.bias"});
    CHECK(initializer(model, "1.weight")->shape == Dimensions{5, 6});
    CHECK(model.graph.inputs.front().name == "input");
    CHECK(model.graph.nodes.back().outputs == std::vector<std::string>{"output"});
}

TEST_CASE("onnx: named inputs and outputs keep their names, and one value may be two outputs") {
    const auto model = exported("ports");
    std::vector<std::string> inputs, outputs;
    for (const auto& input : model.graph.inputs) inputs.push_back(input.name);
    for (const auto& output : model.graph.outputs) outputs.push_back(output.name);
    CHECK(inputs == std::vector<std::string>{"picture", "place"});
    CHECK(outputs == std::vector<std::string>{"features", "again", "scores"});
    CHECK(has(model, "Identity"));
    CHECK(model.graph.inputs[1].shape ==
          std::vector<onnx::ValueInfoProto::Dimension>{std::int64_t{1}, std::int64_t{2}});
}

TEST_CASE("onnx: a network over texts has ids, a mask and types of the length that was chosen") {
    const auto model = exported("bert", {.length = 5});
    std::vector<std::string> inputs;
    for (const auto& input : model.graph.inputs) {
        inputs.push_back(input.name);
        CHECK(input.type == onnx::DataType::int64);
        CHECK(input.shape == std::vector<onnx::ValueInfoProto::Dimension>{std::int64_t{1}, std::int64_t{5}});
    }
    CHECK(inputs == std::vector<std::string>{"input_ids", "attention_mask", "token_type_ids"});
    CHECK(initializer(model, "embeddings.word_embeddings.weight")->shape == Dimensions{30, 6});
    CHECK(initializer(model, "embeddings.position_embeddings.weight")->shape == Dimensions{5, 6});
    CHECK(initializer(model, "embeddings.position_ids") == nullptr);
}

TEST_CASE("onnx: a function that ONNX has no operator for is not exported, and the layer is named") {
    const TracedGraph network({Port{"x", dense::numbers(12)}}, [](Tracer& tracer) {
        tracer.scope("block", [](Tracer& inner) {
            dense::map(inner, "bits", MapFunction::bitwise_and, {12}, {inner.input("x"), inner.input("x")});
        });
    });
    REQUIRE(network.problem() == "");
    const io::SyntheticWeights weights;
    CHECK_THROWS_WITH(onnx::export_graph(network.graph(), Parameters(network.graph(), weights), {}, "dense"),
                      Catch::Contains("layer 'block.bits': [unsupported] found a map of bitwise_and, wanted a function "
                                      "that ONNX has an operator for up to version 17"));
}
