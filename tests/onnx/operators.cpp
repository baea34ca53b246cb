#include <taxon/onnx/operators.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include <taxon/onnx/stored_numbers.hpp>

#include "catch.hpp"
#include "onnx/small_programs.hpp"
#include "shared_data.hpp"

using namespace taxon;
using namespace taxon::test;
using namespace taxon::test::onnx_bytes;
using onnx::DataType;
using Numbers = std::vector<double>;

namespace {

/// What an operator makes of float inputs of rank 1 or given ones.
Numbers of(const std::string& operation, const std::vector<onnx::Tensor>& inputs,
           const std::vector<std::string>& attributes = {}, std::size_t constants_from = 100, std::int64_t opset = 17) {
    return numbers_of(results_of(operation, inputs, attributes, constants_from, opset)[0]);
}
void check_near(const Numbers& found, const Numbers& wanted) {
    REQUIRE(found.size() == wanted.size());
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(wanted[i]).epsilon(1e-6).margin(1e-7));
}
onnx::Tensor row(const std::vector<float>& numbers) {
    return tensor({static_cast<std::int64_t>(numbers.size())}, numbers);
}
onnx::Tensor indices(const std::vector<std::int64_t>& numbers) {
    return test::integers({static_cast<std::int64_t>(numbers.size())}, numbers);
}
onnx::Tensor counted(const Dimensions& shape) {
    onnx::Tensor made(DataType::float32, shape);
    float next = 0;
    for (float& number : made.writable<float>()) number = next++;
    return made;
}

}  // namespace

TEST_CASE("the table of operators is sorted and has each once") {
    const auto all = onnx::operators();
    CHECK(all.size() > 120);
    for (std::size_t i = 1; i < all.size(); ++i) CHECK(all[i - 1].name < all[i].name);
    for (const onnx::Operator& one : all) CHECK(onnx::find_operator(one.name) == &one);
    CHECK(onnx::find_operator("Magic") == nullptr);
}

TEST_CASE("an input left out, in the middle or at the end, has no dimensions and an undefined type") {
    onnx::Call call;
    call.inputs = {{.type = DataType::int8, .shape = {2}}, {}};
    CHECK(call.given(0));
    CHECK(call.shape(0) == Dimensions{2});
    for (const std::size_t left_out : {1u, 2u}) {
        CHECK(!call.given(left_out));
        CHECK(call.type(left_out) == DataType::undefined);
        CHECK(call.shape(left_out).empty());
    }
}

TEST_CASE("operators of one number follow their formulas") {
    check_near(of("LeakyRelu", {row({-2, 3})}, {real_attribute("alpha", 0.1f)}), {-0.2f, 3});
    check_near(of("HardSigmoid", {row({-10, 1, 10})}), {0, 0.2 + 0.5, 1});
    check_near(of("Gelu", {row({-1, 2})}, {}, 100, 20), {-0.5 * (1 + std::erf(-M_SQRT1_2)), 1 + std::erf(M_SQRT2)});
    check_near(of("Round", {row({0.5f, 1.5f, -2.5f})}), {0, 2, -2});
    check_near(of("Clip", {row({-2, 0.5f, 9}), tensor({}, {0}), tensor({}, {6})}), {0, 0.5, 6});
    check_near(of("Clip", {row({-2, 9})}, {real_attribute("max", 6)}, 100, 6), {-2, 6});
    check_near(of("Neg", {test::integers({2}, {3, -4})}), {-3, 4});
    CHECK(std::isnan(of("Relu", {row({NAN})})[0]));
}

TEST_CASE("operators of two numbers broadcast, and whole numbers stay whole") {
    check_near(of("Add", {tensor({2, 1}, {1, 2}), row({10, 20})}), {11, 21, 12, 22});
    check_near(of("Div", {test::integers({3}, {7, -7, 6}), test::integers({1}, {2})}), {3, -3, 3});
    check_near(of("Mod", {test::integers({3}, {7, -7, 6}), test::integers({}, {4})}), {3, 1, 2});
    check_near(of("Pow", {row({2, 3}), test::integers({1}, {2})}), {4, 9});
    check_near(of("Where", {test::integers({2}, {1, 0}, DataType::boolean), row({1, 2}), row({3, 4})}), {1, 4});
    check_near(of("Less", {row({1, 2}), row({2, 2})}), {1, 0});
    check_near(of("Cast", {row({-1.9f, 300})}, {attribute("to", 2)}), {255, 44});  // uint8, modulo 256
    check_near(of("Mod", {row({-7, 7}), row({4, -4})}), {1, -1});
    check_near(of("Add", {tensor({2, 2}, {1, 2, 3, 4}), row({10, 20})},
                  {attribute("axis", 0), attribute("broadcast", 1)}, 100, 6),
               {11, 12, 23, 24});
    check_near(of("PRelu", {tensor({1, 2, 1}, {-1, -1}), row({2, 3})}, {}, 100, 6), {-2, -3});
    CHECK(fault_of([] { of("Div", {test::integers({1}, {1}), test::integers({1}, {0})}); }) == Fault::value);
}

TEST_CASE("operators that move numbers find their places") {
    check_near(of("Transpose", {counted({2, 3})}), {0, 3, 1, 4, 2, 5});
    check_near(of("Slice", {counted({2, 4}), indices({-1}), indices({-9}), indices({1}), indices({-2})}, {}, 1),
               {3, 1, 7, 5});
    check_near(of("Slice", {counted({4})}, {attribute("starts", Sizes{1}), attribute("ends", Sizes{1000})}, 100, 9),
               {1, 2, 3});
    check_near(of("Gather", {counted({2, 3}), indices({2, -3})}, {attribute("axis", 1)}), {2, 0, 5, 3});
    check_near(of("Pad", {counted({3}), indices({2, 1})}, {attribute("mode", std::string("reflect"))}, 1),
               {2, 1, 0, 1, 2, 1});
    check_near(of("Pad", {counted({2}), indices({1, 0}), tensor({}, {9})}, {}, 1), {9, 0, 1});
    check_near(of("Tile", {counted({2}), indices({2})}, {}, 1), {0, 1, 0, 1});
    check_near(of("Expand", {tensor({2, 1}, {1, 2}), indices({1, 2})}, {}, 1), {1, 1, 2, 2});
    check_near(of("DepthToSpace", {counted({1, 4, 1, 1})}, {attribute("blocksize", 2)}), {0, 1, 2, 3});
    check_near(of("ScatterND", {counted({3}), test::integers({1, 1}, {1}), row({9})}), {0, 9, 2});
    check_near(of("CumSum", {row({1, 2, 3}), indices({0})}, {attribute("reverse", 1)}, 1), {6, 5, 3});
    const auto top = results_of("TopK", {row({1, 3, 2, 3}), indices({2})}, {}, 1, 17, 2);
    CHECK(numbers_of(top[0]) == Numbers{3, 3});
    CHECK(numbers_of(top[1]) == Numbers{1, 3});
    CHECK(fault_of([] { of("Gather", {counted({2}), indices({2})}); }) == Fault::bounds);
}

TEST_CASE("reductions and softmax follow the opset's axes") {
    check_near(of("ReduceMean", {counted({2, 2})}, {attribute("axes", Sizes{0})}), {1, 2});
    check_near(of("ReduceSum", {counted({2, 2}), indices({1})}, {attribute("keepdims", 0)}, 1), {1, 5});
    check_near(of("ReduceL2", {row({3, 4})}), {5});
    // a number alone
    check_near(of("ReduceL1", {tensor({}, {-2})}), {2});
    check_near(of("ReduceL2", {row({-3, 4})}, {attribute("noop_with_empty_axes", 1)}, 100, 18), {3, 4});
    check_near(of("ReduceLogSumExp", {row({1000, 1000})}), {1000 + std::log(2.0)});
    check_near(of("ArgMax", {tensor({2, 2}, {1, 1, 0, 2})}, {attribute("axis", 1)}), {0, 1});
    // along the last axis; before version 13 over all from the second on
    check_near(of("Softmax", {tensor({1, 2, 1}, {5, 5})}, {}, 100, 13), {1, 1});
    check_near(of("Softmax", {tensor({1, 2, 1}, {5, 5})}, {}, 100, 11), {0.5, 0.5});
}

TEST_CASE("normalisations scale by statistics") {
    check_near(
        of("LayerNormalization", {tensor({1, 2}, {1, 3}), row({1, 2}), row({0, 1})}, {real_attribute("epsilon", 0)}),
        {-1, 3});
    check_near(of("BatchNormalization", {tensor({1, 1, 2}, {1, 5}), row({2}), row({1}), row({3}), row({4})},
                  {real_attribute("epsilon", 0)}),
               {-1, 3});
    check_near(of("RMSNormalization", {tensor({1, 2}, {1, 7}), row({1, 1})}, {real_attribute("epsilon", 0)}, 100, 23),
               {0.2, 1.4});
    CHECK(fault_of([] {
              of("BatchNormalization", {tensor({1, 1, 2}, {1, 5}), row({2}), row({1}), row({3}), row({4})},
                 {attribute("training_mode", 1)});
          }) == Fault::unsupported);
}

TEST_CASE("windows are placed by pads, strides, dilations and auto_pad") {
    const auto ones = [](const Dimensions& shape) {
        return tensor(shape, std::vector<float>(io::element_count(shape), 1));
    };
    check_near(of("Conv", {counted({1, 1, 5}), ones({1, 1, 2})}, {attribute("dilations", Sizes{3})}), {3, 5});
    check_near(of("Conv", {counted({1, 1, 3}), ones({1, 1, 2})}, {attribute("auto_pad", std::string("SAME_UPPER"))}),
               {1, 3, 2});
    check_near(of("Conv", {counted({1, 1, 3}), ones({1, 1, 2})}, {attribute("auto_pad", std::string("SAME_LOWER"))}),
               {0, 1, 3});
    check_near(of("Conv", {counted({1, 2, 2}), tensor({2, 1, 1}, {10, 100}), row({1, 2})}, {attribute("group", 2)}),
               {1, 11, 202, 302});
    check_near(of("ConvTranspose", {counted({1, 1, 3}), ones({1, 1, 2})},
                  {attribute("strides", Sizes{2}), attribute("output_padding", Sizes{1})}),
               {0, 0, 1, 1, 2, 2, 0});
    check_near(of("MaxPool", {counted({1, 1, 4})},
                  {attribute("kernel_shape", Sizes{3}), attribute("strides", Sizes{2}), attribute("ceil_mode", 1)}),
               {2, 3});
    const std::vector<std::string> padded{attribute("kernel_shape", Sizes{2}), attribute("pads", Sizes{1, 0})};
    check_near(of("AveragePool", {row({2, 4}).reshaped({1, 1, 2})}, padded), {2, 3});
    check_near(
        of("AveragePool", {row({2, 4}).reshaped({1, 1, 2})}, {padded[0], padded[1], attribute("count_include_pad", 1)}),
        {1, 3});
    check_near(of("GlobalAveragePool", {counted({1, 2, 2})}), {0.5, 2.5});
    CHECK(fault_of([&] { of("Conv", {counted({1, 1, 2}), ones({1, 1, 3})}); }) == Fault::shape);
    for (const char* operation : {"Conv", "ConvTranspose", "MaxPool"})
        for (const Dimensions& shape : {Dimensions{}, Dimensions{2}, Dimensions{1, 2}}) {
            INFO(operation << " of " << taxon::io::to_string(shape));
            std::vector<onnx::Tensor> inputs{ones(shape), ones({1, 1, 2})};
            if (operation == std::string("MaxPool")) inputs.pop_back();
            CHECK(fault_of([&] { of(operation, inputs, {attribute("kernel_shape", Sizes{2})}); }) ==
                  Fault::unsupported);
        }
}

TEST_CASE("Resize follows its coordinate modes") {
    const std::string nearest = attribute("mode", std::string("nearest")),
                      linear = attribute("mode", std::string("linear"));
    const auto coordinates = [](const char* mode) {
        return attribute("coordinate_transformation_mode", std::string(mode));
    };
    const auto resized = [&](const std::vector<std::string>& attributes) {
        return of("Resize", {row({10, 20}), row({}), row({2})}, attributes, 1, 13);
    };
    check_near(resized({nearest, coordinates("asymmetric"), attribute("nearest_mode", std::string("floor"))}),
               {10, 10, 20, 20});
    check_near(resized({linear}), {10, 12.5, 17.5, 20});  // half_pixel
    check_near(resized({linear, coordinates("align_corners")}), {10, 10 + 10.0 / 3, 10 + 20.0 / 3, 20});
    check_near(resized({linear, coordinates("asymmetric")}), {10, 15, 20, 20});
    check_near(of("Upsample", {row({1, 2}), row({2})}, {}, 1, 9), {1, 1, 2, 2});
}

TEST_CASE("Resize takes regions however far") {
    const std::string crop = attribute("coordinate_transformation_mode", std::string("tf_crop_and_resize"));
    for (const char* mode : {"nearest", "linear", "cubic"})
        for (const float far : {1e30f, INFINITY}) {
            INFO(mode << " " << far);
            const auto cropped =
                of("Resize", {row({10, 20}), row({far, far}), row({}), indices({3})},
                   {crop, attribute("mode", std::string(mode)), real_attribute("extrapolation_value", 7)}, 1);
            CHECK(cropped[0] == 7);
        }
    const std::string policy = attribute("keep_aspect_ratio_policy", std::string("not_smaller"));
    CHECK(fault_of([&] {
              of("Resize", {counted({1, 4}), row({}), row({}), indices({1ll << 40, 1})},
                 {policy, attribute("mode", std::string("nearest"))}, 1, 18);
          }) == Fault::value);
}

TEST_CASE("GridSample takes places however far") {
    const onnx::Tensor places = tensor({1, 1, 3, 2}, {1e30f, 0, -INFINITY, 0, NAN, 0});
    const auto sampled = [&](const char* mode, const char* padding) {
        return of("GridSample", {tensor({1, 1, 1, 2}, {10, 20}), places},
                  {attribute("mode", std::string(mode)), attribute("padding_mode", std::string(padding))});
    };
    for (const char* mode : {"nearest", "linear", "cubic"}) {
        INFO(mode);
        CHECK(sampled(mode, "border")[0] == Approx(20));
        CHECK(sampled(mode, "zeros")[0] == 0);
        CHECK(sampled(mode, "zeros")[1] == 0);
    }
}

TEST_CASE("matrix products have NumPy's shapes") {
    const auto dot = results_of("MatMul", {row({1, 2}), row({3, 4})});
    CHECK(dot[0].shape().empty());
    check_near(numbers_of(dot[0]), {11});
    check_near(of("MatMul", {counted({2, 1, 2}), tensor({2, 1}, {1, 10})}), {10, 32});
    check_near(of("Gemm", {counted({2, 2}), counted({2, 2}), row({1, 2})},
                  {attribute("transB", 1), real_attribute("alpha", 2)}),
               {3, 8, 7, 28});
    check_near(of("Einsum", {counted({2, 2}), counted({2, 2})}, {attribute("equation", std::string("ij,kj->ik"))}),
               {1, 3, 3, 13});
}

TEST_CASE("quantized numbers are rounded half to even and saturate") {
    const onnx::Tensor zero = test::integers({}, {128}, DataType::uint8);
    check_near(of("QuantizeLinear", {row({0, 1, 3, 500, -500}), tensor({}, {2}), zero}), {128, 128, 130, 255, 0});
    check_near(of("DequantizeLinear", {test::integers({2}, {127, 130}, DataType::uint8), tensor({}, {2}), zero}),
               {-2, 4});
    const auto one = [](std::int64_t number) { return test::integers({1, 1}, {number}, DataType::uint8); };
    check_near(of("MatMulInteger", {one(10), one(7), zero, test::integers({}, {3}, DataType::uint8)}), {-118 * 4});
}

TEST_CASE("recurrent cells keep their gates in ONNX's order") {
    // one unit, weights of 0: gates are functions of biases alone
    const auto cell = [](const char* name, std::int64_t gates, std::vector<float> biases,
                         std::vector<std::string> attributes = {}) {
        biases.resize(static_cast<std::size_t>(2 * gates));
        return results_of(name,
                          {tensor({1, 1, 1}, {0}),
                           tensor({1, gates, 1}, std::vector<float>(static_cast<std::size_t>(gates))),
                           tensor({1, gates, 1}, std::vector<float>(static_cast<std::size_t>(gates))),
                           tensor({1, 2 * gates}, biases)},
                          attributes);
    };
    const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
    check_near(numbers_of(cell("LSTM", 4, {1, 2, 3, 4})[0]), {sigmoid(2) * std::tanh(sigmoid(1) * std::tanh(4))});
    check_near(numbers_of(cell("GRU", 3, {1, 2, 3})[0]), {(1 - sigmoid(1)) * std::tanh(3)});
    check_near(numbers_of(cell("RNN", 1, {1})[0]), {std::tanh(1)});
    CHECK(fault_of([&] { cell("LSTM", 4, {}, {real_attribute("clip", 1)}); }) == Fault::unsupported);
}

TEST_CASE("Attention is softmax of scaled products") {
    const auto out =
        of("Attention",
           {tensor({1, 1, 1, 1}, {1}), tensor({1, 1, 2, 1}, {0, std::log(3.0f)}), tensor({1, 1, 2, 1}, {0, 4})}, {},
           100, 23);
    check_near(out, {3});
}

TEST_CASE("ONNX's own operator tests give their outputs", "[shared]") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const auto bytes_of = [](const std::filesystem::path& path) {
        std::ifstream file(path, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(file), {});
    };
    const auto tensors = [&](const std::filesystem::path& folder, const std::string& kind) {
        std::map<std::string, onnx::Tensor> all;
        for (int i = 0; std::filesystem::exists(folder / (kind + "_" + std::to_string(i) + ".pb")); ++i) {
            const std::string bytes = bytes_of(folder / (kind + "_" + std::to_string(i) + ".pb"));
            const auto holder =
                model_of(model(Graph{{node("Constant", {}, {"c"}, {tensor_attribute("value", bytes)})}}));
            const auto& read = std::get<onnx::TensorProto>(holder->graph.nodes[0].attributes[0].value);
            all.emplace(read.name, onnx::tensor_of(read));
        }
        return all;
    };
    int passed = 0, refused = 0;
    for (const auto& entry : std::filesystem::directory_iterator(*shared / "onnx" / "node")) {
        if (!entry.is_directory()) continue;
        INFO(entry.path().filename().string());
        const onnx::Folded folded = folded_of(bytes_of(entry.path() / "model.onnx"));
        if (!folded.coverage.reason.empty()) {
            ++refused;
            continue;
        }
        const auto given = tensors(entry.path() / "test_data_set_0", "input"),
                   wanted = tensors(entry.path() / "test_data_set_0", "output");
        std::vector<onnx::Tensor> inputs;
        for (const auto& port : folded.program.inputs) inputs.push_back(given.at(port.name));
        const auto outputs = onnx::run(folded.program, inputs);
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            const onnx::Tensor& right = wanted.at(folded.program.outputs[i].name);
            CHECK(outputs[i].type() == right.type());
            REQUIRE(outputs[i].shape() == right.shape());
            const auto found = numbers_of(outputs[i]), expected = numbers_of(right);
            double mean = 0, most = 0, variance = 0;
            for (const double one : expected)
                mean += one / static_cast<double>(expected.size()), most = std::max(most, std::fabs(one));
            for (const double one : expected)
                variance += (one - mean) * (one - mean) / static_cast<double>(expected.size());
            const double scale = std::sqrt(variance) > 1e-6 * most ? std::sqrt(variance) : std::max(most, 1e-6);
            for (std::size_t n = 0; n < found.size(); ++n)
                CHECK(found[n] == Approx(expected[n]).margin(1e-4 * scale).epsilon(0));
        }
        ++passed;
    }
    CHECK(passed >= 180);  // of 200
    CHECK(passed + refused == 200);
}
