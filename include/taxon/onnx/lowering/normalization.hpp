#pragma once
#include <cstdint>
#include <taxon/onnx/lowering/binary.hpp>
#include <taxon/onnx/lowering/convolution.hpp>

/// Normalisations and functions of whole rows.
namespace taxon::onnx::lowering {

/// 1/ε where that is a whole number to float's precision; else nothing.
inline std::optional<std::int64_t> inverse(double epsilon) {
    if (!(epsilon > 1e-15)) return std::nullopt;
    // a float's 1e-12 is 1 / 1000000003996: three digits are what its author wrote
    const double digits = std::pow(10, std::max(0.0, std::floor(std::log10(1 / epsilon)) - 2));
    const double round = std::round(1 / epsilon / digits) * digits;
    const double whole = std::fabs(round * epsilon - 1) < 1e-6 ? round : std::round(1 / epsilon);
    return std::fabs(whole * epsilon - 1) < 1e-6 ? std::optional(static_cast<std::int64_t>(whole)) : std::nullopt;
}

/// (x − mean) / √(variance + ε) · scale + shift for each channel.
inline void lower_batch_normalization(const Operation& o) {
    View x = o.operand(0);
    const double epsilon = o.call().number("epsilon", 1e-5f);
    const Tensor &scale = o.require_constant(1, "scales"), &shift = o.require_constant(2, "shifts"),
                 &mean = o.require_constant(3, "means"), &variance = o.require_constant(4, "variances");
    const auto channels = int_of(scale.size());
    const bool is_vector = x.rank() == 2;
    if (x.shape[0] != 1 || x.rank() > 4 || x.rank() < 2) {
        std::vector<float> factors, terms;
        for (std::size_t c = 0; c < scale.size(); ++c) {
            const double factor = scale.real(c) / std::sqrt(variance.real(c) + epsilon);
            factors.push_back(static_cast<float>(factor));
            terms.push_back(static_cast<float>(shift.real(c) - mean.real(c) * factor));
        }
        Dimensions shape(x.rank(), 1);
        shape[x.rank() > 1 ? 1 : 0] = channels;
        const auto constant = [&](const std::vector<float>& numbers, const char* what) {
            Tensor tensor(DataType::float32, {channels});
            std::copy(numbers.begin(), numbers.end(), tensor.writable<float>().begin());
            return *o.to.constant_view(tensor, o.name() + what).reshaped(shape);
        };
        const View scaled = o.to.map(o.name() + ".scale", MapFunction::multiply, x, constant(factors, ".factors"));
        return o.define(o.to.map(o.name(), MapFunction::add, scaled, constant(terms, ".terms")));
    }
    const int source = is_vector ? o.to.rows(x, o.name()) : o.to.picture(x, o.name());
    const auto whole = inverse(epsilon);
    constexpr std::int64_t usual = 100'000;
    const auto shifted = [variance, epsilon](std::span<float> to) {
        for (std::size_t i = 0; i < to.size(); ++i)
            to[i] = std::max(0.f, static_cast<float>(static_cast<float>(variance.real(i)) + epsilon - 1.0 / usual));
    };
    const Tensor variances = whole ? variance : Lowering::late_floats({channels}, variance.depth(), shifted);
    const int value = o.to.add({.name = o.module(1),
                                .node = {.op = Op::batch_norm, .inverse_epsilon = whole.value_or(usual)},
                                .out = o.to.shape_of(source),
                                .operands = {source},
                                .weights = {Lowering::weight("weight", {channels}, scale),
                                            Lowering::weight("bias", {channels}, shift),
                                            Lowering::weight("running_mean", {channels}, mean, Role::statistic),
                                            Lowering::weight("running_var", {channels}, variances, Role::statistic),
                                            {.suffix = "num_batches_tracked", .role = Role::ignored}},
                                .shape = o.shape()});
    o.define(is_vector ? View::in_order(value, o.shape()) : o.to.of_picture(value, o.shape()));
}

/// A function of the numbers along some axis, or of those along several that lie side by side; in the order of the
/// operand's memory.
inline View row_function(const Operation& o, const std::string& name, RowFunction function, const View& view,
                         std::size_t axis, double first = 0, bool exclusive = false, bool reverse = false) {
    const View x = o.to.in_dense(view);
    std::vector<std::size_t> axes;
    for (const std::size_t one : x.order())
        if (one != axis) axes.push_back(one);
    axes.push_back(axis);
    View out{0, x.shape, Dimensions(x.rank())};
    {
        std::vector<std::size_t> order = x.order();
        std::int64_t stride = 1;
        for (std::size_t i = order.size(); i-- > 0; stride *= x.shape[order[i]]) out.by[order[i]] = stride;
    }
    const View from = x.transposed(axes);
    const View to = out.transposed(axes);
    LoopNest nest = nest_of(from.shape, 1, {from}, to.by);
    nest.row = function, nest.first = first, nest.last = exclusive, nest.reverse = reverse;
    out.value = o.to.add_dense(name, Op::row, nest, x.size(), {x.value}, view.shape);
    return out;
}

/// The second and third output of a layer normalisation: the mean, and one over the deviation.
inline void define_moments(const Operation& o, const View& x, std::size_t axis, double epsilon) {
    std::vector<bool> reduced(x.rank());
    for (std::size_t i = axis; i < x.rank(); ++i) reduced[i] = true;
    const View mean = o.to.reduce(o.name() + ".mean", Reduction::mean, x, reduced);
    if (o.wants(1)) o.define(mean, 1);
    if (!o.wants(2)) return;
    const View centred = o.map(".centre", MapFunction::subtract, x, mean);
    const View variance = o.to.reduce(o.name() + ".variance", Reduction::mean,
                                      o.map(".square", MapFunction::multiply, centred, centred), reduced);
    const View deviation =
        o.map(".deviation", MapFunction::square_root, o.map(".epsilon", MapFunction::add, variance, epsilon));
    o.define(o.map(".inverse", MapFunction::reciprocal, deviation), 2);
}

/// ε, gain and shift over the last axes, which are one row.
inline void lower_layer_normalization(const Operation& o) {
    const View x = o.operand(0);
    const std::size_t axis = o.call().axis(o.call().integer("axis", -1), x.rank());
    const double epsilon = o.call().number("epsilon", 1e-5f);
    if (o.wants(1) || o.wants(2)) define_moments(o, x, axis, epsilon);
    Dimensions joined(x.shape.begin(), x.shape.begin() + static_cast<std::ptrdiff_t>(axis));
    std::int64_t width = 1;
    for (std::size_t i = axis; i < x.rank(); ++i) width *= x.shape[i];
    joined.push_back(width);
    const auto view = x.reshaped(joined);
    const View rows = view ? *view : View::in_order(o.to.in_order(x, o.name()), joined);
    const Tensor* gain = o.constant(1);
    const Tensor* shift = o.given(2) ? o.constant(2) : nullptr;
    const auto whole = inverse(epsilon);
    if (whole && gain != nullptr && static_cast<std::int64_t>(gain->size()) == width &&
        (!o.given(2) || shift != nullptr) && (shift == nullptr || shift->size() == gain->size())) {
        const int source = o.to.rows(rows, o.name());
        const auto features = int_of(width);
        const int value =
            o.to.add({.name = o.module(1),
                      .node = {.op = Op::layer_norm, .inverse_epsilon = *whole},
                      .out = o.to.shape_of(source),
                      .operands = {source},
                      .weights = {Lowering::weight("weight", {features}, *gain),
                                  Lowering::weight("bias", {features},
                                                   shift != nullptr ? *shift : Tensor(DataType::float32, {features}))},
                      .shape = o.shape()});
        return o.define(View::in_order(value, o.shape()));
    }
    View result = row_function(o, o.name(), RowFunction::standardise, rows, rows.rank() - 1, epsilon);
    const auto back = result.reshaped(o.shape());
    result = back ? *back : View::in_order(o.to.in_order(result, o.name()), o.shape());
    result = o.to.map(o.name() + ".gain", MapFunction::multiply, o.shape(), {result, o.operand(1)});
    if (o.given(2)) result = o.to.map(o.name() + ".shift", MapFunction::add, o.shape(), {result, o.operand(2)});
    o.define(result);
}

/// Softmax, LogSoftmax and Hardmax. Before opset 13 all axes from `axis` on are one row.
inline void lower_softmax(const Operation& o, RowFunction function) {
    const View x = o.operand(0);
    const std::size_t axis = o.call().axis(o.call().integer("axis", o.call().opset >= 13 ? -1 : 1), x.rank());
    if (o.call().opset < 13 && axis + 1 < x.rank()) {
        Dimensions joined(x.shape.begin(), x.shape.begin() + static_cast<std::ptrdiff_t>(axis));
        std::int64_t width = 1;
        for (std::size_t i = axis; i < x.rank(); ++i) width *= x.shape[i];
        joined.push_back(width);
        const View rows = View::in_order(o.to.in_order(x, o.name()), joined);
        const View result = row_function(o, o.name(), function, rows, axis);
        return o.define(*result.reshaped(o.shape()));
    }
    if (function == RowFunction::softmax && whole_picture(o.to, x) != none && x.by[axis] == 1 &&
        x.shape[axis] == o.to.shape_of(x.value).channels) {
        View result = x;
        result.value = o.to.add({.name = o.name(),
                                 .node = {.op = Op::softmax},
                                 .out = o.to.shape_of(x.value),
                                 .operands = {x.value},
                                 .shape = o.shape()});
        return o.define(result);
    }
    o.define(row_function(o, o.name(), function, x, axis));
}

}  // namespace taxon::onnx::lowering
