#pragma once
#include <string>
#include <taxon/onnx/writer/function.hpp>
#include <taxon/onnx/writer/spelling.hpp>

namespace taxon::onnx::writer {

/// "1 x 3 x 224 x 224".
inline std::string shape_text(const Dimensions& shape) {
    std::string text;
    for (const std::int64_t size : shape) text += (text.empty() ? "" : " x ") + std::to_string(size);
    return text;
}

/// The name of what a layer is a part of: one without weights is called after its operator there.
inline std::string scope_of(const std::string& name) {
    const std::size_t dot = name.rfind('.');
    return dot == name.npos ? "" : name.substr(0, dot);
}

/// A network's trace, a statement for each input that is read, each layer and each output.
inline Function trace_of(const Network& network) {
    Function trace{.name = "trace"};
    std::vector<bool> is_read(network.inputs.size() + network.layers.size());
    for (const Network::Layer& layer : network.layers)
        for (const int operand : layer.operands) is_read[static_cast<std::size_t>(operand)] = true;
    for (const Network::Port& output : network.outputs) is_read[static_cast<std::size_t>(output.value)] = true;
    int value = 0;
    for (const Network::Port& input : network.inputs) {
        if (is_read[static_cast<std::size_t>(value)])
            trace.statements.push_back({.expression = Expression("t.input(" + literal_of(input.name) + ")"),
                                        .results = {value},
                                        .hint = input.name,
                                        .comment = shape_text(input.dimensions),
                                        .keeps_its_variable = true});
        ++value;
    }
    for (const Network::Layer& layer : network.layers) {
        const Op op = layer.node.op;
        trace.statements.push_back(
            {.expression = spelled(LayerContext(network, layer)),
             .results = {value++},
             .hint = layer.weights.empty() ? scope_of(layer.name) : layer.name,
             .comment = op == Op::constant ? "" : shape_text(layer.shape),
             .in_order = op == Op::map || op == Op::row || op == Op::concat || op == Op::scaled_dot_product,
             .is_constant = op == Op::constant});
    }
    for (const Network::Port& output : network.outputs) {
        Expression call("t.output(" + literal_of(output.name) + ", ");
        call.value(output.value) << ")";
        trace.statements.push_back({.expression = std::move(call)});
    }
    return trace;
}

}  // namespace taxon::onnx::writer
