#pragma once
#include <taxon/onnx/exporter/attention.hpp>
#include <taxon/onnx/exporter/boxes.hpp>
#include <taxon/onnx/exporter/convolution.hpp>
#include <taxon/onnx/exporter/dense/assembly.hpp>
#include <taxon/onnx/exporter/dense/indexing.hpp>
#include <taxon/onnx/exporter/dense/map.hpp>
#include <taxon/onnx/exporter/dense/picture.hpp>
#include <taxon/onnx/exporter/dense/product.hpp>
#include <taxon/onnx/exporter/dense/recurrent.hpp>
#include <taxon/onnx/exporter/dense/rows.hpp>
#include <taxon/onnx/exporter/elementwise.hpp>
#include <taxon/onnx/exporter/movement.hpp>
#include <taxon/onnx/exporter/normalisation.hpp>
#include <taxon/onnx/exporter/pool.hpp>
#include <taxon/onnx/exporter/ports.hpp>
#include <taxon/onnx/exporter/quantization.hpp>
#include <taxon/onnx/exporter/tokens.hpp>

namespace taxon::onnx {

namespace detail {

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
        case Op::constant: return export_constant(exporter, node);
        case Op::map: return export_map(exporter, node);
        case Op::assemble: return export_assemble(exporter, node);
        case Op::reduce: return export_reduce(exporter, node);
        case Op::row: return export_row(exporter, node);
        case Op::matrix_product: return export_matrix_product(exporter, node);
        case Op::gather: return export_gather(exporter, node);
        case Op::scatter: return export_scatter(exporter, node);
        case Op::sort: return export_sort(exporter, node);
        case Op::recurrent: return export_recurrent(exporter, node);
        case Op::scaled_dot_product: return export_scaled_dot_product(exporter, node);
        case Op::flatten: return export_flatten(exporter, node);
        case Op::picture: return export_picture(exporter, node);
    }
    return nullptr;
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
