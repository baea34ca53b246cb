#pragma once
#include <taxon/onnx/exporter/dense/arranged.hpp>

namespace taxon::onnx {

namespace detail {

inline std::string constant_row(Exporter& exporter, const ValueRef& x, std::int64_t length) {
    Reading row;
    row.sizes = {length}, row.by = {1};
    return read_constant(exporter, x, row, {length});
}

/// (x − mean) / √(variance + ε) along the last axis. Version 17 has an operator with a gain, perhaps of ones.
inline std::string standardised(Exporter& exporter, const Node& node, const std::string& x) {
    const std::string_view path = exporter.graph.name(node);
    const LoopNest& nest = exporter.graph.nest(node);
    GraphWriter& to = exporter.to;
    const auto epsilon = static_cast<double>(nest.first);
    const std::int64_t length = nest.sizes[Exporter::index(nest.rank - 1)];
    std::optional<Names> constants = Names{};
    for (int i = 1; i < node.operand_count; ++i) {
        const ValueRef& one = exporter.operand(node, i);
        if (!one->numbers || exporter.options.opset < 17) constants.reset();
        else if (constants) constants->push_back(constant_row(exporter, one, length));
    }
    const bool has_operator = exporter.options.opset >= 17 && constants;
    std::string y;
    if (has_operator) {
        Names inputs{x};
        if (constants->empty())
            inputs.push_back(to.shared_initializer("constant/ones_" + std::to_string(length), {length},
                                                   std::vector<float>(static_cast<std::size_t>(length), 1.f)));
        inputs.insert(inputs.end(), constants->begin(), constants->end());
        return to.node(path, "LayerNormalization", inputs,
                       {{"axis", std::int64_t{-1}}, {"epsilon", static_cast<float>(epsilon)}});
    }
    const auto mean = [&](const std::string& of) {
        return to.node(path, "ReduceMean", {of}, {{"axes", Integers{-1}}});
    };
    const std::string centred = to.node(path, "Sub", {x, mean(x)}),
                      variance = mean(to.node(path, "Mul", {centred, centred})),
                      spread = to.node(path, "Sqrt", {to.node(path, "Add", {variance, to.real(epsilon)})});
    y = to.node(path, "Div", {centred, spread});
    Integers sizes(Exporter::index(nest.rank), 1);
    sizes.back() = length;
    for (int i = 1; i < node.operand_count; ++i) {
        const ValueRef& one = exporter.operand(node, i);
        const std::string row =
            one->numbers ? constant_row(exporter, one, length) : with_axes(exporter, path, one, sizes);
        y = to.node(path, i == 1 ? "Mul" : "Add", {y, row});
    }
    return y;
}

inline const char* operator_of(Reduction reduction) {
    switch (reduction) {
        case Reduction::sum: return "ReduceSum";
        case Reduction::mean: return "ReduceMean";
        case Reduction::product: return "ReduceProd";
        case Reduction::minimum: return "ReduceMin";
        case Reduction::maximum: return "ReduceMax";
        case Reduction::argument_of_minimum: return "ArgMin";
        case Reduction::argument_of_maximum: return "ArgMax";
    }
    return "";
}

}  // namespace detail

inline ValueRef export_row(Exporter& exporter, const Node& node) {
    const std::string_view path = exporter.graph.name(node);
    const LoopNest& nest = exporter.graph.nest(node);
    const ValueRef& x = exporter.operand(node, 0);
    GraphWriter& to = exporter.to;
    const detail::Reading reading(nest, nest.operands[0]);
    const std::string rows = detail::read_whole(exporter, path, x, reading);
    const Attributes last{{"axis", std::int64_t{-1}}};
    std::string y;
    switch (nest.row) {
        case RowFunction::softmax: y = to.node(path, "Softmax", {rows}, last); break;
        case RowFunction::log_softmax: y = to.node(path, "LogSoftmax", {rows}, last); break;
        case RowFunction::hard_maximum: y = to.node(path, "Hardmax", {rows}, last); break;
        case RowFunction::standardise: y = detail::standardised(exporter, node, rows); break;
        case RowFunction::cumulative_sum:
            y = to.node(path, "CumSum", {rows, to.integer(nest.rank)},
                        {{"exclusive", std::int64_t{nest.last}}, {"reverse", std::int64_t{nest.reverse}}});
            break;
    }
    bool constant = true;
    for (int i = 0; i < node.operand_count; ++i) constant &= exporter.operand(node, i)->constant;
    return detail::arranged(exporter, node, y, detail::Reading(nest, nest.out), constant);
}

inline ValueRef export_reduce(Exporter& exporter, const Node& node) {
    const std::string_view path = exporter.graph.name(node);
    const LoopNest& nest = exporter.graph.nest(node);
    const ValueRef& x = exporter.operand(node, 0);
    GraphWriter& to = exporter.to;
    const bool is_argument =
        nest.reduction == Reduction::argument_of_minimum || nest.reduction == Reduction::argument_of_maximum;
    const detail::Reading reading(nest, nest.operands[0]);
    const int outer = nest.rank - nest.inner;
    Integers outer_sizes(nest.sizes.begin(), nest.sizes.begin() + outer), sizes = reading.sizes, axes;
    if (is_argument) sizes = outer_sizes, sizes.push_back(nest.inner_count());
    for (std::size_t i = outer_sizes.size(); i < sizes.size(); ++i) axes.push_back(static_cast<std::int64_t>(i) + 1);
    const std::string rows = detail::read_whole(exporter, path, x, reading, sizes),
                      operation = detail::operator_of(nest.reduction);
    std::string y;
    if (is_argument) {
        y = to.node(
            path, operation, {rows},
            {{"axis", axes.front()}, {"keepdims", std::int64_t{0}}, {"select_last_index", std::int64_t{nest.last}}});
        y = detail::cast(exporter, path, y, DataType::float32, DataType::int64);
    } else if (nest.reduction == Reduction::sum)
        y = to.node(path, operation, {rows, to.integers(axes)}, {{"keepdims", std::int64_t{0}}});
    else y = to.node(path, operation, {rows}, {{"axes", axes}, {"keepdims", std::int64_t{0}}});
    return detail::dense_value(exporter, node, y, outer_sizes, x->constant);
}

/// The first numbers of sorted rows, or their places.
inline ValueRef export_sort(Exporter& exporter, const Node& node) {
    const std::string_view path = exporter.graph.name(node);
    const LoopNest& nest = exporter.graph.nest(node);
    const ValueRef& x = exporter.operand(node, 0);
    const detail::Reading reading(nest, nest.operands[0]);
    const std::string rows = detail::read_whole(exporter, path, x, reading);
    const Names both = exporter.to.results(path, "TopK", {rows, exporter.to.integers({nest.limit})},
                                           {{"axis", std::int64_t{-1}}, {"largest", std::int64_t{nest.last}}}, 2);
    Integers sizes = reading.sizes;
    sizes.back() = nest.limit;
    return detail::dense_value(exporter, node,
                               nest.reverse ? detail::cast(exporter, path, both[1], DataType::float32, DataType::int64)
                                            : both[0],
                               sizes, x->constant);
}

}  // namespace taxon::onnx
