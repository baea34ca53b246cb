#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/weight_source.hpp>
#include <taxon/graph/traced_graph.hpp>
#include <taxon/onnx/tensor.hpp>
#include <unordered_map>
#include <vector>

namespace taxon::onnx {

/// A model as a network of this library's layers, made from a Program by `lower`: what `import_onnx write` prints, and
/// what OnnxModel runs.
struct Network {
    /// A tensor of the state dict: LAYER.suffix, or LAYER if the suffix is empty.
    struct Weight {
        std::string suffix;
        Role role = Role::trained;
        std::vector<int> shape{};  ///< up to four axes
        Tensor numbers{};          ///< float32; empty for one that is ignored
    };

    /// One node of the graph. A value is identified by its number: inputs first, then layers.
    struct Layer {
        std::string name;  ///< its path in the state dict, unique
        Node node{};       ///< without operands, parameters and loops, which are the next members
        Shape out{};
        std::vector<int> operands{};
        std::vector<LoopNest> nests{};
        std::vector<Weight> weights{};  ///< the node's parameter and those after it; `bias` among them has that suffix
        Dimensions shape{};             ///< of the file's value that it is, for comments
    };

    /// An input or an output, in the file's own type and shape. Its numbers lie in their order.
    struct Port {
        std::string name;
        DataType type{};
        Dimensions dimensions{};
        Shape shape{};
        int value = 0;
    };

    std::vector<Port> inputs{}, outputs{};
    std::vector<Layer> layers{};
    std::string comment{};  ///< where it came from, for the first line of a header

    /// Traces the layers, as the written header does: the graphs of both are equal.
    void trace(Tracer& tracer) const {
        std::vector<Tracer::Value> values;
        for (const Port& input : inputs) values.push_back(tracer.input(input.name));
        for (const Layer& layer : layers) {
            std::vector<Tracer::Value> operands;
            for (const int operand : layer.operands) operands.push_back(values[taxon::detail::size(operand)]);
            tracer.scope(std::string_view(layer.name), [&](Tracer& inner) { add(inner, layer, operands); });
            values.push_back(tracer.current);
        }
        for (const Port& output : outputs) tracer.output(output.name, values[taxon::detail::size(output.value)]);
    }

    /// Its graph, which refers to this network's names.
    TracedGraph traced() const {
        std::vector<taxon::Port> ports;
        for (const Port& input : inputs) ports.push_back({input.name, input.shape});
        return TracedGraph(std::move(ports), [this](Tracer& tracer) { trace(tracer); });
    }

  private:
    static void add(Tracer& tracer, const Layer& layer, const std::vector<Tracer::Value>& operands) {
        Node node = layer.node;
        for (const Weight& weight : layer.weights) {
            const auto at = [&](std::size_t i) { return weight.shape[i]; };
            const auto parameter = [&](auto... dimensions) {
                return tracer.parameter(weight.suffix, weight.role, dimensions...);
            };
            const int number = weight.shape.empty()       ? parameter()
                               : weight.shape.size() == 1 ? parameter(at(0))
                               : weight.shape.size() == 2 ? parameter(at(0), at(1))
                               : weight.shape.size() == 3 ? parameter(at(0), at(1), at(2))
                                                          : parameter(at(0), at(1), at(2), at(3));
            if (&weight == layer.weights.data()) node.parameter = number;
            else if (node.bias == none && weight.suffix.ends_with("bias") &&
                     (node.op == Op::convolution || node.op == Op::group_norm))
                node.bias = number;
        }
        for (const LoopNest& nest : layer.nests) {
            const int number = tracer.nest(nest);
            if (&nest == layer.nests.data()) node.nest = number;
        }
        node.nest_count = static_cast<int>(layer.nests.size());
        tracer.node(node, layer.out, operands.data(), static_cast<int>(operands.size()));
    }
};

/// A network's tensors by their names in its state dict. The network must outlive it.
class NetworkWeights final : public WeightSource {
  public:
    explicit NetworkWeights(const Network& network) {
        for (const Network::Layer& layer : network.layers)
            for (const Network::Weight& weight : layer.weights)
                if (weight.role != Role::ignored) {
                    const std::string& name =
                        names_.emplace_back(weight.suffix.empty() ? layer.name : layer.name + "." + weight.suffix);
                    weights_.emplace(name, &weight);
                }
    }

    std::string origin() const override { return "imported"; }
    std::vector<std::string_view> names() const override { return {names_.begin(), names_.end()}; }
    std::optional<Dimensions> shape_of(std::string_view name, std::span<const std::int64_t>) const override {
        const auto at = weights_.find(std::string(name));
        if (at == weights_.end()) return std::nullopt;
        return Dimensions(at->second->shape.begin(), at->second->shape.end());
    }
    void read(std::string_view name, std::span<const std::int64_t>, std::span<float> to) const override {
        const auto numbers = weights_.at(std::string(name))->numbers.numbers<float>();
        std::copy(numbers.begin(), numbers.end(), to.begin());
    }

  private:
    std::vector<std::string> names_{};
    std::unordered_map<std::string, const Network::Weight*> weights_{};
};

}  // namespace taxon::onnx
