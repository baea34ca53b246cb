#pragma once
#include <taxon/onnx/lowering/normalization.hpp>
#include <taxon/onnx/operator/normalization.hpp>

/// Normalisations by statistics of other axes than the last ones: of groups of channels, of norms, of neighbours.
namespace taxon::onnx::lowering {

/// Gains or shifts of groups as those of their channels.
inline Tensor by_channel(const Tensor& numbers, std::int64_t channels) {
    Tensor wide(DataType::float32, {channels});
    const std::size_t repeats = static_cast<std::size_t>(channels) / std::max<std::size_t>(1, numbers.size());
    for (std::size_t i = 0; i < wide.size(); ++i)
        wide.writable<float>()[i] = static_cast<float>(numbers.real(i / repeats));
    return wide;
}

/// Each group of channels less its mean, over its deviation, times the channel's gain plus its shift.
inline void lower_group_normalization(const Operation& o, std::int64_t groups) {
    const View x = o.operand(0);
    const std::int64_t samples = x.shape[0], channels = x.shape[1], part = x.size() / (samples * groups);
    const Tensor gain = by_channel(o.require_constant(1, "scales"), channels),
                 shift = by_channel(o.require_constant(2, "biases"), channels);
    const double epsilon = o.call().number("epsilon", 1e-5f);
    const auto whole = inverse(epsilon);
    const auto all = int_of(channels);
    if (whole && samples == 1 && part > 1 && (x.rank() == 3 || x.rank() == 4)) {
        const int source = o.to.picture(x, o.name());
        const int value =
            o.to.add({.name = o.module(1),
                      .node = {.op = Op::group_norm, .groups = int_of(groups), .inverse_epsilon = *whole},
                      .out = o.to.shape_of(source),
                      .operands = {source},
                      .weights = {Lowering::weight("weight", {all}, gain), Lowering::weight("bias", {all}, shift)},
                      .shape = o.shape()});
        return o.define(o.to.of_picture(value, o.shape()));
    }
    const View rows = o.reshaped(x, {samples, groups, part});
    const View result = row_function(o, o.name(), RowFunction::standardise, rows, 2, epsilon);
    Dimensions of_channel(x.rank(), 1);
    of_channel[1] = channels;
    const auto constant = [&](const Tensor& numbers, const char* what) {
        return *o.to.constant_view(numbers, o.name() + what).reshaped(of_channel);
    };
    o.define(o.map(".shift", MapFunction::add,
                   o.map(".gain", MapFunction::multiply, o.reshaped(result, o.shape()), constant(gain, ".gains")),
                   constant(shift, ".shifts")));
}

/// x / √(mean of squares over the axes from one on + ε) · gain.
inline void lower_rms_normalization(const Operation& o) {
    const View x = o.operand(0);
    std::vector<bool> reduced(x.rank());
    for (std::size_t i = o.call().axis(o.call().integer("axis", -1), x.rank()); i < x.rank(); ++i) reduced[i] = true;
    const View mean =
        o.to.reduce(o.name() + ".mean", Reduction::mean, o.map(".square", MapFunction::multiply, x, x), reduced);
    const View norm = o.map(".norm", MapFunction::square_root,
                            o.map(".epsilon", MapFunction::add, mean, o.call().number("epsilon", 1e-5f)));
    const View result = o.map("", MapFunction::divide, x, norm);
    o.define(o.to.map(o.name() + ".gain", MapFunction::multiply, o.shape(), {result, o.operand(1)}));
}

/// x / (Σ |x|ᵖ)^(1/p) along an axis, and 0 where that is 0.
inline void lower_lp_normalization(const Operation& o) {
    const View x = o.operand(0);
    std::vector<bool> reduced(x.rank());
    reduced[o.call().axis(o.call().integer("axis", -1), x.rank())] = true;
    const bool squares = o.call().integer("p", 2) == 2;
    const View powers =
        squares ? o.map(".square", MapFunction::multiply, x, x) : o.map(".absolute", MapFunction::absolute, x);
    View norm = o.to.reduce(o.name() + ".sum", Reduction::sum, powers, reduced);
    if (squares) norm = o.map(".norm", MapFunction::square_root, norm);
    constexpr double least = 1e-37;  // 0 / least is 0
    o.define(o.map("", MapFunction::divide, x, o.map(".least", MapFunction::maximum, norm, least)));
}

/// (x − mean) / (deviation + 10⁻⁹) over axes.
inline void lower_mean_variance_normalization(const Operation& o) {
    const View x = o.operand(0);
    std::vector<bool> reduced(x.rank());
    for (const std::int64_t axis : normalization::mean_variance_axes(o.call()))
        reduced[o.call().axis(axis, x.rank())] = true;
    const View centred =
        o.map(".centre", MapFunction::subtract, x, o.to.reduce(o.name() + ".mean", Reduction::mean, x, reduced));
    const View variance = o.to.reduce(o.name() + ".variance", Reduction::mean,
                                      o.map(".square", MapFunction::multiply, centred, centred), reduced);
    const View deviation =
        o.map(".least", MapFunction::add, o.map(".deviation", MapFunction::square_root, variance), 1e-9);
    o.define(o.map("", MapFunction::divide, centred, deviation));
}

/// x / (bias + α / size · Σ of squares of neighbouring channels)^β.
inline void lower_local_response_normalization(const Operation& o) {
    const View x = o.operand(0);
    const std::int64_t size = o.call().integer("size", 1);
    const double alpha = o.call().number("alpha", 1e-4f), beta = o.call().number("beta", 0.75f),
                 bias = o.call().number("bias", 1);
    Dimensions before(x.rank()), shape = x.shape;
    before[1] = (size - 1) / 2, shape[1] += size - 1;
    View windows = framed(o, o.name() + ".padded", o.map(".square", MapFunction::multiply, x, x), before, shape, 0);
    windows.shape = x.shape;
    windows.shape.push_back(size), windows.by.push_back(windows.by[1]);
    std::vector<bool> reduced(windows.rank());
    reduced.back() = true;
    const View sum = o.to.reduce(o.name() + ".sum", Reduction::sum, windows, reduced).without_axis(x.rank());
    const View scaled = o.to.activate(o.name() + ".scale", sum, {Activation::times, alpha / static_cast<double>(size)});
    const View power = o.map(".power", MapFunction::power, o.map(".bias", MapFunction::add, scaled, bias), beta);
    o.define(o.map("", MapFunction::divide, x, power));
}

}  // namespace taxon::onnx::lowering
