#include <taxon/onnx/lower.hpp>
#include <taxon/plan/owned_plan.hpp>

#include <cmath>
#include <set>

#include <taxon/onnx/operators.hpp>

#include "allocations.hpp"
#include "catch.hpp"
#include "onnx/lowered_graph.hpp"
#include "onnx/lowered_operators.hpp"
#include "onnx/sample_of.hpp"
#include "onnx/small_node.hpp"
#include "onnx/small_programs.hpp"

using namespace taxon;
using namespace taxon::test;
using namespace taxon::test::onnx_bytes;
using onnx::DataType;

namespace {

/// The largest difference from plain evaluation, over an output's largest number; infinite if whole numbers differ.
double difference(const std::string& bytes, const std::vector<std::int64_t>& limits) {
    const onnx::Folded folded = folded_of(bytes);
    REQUIRE(folded.coverage.reason == "");
    const onnx::Network network = onnx::lower(folded.program);
    const std::vector<onnx::Tensor> inputs = sample_of(folded.program, limits, 7);
    const std::vector<double> found = reference_outputs(network, inputs);
    double most = 0;
    std::size_t at = 0;
    for (const onnx::Tensor& wanted : onnx::run(folded.program, inputs)) {
        REQUIRE(at + wanted.size() <= found.size());
        double scale = 1e-6, largest = 0;
        for (std::size_t i = 0; i < wanted.size(); ++i, ++at) {
            if (std::isfinite(wanted.real(i))) scale = std::max(scale, std::fabs(wanted.real(i)));
            if (found[at] == wanted.real(i) || (std::isnan(found[at]) && std::isnan(wanted.real(i)))) continue;
            largest = std::max(largest, std::isfinite(found[at]) ? std::fabs(found[at] - wanted.real(i)) : INFINITY);
        }
        most = std::max(most, onnx::is_floating(wanted.type()) ? largest / scale : largest > 0 ? INFINITY : 0);
    }
    CHECK(at == found.size());
    return most;
}

double difference(const SmallNode& node) { return difference(node.bytes(), node.limits); }

onnx::Network network_of(const Graph& graph) { return onnx::lower(folded_of(model(graph)).program); }
std::vector<Op> layers_of(const onnx::Network& network) {
    std::vector<Op> all;
    for (const onnx::Network::Layer& layer : network.layers) all.push_back(layer.node.op);
    return all;
}
std::string reason_of(const std::string& line) {
    onnx::Folded folded = folded_of(SmallNode(line).bytes());
    REQUIRE(folded.coverage.reason == "");
    CHECK_FALSE(onnx::lower(folded));
    return folded.coverage.reason;
}

}  // namespace

TEST_CASE("operators lowered to layers give what plain evaluation gives") {
    for (const char* line : lowered_operators) {
        INFO(line);
        CHECK(difference(SmallNode(line)) < 1e-5);
    }
}

TEST_CASE("random graphs of operators give what plain evaluation gives") {
    int compared = 0;
    for (std::uint32_t seed = 0; seed < 150; ++seed) {
        INFO("seed " << seed);
        std::vector<std::byte> recipe(60);
        for (std::uint32_t state = seed; std::byte & byte : recipe) {
            state = state * 1664525u + 1013904223u;
            byte = static_cast<std::byte>(state >> 24);
        }
        const LoweredGraph lowered{RandomGraph(recipe)};
        if (lowered.refused || lowered.largest > 1e6) continue;
        CHECK(lowered.difference <= LoweredGraph::rounding * lowered.largest);
        ++compared;
    }
    CHECK(compared > 100);
}

TEST_CASE("each operator is lowered, but for those that are folded or have no layer") {
    std::set<std::string> known = {"Constant", "ConstantOfShape", "NonZero", "Range", "Shape", "Size", "Acosh"};
    for (const std::string line : lowered_operators) known.insert(line.substr(0, line.find(' ')));
    for (const onnx::Operator& one : onnx::operators())
        CHECK((known.contains(std::string(one.name)) ? "" : one.name) == "");
}

TEST_CASE("reshapes, transpositions, slices and splits are no layers") {
    const onnx::Network network = network_of(
        {{node("Reshape", {"x", "shape"}, {"a"}), node("Transpose", {"a"}, {"b"}),
          node("Slice", {"b", "begin", "end"}, {"c"}), node("Split", {"c"}, {"d", "e"}),
          node("Unsqueeze", {"e", "axes"}, {"f"}), node("Relu", {"f"}, {"g"}), node("Transpose", {"g"}, {"y"})},
         {onnx_bytes::integers("shape", {3}, {4, 6, 2}), onnx_bytes::integers("begin", {1}, {0}),
          onnx_bytes::integers("end", {1}, {2}), onnx_bytes::integers("axes", {1}, {0})},
         {value("x", {2, 24})},
         {value("y", {})}});
    REQUIRE(layers_of(network) == std::vector<Op>{Op::map});
    const LoopNest& nest = network.layers[0].nests[0];
    CHECK(nest.operands[0].first == 1);  // the second of the last axis
    CHECK(nest.count(0, nest.rank) == 24);
}

TEST_CASE("a shift along two axes, four slices and two concatenations, puts four pieces of one value together") {
    const auto axis = [](std::int64_t of) { return std::vector{attribute("axis", of)}; };
    const auto number = [](const std::string& name, std::int64_t of) { return onnx_bytes::integers(name, {1}, {of}); };
    const std::string shifted = model(
        Graph{{node("Slice", {"x", "two", "end", "one"}, {"a"}), node("Slice", {"x", "zero", "two", "one"}, {"b"}),
               node("Concat", {"a", "b"}, {"c"}, axis(1)), node("Slice", {"c", "three", "end", "two"}, {"d"}),
               node("Slice", {"c", "zero", "three", "two"}, {"e"}), node("Concat", {"d", "e"}, {"y"}, axis(2))},
              {number("zero", 0), number("one", 1), number("two", 2), number("three", 3), number("end", 99)},
              {value("x", {2, 5, 7, 3})},
              {value("y", {})}});
    const onnx::Network network = onnx::lower(folded_of(shifted).program);
    REQUIRE(layers_of(network) == std::vector<Op>{Op::assemble});
    CHECK(network.layers[0].operands == std::vector<int>{0, 0, 0, 0});
    CHECK(difference(shifted, {0}) == 0);
}

TEST_CASE("layers that an exporter writes out are recognised, and biases are taken in") {
    const std::vector<std::string> weights = {floats("conv.weight", {4, 3, 3, 3}, std::vector<float>(108, 1)),
                                              floats("bias", {4, 1, 1}, {1, 2, 3, 4})};
    const onnx::Network silu =
        network_of({{node("Conv", {"x", "conv.weight"}, {"a"}), node("Add", {"a", "bias"}, {"b"}),
                     node("Sigmoid", {"b"}, {"c"}), node("Mul", {"b", "c"}, {"y"})},
                    weights,
                    {value("x", {1, 3, 6, 6})},
                    {value("y", {})}});
    REQUIRE(layers_of(silu) == std::vector<Op>{Op::convolution, Op::activation});
    CHECK(silu.layers[0].name == "conv");
    CHECK(silu.layers[0].weights.size() == 2);
    CHECK(silu.layers[1].node.activation.kind == Activation::silu);
}

TEST_CASE("queries and keys of one value, whose heads are cut apart, are one layer of two parts") {
    const std::vector<std::string> weights{floats("a.query.weight", {4, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3}),
                                           floats("a.query.bias", {4}, {1, 2, 3, 4}),
                                           floats("a.key.weight", {4, 3}, {3, 2, 1, 9, 8, 7, 6, 5, 4, 3, 2, 1}),
                                           floats("a.key.bias", {4}, {4, 3, 2, 1}), integers("heads", {3}, {5, 2, 2})},
        transposed{attribute("transB", std::int64_t{1})};
    const Graph graph{{node("Gemm", {"x", "a.query.weight", "a.query.bias"}, {"q"}, transposed),
                       node("Gemm", {"x", "a.key.weight", "a.key.bias"}, {"k"}, transposed),
                       node("Reshape", {"q", "heads"}, {"h"}), node("Reshape", {"k", "heads"}, {"i"}),
                       node("Sub", {"h", "i"}, {"y"})},
                      weights,
                      {value("x", {5, 3})},
                      {value("y", {})}};
    const onnx::Network network = network_of(graph);
    const auto layer = std::ranges::find(network.layers, "a", &onnx::Network::Layer::name);
    REQUIRE(layer != network.layers.end());
    CHECK(layer->node.parts == 2);
    CHECK(layer->weights.size() == 4);
    CHECK(difference(model(graph), {0}) < 1e-5);
}

TEST_CASE("GELU written out is one layer, but not where its last factor widens the shape") {
    const auto gelu = [](const std::string& half) {
        return Graph{{node("Div", {"x", "root"}, {"a"}), node("Erf", {"a"}, {"b"}), node("Add", {"b", "one"}, {"c"}),
                      node("Mul", {"x", "c"}, {"d"}), node("Mul", {"d", "half"}, {"y"})},
                     {floats("root", {}, {1.41421356f}), floats("one", {}, {1}), half},
                     {value("x", {3})},
                     {value("y", {})}};
    };
    const onnx::Network narrow = network_of(gelu(floats("half", {}, {0.5f})));
    REQUIRE(narrow.layers.size() == 1);
    CHECK(narrow.layers[0].nests[0].activation.kind == Activation::gelu);

    CHECK(difference(model(gelu(floats("half", {2, 1}, {0.5f, 0.5f}))), {0}) < 1e-6);
}

TEST_CASE("attention written out gives NaN to a query whose keys are all masked") {
    const std::string attention =
        model(Graph{{node("Transpose", {"x"}, {"t"}, {attribute("perm", Sizes{0, 2, 1})}),
                     node("MatMul", {"x", "t"}, {"scores"}), node("Add", {"scores", "mask"}, {"masked"}),
                     node("Softmax", {"masked"}, {"shares"}), node("MatMul", {"shares", "x"}, {"y"})},
                    {floats("mask", {2, 2}, {0, -INFINITY, -INFINITY, -INFINITY})},
                    {value("x", {1, 2, 3})},
                    {value("y", {})}});
    const onnx::Folded folded = folded_of(attention);
    const onnx::Network network = onnx::lower(folded.program);
    CHECK(layers_of(network).back() == Op::scaled_dot_product);
    const std::vector<double> found = reference_outputs(network, {tensor({1, 2, 3}, {1, 2, 3, 4, 5, 6})});
    CHECK(std::vector(found.begin(), found.begin() + 3) == std::vector<double>{1, 2, 3});
    CHECK(std::isnan(found[3]));
    CHECK(difference(attention, {0}) == 0);
}

TEST_CASE("constants and parameters of layers have names of their own") {
    // a convolution over volumes has its weights as a constant
    const onnx::Network network = network_of({{node("Conv", {"x", "w"}, {"a"}), node("Conv", {"z", "v"}, {"b"})},
                                              {floats("w", {1, 1, 1, 1}, {2}), floats("v", {1, 1, 1, 1, 2}, {1, 1})},
                                              {value("x", {1, 1, 2, 2}), value("z", {1, 1, 1, 1, 3})},
                                              {value("a", {}), value("b", {})}});
    std::set<std::string> names;
    for (const onnx::Network::Layer& layer : network.layers)
        for (const onnx::Network::Weight& weight : layer.weights)
            CHECK(names.insert(layer.name + (weight.suffix.empty() ? "" : "." + weight.suffix)).second);
    CHECK(names.size() == 2);
}

TEST_CASE("a shortcut's convolution comes before the branch beside it") {
    const std::vector<std::string> weights = {floats("a.weight", {2, 2, 3, 3}, std::vector<float>(36, 1)),
                                              floats("b.weight", {2, 2, 1, 1}, std::vector<float>(4, 1)),
                                              floats("c.weight", {2, 2, 3, 3}, std::vector<float>(36, 1))};
    const onnx::Network network = network_of(
        {{node("Conv", {"x", "a.weight"}, {"a"}), node("Relu", {"a"}, {"r"}), node("Conv", {"r", "b.weight"}, {"b"}),
          node("Conv", {"x", "c.weight"}, {"c"}), node("Add", {"b", "c"}, {"y"})},
         weights,
         {value("x", {1, 2, 7, 7})},
         {value("y", {})}});
    REQUIRE(network.layers.size() == 5);
    CHECK(network.layers[0].name == "c");
    CHECK(network.layers[1].name == "a");
    CHECK(network.layers[4].operands == std::vector<int>{4, 1});
}

TEST_CASE("layers are called after the exporter's scopes, and what no output needs is left out") {
    const std::string named = part(1, "x") + part(2, "y") + part(3, "/block/block.0/act/Relu") + part(4, "Relu");
    const std::string unused = part(1, "x") + part(2, "z") + part(3, "/block/block.1/Exp") + part(4, "Exp");
    const onnx::Network network = network_of({{named, unused}, {}, {value("x", {2, 3})}, {value("y", {})}});
    REQUIRE(network.layers.size() == 1);
    CHECK(network.layers[0].name == "block.0.act.relu");
}

TEST_CASE("resizing and upsampling of pictures are the library's layers where the rules are one") {
    const auto only = [](const std::string& line) {
        const auto all = layers_of(onnx::lower(folded_of(SmallNode(line).bytes()).program));
        return all.empty() ? Op::input : all.back();
    };
    const std::string nearest = "Resize 1,3,4,5 _ =<1,1,2,2> | mode='nearest' nearest_mode='floor' ";
    CHECK(only(nearest + "coordinate_transformation_mode='asymmetric'") == Op::upsample);
    CHECK(only("Resize 1,3,4,5 _ _ =[1,3,8,8] | mode='linear'") == Op::resize);
    CHECK(only("Resize 1,3,4,5 _ _ =[1,3,8,8] | mode='cubic'") == Op::matrix_product);
}

TEST_CASE("numbers that are quantized to be dequantized are rounded in four layers") {
    const Graph graph{
        {node("QuantizeLinear", {"x", "s", "z"}, {"q"}), node("DequantizeLinear", {"q", "s", "z"}, {"y"})},
        {floats("s", {}, {0.013f}), dims({}) + number(2, 3) + part(8, "z") + part(9, "\x05")},
        {value("x", {4})},
        {value("y", {})}};
    const onnx::Network network = network_of(graph);
    CHECK(layers_of(network) == std::vector<Op>{Op::constant, Op::map, Op::map, Op::map, Op::map});
    const onnx::Tensor x = tensor({4}, {-9, 0.02f, 0.4f, 9});
    const auto wanted = numbers_of(onnx::run(folded_of(model(graph)).program, {x})[0]);
    const auto found = reference_outputs(network, {x});
    for (std::size_t i = 0; i < 4; ++i) CHECK(found[i] == Approx(wanted[i]).epsilon(1e-6));
}

TEST_CASE("infinite numbers are allowed in constants of networks, and only there") {
    CHECK(difference(SmallNode("IsInf 2,3 | detect_negative=0")) == 0);
    CHECK_THROWS_WITH(difference(SmallNode("Conv 1,1,2,2 =<inf,1>")), Catch::Contains("[shape]"));
    const onnx::Network network = network_of({{node("Conv", {"x", "w"}, {"y"})},
                                              {floats("w", {1, 1, 1, 1}, {INFINITY})},
                                              {value("x", {1, 1, 2, 2})},
                                              {value("y", {})}});
    CHECK_THROWS_WITH(reference_outputs(network, {tensor({1, 1, 2, 2}, {1, 2, 3, 4})}), Catch::Contains("found inf"));
}

TEST_CASE("whole numbers are refused where they may pass what floats hold") {
    CHECK(reason_of("Mul i9:4 i9:4").find("Mul with whole numbers that may pass 2^24") != std::string::npos);
    CHECK(reason_of("CumSum i9:99 =[0]").find("2^24") != std::string::npos);
    CHECK(reason_of("ReduceProd u9:4 | keepdims=0").find("2^24") != std::string::npos);
    // eight bits wrap around as those of the file do
    CHECK(difference(SmallNode("Add u255:64 u255:64")) == 0);
    CHECK(difference(SmallNode("Mul u255:64 u255:64")) == 0);
    CHECK(difference(SmallNode("Sub u255:64 u255:64")) == 0);
    // a constant's numbers are known
    CHECK(difference(SmallNode("Mul i9:4 =i3:4")) == 0);
    CHECK(difference(SmallNode("Add i9:4 i9:4")) == 0);
    CHECK(difference(SmallNode("ReduceSum i9:3")) == 0);
}

TEST_CASE("all uses that have no layer are named, and the report has them") {
    onnx::Folded folded =
        folded_of(model(Graph{{node("Conv", {"x", "x"}, {"a"}), node("ConvTranspose", {"a", "x"}, {"b"}),
                               node("Neg", {"b"}, {"c"}), node("Conv", {"c", "x"}, {"y"})},
                              {},
                              {value("x", {1, 1, 4})},
                              {value("y", {})}}));
    REQUIRE(folded.coverage.reason == "");
    const std::string found = "with weights that depend on the network's inputs, wanted constants (node ";
    CHECK_THROWS_WITH(onnx::lower(folded.program), Catch::Contains("Conv " + found + "'a/Conv' and 1 more)"));
    CHECK_FALSE(onnx::lower(folded));
    CHECK(folded.coverage.reason.find("Conv " + found + "'a/Conv' and 1 more), ConvTranspose " + found +
                                      "'b/ConvTranspose')") != std::string::npos);
    const auto rows = folded.coverage.by_operator();
    CHECK(rows.at("Conv").status == onnx::Coverage::Status::unsupported);
    CHECK(rows.at("Conv").nodes == std::vector<std::string>{"a/Conv", "y/Conv"});
    CHECK(rows.at("Neg").status == onnx::Coverage::Status::supported);
}

TEST_CASE("uses of operators that have no layer are refused with what to do") {
    CHECK(reason_of("LSTM 3,1,2 =1,16,2 =1,16,4 _ _ _ _ 1,12").find("peepholes that depend on the network's inputs") !=
          std::string::npos);
    CHECK(reason_of("Conv 1,1,4,4 2,1,3,3").find("weights that depend on the network's inputs, wanted constants") !=
          std::string::npos);
}

TEST_CASE("values with more numbers than a network's sizes count are refused, by whatever makes them") {
    for (const char* line :
         {"Expand 1 =[4294967296,]", "MatMul 131072,1 1,131072", "Conv 1,1,1,1 =1,1,1,1 | pads=0,65536,65536,65536",
          "MaxPool 1,1,131072,131072 | kernel_shape=1,1", "Resize 1,1,2,2 _ _ =[1,1,65536,65536] | mode='nearest'",
          "Concat 268435455 8 | axis=0"}) {
        INFO(line << ": " << reason_of(line));
        CHECK(reason_of(line).find("at most 2^28 numbers") != std::string::npos);
    }
}

TEST_CASE("a resize of long axes is refused before its weights are made") {
    CHECK(reason_of("Resize 30000 _ _ =[30001,] | mode='linear'").find("a matrix of (30001, 30000) weights") !=
          std::string::npos);
    CHECK(reason_of("Resize 1 _ _ =[2000000,] | mode='linear'").find("an axis of 2000000 places") != std::string::npos);
}

TEST_CASE("windows, strides and axes beyond what a network counts in are refused") {
    for (const char* line :
         {"AveragePool 2,1,1 | kernel_shape=2147483647, pads=2147483646,2147483646 strides=2147483647,",
          "MaxPool 2,1,1 | kernel_shape=2147483647, pads=2147483646,2147483646",
          "LpPool 1,1,1 | kernel_shape=2147483647, pads=2147483646,2147483646 opset=18",
          "Conv 5,1,1,1 =1,1,1,1 | strides=1073741824,1", "Conv 1,1,4 =1,1,1 | strides=268435456, pads=268435456,0",
          "Conv 1,1,1 =1,1,2 | dilations=1073741824, pads=536870912,536870912",
          "Conv 65537,1,1,1 =1,1,32768,1 | pads=32767,0,0,0", "ConvTranspose 1,1,1 =1,1,3 | strides=134217728,",
          "LRN 1,4,2,2 | size=2147483647", "Resize 64,262144,1 _ _ =[262144,1,1] | mode='nearest'",
          "Einsum 65536 65537 | equation='a,b->'", "Einsum 65536,32 65536,32 | equation='ab,cd->'",
          "Gather 16777219 =[0,5,3]", "GatherElements 16777219 =[0,5,3]"}) {
        INFO(line << ": " << reason_of(line));
        CHECK(reason_of(line).find("what has no layer") != std::string::npos);
        CHECK(reason_of(line).find(" 2^2") != std::string::npos);
    }
}

TEST_CASE("windows over large pictures are layers") {
    for (const char* line :
         {"Conv 1,64,1920,1920 =1,64,3,3 | pads=1,1,1,1", "MaxPool 1,64,1920,1920 | kernel_shape=2,2 strides=2,2",
          "AveragePool 1,64,1920,1920 | kernel_shape=1920,1920", "Conv 1,1,100000000 =1,1,9",
          "ConvTranspose 1,64,960,960 =64,1,2,2 | strides=2,2"}) {
        INFO(line);
        onnx::Folded folded = folded_of(SmallNode(line).bytes());
        onnx::lower(folded);
        CHECK(folded.coverage.reason == "");
    }
}

TEST_CASE("whole numbers are compared only where floats hold them") {
    const auto reason = [](std::int64_t factor, const char* operation) {
        onnx_bytes::Graph graph{
            {onnx_bytes::node("Mul", {"x", "f"}, {"m"}), onnx_bytes::node(operation, {"m", "c"}, {"y"})},
            {onnx_bytes::integers("f", {}, {factor}), onnx_bytes::integers("c", {}, {(1 << 24) + 1})},
            {onnx_bytes::value("x", {3}, 7)},
            {onnx_bytes::value("y", {})}};
        onnx::Folded folded = folded_of(onnx_bytes::model(graph));
        onnx::lower(folded);
        return folded.coverage.reason;
    };
    for (const char* operation : {"Div", "Mod", "Equal", "Less"}) {
        INFO(operation);
        CHECK(reason(4, operation).find("may pass 2^24") != std::string::npos);
        CHECK(reason(2, operation) == "");
    }
}

TEST_CASE("a plan whose values take more than 2 GiB at once is refused") {
    const auto plan = [](const std::string& count) {
        onnx_bytes::Graph graph = SmallNode("Expand 1 =[" + count + ",]").graph;
        graph.nodes.push_back(onnx_bytes::node("Exp", {"out0"}, {"a"}));
        graph.nodes.push_back(onnx_bytes::node("Neg", {"a"}, {"b"}));
        graph.nodes.push_back(onnx_bytes::node("Mul", {"a", "b"}, {"c"}));
        graph.nodes.push_back(onnx_bytes::node("ReduceMax", {"c"}, {"y"}));
        graph.outputs = {onnx_bytes::value("y", {})};
        const onnx::Network network = onnx::lower(folded_of(onnx_bytes::model(graph)).program);
        return plan_at_run_time(network.traced().graph()).arena_bytes;
    };
    CHECK(plan("1000000") > 0);
    CHECK(fault_of([&] { plan("268435448"); }) == Fault::limit);
}

TEST_CASE("a network has at most 256 outputs") {
    const auto reason = [](int count) {
        Graph graph{{}, {}, {value("x", {4})}};
        for (int i = 0; i < count; ++i) {
            graph.nodes.push_back(node("Relu", {"x"}, {"y" + std::to_string(i)}));
            graph.outputs.push_back(value("y" + std::to_string(i), {}));
        }
        onnx::Folded folded = folded_of(model(graph));
        onnx::lower(folded);
        return folded.coverage.reason;
    };
    CHECK(reason(256).empty());
    CHECK(reason(257) == "[unsupported] found 257 outputs, wanted at most 256; export the model with fewer, or let "
                         "import_onnx run compute it without layers");
}

TEST_CASE("a network takes memory only as its graph's size allows") {
    // each of these makes 64 layers
    Graph products{{}, {integers("axis", {1}, {0})}, {value("x", {64})}, {value("sum", {})}};
    std::vector<std::string> all;
    for (int i = 0; i < 2000; ++i) {
        all.push_back("y" + std::to_string(i));
        products.nodes.push_back(node("CumProd", {"x", "axis"}, {all.back()}));
    }
    products.nodes.push_back(node("Sum", all, {"sum"}));
    onnx::Folded folded = folded_of(model(products, 26));
    CHECK(folded.coverage.reason.empty());
    CHECK(peak_of([&] { CHECK_FALSE(onnx::lower(folded)); }) < 2 * Limits{}.reader_bytes);
    CHECK(folded.coverage.reason.find("more memory than their size allows") != std::string::npos);

    // places are looked for when they are read
    const onnx::Folded resized = folded_of(SmallNode("Resize 1000000 _ _ =[999999,] | mode='nearest'").bytes());
    onnx::Network network;
    CHECK(peak_of([&] { network = onnx::lower(resized.program); }) < 20'000);
    CHECK(peak_of([&] { network.layers.at(0).weights.at(0).numbers.numbers<float>(); }) > 3'000'000);
}

TEST_CASE("patterns end where graphs go on: work grows with the number of nodes") {
    const auto work_of = [](int count) {
        onnx_bytes::Graph graph{{},
                                {onnx_bytes::floats("two", {}, {2}), onnx_bytes::floats("w", {1, 2, 2}, {1, 2, 3, 4})}};
        graph.inputs = {onnx_bytes::value("x", {1, 2, 2})};
        std::string last = "x";
        const auto next = [&](const std::string& operation, const std::string& other) {
            const std::string made = operation + std::to_string(graph.nodes.size());
            graph.nodes.push_back(
                onnx_bytes::node(operation, other.empty() ? std::vector{last} : std::vector{last, other}, {made}));
            last = made;
        };
        for (int i = 0; i < count; ++i) next("Mul", "two");
        for (int i = 0; i < count; ++i) next("Add", "w");
        next("Softmax", "");
        const std::string weights = last;
        for (int i = 0; i < count; ++i) {
            const std::string made = "y" + std::to_string(i);
            graph.nodes.push_back(onnx_bytes::node("MatMul", {weights, "x"}, {made}));
            graph.outputs.push_back(onnx_bytes::value(made, {}));
        }
        const onnx::Folded folded = folded_of(onnx_bytes::model(graph));
        return bytes_allocated_by([&] { onnx::lower(folded.program); });
    };
    CHECK(work_of(240) <= 3 * work_of(120));
}
