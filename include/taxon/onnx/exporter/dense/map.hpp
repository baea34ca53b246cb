#pragma once
#include <taxon/graph/loop_names.hpp>
#include <taxon/onnx/exporter/dense/read.hpp>
#include <taxon/onnx/exporter/elementwise.hpp>

namespace taxon::onnx {

namespace detail {

/// The operator of a map's function, if it is one: its operands and result are floats.
inline const char* operator_of(MapFunction function) {
    switch (function) {
        case MapFunction::absolute: return "Abs";
        case MapFunction::negative: return "Neg";
        case MapFunction::exponential: return "Exp";
        case MapFunction::logarithm: return "Log";
        case MapFunction::square_root: return "Sqrt";
        case MapFunction::reciprocal: return "Reciprocal";
        case MapFunction::floor: return "Floor";
        case MapFunction::ceiling: return "Ceil";
        case MapFunction::round: return "Round";
        case MapFunction::error_function: return "Erf";
        case MapFunction::sign: return "Sign";
        case MapFunction::sine: return "Sin";
        case MapFunction::cosine: return "Cos";
        case MapFunction::tangent: return "Tan";
        case MapFunction::arc_sine: return "Asin";
        case MapFunction::arc_cosine: return "Acos";
        case MapFunction::arc_tangent: return "Atan";
        case MapFunction::hyperbolic_sine: return "Sinh";
        case MapFunction::hyperbolic_cosine: return "Cosh";
        case MapFunction::inverse_hyperbolic_sine: return "Asinh";
        case MapFunction::inverse_hyperbolic_cosine: return "Acosh";
        case MapFunction::inverse_hyperbolic_tangent: return "Atanh";
        case MapFunction::add: return "Add";
        case MapFunction::subtract: return "Sub";
        case MapFunction::multiply: return "Mul";
        case MapFunction::divide: return "Div";
        case MapFunction::power: return "Pow";
        case MapFunction::minimum: return "Min";
        case MapFunction::maximum: return "Max";
        default: return nullptr;
    }
}

/// Cut towards 0.
inline std::string truncated(Exporter& exporter, std::string_view path, const std::string& x) {
    GraphWriter& to = exporter.to;
    const std::string whole = to.node(path, "Floor", {to.node(path, "Abs", {x})});
    return to.node(path, "Mul", {to.node(path, "Sign", {x}), whole});
}

/// A map's function of tensors that are broadcast.
inline std::string mapped(Exporter& exporter, const Node& node, const Names& x) {
    const std::string_view path = exporter.graph.name(node);
    const LoopNest& nest = exporter.graph.nest(node);
    GraphWriter& to = exporter.to;
    if (const char* operation = operator_of(nest.map)) return to.node(path, operation, x);
    const auto truth = [&](const std::string& of) { return cast(exporter, path, of, DataType::boolean); };
    const auto number = [&](const std::string& of) {
        return cast(exporter, path, of, DataType::float32, DataType::boolean);
    };
    const auto compared = [&](const char* operation) { return number(to.node(path, operation, x)); };
    const auto joined = [&](const char* operation) {
        return number(to.node(path, operation, {truth(x[0]), truth(x[1])}));
    };
    switch (nest.map) {
        case MapFunction::copy: return x[0];
        case MapFunction::activation: return activated(exporter, path, nest.activation, x[0]);
        case MapFunction::truncate: return truncated(exporter, path, x[0]);
        case MapFunction::logical_not: return number(to.node(path, "Not", {truth(x[0])}));
        case MapFunction::is_nan: return compared("IsNaN");
        case MapFunction::is_infinite: return compared("IsInf");
        case MapFunction::divide_whole: return truncated(exporter, path, to.node(path, "Div", x));
        case MapFunction::modulo: {
            const std::string whole = to.node(path, "Floor", {to.node(path, "Div", x)});
            return to.node(path, "Sub", {x[0], to.node(path, "Mul", {x[1], whole})});
        }
        case MapFunction::remainder: return to.node(path, "Mod", x, {{"fmod", std::int64_t{1}}});
        case MapFunction::prelu:
            return to.node(path, "Where",
                           {to.node(path, "Less", {x[0], to.real(0)}), to.node(path, "Mul", {x[1], x[0]}), x[0]});
        case MapFunction::equal: return compared("Equal");
        case MapFunction::less: return compared("Less");
        case MapFunction::less_or_equal: return compared("LessOrEqual");
        case MapFunction::logical_and: return joined("And");
        case MapFunction::logical_or: return joined("Or");
        case MapFunction::logical_xor: return joined("Xor");
        case MapFunction::where: return to.node(path, "Where", {truth(x[0]), x[1], x[2]});
        case MapFunction::clamp: return to.node(path, "Min", {to.node(path, "Max", {x[0], x[1]}), x[2]});
        default: break;
    }
    refuse(exporter, node, "a map of " + std::string(name_of(nest.map)),
           "a function that ONNX has an operator for up to version 17");
}

}  // namespace detail

/// Operands that broadcast as they are, and one operator.
inline ValueRef export_map(Exporter& exporter, const Node& node) {
    const std::string_view path = exporter.graph.name(node);
    const LoopNest& nest = exporter.graph.nest(node);
    const Integers sizes(nest.sizes.begin(), nest.sizes.begin() + nest.rank);
    bool constant = true;
    for (int i = 0; i < node.operand_count; ++i) constant &= exporter.operand(node, i)->constant;
    Names operands;
    Integers made(sizes.size(), 1);
    for (int i = 0; i < node.operand_count; ++i) {
        const ValueRef& x = exporter.operand(node, i);
        const detail::Reading reading(nest, nest.operands[Exporter::index(i)]);
        const Integers own = reading.own_sizes();
        for (std::size_t axis = 0; axis < own.size(); ++axis) made[axis] = std::max(made[axis], own[axis]);
        if (x->numbers && !constant) {
            // without leading axes of one number: a scalar, or a row of biases
            const auto from = std::find_if(own.begin(), own.end(), [](std::int64_t size) { return size != 1; });
            operands.push_back(detail::read_constant(exporter, x, reading, Integers(from, own.end())));
        } else operands.push_back(detail::read(exporter, path, x, reading));
    }
    std::string result = detail::mapped(exporter, node, operands);
    if (made != sizes) result = detail::widened(exporter, path, result, sizes);
    return detail::dense_value(exporter, node, std::move(result), sizes, constant);
}

}  // namespace taxon::onnx
