#pragma once
#include <taxon/onnx/exporter/exporter.hpp>

namespace taxon::onnx {

namespace detail {

/// The inputs of a network over texts, which taxon keeps in one: (N, T) integers each.
inline constexpr const char *token_ids = "input_ids", *token_mask = "attention_mask", *token_types = "token_type_ids";

}  // namespace detail

/// Tables are as in the state dict, but the positions of the length that was chosen.
inline ValueRef export_embedding(Exporter& exporter, const Node& node) {
    const std::string_view path = exporter.graph.name(node);
    GraphWriter& to = exporter.to;
    const std::int64_t features = node.out.channels, length = exporter.fixed(node.out).width;
    const std::string words = exporter.once(std::string(exporter.name_of(node.parameter)), [&] {
        std::vector<float> table = exporter.parameters[node.parameter];
        const std::vector<float> more = exporter.parameters.more_words(node);
        table.insert(table.end(), more.begin(), more.end());
        const auto rows = static_cast<std::int64_t>(table.size()) / features;
        return std::pair(Dimensions{rows, features}, std::move(table));
    });
    if (length > node.positions)
        throw Error(Fault::usage, {.place = "tokens",
                                   .found = std::to_string(length),
                                   .wanted = "at most " + std::to_string(node.positions)});
    const std::string positions = exporter.once(std::string(exporter.name_of(node.parameter + 1)), [&] {
        std::vector<float> table = exporter.parameters[node.parameter + 1];
        table.resize(static_cast<std::size_t>(length * features));
        return std::pair(Dimensions{length, features}, std::move(table));
    });
    const std::string of_words = to.node(path, "Gather", {words, detail::token_ids}),
                      of_types = to.node(path, "Gather", {exporter.parameter(node.parameter + 2), detail::token_types});
    return exporter.value(node, Layout::tokens,
                          to.node(path, "Add", {to.node(path, "Add", {of_words, of_types}), positions}));
}

inline ValueRef export_first_token(Exporter& exporter, const Node& node) {
    const std::string_view path = exporter.graph.name(node);
    const std::string first = exporter.sliced(path, exporter.as(exporter.operand(node, 0), Layout::tokens), 1, 0, 1);
    return exporter.value(node, Layout::vector,
                          exporter.reshaped(path, first, exporter.sizes(node.out, Layout::vector)));
}

/// Of those that are no padding.
inline ValueRef export_mean_tokens(Exporter& exporter, const Node& node) {
    const std::string_view path = exporter.graph.name(node);
    GraphWriter& to = exporter.to;
    const std::string tokens = exporter.as(exporter.operand(node, 0), Layout::tokens), over = to.integers({1}),
                      weights =
                          exporter.reshaped(path, exporter.kept, {exporter.batch(), exporter.fixed(node.in).width, 1}),
                      sum = to.node(path, "ReduceSum", {to.node(path, "Mul", {tokens, weights}), over},
                                    {{"keepdims", std::int64_t{0}}}),
                      count = to.node(path, "ReduceSum", {exporter.kept, over});
    return exporter.value(node, Layout::vector, to.node(path, "Div", {sum, count}));
}

/// A learned value: a constant where its readers broadcast it over the samples; else a number of the samples, clipped
/// to 0, plus the constant, which has the batch's size without an operator that computes shapes.
inline ValueRef export_parameter(Exporter& exporter, const Node& node) {
    const int number = exporter.number(node);
    const Dimensions shape = exporter.shape_of(node.parameter);
    const bool of_channels = shape.size() == 3 && shape[0] == node.out.channels && shape[1] == 1 && shape[2] == 1;
    const Layout layout = of_channels ? Layout::planes : shape.size() == 4 ? Layout::rows : Layout::tokens;
    bool broadcasts = !exporter.is_output(number);
    for (const int reader : exporter.readers(number)) {
        const Node& other = exporter.graph.node(reader);
        const bool one_sample = !exporter.options.open_batch && exporter.options.batch == 1;
        broadcasts &= (other.op == Op::add || other.op == Op::multiply || (other.op == Op::prepend && one_sample));
        for (const int operand : exporter.graph.operands(other))
            broadcasts &= operand == number || exporter.graph.node(operand).op != Op::parameter;
    }
    ValueRef constant = exporter.value(node, layout, exporter.parameter(node.parameter));
    constant->constant = true;
    if (broadcasts) return constant;
    const std::string_view path = exporter.graph.name(node);
    int sampled = number - 1;
    while (exporter.values[Exporter::index(sampled)]->constant) --sampled;
    const ValueRef& before = exporter.values[Exporter::index(sampled)];
    const Layout there = Exporter::layout_of(before), sliceable = there == Layout::matrix ? Layout::tokens : there;
    Integers axes{1};
    while (axes.size() + 1 < exporter.sizes(before->shape, sliceable).size())
        axes.push_back(static_cast<std::int64_t>(axes.size()) + 1);
    GraphWriter& to = exporter.to;
    std::string zero = to.node(path, "Slice",
                               {exporter.as(before, sliceable), to.integers(Integers(axes.size(), 0)),
                                to.integers(Integers(axes.size(), 1)), to.integers(axes)});
    zero = to.node(path, "Clip", {zero, to.real(0), to.real(0)});
    Integers ones(exporter.sizes(node.out, layout).size(), 1);
    ones.front() = exporter.batch();
    if (ones.size() != axes.size() + 1) zero = exporter.reshaped(path, zero, ones);
    return exporter.value(node, layout, to.node(path, "Add", {zero, constant->name(layout)}));
}

/// A token, and then the pixels.
inline ValueRef export_prepend(Exporter& exporter, const Node& node) {
    const std::string pixels = exporter.as(exporter.operand(node, 0), Layout::tokens),
                      token = exporter.as(exporter.operand(node, 1), Layout::tokens);
    return exporter.value(
        node, Layout::tokens,
        exporter.to.node(exporter.graph.name(node), "Concat", {token, pixels}, {{"axis", std::int64_t{1}}}));
}

}  // namespace taxon::onnx
