#pragma once
#include <string_view>
#include <taxon/graph/node.hpp>

namespace taxon {

constexpr std::string_view name_of(Op op) {
    switch (op) {
        case Op::input: return "input";
        case Op::convolution: return "convolution";
        case Op::batch_norm: return "batch_norm";
        case Op::layer_norm: return "layer_norm";
        case Op::activation: return "activation";
        case Op::add: return "add";
        case Op::multiply: return "multiply";
        case Op::concat: return "concat";
        case Op::slice: return "slice";
        case Op::pool: return "pool";
        case Op::upsample: return "upsample";
        case Op::attention: return "attention";
        case Op::embedding: return "embedding";
        case Op::first_token: return "first_token";
        case Op::boxes: return "boxes";
        case Op::prelu: return "prelu";
        case Op::parameter: return "parameter";
        case Op::outlook_attention: return "outlook_attention";
        case Op::class_attention: return "class_attention";
        case Op::group_norm: return "group_norm";
        case Op::resize: return "resize";
        case Op::shuffle: return "shuffle";
        case Op::softmax: return "softmax";
        case Op::prepend: return "prepend";
        case Op::mean_tokens: return "mean_tokens";
        case Op::l2_normalize: return "l2_normalize";
        case Op::constant: return "constant";
        case Op::map: return "map";
        case Op::assemble: return "assemble";
        case Op::reduce: return "reduce";
        case Op::row: return "row";
        case Op::matrix_product: return "matrix_product";
        case Op::gather: return "gather";
        case Op::scatter: return "scatter";
        case Op::sort: return "sort";
        case Op::recurrent: return "recurrent";
        case Op::scaled_dot_product: return "scaled_dot_product";
        case Op::flatten: return "flatten";
        case Op::picture: return "picture";
    }
    return "";
}

constexpr std::string_view name_of(Activation activation) {
    switch (activation.kind) {
        case Activation::none: return "none";
        case Activation::relu: return "relu";
        case Activation::relu6: return "relu6";
        case Activation::leaky_relu: return "leaky_relu";
        case Activation::hard_sigmoid: return "hard_sigmoid";
        case Activation::hard_swish: return "hard_swish";
        case Activation::sigmoid: return "sigmoid";
        case Activation::silu: return "silu";
        case Activation::gelu: return "gelu";
        case Activation::tanh: return "tanh";
        case Activation::elu: return "elu";
        case Activation::softplus: return "softplus";
        case Activation::mish: return "mish";
        case Activation::hard_tanh: return "hard_tanh";
        case Activation::times: return "times";
    }
    return "";
}

constexpr std::string_view name_of(Pooling pooling) {
    switch (pooling) {
        case Pooling::mean: return "mean";
        case Pooling::padded_mean: return "padded_mean";
        case Pooling::max: return "max";
    }
    return "";
}

constexpr std::string_view name_of(Interpolation interpolation) {
    switch (interpolation) {
        case Interpolation::nearest: return "nearest";
        case Interpolation::nearest_exact: return "nearest_exact";
        case Interpolation::bilinear: return "bilinear";
    }
    return "";
}

constexpr std::string_view name_of(Shuffle shuffle) {
    switch (shuffle) {
        case Shuffle::channels: return "channels";
        case Shuffle::to_pixels: return "to_pixels";
        case Shuffle::to_channels: return "to_channels";
    }
    return "";
}

constexpr std::string_view name_of(BoxCode code) {
    switch (code) {
        case BoxCode::yolov5: return "yolov5";
        case BoxCode::darknet: return "darknet";
    }
    return "";
}

constexpr std::string_view name_of(Role role) {
    switch (role) {
        case Role::trained: return "trained";
        case Role::statistic: return "statistic";
        case Role::ignored: return "ignored";
        case Role::preset: return "preset";
    }
    return "";
}

}  // namespace taxon
