#pragma once
#include <string>
#include <taxon/graph/graph.hpp>
#include <taxon/graph/names.hpp>
#include <taxon/onnx/network.hpp>

namespace taxon::test {

/// A graph as the data from which a header is written, with shapes as comments and tensors of zeros.
inline onnx::Network network_of(GraphView graph) {
    onnx::Network network;
    const auto dimensions = [](const Shape& shape) {
        return shape.table ? Dimensions{shape.height, shape.channels}
                           : Dimensions{1, shape.channels, shape.height, shape.width};
    };
    const auto port = [&](const Port& one) {
        return onnx::Network::Port{std::string(one.name), onnx::DataType::float32, dimensions(one.shape), one.shape,
                                   one.node};
    };
    for (const Port& input : graph.inputs) network.inputs.push_back(port(input));
    for (const Port& output : graph.outputs) network.outputs.push_back(port(output));
    int parameter = 0;
    for (std::size_t i = graph.inputs.size(); i < graph.nodes.size(); ++i) {
        const Node& node = graph.nodes[i];
        onnx::Network::Layer layer{.name = std::string(graph.name(node)), .node = node, .out = node.out};
        layer.shape = dimensions(node.out);
        layer.operands.assign(graph.operands(node).begin(), graph.operands(node).end());
        for (int k = 0; k < node.nest_count; ++k) layer.nests.push_back(graph.nest(node, k));
        // parameters are those from the last node's on that are called like this one
        for (; parameter < static_cast<int>(graph.parameters.size()); ++parameter) {
            const Parameter& one = graph.parameters[static_cast<std::size_t>(parameter)];
            const std::string_view name = graph.name(one);
            if (!name.starts_with(layer.name)) break;
            const std::string_view rest = name.substr(layer.name.size());
            if (node.parameter == none || (!rest.empty() && rest[0] != '.')) break;
            onnx::Network::Weight weight{std::string(rest.empty() ? rest : rest.substr(1)),
                                         one.role,
                                         {one.shape.begin(), one.shape.begin() + one.rank}};
            weight.numbers = onnx::Tensor(onnx::DataType::float32, {weight.shape.begin(), weight.shape.end()});
            layer.weights.push_back(std::move(weight));
        }
        network.layers.push_back(std::move(layer));
    }
    return network;
}

/// What differs first between two graphs; empty if they are equal, field by field.
inline std::string difference_of(GraphView a, GraphView b) {
    const auto differ = [](std::string_view what, std::size_t at) {
        return std::string(what) + " " + std::to_string(at);
    };
    if (a.nodes.size() != b.nodes.size()) return "the number of nodes";
    for (std::size_t i = 0; i < a.nodes.size(); ++i)
        if (a.nodes[i] != b.nodes[i] || a.name(a.nodes[i]) != b.name(b.nodes[i]))
            return differ("node", i) + ", " + std::string(a.name(a.nodes[i])) + " and " +
                   std::string(b.name(b.nodes[i]));
    if (!std::equal(a.operand_values.begin(), a.operand_values.end(), b.operand_values.begin(), b.operand_values.end()))
        return "operands";
    if (a.parameters.size() != b.parameters.size()) return "the number of parameters";
    for (std::size_t i = 0; i < a.parameters.size(); ++i)
        if (const Parameter& one = a.parameters[i], &other = b.parameters[i];
            a.name(one) != b.name(other) || one.name_at != other.name_at || one.rank != other.rank ||
            one.shape != other.shape || one.role != other.role)
            return differ("parameter", i) + ", " + std::string(a.name(one)) + " and " + std::string(b.name(other));
    if (!std::equal(a.nests.begin(), a.nests.end(), b.nests.begin(), b.nests.end())) return "loops";
    if (a.characters != b.characters) return "characters";
    const auto ports = [](std::span<const Port> some, std::span<const Port> others) {
        return std::equal(some.begin(), some.end(), others.begin(), others.end(), [](const Port& x, const Port& y) {
            return x.name == y.name && x.shape == y.shape && x.node == y.node;
        });
    };
    if (!ports(a.inputs, b.inputs)) return "inputs";
    return ports(a.outputs, b.outputs) ? "" : "outputs";
}

}  // namespace taxon::test
