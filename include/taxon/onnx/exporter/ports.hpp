#pragma once
#include <taxon/graph/names.hpp>
#include <taxon/onnx/exporter/dense/map.hpp>
#include <taxon/onnx/exporter/tokens.hpp>

namespace taxon::onnx::detail {

/// The layout of an input or output: what a user of PyTorch expects.
inline Layout public_layout(const Shape& shape) {
    return shape.sequence        ? Layout::tokens
           : shape.table         ? Layout::table
           : shape.pixels() == 1 ? Layout::vector
                                 : Layout::planes;
}

inline std::string name_of(const Port& port, const char* kind) {
    return std::string(port.name.empty() ? kind : port.name);
}

inline ValueInfoProto tensor_of(const Exporter& exporter, const std::string& name, const Shape& shape) {
    std::vector<ValueInfoProto::Dimension> dimensions{exporter.batch_dimension()};
    const Integers sizes = exporter.sizes(exporter.fixed(shape), public_layout(shape));
    dimensions.insert(dimensions.end(), sizes.begin() + 1, sizes.end());
    return {name, DataType::float32, std::move(dimensions)};
}

/// A port in the type and shape of the file that the network was; of several samples, the first size times these.
inline ValueInfoProto typed_tensor(const Exporter& exporter, const std::string& name, const PortType& type) {
    std::vector<ValueInfoProto::Dimension> dimensions(type.shape().begin(), type.shape().end());
    if (dimensions.empty() && exporter.batch() != 1) dimensions.push_back(std::int64_t{1});
    if (!dimensions.empty()) {
        auto& first = std::get<std::int64_t>(dimensions.front());
        if (!exporter.options.open_batch) first *= exporter.options.batch;
        else dimensions.front() = first == 1 ? "batch" : std::to_string(first) + " * batch";
    }
    return {name, type.type(), std::move(dimensions)};
}

inline void export_typed_input(Exporter& exporter, const Port& port, const PortType& type) {
    const std::string name = name_of(port, "input");
    exporter.to.reserve(name);
    exporter.to.input(typed_tensor(exporter, name, type));
    const std::span<const std::int64_t> shape = type.shape();
    const std::string floats = cast(exporter, name, name, DataType::float32, type.type());
    const bool leads = !shape.empty() && shape.front() == 1;
    ValueRef& value = exporter.values[Exporter::index(port.node)];
    if (port.shape.table) {
        value = exporter.value(name, port.shape, Layout::dense, floats);
        if (leads) value->axes.assign(shape.begin() + 1, shape.end());
        value->merged = !leads;
        return;
    }
    const Layout layout = shape.size() == 3 ? Layout::line : port.shape.pixels() > 1 ? Layout::planes : Layout::vector;
    const Integers sizes = exporter.sizes(port.shape, layout);
    const bool fits = leads && std::equal(sizes.begin() + 1, sizes.end(), shape.begin() + 1, shape.end());
    value = exporter.value(name, port.shape, layout, fits ? floats : reshaped(exporter, name, floats, {}, sizes));
}

/// The tensor of an output.
inline std::string typed_output(Exporter& exporter, const Port& port, const PortType& type) {
    const std::string name = name_of(port, "output");
    const ValueRef& value = exporter.values[Exporter::index(port.node)];
    const ValueInfoProto as = typed_tensor(exporter, name, type);
    const Layout layout = port.shape.table ? Layout::dense : port.shape.pixels() > 1 ? Layout::planes : Layout::vector;
    Integers shape;
    for (const auto& size : *as.shape) {
        const auto* const number = std::get_if<std::int64_t>(&size);
        shape.push_back(number != nullptr ? *number : -1);
    }
    const std::span<const std::int64_t> rest = type.shape();
    std::string result;
    if (layout == Layout::dense && value->constant) {
        Reading all;
        all.sizes = {port.shape.size()}, all.by = {1};
        const std::string own = read(exporter, name, value, all);
        result = exporter.reshaped(name, for_samples(exporter, name, value, own, all.sizes), shape);
    } else {
        const std::string own = layout == Layout::dense ? tensor_of(exporter, value) : exporter.as(value, layout);
        Integers sizes = exporter.sizes(port.shape, layout);
        if (layout == Layout::dense) sizes = axes_of(value), sizes.insert(sizes.begin(), exporter.batch());
        const bool fits = !rest.empty() && rest.front() == 1 && !value->merged &&
                          std::equal(sizes.begin() + 1, sizes.end(), rest.begin() + 1, rest.end());
        result = fits ? own : reshaped(exporter, name, own, {}, shape);
    }
    return cast(exporter, name, result, type.type());
}

/// Inputs, and of texts the mask that attention adds to its scores: 0, or −10,000 for what is padding.
inline void export_inputs(Exporter& exporter) {
    const GraphView& graph = exporter.graph;
    bool has_ids = false, masks = false;
    for (const Node& node : graph.nodes)
        has_ids |= node.op == Op::embedding,
            masks |= (node.op == Op::attention || node.op == Op::mean_tokens) && node.in.sequence;
    const auto integers = [&](const char* name) {
        exporter.to.reserve(name);
        exporter.to.input(
            {name, DataType::int64,
             std::vector<ValueInfoProto::Dimension>{exporter.batch_dimension(),
                                                    std::int64_t{exporter.fixed(graph.inputs.front().shape).width}}});
    };
    for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
        const Port& port = graph.inputs[i];
        const bool is_text = has_ids && port.node == 0;
        const std::string name = is_text ? token_ids : name_of(port, "input");
        if (!exporter.options.input_types.empty()) {
            export_typed_input(exporter, port, exporter.options.input_types[i]);
            continue;
        }
        exporter.values[Exporter::index(port.node)] = exporter.value({}, port.shape, public_layout(port.shape), name);
        if (is_text) integers(token_ids);
        else {
            exporter.to.reserve(name);
            exporter.to.input(tensor_of(exporter, name, port.shape));
        }
    }
    if (masks) integers(token_mask);
    if (has_ids) integers(token_types);
    if (!masks) return;
    GraphWriter& to = exporter.to;
    const std::string_view path = token_mask;
    exporter.kept = to.node(path, "Cast", {token_mask}, {{"to", static_cast<std::int64_t>(DataType::float32)}});
    const std::string large = to.node(path, "Mul", {exporter.kept, to.real(10'000)}),
                      added = to.node(path, "Sub", {large, to.real(10'000)});
    exporter.mask =
        exporter.reshaped(path, added, {exporter.batch(), 1, 1, exporter.fixed(graph.inputs.front().shape).width});
}

/// All are made before the first is called what it is called outside.
inline void export_outputs(Exporter& exporter) {
    const std::span<const PortType> types = exporter.options.output_types;
    const std::span<const Port> ports = exporter.graph.outputs;
    Names results;
    for (std::size_t i = 0; i < ports.size(); ++i)
        results.push_back(
            types.empty() ? exporter.as(exporter.values[Exporter::index(ports[i].node)], public_layout(ports[i].shape))
                          : typed_output(exporter, ports[i], types[i]));
    for (std::size_t i = 0; i < ports.size(); ++i) {
        const std::string name = name_of(ports[i], "output");
        exporter.to.output(results[i], types.empty() ? tensor_of(exporter, name, ports[i].shape)
                                                     : typed_tensor(exporter, name, types[i]));
    }
}

}  // namespace taxon::onnx::detail
