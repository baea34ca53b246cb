#pragma once
#include <span>
#include <taxon/backend/cpu/executable.hpp>
#include <taxon/graph/port_numbers.hpp>
#include <vector>

/// The outputs of samples of the longest length, one after the other as the samples are.
inline std::vector<float> run_end_to_end(const taxon::cpu::Executable& network, taxon::GraphView graph,
                                         std::span<const float> samples, int batch, std::span<const int> valid,
                                         taxon::cpu::Workspace& workspace) {
    const int length = graph.node(0).out.width;
    std::vector<float> outputs(taxon::detail::size(batch) * taxon::sample_size(graph.outputs, length));
    std::vector<taxon::InputNumbers> from(graph.inputs.size());
    std::vector<taxon::OutputNumbers> to(graph.outputs.size());
    taxon::find_end_to_end(graph.inputs, samples.data(), length, from);
    taxon::find_end_to_end(graph.outputs, outputs.data(), length, to);
    network.run(from, to, batch, length, workspace, valid);
    return outputs;
}

/// Those of one sample.
inline std::vector<float> run_end_to_end(const taxon::cpu::Executable& network, taxon::GraphView graph,
                                         std::span<const float> sample) {
    taxon::cpu::Workspace workspace;
    return run_end_to_end(network, graph, sample, 1, {}, workspace);
}
