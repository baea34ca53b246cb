#include <taxon/onnx/lint.hpp>

#include "catch.hpp"

using namespace taxon;

namespace {

/// A model of one node, "n", that reads the input "x" and the constants "a" and "b".
onnx::ModelProto model_of(onnx::NodeProto node, std::int64_t opset = 13) {
    onnx::ModelProto model;
    model.ir_version = 7, model.opset[""] = opset;
    model.graph.inputs = {
        {"x", onnx::DataType::float32, std::vector<onnx::ValueInfoProto::Dimension>{std::int64_t{1}}}};
    for (const char* name : {"a", "b"}) model.graph.initializers.push_back({name, onnx::DataType::float32, {}, {}});
    model.graph.nodes.push_back(std::move(node));
    return model;
}

using Found = std::vector<std::string>;
using Integers = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("lint: a plain node is fine") {
    CHECK(onnx::lint(model_of({"n", "Relu", "", {"x"}, {"y"}, {}, {}})).empty());
    CHECK(onnx::lint(model_of({"n", "Clip", "", {"x", "a", "b"}, {"y"}, {}, {}})).empty());
    CHECK(onnx::lint(model_of({"n", "Resize", "", {"x", "", "a"}, {"y"}, {}, {}})).empty());
}

TEST_CASE("lint: every rule of a node finds what breaks it") {
    const auto found = [](onnx::NodeProto node) { return onnx::lint(model_of(std::move(node))); };
    CHECK(found({"n", "NonMaxSuppression", "", {"x"}, {"y"}, {}, {}}) ==
          Found{"n: NonMaxSuppression is not supported by most converters"});
    CHECK(found({"n", "HardSwish", "", {"x"}, {"y"}, {}, {}}) ==
          Found{"n: the form for opset 13 writes HardSwish out"});
    CHECK(onnx::lint(model_of({"n", "HardSwish", "", {"x"}, {"y"}, {}, {}}, 17)).empty());
    CHECK(found({"", "Relu", "", {"x"}, {"y"}, {}, {}}) ==
          Found{"a Relu without a name: profiles and reports cannot name it"});
    CHECK(found({"n", "Relu", "com.example", {"x"}, {"y"}, {}, {}}) ==
          Found{"n: an operator of the domain com.example"});
    CHECK(found({"n", "Reshape", "", {"x", "x"}, {"y"}, {}, {}}) == Found{"n: its operand 1 is not a constant"});
    CHECK(found({"n", "Clip", "", {"x", "a", "x"}, {"y"}, {}, {}}) == Found{"n: its operand 2 is not a constant"});
    CHECK(found({"n", "Transpose", "", {"x"}, {"y"}, {{"perm", Integers{0, 3, 1, 4, 2}}}, {}}) ==
          Found{"n: a Transpose of more than 4 dimensions"});
    CHECK(found({"n", "Conv", "", {"x", "a"}, {"y"}, {{"auto_pad", std::string("SAME_UPPER")}}, {}}) ==
          Found{"n: auto_pad instead of explicit pads", "n: no explicit pads", "n: no explicit kernel_shape"});
    CHECK(found({"n",
                 "MaxPool",
                 "",
                 {"x"},
                 {"y"},
                 {{"ceil_mode", std::int64_t{1}}, {"kernel_shape", Integers{2, 2}}, {"pads", Integers{0, 0, 0, 0}}},
                 {}}) == Found{"n: ceil_mode, which converters round in different ways"});
}

TEST_CASE("lint: every rule of the whole finds what breaks it") {
    auto model = model_of({"n", "Relu", "", {"x"}, {"y"}, {}, {}});
    model.opset = {{"", 18}, {"com.example", 1}};
    model.ir_version = 9;
    model.graph.nodes.push_back({"n", "Relu", "", {"y"}, {"z"}, {}, {}});
    model.graph.inputs.push_back({"a", onnx::DataType::float32, std::nullopt});
    model.graph.inputs.push_back(
        {"t", onnx::DataType::float32,
         std::vector<onnx::ValueInfoProto::Dimension>{std::string("batch"), std::string("length")}});
    CHECK(onnx::lint(model) == Found{"opset: converters take 12 to 17", "IR version: converters take up to 8",
                                     "opset: operators of the domain com.example are no standard",
                                     "input a: its rank is open", "input t: only the batch may be open",
                                     "a: an initializer repeated as an input is no constant",
                                     "n: another node has this name"});
}
