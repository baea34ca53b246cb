#include <taxon/backend/reference/interpreter.hpp>
#include <taxon/detect/table.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/onnx/exporter/export_graph.hpp>

#include <cmath>

#include "catch.hpp"
#include "onnx/every_layer.hpp"
#include "onnx/exporter/answers_of_file.hpp"

using namespace taxon;

namespace {

/// Numbers in [-1, 1); of texts any ids, and the second type from the middle on.
std::vector<float> sample_of(GraphView graph, std::string_view salt) {
    const int length = graph.inputs.front().shape.width;
    std::vector<float> sample = io::synthetic_input(salt, "input", sample_size(graph.inputs, length));
    for (const Node& node : graph.nodes)
        for (std::size_t i = 0; node.op == Op::embedding && i < sample.size(); ++i)
            sample[i] = i % 2 == 0 ? std::floor((sample[i] + 1) / 2 * static_cast<float>(node.words))
                                   : static_cast<float>(i / 2 >= static_cast<std::size_t>(length) / 2);
    return sample;
}

/// The greatest difference of an output's numbers, over the standard deviation of the right ones; of rows of boxes each
/// column's. Rows of padding, whose answers mean nothing, are left out.
double difference(const Shape& shape, std::span<const float> found, std::span<const float> right, int valid) {
    const std::size_t columns = shape.table ? static_cast<std::size_t>(shape.channels) : 1,
                      count = shape.sequence ? static_cast<std::size_t>(valid * shape.channels) : right.size();
    double most = 0;
    for (std::size_t column = 0; column < columns; ++column) {
        double sum = 0, squares = 0, greatest = 0, rows = 0;
        for (std::size_t i = column; i < count; i += columns) {
            const double number = right[i];
            sum += number, squares += number * number, ++rows;
            greatest = std::max(greatest, std::abs(found[i] - number));
        }
        most = std::max(most, greatest / std::sqrt(std::max(squares / rows - sum / rows * (sum / rows), 1e-60)));
    }
    return most;
}

}  // namespace

TEST_CASE("onnx: every layer's file, read back and run, answers as the Reference backend") {
    const io::SyntheticWeights weights;
    for (const auto& one : every_layer::cases()) {
        const GraphView graph = one.network->graph();
        const reference::Interpreter interpreter(graph, weights);
        const int length = graph.inputs.front().shape.width, valid = std::max(1, length - 2);
        const std::vector<std::vector<float>> samples{sample_of(graph, "first"), sample_of(graph, "second")};
        std::vector<std::vector<float>> right;
        for (const auto& sample : samples) {
            right.emplace_back(sample_size(graph.outputs, length));
            interpreter.run(sample, right.back(), length, graph.inputs.front().shape.sequence ? valid : 0);
            for (const Port& output : graph.outputs)
                if (output.shape.table)
                    detect::decode_scores(right.back(), static_cast<std::size_t>(output.shape.channels));
        }
        for (const int opset : {13, 17}) {
            INFO(one.name << ", opset " << opset);
            const AnswersOfFile answers(
                graph, onnx::export_graph(graph, Parameters(graph, weights), {.opset = opset, .batch = 2}, one.name));
            const auto found = answers(samples, valid);
            for (std::size_t i = 0; i < samples.size(); ++i) {
                REQUIRE(found[i].size() == right[i].size());
                std::size_t at = 0;
                for (const Port& output : graph.outputs) {
                    const std::size_t size = output.shape.size_of(length);
                    CHECK(difference(output.shape, std::span(found[i]).subspan(at, size),
                                     std::span(right[i]).subspan(at, size), valid) < 1e-4);
                    at += size;
                }
            }
        }
    }
}
