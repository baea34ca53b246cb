#pragma once
#include <array>
#include <string_view>
#include <taxon/onnx/lowering/attention.hpp>
#include <taxon/onnx/lowering/binary.hpp>
#include <taxon/onnx/lowering/concatenation.hpp>
#include <taxon/onnx/lowering/convolution.hpp>
#include <taxon/onnx/lowering/einsum.hpp>
#include <taxon/onnx/lowering/elementwise.hpp>
#include <taxon/onnx/lowering/grid_sample.hpp>
#include <taxon/onnx/lowering/grouped_normalization.hpp>
#include <taxon/onnx/lowering/indexing.hpp>
#include <taxon/onnx/lowering/movement.hpp>
#include <taxon/onnx/lowering/normalization.hpp>
#include <taxon/onnx/lowering/patterns.hpp>
#include <taxon/onnx/lowering/pool.hpp>
#include <taxon/onnx/lowering/product.hpp>
#include <taxon/onnx/lowering/quantization.hpp>
#include <taxon/onnx/lowering/ranking.hpp>
#include <taxon/onnx/lowering/recurrent.hpp>
#include <taxon/onnx/lowering/reduction.hpp>
#include <taxon/onnx/lowering/resize.hpp>

namespace taxon::onnx::lowering {

/// An operator that has a form among the network's layers.
struct Lowered {
    std::string_view name;
    void (*lower)(const Operation&);
};

template <Activation::Kind Kind>
void activation(const Operation& o) {
    lower_activation(o, Kind);
}
template <MapFunction Function>
void unary(const Operation& o) {
    lower_map(o, Function);
}
template <MapFunction Function>
void binary(const Operation& o) {
    lower_general(o, Function);
}
template <Reduction Kind>
void reduction(const Operation& o) {
    lower_reduction(o, Kind);
}

// clang-format off
inline constexpr Lowered lowered_operators[] = {
    {"Relu", activation<Activation::relu>},
    {"Sigmoid", activation<Activation::sigmoid>},
    {"Tanh", activation<Activation::tanh>},
    {"HardSwish", activation<Activation::hard_swish>},
    {"Mish", activation<Activation::mish>},
    {"LeakyRelu",
     [](const Operation& o) { lower_activation(o, {Activation::leaky_relu, o.call().number("alpha", 0.01f)}); }},
    {"Elu", [](const Operation& o) { lower_activation(o, {Activation::elu, o.call().number("alpha", 1)}); }},
    {"Softplus", [](const Operation& o) { lower_activation(o, {Activation::softplus, 1, 20}); }},
    {"Clip", lower_clip},
    {"HardSigmoid", lower_hard_sigmoid},
    {"Selu", lower_selu},
    {"Celu", lower_celu},
    {"ThresholdedRelu", lower_thresholded_relu},
    {"Shrink", lower_shrink},
    {"Softsign", lower_softsign},
    {"Swish", lower_swish},
    {"Gelu", lower_gelu},
    {"Abs", unary<MapFunction::absolute>},
    {"Neg", unary<MapFunction::negative>},
    {"Exp", unary<MapFunction::exponential>},
    {"Log", unary<MapFunction::logarithm>},
    {"Sqrt", unary<MapFunction::square_root>},
    {"Reciprocal", unary<MapFunction::reciprocal>},
    {"Floor", unary<MapFunction::floor>},
    {"Ceil", unary<MapFunction::ceiling>},
    {"Round", unary<MapFunction::round>},
    {"Erf", unary<MapFunction::error_function>},
    {"Sign", unary<MapFunction::sign>},
    {"Sin", unary<MapFunction::sine>},
    {"Cos", unary<MapFunction::cosine>},
    {"Tan", unary<MapFunction::tangent>},
    {"Asin", unary<MapFunction::arc_sine>},
    {"Acos", unary<MapFunction::arc_cosine>},
    {"Atan", unary<MapFunction::arc_tangent>},
    {"Sinh", unary<MapFunction::hyperbolic_sine>},
    {"Cosh", unary<MapFunction::hyperbolic_cosine>},
    {"Asinh", unary<MapFunction::inverse_hyperbolic_sine>},
    {"Acosh", unary<MapFunction::inverse_hyperbolic_cosine>},
    {"Atanh", unary<MapFunction::inverse_hyperbolic_tangent>},
    {"Not", unary<MapFunction::logical_not>},
    {"BitwiseNot", lower_bitwise_not},
    {"BitwiseAnd", binary<MapFunction::bitwise_and>},
    {"BitwiseOr", binary<MapFunction::bitwise_or>},
    {"BitwiseXor", binary<MapFunction::bitwise_xor>},
    {"IsNaN", unary<MapFunction::is_nan>},
    {"IsInf", lower_is_infinite},
    {"Cast", lower_cast},
    {"CastLike", lower_cast},
    {"Where", lower_where},
    {"Add", lower_add},
    {"Sub", lower_subtract},
    {"Mul", lower_multiply},
    {"Div", lower_divide},
    {"Pow", lower_power},
    {"Mod", lower_mod},
    {"PRelu", binary<MapFunction::prelu>},
    {"Equal", binary<MapFunction::equal>},
    {"Less", binary<MapFunction::less>},
    {"LessOrEqual", binary<MapFunction::less_or_equal>},
    {"Greater", [](const Operation& o) { lower_greater(o, MapFunction::less); }},
    {"GreaterOrEqual", [](const Operation& o) { lower_greater(o, MapFunction::less_or_equal); }},
    {"And", binary<MapFunction::logical_and>},
    {"Or", binary<MapFunction::logical_or>},
    {"Xor", binary<MapFunction::logical_xor>},
    {"Max", [](const Operation& o) { lower_variadic(o, MapFunction::maximum); }},
    {"Min", [](const Operation& o) { lower_variadic(o, MapFunction::minimum); }},
    {"Sum", [](const Operation& o) { lower_variadic(o, MapFunction::add); }},
    {"Mean", lower_mean},
    {"Identity", [](const Operation& o) { o.define(o.operand(0)); }},
    {"Dropout", lower_dropout},
    {"Reshape", lower_reshape},
    {"Flatten", lower_reshape},
    {"Squeeze", lower_reshape},
    {"Unsqueeze", lower_reshape},
    {"Transpose", lower_transpose},
    {"Expand", lower_expand},
    {"Slice", lower_slice},
    {"Split", lower_split},
    {"Concat", lower_concat},
    {"Pad", lower_pad},
    {"Tile", lower_tile},
    {"DepthToSpace", lower_depth_to_space},
    {"SpaceToDepth", lower_space_to_depth},
    {"Gather", lower_gather},
    {"GatherElements", lower_gather_elements},
    {"Conv", lower_convolution},
    {"ConvTranspose", lower_transposed_convolution},
    {"MaxPool", [](const Operation& o) { lower_pool(o, true); }},
    {"AveragePool", [](const Operation& o) { lower_pool(o, false); }},
    {"GlobalMaxPool", [](const Operation& o) { lower_global_pool(o, true); }},
    {"GlobalAveragePool", [](const Operation& o) { lower_global_pool(o, false); }},
    {"Resize", lower_resize},
    {"Upsample", lower_resize},
    {"GridSample", lower_grid_sample},
    {"LSTM", lower_recurrent},
    {"GRU", lower_recurrent},
    {"RNN", lower_recurrent},
    {"QuantizeLinear", lower_quantize},
    {"DequantizeLinear", lower_dequantize},
    {"DynamicQuantizeLinear", lower_dynamic_quantize},
    {"ConvInteger", lower_conv_integer},
    {"QLinearConv", lower_quantized_convolution},
    {"MatMulInteger", lower_matmul_integer},
    {"QLinearMatMul", lower_quantized_matmul},
    {"MatMul", lower_matmul},
    {"Gemm", lower_gemm},
    {"BatchNormalization", lower_batch_normalization},
    {"LayerNormalization", lower_layer_normalization},
    {"Softmax", [](const Operation& o) { lower_softmax(o, RowFunction::softmax); }},
    {"LogSoftmax", [](const Operation& o) { lower_softmax(o, RowFunction::log_softmax); }},
    {"Hardmax", [](const Operation& o) { lower_softmax(o, RowFunction::hard_maximum); }},
    {"ReduceSum", reduction<Reduction::sum>},
    {"ReduceMean", reduction<Reduction::mean>},
    {"ReduceMax", reduction<Reduction::maximum>},
    {"ReduceMin", reduction<Reduction::minimum>},
    {"ReduceProd", reduction<Reduction::product>},
    {"ReduceL1", [](const Operation& o) { lower_composed_reduction(o, MapFunction::absolute, false, std::nullopt); }},
    {"ReduceL2", [](const Operation& o) { lower_composed_reduction(o, std::nullopt, true, MapFunction::square_root); }},
    {"ReduceSumSquare", [](const Operation& o) { lower_composed_reduction(o, std::nullopt, true, std::nullopt); }},
    {"ReduceLogSum",
     [](const Operation& o) { lower_composed_reduction(o, std::nullopt, false, MapFunction::logarithm); }},
    {"ReduceLogSumExp", lower_log_sum_exp},
    {"InstanceNormalization", [](const Operation& o) { lower_group_normalization(o, o.shape()[1]); }},
    {"GroupNormalization",
     [](const Operation& o) { lower_group_normalization(o, o.call().integer("num_groups", 1)); }},
    {"RMSNormalization", lower_rms_normalization},
    {"LpNormalization", lower_lp_normalization},
    {"MeanVarianceNormalization", lower_mean_variance_normalization},
    {"LRN", lower_local_response_normalization},
    {"LpPool", lower_lp_pool},
    {"GlobalLpPool", lower_global_lp_pool},
    {"GatherND", lower_gather_nd},
    {"ScatterND", lower_scatter_nd},
    {"ScatterElements", lower_scatter_elements},
    {"Scatter", lower_scatter_elements},
    {"OneHot", lower_one_hot},
    {"Compress", lower_compress},
    {"TopK", lower_top_k},
    {"CumSum", lower_cumulative_sum},
    {"CumProd", lower_cumulative_product},
    {"Trilu", lower_triangle},
    {"EyeLike", lower_eye_like},
    {"Einsum", lower_einsum},
    {"Attention", lower_attention},
    {"RotaryEmbedding", lower_rotary_embedding},
    {"ArgMax", [](const Operation& o) { lower_argument(o, Reduction::argument_of_maximum); }},
    {"ArgMin", [](const Operation& o) { lower_argument(o, Reduction::argument_of_minimum); }},
};
// clang-format on

/// Null for an operator that has none.
inline const Lowered* find_lowered(std::string_view name) {
    for (const Lowered& one : lowered_operators)
        if (one.name == name) return &one;
    return nullptr;
}

}  // namespace taxon::onnx::lowering
