#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <taxon/app/console/json.hpp>
#include <taxon/graph/graph.hpp>
#include <taxon/graph/names.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

/// A layer before any fusion.
struct LayerRow {
    std::string name;       ///< as the state dict spells it; may be empty
    std::string operation;  ///< "convolution 3x3/2 of 16 groups"
    Shape input{}, output{};
    std::int64_t parameters = 0, flops = 0;  ///< trained parameters; at the maximum length
};

/// "16 x 112 x 112"
inline std::string readable(Shape shape) {
    Text<64> text;
    text << shape;
    return std::string(text.view());
}

namespace detail {

/// "3x3", "1x7/2x1 dilated 1x2": the size, strides and dilation other than 1.
inline std::string readable(const Window& window) {
    const auto& [y, x] = window;
    const auto both = [](int rows, int columns) {
        return rows == columns ? std::to_string(rows) : fmt::format("{}x{}", rows, columns);
    };
    std::string text = fmt::format("{}x{}", y.size, x.size);
    if (y.stride * x.stride > 1) text += "/" + both(y.stride, x.stride);
    if (y.dilation * x.dilation > 1) text += " dilated " + both(y.dilation, x.dilation);
    return text;
}

inline std::string operation_of(const Node& node) {
    std::string text(name_of(node.op));
    const std::string window = " " + readable(node.window);
    switch (node.op) {
        case Op::activation: return std::string(name_of(node.activation));
        case Op::pool:
            return fmt::format("{} {}{}", name_of(node.pooling), text,
                               node.window.adaptive() ? fmt::format(" to {}x{}", node.out.height, node.out.width)
                                                      : window);
        case Op::convolution:
            if (node.in.pixels() == 1 || node.in.sequence) text = "linear";
            else text = (node.transposed ? "transposed " : "") + text + window;
            return node.groups > 1 ? fmt::format("{} of {} groups", text, node.groups) : text;
        case Op::outlook_attention:
        case Op::class_attention:
        case Op::attention: return fmt::format("{} of {} heads", text, node.heads);
        case Op::resize:
            return fmt::format("{} {} to {}x{}", name_of(node.resizing.interpolation), text, node.out.height,
                               node.out.width);
        case Op::upsample: return fmt::format("{} by {}", text, node.stride);
        default: return text;
    }
}

/// Trained parameters by the node they belong to: parameters are traced just before their node.
inline std::vector<std::int64_t> parameters_by_node(GraphView graph) {
    std::vector<std::int64_t> counts(graph.nodes.size(), 0);
    std::size_t next = 0;
    for (std::size_t node = 0; node < graph.nodes.size(); ++node) {
        const auto first = [](const Node& n) {
            return n.parameter == none ? n.bias : n.bias == none ? n.parameter : std::min(n.parameter, n.bias);
        };
        if (first(graph.nodes[node]) == none) continue;
        std::size_t end = graph.parameters.size();
        for (std::size_t after = node + 1; after < graph.nodes.size(); ++after)
            if (const int start = first(graph.nodes[after]); start != none) {
                end = static_cast<std::size_t>(start);
                break;
            }
        for (; next < end; ++next)
            if (graph.parameters[next].role == Role::trained) counts[node] += graph.parameters[next].count();
    }
    return counts;
}

}  // namespace detail

inline std::vector<LayerRow> layer_rows(GraphView graph) {
    const auto parameters = detail::parameters_by_node(graph);
    std::vector<LayerRow> rows;
    for (std::size_t i = graph.inputs.size(); i < graph.nodes.size(); ++i) {
        const Node& node = graph.nodes[i];
        rows.push_back({std::string(graph.name(node)), detail::operation_of(node), node.in, node.out, parameters[i],
                        graph.flops(node)});
    }
    return rows;
}

inline Json json_of(Shape shape) { return {shape.channels, shape.height, shape.width}; }

inline Json json_of(const std::vector<LayerRow>& rows) {
    Json list = Json::array();
    for (const LayerRow& row : rows)
        list.push_back(json_object({{"name", row.name},
                                    {"operation", row.operation},
                                    {"input", json_of(row.input)},
                                    {"output", json_of(row.output)},
                                    {"parameters", row.parameters},
                                    {"flops", row.flops}}));
    return list;
}

inline std::string readable(const std::vector<LayerRow>& rows) {
    std::size_t name = 5, operation = 9, output = 6;
    for (const LayerRow& row : rows) {
        name = std::max(name, row.name.size());
        operation = std::max(operation, row.operation.size());
        output = std::max(output, readable(row.output).size());
    }
    std::string text = fmt::format("{:<{}}  {:<{}}  {:<{}}  {:>12}  {:>12}\n", "layer", name, "operation", operation,
                                   "output", output, "parameters", "MFLOP");
    for (const LayerRow& row : rows)
        text += fmt::format("{:<{}}  {:<{}}  {:<{}}  {:>12}  {:>12.3f}\n", row.name, name, row.operation, operation,
                            readable(row.output), output, row.parameters, static_cast<double>(row.flops) * 1e-6);
    return text;
}

}  // namespace taxon::app
