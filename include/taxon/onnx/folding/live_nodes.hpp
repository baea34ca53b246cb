#pragma once
#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <taxon/onnx/model.hpp>
#include <variant>
#include <vector>

namespace taxon::onnx::folding {

/// A graph that a node has as an attribute; null if there is none.
inline const std::shared_ptr<const GraphProto>* body(const NodeProto& node, std::string_view name) {
    const AttributeProto* attribute = node.attribute(name);
    return attribute == nullptr ? nullptr : std::get_if<std::shared_ptr<const GraphProto>>(&attribute->value);
}
/// The bodies of If.
inline constexpr std::string_view branches[] = {"then_branch", "else_branch"};

/// Adds all names that nodes of a body mention.
inline void mention(const NodeProto& node, std::set<std::string_view>& names);
inline void mention(const GraphProto& graph, std::set<std::string_view>& names) {
    for (const ValueInfoProto& output : graph.outputs) names.insert(output.name);
    for (const NodeProto& node : graph.nodes) mention(node, names);
}
inline void mention(const NodeProto& node, std::set<std::string_view>& names) {
    for (const std::string& input : node.inputs) names.insert(input);
    for (const AttributeProto& attribute : node.attributes)
        if (const auto* graph = std::get_if<std::shared_ptr<const GraphProto>>(&attribute.value))
            mention(**graph, names);
}

/// The nodes that some output of a graph needs.
inline std::vector<bool> live_nodes(const GraphProto& graph) {
    std::vector<bool> live(graph.nodes.size());
    std::set<std::string_view> wanted;
    for (const ValueInfoProto& output : graph.outputs) wanted.insert(output.name);
    for (std::size_t i = graph.nodes.size(); i-- > 0;) {
        for (const std::string& output : graph.nodes[i].outputs)
            live[i] = live[i] || (!output.empty() && wanted.contains(output));
        if (live[i]) mention(graph.nodes[i], wanted);
    }
    return live;
}

}  // namespace taxon::onnx::folding
