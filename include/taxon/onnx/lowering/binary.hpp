#pragma once
#include <taxon/onnx/lowering/operation.hpp>

/// Functions of two operands that are broadcast to each other.
namespace taxon::onnx::lowering {

/// A view of all of a picture, whatever its axes: its value; else none.
inline int whole_picture(const Lowering& to, const View& x) {
    return to.is_picture(x.value) && x.is_permutation() && x.size() == to.shape_of(x.value).size() ? x.value : none;
}

/// For each channel of a whole picture a constant's number, if that varies along channels alone.
inline std::optional<std::vector<float>> by_channel(const View& x, const Tensor& tensor, int channels) {
    const Dimensions& shape = tensor.shape();
    if (shape.size() > x.rank()) return std::nullopt;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const std::size_t axis = x.rank() - shape.size() + i;
        if (shape[i] != 1 && (x.by[axis] != 1 || x.shape[axis] != channels)) return std::nullopt;
    }
    std::vector<float> numbers;
    for (int c = 0; c < channels; ++c)
        numbers.push_back(static_cast<float>(tensor.real(tensor.size() == 1 ? 0 : static_cast<std::size_t>(c))));
    return numbers;
}

/// True if nothing but this operation reads a value, or what it is another view of.
inline bool is_read_here_only(const Operation& o, std::size_t value) {
    while (o.to.only_user(value) != nullptr) {
        const Program::Step* step = o.to.producer(value);
        if (step == nullptr) return false;
        const std::string& operation = step->call.node->operation;
        constexpr std::array views{"Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten", "Identity", "Dropout"};
        if (std::ranges::find(views, operation) == views.end()) return true;
        value = step->inputs[0];
    }
    return false;
}

/// A constant that a linear layer or convolution without biases can take as such: the sum's operands are that layer's
/// only use.
inline bool take_bias(const Operation& o, std::size_t of_layer, std::size_t of_constant) {
    const Tensor* bias = o.constant(of_constant);
    if (bias == nullptr || !is_read_here_only(o, o.step.inputs[of_layer])) return false;
    const View x = o.operand(of_layer);
    Network::Layer* layer = o.to.layer_of(x.value);
    if (layer == nullptr || layer->node.op != Op::convolution || layer->weights.size() != 1 ||
        x.size() != layer->out.size() || o.shape() != x.shape || layer->node.transposed)
        return false;
    const auto outputs = static_cast<std::size_t>(layer->out.channels);
    const bool is_linear = layer->weights[0].shape.size() == 2;
    const std::size_t rank = bias->rank(), axis = is_linear ? x.rank() - 1 : 1;
    if (bias->size() != outputs || rank > x.rank() || x.shape[axis] != layer->out.channels) return false;
    for (std::size_t i = 0; i < rank; ++i)
        if (bias->shape()[i] != 1 && x.rank() - rank + i != axis) return false;
    if (outputs > 1 && x.by[axis] != 1) return false;
    layer->weights.push_back(Lowering::weight("bias", {layer->out.channels}, *bias));
    o.define(x);
    return true;
}

inline bool is_whole_type(DataType type) { return !is_floating(type) && type != DataType::boolean; }

inline void lower_general(const Operation& o, MapFunction function) {
    o.define(o.to.map(o.name(), function, o.shape(), {o.operand(0), o.operand(1)}));
}

/// Makes two views of the same numbers' order views of pictures of one shape, if one of them is a picture.
inline bool make_alike(const Operation& o, View& a, View& b) {
    const auto agree = [&] {
        if (a.shape != b.shape || a.size() == 1) return false;
        for (std::size_t i = 0; i < a.rank(); ++i)
            if (a.shape[i] != 1 && a.by[i] != b.by[i]) return false;
        return true;
    };
    if (!agree() || !a.is_permutation() || b.first != 0) return false;
    if (a.size() != o.to.shape_of(a.value).size() || b.size() != o.to.shape_of(b.value).size()) return false;
    const bool first = o.to.is_picture(a.value), second = o.to.is_picture(b.value);
    if (!first && !second) return false;
    const Shape shape = o.to.shape_of(first ? a.value : b.value);
    for (View* view : {&a, &b})
        if (o.to.shape_of(view->value) != shape) view->value = o.to.as_picture(o.to.in_dense(*view).value, shape);
    return true;
}

/// Pictures of equal shape are added as a residual, which a convolution takes in.
inline void lower_add(const Operation& o) {
    for (const std::size_t layer : {0u, 1u}) {
        if (take_bias(o, layer, 1 - layer)) return;
        const Tensor* constant = o.constant(1 - layer);
        if (constant == nullptr) continue;
        const View x = o.operand(layer);
        if (const int picture = whole_picture(o.to, x); picture != none && o.shape() == x.shape)
            if (const auto shift = by_channel(x, *constant, o.to.shape_of(picture).channels)) {
                View result = x;
                result.value = o.to.affine(o.name(), picture, std::vector<float>(shift->size(), 1), *shift);
                return o.define(result);
            }
    }
    View a = o.operand(0), b = o.operand(1);
    if (!make_alike(o, a, b)) return lower_general(o, MapFunction::add);
    View sum = a;
    sum.value = o.to.add({.name = o.name(),
                          .node = {.op = Op::add},
                          .out = o.to.shape_of(a.value),
                          .operands = {a.value, b.value},
                          .shape = a.shape});
    o.define(sum);
}

inline void lower_subtract(const Operation& o) {
    if (const Tensor* constant = o.constant(1)) {
        const View x = o.operand(0);
        if (const int picture = whole_picture(o.to, x); picture != none && o.shape() == x.shape)
            if (auto shift = by_channel(x, *constant, o.to.shape_of(picture).channels)) {
                for (float& one : *shift) one = -one;
                View result = x;
                result.value = o.to.affine(o.name(), picture, std::vector<float>(shift->size(), 1), *shift);
                return o.define(result);
            }
    }
    lower_general(o, MapFunction::subtract);
}

/// x · (1 / constant) or x · constant.
inline bool lower_scaling(const Operation& o, std::size_t of_x, std::size_t of_constant, bool divides) {
    const Tensor* constant = o.constant(of_constant);
    if (constant == nullptr || !is_floating(o.type())) return false;
    const View x = o.operand(of_x);
    if (o.shape() != x.shape) return false;
    if (const auto factor = o.scalar(of_constant); factor && constant->rank() <= x.rank() && std::isfinite(*factor)) {
        const double times = divides ? 1 / *factor : *factor;
        if (!std::isfinite(times)) return false;
        o.define(o.to.activate(o.name(), x, {Activation::times, times}));
        return true;
    }
    const int picture = whole_picture(o.to, x);
    if (picture == none) return false;
    auto scale = by_channel(x, *constant, o.to.shape_of(picture).channels);
    if (!scale) return false;
    for (float& one : *scale) one = divides ? 1 / one : one;
    View result = x;
    result.value = o.to.affine(o.name(), picture, *scale, std::vector<float>(scale->size(), 0));
    o.define(result);
    return true;
}

/// A picture times a gate (1, C, 1, 1).
inline bool lower_gate(const Operation& o, std::size_t of_x, std::size_t of_gate) {
    const View x = o.operand(of_x), gate = o.operand(of_gate);
    const int picture = whole_picture(o.to, x);
    if (picture == none || x.rank() != 4 || gate.rank() != 4 || x.by[1] != 1 || o.shape() != x.shape ||
        x.shape[2] * x.shape[3] == 1 || gate.shape != Dimensions{1, x.shape[1], 1, 1})
        return false;
    const int factors = o.to.picture(gate, o.name());
    View result = x;
    result.value = o.to.add({.name = o.name(),
                             .node = {.op = Op::multiply},
                             .out = o.to.shape_of(picture),
                             .operands = {picture, factors},
                             .shape = x.shape});
    o.define(result);
    return true;
}

/// x · f(x) for the functions that make an activation of it.
inline bool lower_gated_activation(const Operation& o, std::size_t of_x, std::size_t of_gate) {
    const Program::Step* gate = o.to.producer(o.step.inputs[of_gate]);
    if (gate == nullptr || gate->inputs[0] != o.step.inputs[of_x]) return false;
    const std::string& operation = gate->call.node->operation;
    const Operation inner{o.to, *gate};
    if (operation == "Sigmoid") {
        o.define(o.to.activate(o.name(), o.operand(of_x), Activation::silu));
        return true;
    }
    if (operation == "HardSigmoid" && std::fabs(inner.call().number("alpha", 0.2f) - 1.f / 6) < 1e-7f &&
        inner.call().number("beta", 0.5f) == 0.5f) {
        o.define(o.to.activate(o.name(), o.operand(of_x), Activation::hard_swish));
        return true;
    }
    return false;
}

inline void lower_multiply(const Operation& o) {
    for (const std::size_t x : {0u, 1u})
        if (lower_gated_activation(o, x, 1 - x) || lower_scaling(o, x, 1 - x, false)) return;
    for (const std::size_t x : {0u, 1u})
        if (lower_gate(o, x, 1 - x)) return;
    lower_general(o, MapFunction::multiply);
}

inline void lower_divide(const Operation& o) {
    if (is_whole_type(o.type())) return lower_general(o, MapFunction::divide_whole);
    if (!lower_scaling(o, 0, 1, true)) lower_general(o, MapFunction::divide);
}

inline void lower_power(const Operation& o) {
    if (const auto exponent = o.scalar(1); exponent && o.shape() == o.to.value(o.step.inputs[0]).shape) {
        const View x = o.operand(0);
        if (*exponent == 2) return o.define(o.to.map(o.name(), MapFunction::multiply, x, x));
        if (*exponent == 0.5) return o.define(o.to.map(o.name(), MapFunction::square_root, x));
    }
    lower_general(o, MapFunction::power);
}

/// The other order of the operands.
inline void lower_greater(const Operation& o, MapFunction function) {
    o.define(o.to.map(o.name(), function, o.shape(), {o.operand(1), o.operand(0)}));
}

/// The remainder of the divisor's sign; of floats by way of that of the dividend's, which is exact.
inline void lower_mod(const Operation& o) {
    if (o.call().integer("fmod", 0) != 0) return lower_general(o, MapFunction::remainder);
    if (is_whole_type(o.type())) return lower_general(o, MapFunction::modulo);
    const View b = o.operand(1), rest = o.map(".remainder", MapFunction::remainder, o.operand(0), b);
    const View differs = o.map(".differs", MapFunction::logical_xor, o.map(".sign", MapFunction::less, rest, 0),
                               o.map(".sign", MapFunction::less, b, 0));
    const View moves = o.map(".moves", MapFunction::logical_and, differs, rest);
    o.define(
        o.to.map(o.name(), MapFunction::where, o.shape(), {moves, o.map(".add", MapFunction::add, rest, b), rest}));
}

/// Max, Min, Sum and Mean of any number of operands.
inline View folded_pairs(const Operation& o, MapFunction function) {
    View result = o.operand(0);
    for (std::size_t i = 1; i < o.step.inputs.size(); ++i)
        result =
            o.to.map(o.name(), function, *onnx::broadcast(result.shape, o.operand(i).shape), {result, o.operand(i)});
    return result;
}
inline void lower_variadic(const Operation& o, MapFunction function) { o.define(folded_pairs(o, function)); }
inline void lower_mean(const Operation& o) {
    o.define(o.to.activate(o.name() + ".mean", folded_pairs(o, MapFunction::add),
                           {Activation::times, 1.0 / static_cast<double>(o.step.inputs.size())}));
}

}  // namespace taxon::onnx::lowering
