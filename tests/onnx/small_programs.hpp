#pragma once
#include <memory>
#include <string>
#include <taxon/onnx/fold.hpp>
#include <taxon/onnx/read_model.hpp>
#include <taxon/onnx/run.hpp>
#include <utility>
#include <vector>

#include "io/checkpoint_writer.hpp"
#include "onnx/model_writer.hpp"

namespace taxon::test {

inline std::shared_ptr<const onnx::ModelProto> model_of(const std::string& bytes) {
    const auto span = as_span(bytes);
    return std::make_shared<const onnx::ModelProto>(
        onnx::read_model(onnx::SharedBytes::of({span.begin(), span.end()})));
}
inline onnx::Folded folded_of(const std::string& bytes, const onnx::InputShapes& shapes = {},
                              const Limits& limits = {}) {
    return onnx::fold(model_of(bytes), shapes, limits);
}

inline onnx::Tensor tensor(const Dimensions& shape, const std::vector<float>& numbers) {
    onnx::Tensor made(onnx::DataType::float32, shape);
    std::copy(numbers.begin(), numbers.end(), made.writable<float>().begin());
    return made;
}
inline onnx::Tensor integers(const Dimensions& shape, const std::vector<std::int64_t>& numbers,
                             onnx::DataType type = onnx::DataType::int64) {
    onnx::Tensor made(type, shape);
    std::copy(numbers.begin(), numbers.end(), made.writable<std::int64_t>().begin());
    return made;
}

inline std::vector<double> numbers_of(const onnx::Tensor& tensor) {
    std::vector<double> all;
    for (std::size_t i = 0; i < tensor.size(); ++i) all.push_back(tensor.real(i));
    return all;
}

/// What an operator makes of inputs, which are inputs of the graph, or constants where it needs them.
inline std::vector<onnx::Tensor> results_of(const std::string& operation, const std::vector<onnx::Tensor>& inputs,
                                            const std::vector<std::string>& attributes = {},
                                            std::size_t constants_from = 100, std::int64_t opset = 17,
                                            std::size_t outputs = 1) {
    onnx_bytes::Graph graph;
    std::vector<std::string> names, results;
    std::vector<onnx::Tensor> given;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        names.push_back(std::string(1, static_cast<char>('a' + i)));
        const int type = static_cast<int>(inputs[i].type());
        if (i >= constants_from) {
            graph.initializers.push_back(inputs[i].type() == onnx::DataType::float32
                                             ? onnx_bytes::floats(names[i], inputs[i].shape(),
                                                                  [&] {
                                                                      const auto all = inputs[i].numbers<float>();
                                                                      return std::vector<float>(all.begin(), all.end());
                                                                  }())
                                             : onnx_bytes::integers(names[i], inputs[i].shape(), inputs[i].integers()));
            continue;
        }
        graph.inputs.push_back(onnx_bytes::value(names[i], inputs[i].shape(), type));
        given.push_back(inputs[i]);
    }
    for (std::size_t i = 0; i < outputs; ++i) {
        results.push_back("out" + std::to_string(i));
        graph.outputs.push_back(onnx_bytes::value(results[i], {}));
    }
    graph.nodes.push_back(onnx_bytes::node(operation, names, results, attributes));
    const onnx::Folded folded = folded_of(onnx_bytes::model(graph, opset));
    if (!folded.coverage.reason.empty()) throw Error(Fault::unsupported, {.found = folded.coverage.reason});
    return onnx::run(folded.program, given);
}

}  // namespace taxon::test
