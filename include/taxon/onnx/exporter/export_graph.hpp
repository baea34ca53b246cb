#pragma once
#include <taxon/graph/names.hpp>
#include <taxon/onnx/exporter/attention.hpp>
#include <taxon/onnx/exporter/boxes.hpp>
#include <taxon/onnx/exporter/convolution.hpp>
#include <taxon/onnx/exporter/elementwise.hpp>
#include <taxon/onnx/exporter/movement.hpp>
#include <taxon/onnx/exporter/normalisation.hpp>
#include <taxon/onnx/exporter/pool.hpp>
#include <taxon/onnx/exporter/quantization.hpp>
#include <taxon/onnx/exporter/tokens.hpp>

namespace taxon::onnx {

namespace detail {

[[noreturn]] inline void refuse_dense(const Exporter& exporter, const Node& node) {
    const std::string place = "layer '" + std::string(exporter.graph.name(node)) + "'",
                      found = "operation " + std::string(taxon::name_of(node.op)) + " of dense values";
    throw Error(Fault::unsupported, {.place = place,
                                     .found = found,
                                     .wanted = "a layer of pictures or tokens",
                                     .remedy = "a network that was imported has its .onnx file already"});
}

/// The table of operations: one that is missing does not compile.
inline ValueRef exported(Exporter& exporter, const Node& node) {
    switch (node.op) {
        case Op::input: return exporter.values[Exporter::index(exporter.number(node))];
        case Op::convolution: return export_convolution(exporter, node);
        case Op::batch_norm: return export_batch_norm(exporter, node);
        case Op::layer_norm: return export_layer_norm(exporter, node);
        case Op::activation: return export_activation(exporter, node);
        case Op::add: return export_add(exporter, node);
        case Op::multiply: return export_multiply(exporter, node);
        case Op::concat: return export_concat(exporter, node);
        case Op::slice: return export_slice(exporter, node);
        case Op::pool: return export_pool(exporter, node);
        case Op::upsample: return export_upsample(exporter, node);
        case Op::attention: return export_attention(exporter, node);
        case Op::embedding: return export_embedding(exporter, node);
        case Op::first_token: return export_first_token(exporter, node);
        case Op::boxes: return export_boxes(exporter, node);
        case Op::prelu: return export_prelu(exporter, node);
        case Op::parameter: return export_parameter(exporter, node);
        case Op::outlook_attention: return export_outlook_attention(exporter, node);
        case Op::class_attention: return export_class_attention(exporter, node);
        case Op::group_norm: return export_group_norm(exporter, node);
        case Op::resize: return export_resize(exporter, node);
        case Op::shuffle: return export_shuffle(exporter, node);
        case Op::softmax: return export_softmax(exporter, node);
        case Op::prepend: return export_prepend(exporter, node);
        case Op::mean_tokens: return export_mean_tokens(exporter, node);
        case Op::l2_normalize: return export_l2_normalize(exporter, node);
        case Op::constant:
        case Op::map:
        case Op::assemble:
        case Op::reduce:
        case Op::row:
        case Op::matrix_product:
        case Op::gather:
        case Op::scatter:
        case Op::sort:
        case Op::recurrent:
        case Op::scaled_dot_product:
        case Op::flatten:
        case Op::picture: refuse_dense(exporter, node);
    }
    return nullptr;
}

/// The layout of an input or output: what a user of PyTorch expects.
inline Layout public_layout(const Shape& shape) {
    return shape.sequence        ? Layout::tokens
           : shape.table         ? Layout::table
           : shape.pixels() == 1 ? Layout::vector
                                 : Layout::planes;
}

inline std::string name_of(const Port& port, const char* kind) {
    return std::string(port.name.empty() ? kind : port.name);
}

inline ValueInfoProto tensor_of(const Exporter& exporter, const std::string& name, const Shape& shape) {
    std::vector<ValueInfoProto::Dimension> dimensions{exporter.batch_dimension()};
    const Integers sizes = exporter.sizes(exporter.fixed(shape), public_layout(shape));
    dimensions.insert(dimensions.end(), sizes.begin() + 1, sizes.end());
    return {name, DataType::float32, std::move(dimensions)};
}

/// Inputs, and of texts the mask that attention adds to its scores: 0, or −10,000 for what is padding.
inline void export_inputs(Exporter& exporter) {
    const GraphView& graph = exporter.graph;
    bool has_ids = false, masks = false;
    for (const Node& node : graph.nodes)
        has_ids |= node.op == Op::embedding,
            masks |= (node.op == Op::attention || node.op == Op::mean_tokens) && node.in.sequence;
    const auto integers = [&](const char* name) {
        exporter.to.reserve(name);
        exporter.to.input(
            {name, DataType::int64,
             std::vector<ValueInfoProto::Dimension>{exporter.batch_dimension(),
                                                    std::int64_t{exporter.fixed(graph.inputs.front().shape).width}}});
    };
    for (const Port& port : graph.inputs) {
        const bool is_text = has_ids && port.node == 0;
        const std::string name = is_text ? token_ids : name_of(port, "input");
        exporter.values[Exporter::index(port.node)] = exporter.value({}, port.shape, public_layout(port.shape), name);
        if (is_text) integers(token_ids);
        else {
            exporter.to.reserve(name);
            exporter.to.input(tensor_of(exporter, name, port.shape));
        }
    }
    if (masks) integers(token_mask);
    if (has_ids) integers(token_types);
    if (!masks) return;
    GraphWriter& to = exporter.to;
    const std::string_view path = token_mask;
    exporter.kept = to.node(path, "Cast", {token_mask}, {{"to", static_cast<std::int64_t>(DataType::float32)}});
    const std::string large = to.node(path, "Mul", {exporter.kept, to.real(10'000)}),
                      added = to.node(path, "Sub", {large, to.real(10'000)});
    exporter.mask =
        exporter.reshaped(path, added, {exporter.batch(), 1, 1, exporter.fixed(graph.inputs.front().shape).width});
}

inline void export_outputs(Exporter& exporter) {
    for (const Port& port : exporter.graph.outputs) {
        const ValueRef& value = exporter.values[Exporter::index(port.node)];
        exporter.to.output(exporter.as(value, public_layout(port.shape)),
                           tensor_of(exporter, name_of(port, "output"), port.shape));
    }
}

}  // namespace detail

/// A network with its weights as an ONNX graph of standard operators. Inputs are float32, (N, C, H, W), (N, C) or
/// (N, T, C), called like the network's or "input"; of texts input_ids, attention_mask and token_type_ids, (N, T)
/// integers. Initializers are called as in the state dict; batch normalisations are folded into the convolution before
/// them, whose bias they give, and weights of a MatMul are transposed. `rounding`: of a model of 8-bit integers, as its
/// plan and its calibration have it. Then values that it stores as integers are quantized and dequantized again, and
/// weights that it multiplies as such are int8, dequantized; biases stay float32.
inline ModelProto export_graph(GraphView graph, const Parameters& parameters, const ExportOptions& options,
                               const std::string& name, const quantize::Rounding& rounding = {}) {
    Exporter exporter(graph, parameters, rounding, options, name);
    for (const Port& port : graph.outputs) exporter.to.reserve(detail::name_of(port, "output"));
    detail::export_inputs(exporter);
    for (const Node& node : graph.nodes) {
        const int number = exporter.number(node);
        const std::string path = graph.is_input(number)
                                     ? detail::name_of(graph.inputs[Exporter::index(number)], "input")
                                     : std::string(graph.name(node));
        exporter.values[Exporter::index(number)] =
            export_stored(exporter, path, number, detail::exported(exporter, node));
    }
    detail::export_outputs(exporter);
    ModelProto model;
    model.ir_version = options.opset >= 17 ? 8 : 7;
    model.producer_name = "taxon";
    model.opset = {{"", options.opset}};
    model.graph = exporter.to.take();
    return model;
}

}  // namespace taxon::onnx
