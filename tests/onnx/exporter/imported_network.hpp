#pragma once
#include <taxon/onnx/exporter/export_graph.hpp>
#include <taxon/onnx/lower.hpp>
#include <taxon/onnx/write_model.hpp>
#include <vector>

#include "onnx/small_programs.hpp"

namespace taxon::test {

/// A network that was an .onnx file, as a file again: its ports are those of the first one.
class ImportedNetwork {
  public:
    explicit ImportedNetwork(const onnx::Network& network) : network_(network), traced_(network_.traced()) {
        const auto types = [](const std::vector<onnx::Network::Port>& ports, std::vector<onnx::PortType>& to) {
            for (const onnx::Network::Port& port : ports)
                to.emplace_back(port.type, std::span<const std::int64_t>(port.dimensions));
        };
        types(network_.inputs, inputs_), types(network_.outputs, outputs_);
    }

    onnx::ModelProto exported(onnx::ExportOptions form) const {
        form.input_types = inputs_, form.output_types = outputs_;
        const onnx::NetworkWeights weights(network_);
        return onnx::export_graph(traced_.graph(), Parameters(traced_.graph(), weights), form, "network");
    }

  private:
    onnx::Network network_;
    TracedGraph traced_;
    std::vector<onnx::PortType> inputs_{}, outputs_{};
};

/// Tensors of several samples, one after the other along the first axis.
inline onnx::Tensor stacked(const std::vector<onnx::Tensor>& samples) {
    Dimensions shape = samples[0].shape();
    if (shape.empty()) shape.push_back(1);
    shape[0] *= static_cast<std::int64_t>(samples.size());
    onnx::Tensor all(samples[0].type(), samples.size() == 1 ? samples[0].shape() : shape);
    onnx::visit_type(all.type(), [&]<class T>(T) {
        auto to = all.writable<T>().begin();
        for (const onnx::Tensor& one : samples) to = std::ranges::copy(one.numbers<T>(), to).out;
    });
    return all;
}

/// The largest difference between what an exported file makes of samples, all at once, and what is right for each;
/// infinite where one is finite and the other is not.
inline double difference_of_file(const onnx::ModelProto& model, const onnx::Program& program,
                                 const std::vector<std::vector<onnx::Tensor>>& samples) {
    std::vector<onnx::Tensor> inputs;
    onnx::InputShapes shapes;
    for (std::size_t port = 0; port < samples[0].size(); ++port) {
        std::vector<onnx::Tensor> of_port;
        for (const auto& sample : samples) of_port.push_back(sample[port]);
        inputs.push_back(stacked(of_port));
        shapes.emplace(program.inputs[port].name, inputs.back().shape());
    }
    const onnx::Folded folded = onnx::fold(std::make_shared<const onnx::ModelProto>(model), shapes);
    if (!folded.coverage.reason.empty()) throw std::logic_error(folded.coverage.reason);
    const auto found = onnx::run(folded.program, inputs);
    double most = 0;
    for (std::size_t k = 0; k < samples.size(); ++k) {
        const auto right = onnx::run(program, samples[k]);
        for (std::size_t port = 0; port < right.size(); ++port) {
            const std::size_t size = right[port].size();
            if (found[port].type() != right[port].type() || found[port].size() != samples.size() * size)
                throw std::logic_error("an output of another type or shape");
            for (std::size_t i = 0; i < size; ++i) {
                const double a = found[port].real(k * size + i), b = right[port].real(i);
                if (a == b || (std::isnan(a) && std::isnan(b))) continue;
                most = std::max(most, std::isfinite(a) && std::isfinite(b) ? std::fabs(a - b) : INFINITY);
            }
        }
    }
    return most;
}

}  // namespace taxon::test
