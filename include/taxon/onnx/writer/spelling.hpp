#pragma once
#include <taxon/core/error.hpp>
#include <taxon/onnx/writer/any_operation.hpp>
#include <taxon/onnx/writer/convolution.hpp>
#include <taxon/onnx/writer/dense_operation.hpp>
#include <taxon/onnx/writer/picture_layer.hpp>
#include <taxon/onnx/writer/simple_layer.hpp>

namespace taxon::onnx::writer {

/// The shortest expression that adds a layer's node, with its operands, tensors and loops, to a graph.
inline Expression spelled(const LayerContext& context) {
    const auto by_type = [&]() -> Spelling {
        switch (context.node().op) {
            case Op::convolution: return ConvolutionSpelling(context).spelled();
            case Op::batch_norm:
            case Op::layer_norm:
            case Op::group_norm: return spelled_normalisation(context);
            case Op::pool: return spelled_pool(context);
            case Op::resize: return spelled_resizing(context);
            case Op::shuffle: return spelled_shuffle(context);
            case Op::parameter: return spelled_learned(context);
            case Op::add:
            case Op::multiply:
            case Op::concat: return spelled_several(context);
            case Op::constant:
            case Op::map:
            case Op::assemble:
            case Op::reduce:
            case Op::row:
            case Op::matrix_product:
            case Op::scaled_dot_product:
            case Op::gather:
            case Op::scatter:
            case Op::sort:
            case Op::recurrent:
            case Op::flatten:
            case Op::picture: return DenseSpelling(context).spelled();
            default: return spelled_simple(context);
        }
    };
    if (Spelling spelling = by_type()) return *std::move(spelling);
    const Network::Layer& layer = context.layer;
    for (const Network::Weight& weight : layer.weights)
        if (weight.shape.size() > 4)
            throw Error(Fault::unsupported, {.place = "layer '" + layer.name + "'",
                                             .found = "a tensor of " + std::to_string(weight.shape.size()) + " axes",
                                             .wanted = "at most 4"});
    return spelled_by_its_node(context);
}

}  // namespace taxon::onnx::writer
