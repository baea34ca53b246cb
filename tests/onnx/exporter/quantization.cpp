#include "onnx/exporter/quantization.hpp"

#include <taxon/layer/activate.hpp>
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/conv_transpose2d.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/onnx/exporter/export_graph.hpp>
#include <taxon/onnx/lint.hpp>
#include <taxon/plan/owned_plan.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "onnx/exporter/answers_of_file.hpp"

using namespace taxon;

void check_file(const Candidate& c, const std::string& seed) {
    const io::SyntheticWeights weights(seed);
    const Shape shape = c.graph.node(0).out;
    const auto sample = input_of(c.graph, seed, sample_size(c.graph.inputs, shape.width));
    const auto ranges = ranges_of(c.graph, weights, sample, shape.width);
    const Parameters parameters(c.graph, weights);
    const auto packed = cpu::pack(c.graph, c.plan, parameters, ranges);
    const auto right = run_in_parts(c, packed, c.kernel_table(cpu::Isa::portable), sample, shape.width, 1);
    const auto [least, most] = std::minmax_element(right.begin(), right.end());
    const float step = (*most - *least) / 255;

    INFO(seed << ", " << c.what);
    for (const int opset : {13, 17}) {
        const auto model = onnx::export_graph(c.graph, parameters, {.opset = opset}, "network",
                                              quantize::rounding_of(c.graph, c.plan, ranges));
        CHECK(onnx::lint(model) == std::vector<std::string>{});
        const auto found = AnswersOfFile(c.graph, model)(std::span(&sample, 1), shape.width).front();
        REQUIRE(found.size() == right.size());
        float worst = 0;
        for (std::size_t i = 0; i < found.size(); ++i) worst = std::max(worst, std::abs(found[i] - right[i]));
        CHECK(worst <= step / 4);
    }
}

namespace {

struct Small {
    static constexpr Shape input{3, 9, 9};
    using Layers =
        Sequential<Conv2d<3, 8, 3, 2>, BatchNorm2d<8>, ReLU, Conv2d<8, 8, 3, 1, 8>, HardSwish, Conv2d<8, 16, 1>,
                   ConvTranspose2d<16, 4, 4, 2, 2, true, 1>, GlobalAveragePool, Linear<4, 5>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

struct Exported {
    GraphView graph = graph_of<Small>;
    io::SyntheticWeights weights{};
    Parameters parameters{graph, weights};
    OwnedPlan plan = owned_plan_of<Small>(precision::QInt8MixedFloat32::data_types);
    quantize::Ranges ranges = ranges_of(graph, weights, input_of(graph, "small", 3 * 9 * 9), 9);
    quantize::Rounding rounding = quantize::rounding_of(graph, plan.view(), ranges);
    onnx::ModelProto model = onnx::export_graph(graph, parameters, {}, "small", rounding);

    const onnx::TensorProto& tensor(const std::string& name) const {
        for (const onnx::TensorProto& one : model.graph.initializers)
            if (one.name == name) return one;
        throw std::out_of_range(name);
    }
    template <class Number>
    std::vector<Number> numbers(const std::string& name) const {
        const auto bytes = tensor(name).data.view;
        std::vector<Number> all(bytes.size() / sizeof(Number));
        std::memcpy(all.data(), bytes.data(), bytes.size());
        return all;
    }
    const onnx::NodeProto& node(const std::string& name) const {
        for (const onnx::NodeProto& one : model.graph.nodes)
            if (one.name == name) return one;
        throw std::out_of_range(name);
    }
};

}  // namespace

TEST_CASE("onnx: what a network of integers stores is quantized, and what it multiplies dequantized") {
    const Exported exported;
    std::vector<std::string> names;
    for (const onnx::NodeProto& node : exported.model.graph.nodes) names.push_back(node.name);
    CHECK(names == std::vector<std::string>{"input/QuantizeLinear", "input/DequantizeLinear",
                                            "0.weight/DequantizeLinear", "0/Conv", "2/Relu",
                                            // a depthwise convolution multiplies floats
                                            "3/Conv", "4/HardSwish", "4/QuantizeLinear", "4/DequantizeLinear",
                                            "5.weight/DequantizeLinear", "5/Conv", "5/QuantizeLinear",
                                            "5/DequantizeLinear", "6/ConvTranspose", "7/GlobalAveragePool", "7/Flatten",
                                            // a single sample's values stay floats
                                            "8.weight/DequantizeLinear", "8/Gemm"});
    CHECK(exported.node("0/Conv").inputs ==
          std::vector<std::string>{"input/DequantizeLinear", "0.weight/DequantizeLinear", "0.bias"});
    CHECK(exported.tensor("0.bias").type == onnx::DataType::float32);
    CHECK(onnx::lint(exported.model) == std::vector<std::string>{});
}

TEST_CASE("onnx: scales and zero points are those of the calibration") {
    const Exported exported;
    REQUIRE(exported.rounding.values.size() == 3);
    for (const auto& [value, scale] : exported.rounding.values) {
        const std::string path(exported.graph.is_input(value) ? "input"
                                                              : exported.graph.name(exported.graph.node(value)));
        for (const char* operation : {"/QuantizeLinear", "/DequantizeLinear"}) {
            const onnx::NodeProto& node = exported.node(path + operation);
            CHECK(exported.numbers<float>(node.inputs.at(1)) == std::vector{scale.step});
            CHECK(exported.numbers<std::uint8_t>(node.inputs.at(2)) ==
                  std::vector{static_cast<std::uint8_t>(scale.zero)});
        }
    }
}

TEST_CASE("onnx: weights of integers are int8 with a scale for each output, half a step from those that were folded") {
    const Exported exported;
    const auto norm = affine(exported.graph.node(2), exported.parameters);
    const auto plain = exported.parameters[0], steps = exported.numbers<float>("0.weight/scale");
    const auto integers = exported.numbers<std::int8_t>("0.weight");
    CHECK(exported.tensor("0.weight").type == onnx::DataType::int8);
    CHECK(exported.tensor("0.weight").shape == Dimensions{8, 3, 3, 3});
    CHECK(exported.tensor("0.weight/scale").shape == Dimensions{8});
    REQUIRE(integers.size() == plain.size());
    for (std::size_t i = 0; i < plain.size(); ++i) {
        const std::size_t output = i / 27;
        REQUIRE(std::abs(plain[i] * norm.scale[output] - steps[output] * static_cast<double>(integers[i])) <=
                steps[output] * 0.50001);
    }
    CHECK(exported.tensor("3.weight").type == onnx::DataType::float32);
    // whose taps have a scale for each output and each place between pixels: the greatest of them is 127 steps
    CHECK(exported.tensor("6.weight").type == onnx::DataType::float32);
    const auto rounded = exported.numbers<float>("6.weight");
    for (std::size_t output = 0; output < 4; ++output)
        for (std::size_t place = 0; place < 4; ++place) {
            std::vector<float> together;
            for (std::size_t input = 0; input < 8; ++input)  // of the output's group
                for (std::size_t tap = 0; tap < 16; ++tap)
                    if ((tap / 4 % 2) * 2 + tap % 2 == place)
                        together.push_back(rounded[((output / 2 * 8 + input) * 2 + output % 2) * 16 + tap]);
            REQUIRE(together.size() == 32);
            float greatest = 0;
            for (const float x : together) greatest = std::max(greatest, std::abs(x));
            for (const float x : together) {
                const float steps_of_it = x / (greatest / 127);
                REQUIRE(std::abs(steps_of_it - std::round(steps_of_it)) < 1e-3f);
            }
        }
}
