#pragma once
#include <optional>
#include <string>
#include <taxon/onnx/network.hpp>
#include <taxon/onnx/writer/literal.hpp>
#include <utility>
#include <vector>

namespace taxon::onnx::writer {

/// A layer and the shapes of its operands. Spellings compare what a layer type would make of them with what is there,
/// and give nothing if that differs.
class LayerContext {
  public:
    LayerContext(const Network& network, const Network::Layer& one) : layer(one), network_(network) {}

    const Network::Layer& layer;

    const Node& node() const { return layer.node; }
    Shape in(std::size_t operand = 0) const {
        const auto value = static_cast<std::size_t>(layer.operands[operand]), inputs = network_.inputs.size();
        return value < inputs ? network_.inputs[value].shape : network_.layers[value - inputs].out;
    }
    std::size_t operands() const { return layer.operands.size(); }
    bool of_picture() const { return operands() == 1 && !in().sequence && !in().table; }

    /// True if a layer would add such a node, but for what the tracer fills in, and nothing of `nests`.
    bool makes(const Node& expected, const Shape& out) const {
        return bare(layer.node) == bare(expected) && layer.out == out && layer.nests.empty();
    }
    /// True if the layer has exactly these weights.
    struct Wanted {
        const char* suffix;
        std::vector<int> shape{};
        Role role = Role::trained;
    };
    bool has(const std::vector<Wanted>& wanted) const {
        return std::equal(layer.weights.begin(), layer.weights.end(), wanted.begin(), wanted.end(),
                          [](const Network::Weight& one, const Wanted& other) {
                              return one.suffix == other.suffix && one.shape == other.shape && one.role == other.role;
                          });
    }

    /// `apply<type>(t, name, x)`.
    Expression applied(const Expression& type) const {
        Expression call = Expression("apply<") << type << ">(t, ";
        call.name(layer.name);
        for (const int operand : layer.operands) (call << ", ").value(operand);
        return call << ")";
    }
    /// `function(t, name, x, y)`.
    Expression called(const char* function) const {
        Expression call = Expression(function) << "(t, ";
        call.name(layer.name);
        for (const int operand : layer.operands) (call << ", ").value(operand);
        return call << ")";
    }

    static Node bare(Node node) {
        node.in = node.out = {};
        node.operands_at = node.operand_count = node.nest_count = node.name_at = node.name_size = 0;
        node.nest = node.parameter = node.bias = none;
        return node;
    }

  private:
    const Network& network_;
};

using Spelling = std::optional<Expression>;

}  // namespace taxon::onnx::writer
