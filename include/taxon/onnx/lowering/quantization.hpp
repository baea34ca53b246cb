#pragma once
#include <taxon/onnx/lowering/convolution.hpp>
#include <taxon/onnx/lowering/product.hpp>
#include <taxon/onnx/operator/quantized_product.hpp>

/// Quantized numbers as floats that hold them: q = clamp(round(x / scale) + zero point), rounded half to even.
namespace taxon::onnx::lowering {

inline View map_scalar(const Operation& o, const std::string& name, MapFunction function, const View& x,
                       double number) {
    return o.to.map(name, function, x, o.to.constant_view(number, name + ".number"));
}

/// A scale or zero point, along the axes of the numbers that it is for: one, one a channel, or one a block.
inline View parameter(const Operation& o, std::size_t input, const Dimensions& shape) {
    const View own = o.operand(input);
    if (own.size() == 1) return *own.reshaped(Dimensions(shape.size(), 1));
    if (o.call().integer("block_size", 0) == 0) {
        Dimensions wide(shape.size(), 1);
        const std::size_t axis = o.call().axis(o.call().integer("axis", 1), shape.size());
        wide[axis] = shape[axis];
        return *own.reshaped(wide);
    }
    const Tensor& blocks = o.require_constant(input, "scales of blocks");
    const quantization::Places places(o.call(), shape, blocks.shape());
    const auto fill = [blocks, places](std::span<float> to) {
        for (std::size_t i = 0; i < to.size(); ++i) to[i] = static_cast<float>(blocks.real(places(i)));
    };
    return o.to.constant_view(Lowering::late_floats(shape, blocks.depth(), fill), o.name() + ".blocks");
}
/// False if a zero point is left out, or 0 everywhere.
inline bool has_zero(const Operation& o, std::size_t input) {
    if (!o.given(input)) return false;
    const auto zero = o.scalar(input);
    return !zero || *zero != 0;
}

/// To whole numbers of a type: x / scale, rounded, plus the zero point.
inline View quantized(const Operation& o, const View& divided, std::optional<View> zero, DataType type) {
    const auto [lowest, highest] = quantization::range_of(o.call(), type);
    View x = o.to.map(o.name() + ".round", MapFunction::round, divided);
    if (zero) x = o.to.map(o.name() + ".zero_point", MapFunction::add, x, *zero);
    return o.to.activate(o.name(), x,
                         {Activation::hard_tanh, static_cast<double>(lowest), static_cast<double>(highest)});
}

inline void lower_quantize(const Operation& o) {
    const View x = o.operand(0);
    const View divided = o.to.map(o.name() + ".divide", MapFunction::divide, x, parameter(o, 1, x.shape));
    o.define(quantized(o, divided, has_zero(o, 2) ? std::optional(parameter(o, 2, x.shape)) : std::nullopt,
                       o.to.value(o.step.outputs[0]).type));
}

/// Numbers that are quantized only to be dequantized again, by one scale and zero point: rounded to multiples of the
/// scale, within the range. Nothing if they are not.
inline std::optional<View> rounded_to_scale(const Operation& o) {
    const Program::Step* step = o.to.producer(o.step.inputs[0]);
    if (step == nullptr || step->call.node->operation != "QuantizeLinear") return std::nullopt;
    const Operation before{o.to, *step};
    const auto scale = o.scalar(1);
    const auto zero_of = [](const Operation& one) { return one.given(2) ? one.scalar(2) : std::optional(0.0); };
    const auto zero = zero_of(o);
    if (!scale || !zero || before.scalar(1) != scale || zero_of(before) != zero) return std::nullopt;
    const auto [lowest, highest] = quantization::range_of(o.call(), o.type());
    const View divided = before.map(".divide", MapFunction::divide, before.operand(0), *scale);
    const View whole = before.map(".round", MapFunction::round, divided);
    const View kept = o.to.activate(
        before.name(), whole,
        {Activation::hard_tanh, static_cast<double>(lowest) - *zero, static_cast<double>(highest) - *zero});
    return o.to.activate(o.name(), kept, {Activation::times, *scale});
}

inline void lower_dequantize(const Operation& o) {
    if (const auto rounded = rounded_to_scale(o)) return o.define(*rounded);
    View x = o.operand(0);
    if (has_zero(o, 2)) x = o.to.map(o.name() + ".centre", MapFunction::subtract, x, parameter(o, 2, x.shape));
    if (const auto scale = o.scalar(1)) return o.define(o.to.activate(o.name(), x, {Activation::times, *scale}));
    o.define(o.to.map(o.name(), MapFunction::multiply, x, parameter(o, 1, x.shape)));
}

/// To uint8, by the range of the numbers themselves and 0.
inline void lower_dynamic_quantize(const Operation& o) {
    const View x = o.operand(0);
    const auto extreme = [&](const char* what, Reduction reduction, MapFunction with_zero) {
        View view = o.to.reduce(o.name() + what, reduction, x, std::vector<bool>(x.rank(), true));
        view = map_scalar(o, o.name() + what, with_zero, view, 0);
        return *view.reshaped({});
    };
    const View low = extreme(".minimum", Reduction::minimum, MapFunction::minimum),
               high = extreme(".maximum", Reduction::maximum, MapFunction::maximum);
    const View range = o.to.map(o.name() + ".range", MapFunction::subtract, high, low);
    const View scale = o.to.map(o.name() + ".scale", MapFunction::where, {},
                                {range, map_scalar(o, o.name() + ".step", MapFunction::divide, range, 255),
                                 o.to.constant_view(1, o.name() + ".one")});
    const View bottom = o.to.map(o.name() + ".bottom", MapFunction::divide,
                                 o.to.map(o.name() + ".negative", MapFunction::negative, low), scale);
    const View zero = quantized(o, bottom, std::nullopt, DataType::uint8);
    const View divided = o.to.map(o.name() + ".divide", MapFunction::divide, x, scale);
    if (o.wants(0)) o.define(quantized(o, divided, zero, DataType::uint8), 0);
    if (o.wants(1)) o.define(scale, 1);
    if (o.wants(2)) o.define(zero, 2);
}

/// The numbers less their zero points, which are one, or one for each place of an axis.
inline View centred(const Operation& o, std::size_t input, std::size_t zero, std::size_t axis) {
    const View x = o.operand(input);
    if (!has_zero(o, zero)) return x;
    Dimensions shape(x.rank(), 1);
    const View own = o.operand(zero);
    if (own.size() > 1) shape[axis] = own.size();
    return o.to.map(o.name() + ".centre", MapFunction::subtract, x, *own.reshaped(shape));
}
inline Tensor centred_constant(const Operation& o, std::size_t input, std::size_t zero) {
    const Tensor& x = o.require_constant(input, "weights");
    const std::int64_t none = 0;
    const Tensor zeros = o.given(zero) ? o.require_constant(zero, "zero points") : tensor_of(std::span(&none, 1));
    const std::size_t part = x.size() / static_cast<std::size_t>(std::max<std::int64_t>(1, x.shape()[0]));
    return Lowering::late_floats(x.shape(), std::max(x.depth(), zeros.depth()), [=](std::span<float> to) {
        for (std::size_t i = 0; i < to.size(); ++i)
            to[i] = static_cast<float>(x.real(i) - zeros.real(zeros.size() == 1 ? 0 : i / part));
    });
}

/// Of sums, the numbers of a type: times scale · scales[axis] / to_scale, rounded, plus the zero point.
inline View requantized(const Operation& o, const View& sums, std::size_t axis) {
    const double scale = o.require_constant(1, "scales").real(0), to = o.require_constant(6, "scales").real(0);
    const Tensor& scales = o.require_constant(4, "scales");
    Dimensions shape(sums.rank(), 1);
    if (scales.size() > 1) shape[axis] = static_cast<std::int64_t>(scales.size());
    Tensor factors(DataType::float32, shape);
    for (std::size_t i = 0; i < factors.size(); ++i)
        factors.writable<float>()[i] =
            static_cast<float>(scale) * static_cast<float>(scales.real(i)) / static_cast<float>(to);
    const View scaled =
        o.to.map(o.name() + ".scale", MapFunction::multiply, sums, o.to.constant_view(factors, o.name() + ".factors"));
    const auto zero = has_zero(o, 7) ? std::optional(*o.operand(7).reshaped(Dimensions(sums.rank(), 1))) : std::nullopt;
    return quantized(o, scaled, zero, o.to.value(o.step.outputs[0]).type);
}

inline void lower_conv_integer(const Operation& o) {
    const Tensor weights = centred_constant(o, 1, 3);
    o.define(convolution(o, {centred(o, 0, 2, 0), weights, nullptr, o.module(1)}));
}
inline void lower_quantized_convolution(const Operation& o) {
    const Tensor weights = centred_constant(o, 3, 5);
    const View sums = convolution(o, {centred(o, 0, 2, 0), weights, bias_of(o, 8), o.module(3)});
    o.define(requantized(o, sums, 1));
}

/// (a − its zero points) · (b − its zero points).
inline View quantized_product(const Operation& o, std::size_t a, std::size_t a_zero, std::size_t b,
                              std::size_t b_zero) {
    const std::size_t rank = o.operand(a).rank();
    return product(o, o.name(), centred(o, a, a_zero, rank < 2 ? 0 : rank - 2),
                   centred(o, b, b_zero, o.operand(b).rank() - 1), 1);
}
inline void lower_matmul_integer(const Operation& o) { o.define(quantized_product(o, 0, 2, 1, 3)); }
inline void lower_quantized_matmul(const Operation& o) {
    const View sums = quantized_product(o, 0, 2, 3, 5);
    o.define(requantized(o, sums, sums.rank() == 0 ? 0 : sums.rank() - 1));
}

}  // namespace taxon::onnx::lowering
