#include <taxon/onnx/fold.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>
#include <taxon/onnx/lower.hpp>
#include <taxon/onnx/operators.hpp>

#include "allocations.hpp"
#include "catch.hpp"
#include "onnx/lowered_operators.hpp"
#include "onnx/small_node.hpp"
#include "onnx/small_programs.hpp"
#include "shared_data.hpp"

using namespace taxon;
using namespace taxon::test;
using namespace taxon::test::onnx_bytes;
using Status = onnx::Coverage::Status;

namespace {

std::vector<std::string> steps_of(const onnx::Folded& folded) {
    std::vector<std::string> names;
    for (const auto& step : folded.program.steps) names.emplace_back(step.operation->name);
    return names;
}
using Names = std::vector<std::string>;

/// x (1, 2), through a list of nodes to y.
std::string chain(const std::vector<std::string>& nodes, const std::vector<std::string>& initializers = {}) {
    return model(Graph{nodes, initializers, {value("x", {1, 2})}, {value("y", {})}});
}
std::string reason_of(const std::string& bytes) { return folded_of(bytes).coverage.reason; }

}  // namespace

TEST_CASE("fold computes what depends on shapes alone, and runs the rest") {
    const onnx::Folded folded = folded_of(small_model());
    CHECK(folded.coverage.reason.empty());
    CHECK(steps_of(folded) == Names{"Conv", "Relu", "Reshape"});
    const auto rows = folded.coverage.by_operator();
    CHECK(rows.at("Gather").status == Status::folded);
    CHECK(rows.at("Conv").status == Status::supported);
    CHECK(folded.program.value(folded.program.outputs[0]).shape == Dimensions{2, 4});
    CHECK(folded.program.flops() == 2 * 2 * 4 * 9);
    // every window holds all four pixels
    const auto out = onnx::run(folded.program, {tensor({2, 1, 2, 2}, {1, 2, 3, 4, -1, -2, -3, -4})});
    CHECK(out[0].shape() == Dimensions{2, 4});
    CHECK(numbers_of(out[0]) == std::vector<double>{10, 10, 10, 10, 0, 0, 0, 0});
}

TEST_CASE("fold leaves out nodes that change nothing, and those that no output needs") {
    const onnx::Folded folded =
        folded_of(chain({node("Identity", {"x"}, {"a"}), node("Dropout", {"a"}, {"b"}), node("Flatten", {"b"}, {"c"}),
                         node("Magic", {"c"}, {"unused"}), node("Relu", {"c"}, {"y"})}));
    CHECK(folded.coverage.reason.empty());
    CHECK(steps_of(folded) == Names{"Relu"});
    CHECK(folded.coverage.by_operator().at("Magic").status == Status::folded);
    // only the shape of a value is looked at
    CHECK(steps_of(folded_of(chain({node("Exp", {"x"}, {"a"}), node("Shape", {"a"}, {"y"})}))).empty());
}

TEST_CASE("fold takes the branch of If that a constant chooses, with the values around it") {
    const Graph yes{{node("Add", {"x", "one"}, {"t"})}, {floats("one", {}, {1})}, {}, {value("t", {})}};
    const Graph no{{node("Magic", {"x"}, {"e"})}, {}, {}, {value("e", {})}};
    const auto branches = {graph_attribute("then_branch", yes.bytes()), graph_attribute("else_branch", no.bytes())};
    const onnx::Folded folded =
        folded_of(chain({node("Shape", {"x"}, {"s"}), node("Size", {"s"}, {"n"}), node("Equal", {"n", "two"}, {"is"}),
                         node("If", {"is"}, {"y"}, branches)},
                        {integers("two", {}, {2})}));
    CHECK(folded.coverage.reason.empty());
    CHECK(steps_of(folded) == Names{"Add"});
    CHECK(folded.coverage.nodes.size() == 6);
    CHECK(folded.coverage.by_operator().at("Magic").status == Status::folded);
    CHECK(numbers_of(onnx::run(folded.program, {tensor({1, 2}, {1, 2})})[0]) == std::vector<double>{2, 3});

    const std::string open =
        reason_of(chain({node("ReduceMax", {"x"}, {"m"}), node("Cast", {"m"}, {"is"}, {attribute("to", 9)}),
                         node("If", {"is"}, {"y"}, branches)}));
    CHECK(open.find("depends on the values of the network's inputs") != open.npos);
}

TEST_CASE("fold names everything that is not supported, up to ten, and goes on behind it") {
    std::vector<std::string> nodes{node("Magic", {"x"}, {"a0"})};
    for (int i = 0; i < 12; ++i)
        nodes.push_back(
            node("Trick" + std::to_string(i % 6), {"a" + std::to_string(i)}, {"a" + std::to_string(i + 1)}));
    nodes.push_back(node("Relu", {"a12"}, {"b"}));
    nodes.push_back(node("Gelu", {"b"}, {"y"}, {}, "com.example"));
    const onnx::Folded folded = folded_of(chain(nodes));
    const auto rows = folded.coverage.by_operator();
    CHECK(rows.at("Magic").status == Status::unsupported);
    CHECK(rows.at("Trick3").nodes.size() == 2);
    CHECK(rows.at("Relu").status == Status::supported);
    CHECK(rows.at("com.example:Gelu").status == Status::foreign);
    for (const char* part : {"Magic (node 'a0/Magic')", "Trick5 (node 'a6/Trick5' and 1 more)", "com.example:Gelu"})
        CHECK(folded.coverage.reason.find(part) != std::string::npos);

    const std::string attribute_reason = reason_of(chain({node("Relu", {"x"}, {"y"}, {attribute("alpha", 1)})}));
    CHECK(attribute_reason.find("attribute 'alpha'") != std::string::npos);
}

TEST_CASE("fold refuses a shape that depends on an input's values, and one that stays open") {
    const std::string data =
        model(Graph{{node("Reshape", {"x", "s"}, {"y"})}, {}, {value("x", {2}), value("s", {1}, 7)}, {value("y", {})}});
    CHECK(reason_of(data).find("depends on the values of the network's inputs") != std::string::npos);
    const std::string open = model(Graph{{node("Relu", {"x"}, {"y"})}, {}, {value("x", {-1, 3})}, {value("y", {})}});
    CHECK(reason_of(open).find("--shape x=") != std::string::npos);
    CHECK(folded_of(open, {{"x", {4, 3}}}).coverage.reason.empty());
    CHECK(fault_of([&] { folded_of(open, {{"x", {4, 5}}}); }) == Fault::usage);
    CHECK(fault_of([&] { folded_of(open, {{"x", {4}}}); }) == Fault::usage);
    CHECK(fault_of([&] { folded_of(open, {{"z", {4, 3}}}); }) == Fault::usage);
}

TEST_CASE("fold refuses graphs that are none") {
    CHECK(fault_of([] { folded_of(chain({node("Relu", {"z"}, {"y"})})); }) == Fault::missing);
    CHECK(fault_of([] {
              folded_of(chain({node("Relu", {"a"}, {"y"}), node("Relu", {"x"}, {"a"})}));
          }) == Fault::missing);
    CHECK(fault_of([] { folded_of(chain({node("Relu", {"x"}, {"a"})})); }) == Fault::missing);
    CHECK(fault_of([] {
              folded_of(chain({node("Relu", {"x"}, {"y"}), node("Exp", {"x"}, {"y"})}));
          }) == Fault::duplicate);
    CHECK(fault_of([] {
              folded_of(
                  chain({node("Concat", {"x", "w"}, {"y"}, {attribute("axis", 0)})}, {floats("w", {3}, {1, 2, 3})}));
          }) == Fault::shape);
    CHECK(fault_of([] {
              folded_of(chain({node("Add", {"x", "w"}, {"y"})}, {integers("w", {1}, {1})}));
          }) == Fault::type);
    CHECK(fault_of([] {
              folded_of(chain({node("Gather", {"x", "i"}, {"y"})}, {integers("i", {}, {1})}));
          }) == Fault::bounds);
    CHECK(fault_of([] { folded_of(model(Graph{})); }) == Fault::missing);
    CHECK(fault_of([] { folded_of(model(Graph{}, 29)); }) == Fault::version);
}

TEST_CASE("fold refuses sizes at which arithmetic ends") {
    const std::vector<std::pair<std::string, Fault>> refused{
        {"Relu 1099511627776,1099511627776,0", Fault::limit},
        {"ConvTranspose 1,1,4 =1,1,2 | output_shape=-9223372036854775808,", Fault::value},
        {"ConvTranspose 1,0,4 =0,2,2 | group=4611686018427387904", Fault::shape},
        {"QuantizeLinear 4,4 =4,1 | axis=1 block_size=9223372036854775807 opset=21", Fault::value},
        {"Attention 1,2,0 1,2,4 1,2,4 | q_num_heads=4611686018427387904 kv_num_heads=4 opset=23", Fault::shape},
        {"Attention 1,1,2,4 1,1,2,4 1,1,2,4 | right_window_size=9223372036854775807 opset=23", Fault::value},
        {"Attention =1,1,2,4 =1,1,2,4 =1,1,2,4 _ _ _ =[-9223372036854775808,] | opset=24", Fault::value}};
    for (const auto& [line, fault] : refused) {
        INFO(line);
        CHECK(fault_of([line = line] { folded_of(SmallNode(line).bytes()); }) == fault);
    }
    CHECK(fault_of([] {
              folded_of(model(Graph{{node("Relu", {"x"}, {"y"})}, {}, {part(1, "x") + part(2, part(1, number(1, 1)))}}),
                        {{"x", {0, 1ll << 40, 1ll << 40}}});
          }) == Fault::limit);
}

TEST_CASE("Slice walks backwards through an axis of no places") {
    const onnx::Folded folded = folded_of(SmallNode("Slice 2,0 =[5,] =[-9,] =[1,] =[-1,]").bytes());
    CHECK(folded.program.value(folded.program.outputs[0]).shape == Dimensions{2, 0});
}

TEST_CASE("numbers of attributes bound and fill floating-point numbers only") {
    for (const char* line : {"Clip i8:4 | min=0.5 opset=6", "Pad i8:4 | pads=1,1 value=0.5 opset=2"}) {
        INFO(line);
        CHECK(reason_of(SmallNode(line).bytes()).find("numbers of type int64") != std::string::npos);
    }
}

TEST_CASE("fold computes no more numbers than its limit, whatever a few bytes ask for") {
    const std::string bytes = chain({node("ConstantOfShape", {"s"}, {"c"}), node("Add", {"x", "c"}, {"y"})},
                                    {integers("s", {2}, {1 << 20, 1 << 20})});
    CHECK(fault_of([&] { folded_of(bytes); }) == Fault::limit);
    // a place's weights take as long as dozens of numbers
    const auto resized = [](float scale) {
        return chain({node("Resize", {"w", "", "s"}, {"c"}, {attribute("mode", std::string("cubic"))}),
                      node("ReduceSum", {"c"}, {"r"}), node("Add", {"x", "r"}, {"y"})},
                     {floats("w", {2}, {1, 2}), floats("s", {1}, {scale})});
    };
    CHECK(fault_of([&] { folded_of(resized(0x1p24f)); }) == Fault::limit);
    CHECK(folded_of(resized(0x1p10f)).coverage.reason.empty());
}

TEST_CASE("fold checks the whole graph before it computes what is large") {
    const auto filled = node("ConstantOfShape", {"s"}, {"c"});
    const std::vector<std::string> constants{integers("s", {1}, {1 << 22}), integers("i", {1}, {1 << 23})};
    const auto refused_after = [&](const std::vector<std::string>& more) {
        std::vector<std::string> nodes{filled, node("Exp", {"c"}, {"d"}), node("Add", {"d", "d"}, {"e"})};
        nodes.insert(nodes.end(), more.begin(), more.end());
        return chain(nodes, constants);
    };
    constexpr std::size_t small = 1 << 18;
    const auto peak_and_fault = [](const std::string& bytes, Fault wanted) {
        return peak_of([&] { CHECK(fault_of([&] { folded_of(bytes); }) == wanted); });
    };
    CHECK(peak_and_fault(refused_after({node("Transpose", {"e"}, {"y"}, {attribute("perm", Sizes{1})})}),
                         Fault::bounds) < small);
    CHECK(peak_and_fault(refused_after({node("Gather", {"e", "i"}, {"y"})}), Fault::bounds) < small);
    // a shape that has to be computed from as many: 16 MiB of floats and their results are more than may be taken
    const auto shape = {node("ReduceMax", {"e"}, {"m"}), node("Cast", {"m"}, {"n"}, {attribute("to", 7)}),
                        node("Expand", {"x", "n"}, {"y"})};
    CHECK(peak_and_fault(refused_after(shape), Fault::limit) <= (16 << 20) + small);

    // nothing is computed for a check, and then what is read
    const std::string right = refused_after({node("ReduceMin", {"e"}, {"m"}), node("Add", {"x", "m"}, {"y"})});
    std::optional<onnx::Folded> folded;
    CHECK(peak_of([&] { folded = folded_of(right); }) < small);
    CHECK(folded->coverage.reason.empty());
    CHECK(steps_of(*folded) == Names{"Add"});
    // a layer that needs a computed number may take as much memory for it
    onnx::Folded scaled = folded_of(refused_after({node("ReduceMin", {"e"}, {"m"}), node("Mul", {"x", "m"}, {"y"})}));
    CHECK(peak_of([&] { CHECK_FALSE(onnx::lower(scaled)); }) <= (16 << 20) + small);
    CHECK(scaled.coverage.reason.find("more memory than their size allows") != std::string::npos);
    CHECK(numbers_of(onnx::run(folded->program, {tensor({1, 2}, {1, 2})})[0]) == std::vector<double>{3, 4});
}

TEST_CASE("fold computes constants from each other however long their chain is") {
    std::vector<std::string> nodes{node("ConstantOfShape", {"s"}, {"a0"})};
    for (int i = 0; i < 900; ++i) {
        const std::string from = "a" + std::to_string(i), to = "a" + std::to_string(i + 1);
        nodes.push_back(i % 3 == 0   ? node("Dropout", {from}, {to})
                        : i % 3 == 1 ? node("Neg", {from}, {to})
                                     : node("Flatten", {from}, {to}));
    }
    nodes.push_back(node("ReduceSum", {"a900"}, {"sum"}, {attribute("keepdims", 0)}));
    nodes.push_back(node("Add", {"x", "sum"}, {"y"}));
    const std::string bytes = chain(nodes, {integers("s", {1}, {1500})});
    const onnx::Folded folded = folded_of(bytes);
    CHECK(numbers_of(onnx::run(folded.program, {tensor({1, 2}, {1, 2})})[0]) == std::vector<double>{1, 2});
    // what an error in the middle leaves is as it was
    const onnx::Folded divided = folded_of(
        chain({node("ConstantOfShape", {"s"}, {"zeros"}, {}), node("Cast", {"zeros"}, {"d"}, {attribute("to", 7)}),
               node("Div", {"d", "d"}, {"q"}), node("Cast", {"q"}, {"f"}, {attribute("to", 1)}),
               node("ReduceSum", {"f"}, {"sum"}), node("Add", {"x", "sum"}, {"y"})},
              {integers("s", {1}, {2000})}));
    for (int i = 0; i < 2; ++i)
        CHECK_THROWS_WITH(onnx::run(divided.program, {tensor({1, 2}, {1, 2})}), Catch::Contains("Div node 'q/Div'"));
}

TEST_CASE("fold reads lists and texts that are as long as one has to be") {
    const auto ones = [](std::size_t count) { return Sizes(count, 1); };
    const auto reshaped = [&](std::size_t count) {
        return chain({node("Reshape", {"w", "s"}, {"y"})},
                     {floats("w", {}, {1}), integers("s", {static_cast<std::int64_t>(count)}, ones(count))});
    };
    CHECK_THROWS_WITH(folded_of(reshaped(20'000)), Catch::Contains("1, … 20000 in all)"));
    CHECK_THROWS_WITH(folded_of(reshaped(70'000)),
                      Catch::Contains("a list of 70000 numbers, wanted at most 65536; export the model again"));
    for (const std::string& attribute :
         {attribute("perm", ones(70'000)), attribute("axes", ones(70'000)),
          attribute("equation", std::string(300, 'a')), attribute("mode", std::string(300, 'a'))}) {
        const bool is_perm = attribute.find("perm") != attribute.npos,
                   is_axes = attribute.find("axes") != attribute.npos,
                   is_mode = attribute.find("mode") != attribute.npos;
        CHECK(fault_of([&] {
                  folded_of(chain({node(is_perm   ? "Transpose"
                                        : is_axes ? "Squeeze"
                                        : is_mode ? "DepthToSpace"
                                                  : "Einsum",
                                        {"x"}, {"y"}, {attribute})}));
              }) == Fault::limit);
    }
}

TEST_CASE("fold computes no taps of channels or filters that are none, however large a window is") {
    for (const char* line :
         {"Conv =1,0,1048576,1048576 =1,0,1048576,1048576", "Conv =1,1,3,3 =0,1,3,3",
          "ConvTranspose =1,0,1048576,1048576 =0,1,1,1 | pads=1048575,1048575,0,0", "ConvTranspose =1,1,3,3 =1,0,3,3",
          "ConvInteger =u8:1,0,1048576,1048576 =u8:1,0,1048576,1048576"}) {
        INFO(line);
        const onnx::Folded folded = folded_of(SmallNode(line).bytes());
        const onnx::Tensor& y = *folded.program.value(folded.program.outputs[0]).constant;
        for (std::size_t i = 0; i < y.size(); ++i) CHECK(y.real(i) == 0);
    }
}

TEST_CASE("fold spends little on constants that shapes depend on, and nothing on others") {
    constexpr int count = 1 << 20;
    const auto forced = [&](int times) {
        std::vector<std::string> nodes{node("ConstantOfShape", {"s"}, {"c"})};
        for (int i = 0; i < times; ++i) {
            const std::string n = std::to_string(i);
            nodes.push_back(node("ReduceSum", {"c"}, {"sum" + n}, {attribute("keepdims", std::int64_t{1})}));
            nodes.push_back(node("NonZero", {"sum" + n}, {"places" + n}));
            nodes.push_back(
                node("Add", {i == 0 ? "x" : "x" + n, "sum" + n}, {i + 1 == times ? "y" : "x" + std::to_string(i + 1)}));
            nodes.push_back(node("Identity", {"places" + n}, {"kept" + n}));
        }
        Graph graph{nodes, {integers("s", {1}, {count})}, {value("x", {1, 2})}, {value("y", {})}};
        for (int i = 0; i < times; ++i) graph.outputs.push_back(value("kept" + std::to_string(i), {}));
        return model(graph);
    };
    CHECK(folded_of(forced(8)).coverage.reason.empty());
    CHECK_THROWS_WITH(folded_of(forced(40)), Catch::Contains("shapes and indices that depend on"));
}

TEST_CASE("fold takes memory for nodes as reading does") {
    std::vector<std::string> nodes;
    for (int i = 0; i < 2000; ++i)
        nodes.push_back(node("Relu", {i == 0 ? "x" : std::to_string(i)}, {i == 1999 ? "y" : std::to_string(i + 1)}));
    const std::string bytes = chain(nodes);
    CHECK(folded_of(bytes).program.steps.size() == 2000);
    auto model = std::make_shared<onnx::ModelProto>(*model_of(bytes));
    CHECK(model->memory < (16 << 20) + bytes.size());
    model->memory = 0;
    CHECK(fault_of([&] { onnx::fold(model, {}, {.reader_bytes = 1 << 20}); }) == Fault::limit);
}

TEST_CASE("fold refuses an attribute of another type, before anything is computed") {
    for (const char* line : lowered_operators) {
        const auto whole = model_of(SmallNode(line).bytes());
        const onnx::NodeProto& node = whole->graph.nodes[0];
        const onnx::Operator* const operation = onnx::find_operator(node.operation);
        std::istringstream names{std::string(operation->attributes)};
        for (std::string name; names >> name;) {
            INFO(line << ": " << name);
            auto model = std::make_shared<onnx::ModelProto>(*whole);
            auto& attributes = model->graph.nodes[0].attributes;
            std::erase_if(attributes, [&](const onnx::AttributeProto& one) { return one.name == name; });
            attributes.push_back({name, std::monostate{}});
            bool refused = false;
            try {
                refused = !onnx::fold(model).coverage.reason.empty();
            } catch (const Error& error) { refused = error.fault() == Fault::type; }
            CHECK(refused);
        }
    }
}

TEST_CASE("small Swin's 2,288 nodes are at most 226 after folding", "[shared]") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const auto path = *shared / "onnx" / "swin_tiny" / "model.onnx";
    const auto model = std::make_shared<const onnx::ModelProto>(onnx::read_model(path));
    const onnx::Folded folded = onnx::fold(model);
    CHECK(folded.coverage.reason.empty());
    CHECK(folded.coverage.nodes.size() == 2288);
    CHECK(folded.program.steps.size() <= 226);
    for (const char* name : {"Shape", "Range", "ConstantOfShape", "ScatterND", "Expand", "Mod"})
        CHECK(folded.coverage.by_operator().at(name).status == Status::folded);
}
