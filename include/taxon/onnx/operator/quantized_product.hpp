#pragma once
#include <algorithm>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/convolution.hpp>
#include <taxon/onnx/operator/matrix.hpp>
#include <taxon/onnx/operator/quantization.hpp>
#include <vector>

/// Products of quantized numbers, whose sums are whole, and the table of all that are quantized.
namespace taxon::onnx::quantization {

inline void require_bytes(const Call& call, std::size_t i) {
    call.require(call.type(i) == DataType::int8 || call.type(i) == DataType::uint8, Fault::unsupported,
                 "factors of type " + std::string(name_of(call.type(i))), "int8 or uint8");
}
/// The numbers less their zero points, which are one, or one for each place of an axis.
inline Tensor centred(const Call& call, std::size_t i, std::size_t zero, std::size_t axis) {
    const Tensor& x = call.operands[i];
    if (!call.given(zero)) return x;
    const Tensor& zeros = call.operands[zero];
    Tensor result(DataType::int32, x.shape());
    const auto after = static_cast<std::size_t>(product(x.shape(), axis + 1, x.rank()));
    for (std::size_t n = 0; n < x.size(); ++n)
        result.writable<Int>()[n] =
            x.numbers<Int>()[n] - zeros.numbers<Int>()[zeros.size() == 1 ? 0 : n / after % zeros.size()];
    return result;
}
/// Zero points have the type of what they are for, scales are floats.
inline void require_types(const Call& call, std::size_t i, DataType type) {
    call.require(!call.given(i) || call.type(i) == type, Fault::unsupported,
                 "input " + std::to_string(i) + " of type " + std::string(name_of(call.type(i))),
                 std::string(name_of(type)));
}
inline void require_zeros(const Call& call, std::size_t i, Int most) {
    if (!call.given(i)) return;
    const auto count = static_cast<Int>(io::element_count(call.shape(i)));
    call.require(count == 1 || (count == most && call.shape(i).size() == 1), Fault::unsupported,
                 io::to_string(call.shape(i)) + " of zero points or scales", "one, or one a channel");
}

inline void infer_conv_integer(Call& call) {
    require_bytes(call, 0), require_bytes(call, 1);
    require_types(call, 2, call.type(0)), require_types(call, 3, call.type(1));
    const convolution::Convolution sizes(call, call.shape(0), call.shape(1));
    require_zeros(call, 2, 1);
    require_zeros(call, 3, sizes.filters);
    call.flops = sizes.flops();
    call.output(DataType::int32, sizes.output_shape());
}
inline void compute_conv_integer(Call& call) {
    const convolution::Convolution sizes(call, call.operands[0].shape(), call.operands[1].shape());
    convolution::convolve(sizes, centred(call, 0, 2, 0).numbers<Int>().data(),
                          centred(call, 1, 3, 0).numbers<Int>().data(), call.results[0].writable<Int>().data());
}

inline void infer_mat_mul_integer(Call& call) {
    require_bytes(call, 0), require_bytes(call, 1);
    require_types(call, 2, call.type(0)), require_types(call, 3, call.type(1));
    const matrix::Product sizes(call, call.shape(0), call.shape(1));
    require_zeros(call, 2, call.shape(0).size() == 2 ? sizes.rows() : 1);
    require_zeros(call, 3, call.shape(1).size() == 2 ? sizes.columns() : 1);
    call.flops = sizes.flops();
    call.output(DataType::int32, sizes.output);
}
/// y += (a - its zero points) (b - its zero points)
inline void multiply_centred(Call& call, std::size_t a, std::size_t a_zero, std::size_t b, std::size_t b_zero,
                             Tensor& y) {
    const matrix::Product sizes(call, call.operands[a].shape(), call.operands[b].shape());
    const std::size_t last = call.operands[b].rank() - 1,
                      rows = call.operands[a].rank() < 2 ? 0 : call.operands[a].rank() - 2;
    matrix::multiply_all(sizes, centred(call, a, a_zero, rows).numbers<Int>().data(),
                         centred(call, b, b_zero, last).numbers<Int>().data(), y.writable<Int>().data());
}
inline void compute_mat_mul_integer(Call& call) { multiply_centred(call, 0, 2, 1, 3, call.results[0]); }

inline void infer_q_linear_conv(Call& call) {
    require_bytes(call, 0), require_bytes(call, 3);
    require_types(call, 2, call.type(0)), require_types(call, 5, call.type(3)), require_types(call, 8, DataType::int32);
    for (const std::size_t i : {1u, 4u, 6u}) require_types(call, i, DataType::float32);
    const convolution::Convolution sizes(call, call.shape(0), call.shape(3));
    for (const std::size_t i : {1u, 2u, 6u, 7u}) require_zeros(call, i, 1);
    require_zeros(call, 4, sizes.filters), require_zeros(call, 5, sizes.filters);
    call.require(!call.given(8) || call.shape(8) == Dimensions{sizes.filters}, Fault::shape, "another bias",
                 "one number a channel");
    range_of(call, call.type(7));
    call.flops = sizes.flops();
    call.output(call.type(7), sizes.output_shape());
}
/// Sums times their scale, quantized anew: channel(i) is that of number i, of `scales`.
template <class Channel>
void requantize(Call& call, const Tensor& sums, float scale, const Tensor& scales, const Tensor& to_scale,
                const Tensor& to_zero, Channel&& channel) {
    const Range range = range_of(call, call.results[0].type());
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const float factor =
            scale * scales.numbers<float>()[scales.size() == 1 ? 0 : channel(i)] / to_scale.numbers<float>()[0];
        call.results[0].writable<Int>()[i] =
            quantized(static_cast<float>(sums.numbers<Int>()[i]) * factor, 1, to_zero.numbers<Int>()[0], range);
    }
}
inline void compute_q_linear_conv(Call& call) {
    const convolution::Convolution sizes(call, call.operands[0].shape(), call.operands[3].shape());
    Tensor sums(DataType::int32, call.results[0].shape());
    if (call.given(8)) convolution::start_with_bias<Int>(sums, call.operands[8]);
    convolution::convolve(sizes, centred(call, 0, 2, 0).numbers<Int>().data(),
                          centred(call, 3, 5, 0).numbers<Int>().data(), sums.writable<Int>().data());
    const auto places = static_cast<std::size_t>(Window::volume(sizes.window.output)),
               filters = static_cast<std::size_t>(sizes.filters);
    requantize(call, sums, call.operands[1].numbers<float>()[0], call.operands[4], call.operands[6], call.operands[7],
               [&](std::size_t i) { return i / places % filters; });
}

inline void infer_q_linear_mat_mul(Call& call) {
    require_bytes(call, 0), require_bytes(call, 3);
    require_types(call, 2, call.type(0)), require_types(call, 5, call.type(3));
    for (const std::size_t i : {1u, 4u, 6u}) require_types(call, i, DataType::float32);
    const matrix::Product sizes(call, call.shape(0), call.shape(3));
    for (const std::size_t i : {1u, 2u, 6u, 7u}) require_zeros(call, i, 1);
    for (const std::size_t i : {4u, 5u}) require_zeros(call, i, call.shape(3).size() == 2 ? sizes.columns() : 1);
    range_of(call, call.type(7));
    call.flops = sizes.flops();
    call.output(call.type(7), sizes.output);
}
inline void compute_q_linear_mat_mul(Call& call) {
    Tensor sums(DataType::int32, call.results[0].shape());
    multiply_centred(call, 0, 2, 3, 5, sums);
    const auto columns = static_cast<std::size_t>(call.operands[3].shape().back());
    requantize(call, sums, call.operands[1].numbers<float>()[0], call.operands[4], call.operands[6], call.operands[7],
               [&](std::size_t i) { return i % columns; });
}

inline void add_to(std::vector<Operator>& table) {
    constexpr std::string_view convolution = "auto_pad dilations group kernel_shape pads strides";
    const Operator all[] = {
        {"QuantizeLinear", 2, 3, "axis block_size output_dtype precision saturate", infer_quantize, compute_quantize},
        {"DequantizeLinear", 2, 3, "axis block_size output_dtype", infer_dequantize, compute_dequantize},
        {"DynamicQuantizeLinear", 1, 1, "", infer_dynamic, compute_dynamic},
        {"ConvInteger", 2, 4, convolution, infer_conv_integer, compute_conv_integer},
        {"MatMulInteger", 2, 4, "", infer_mat_mul_integer, compute_mat_mul_integer},
        {"QLinearConv", 8, 9, convolution, infer_q_linear_conv, compute_q_linear_conv},
        {"QLinearMatMul", 8, 8, "", infer_q_linear_mat_mul, compute_q_linear_mat_mul},
    };
    table.insert(table.end(), std::begin(all), std::end(all));
}

}  // namespace taxon::onnx::quantization
