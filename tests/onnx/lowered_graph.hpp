#pragma once
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <taxon/backend/reference/interpreter.hpp>
#include <taxon/onnx/lower.hpp>
#include <taxon/onnx/writer/header.hpp>
#include <vector>

#include "onnx/random_graph.hpp"

namespace taxon::test {

/// A network's outputs by Reference, one after the other.
inline std::vector<double> reference_outputs(const onnx::Network& network, const std::vector<onnx::Tensor>& inputs) {
    const TracedGraph traced = network.traced();
    if (!traced.problem().empty()) throw std::logic_error(std::string(traced.problem()));
    const onnx::NetworkWeights weights(network);
    std::vector<float> sample;
    for (const onnx::Tensor& input : inputs)
        for (std::size_t i = 0; i < input.size(); ++i) sample.push_back(static_cast<float>(input.real(i)));
    std::size_t count = 0;
    for (const onnx::Network::Port& output : network.outputs) count += static_cast<std::size_t>(output.shape.size());
    std::vector<float> outputs(count);
    reference::Interpreter(traced.graph(), weights).run(sample, outputs, 1);
    return {outputs.begin(), outputs.end()};
}

/// A random graph as a network of layers, by Reference, beside plain evaluation of its operators. An Error of fold is
/// passed on, of what must not fail then a std::logic_error thrown.
struct LoweredGraph {
    /// What roundings of a few operators make of the largest number: 2^-24 each, and some add what they multiply by.
    static constexpr double rounding = 1e-4;

    bool refused = true;    ///< it has a use of an operator that no layer has
    double largest = 1;     ///< of all its values, or 1
    double difference = 0;  ///< the largest of its outputs; infinite where one is finite and the other is not
    std::string header{};   ///< as it is written

    explicit LoweredGraph(const RandomGraph& random) {
        onnx::Folded folded = folded_of(random.bytes());
        if (!folded.coverage.reason.empty()) return;
        const auto network = onnx::lower(folded);
        if (!network) return;
        refused = false;
        try {
            compare(*network, folded.program, random);
        } catch (const Error& error) { throw std::logic_error(error.what()); }
    }

  private:
    void compare(const onnx::Network& network, const onnx::Program& program, const RandomGraph& random) {
        header = onnx::written_header(network, "Net");
        for (const onnx::Tensor& value : onnx::run(folded_of(random.bytes_of_all()).program, random.inputs))
            for (std::size_t i = 0; i < value.size(); ++i)
                if (std::isfinite(value.real(i))) largest = std::max(largest, std::fabs(value.real(i)));
        const std::vector<double> found = reference_outputs(network, random.inputs);
        std::size_t at = 0;
        for (const onnx::Tensor& wanted : onnx::run(program, random.inputs))
            for (std::size_t i = 0; i < wanted.size(); ++i, ++at) {
                const double a = found.at(at), b = wanted.real(i);
                if (a == b || (std::isnan(a) && std::isnan(b))) continue;
                difference = std::max(difference, std::isfinite(a) && std::isfinite(b) ? std::fabs(a - b) : INFINITY);
            }
        if (at != found.size()) throw std::logic_error("outputs of other sizes");
    }
};

}  // namespace taxon::test
