#pragma once
#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <taxon/any_model.hpp>
#include <vector>

namespace taxon::app {

/// What a run shows of a network: some layers' outputs for one sample, in the run's order.
class LayerValues {
  public:
    struct Value {
        int node;
        Shape shape;  ///< a sequence of as many tokens as were computed
        std::vector<float> numbers;
    };

    void add(int node, Shape shape, std::vector<float> numbers) {
        places_.emplace(node, values_.size());
        values_.push_back({node, shape, std::move(numbers)});
    }

    std::span<const Value> all() const { return values_; }

    /// Null if the run does not show it.
    const Value* find(int node) const {
        const auto place = places_.find(node);
        return place == places_.end() ? nullptr : &values_[place->second];
    }

    /// Runs one sample, its inputs one after the other; they are values too.
    static LayerValues of(const AnyModel& network, std::span<const float> sample, AnyModel::Workspace& workspace) {
        LayerValues values = inputs_of(network.graph(), sample);
        network.walk(sample, workspace, [&](const LayerView& layer) {
            values.add(layer.value, layer.shape, {layer.numbers.begin(), layer.numbers.end()});
        });
        return values;
    }

    static LayerValues inputs_of(GraphView graph, std::span<const float> sample) {
        LayerValues values;
        const int length = graph.length_of(sample.size());
        for (const Port& port : graph.inputs) {
            Shape shape = port.shape;
            if (shape.sequence) shape.width = length;
            const auto numbers = sample.first(port.shape.size_of(length));
            values.add(port.node, shape, {numbers.begin(), numbers.end()});
            sample = sample.subspan(numbers.size());
        }
        return values;
    }

  private:
    std::vector<Value> values_;
    std::map<int, std::size_t> places_;
};

/// How the layers that a run does not show are parts of those that it does.
class FusedLayers {
  public:
    FusedLayers(GraphView graph, const LayerValues& shown) : graph_(graph) {
        for (const auto& value : shown.all()) {
            if (graph.is_input(value.node)) continue;
            Part part;
            collect(value.node, shown, part);
            std::sort(part.layers.begin(), part.layers.end());
            parts_.emplace(value.node, std::move(part));
        }
    }

    /// The layers that are computed only as a part of this one, in the graph's order.
    std::span<const int> within(int node) const { return part_of(node).layers; }

    /// The values shown, or inputs, that it is computed from.
    std::span<const int> inputs_of(int node) const { return part_of(node).inputs; }

    /// The first layer shown that a layer is a part of; none if nothing shown depends on it.
    int carrier_of(int node) const {
        const auto carrier = carriers_.find(node);
        return carrier == carriers_.end() ? none : carrier->second;
    }

  private:
    struct Part {
        std::vector<int> layers{}, inputs{};
    };

    const Part& part_of(int node) const {
        static const Part nothing;
        const auto part = parts_.find(node);
        return part == parts_.end() ? nothing : part->second;
    }

    void collect(int node, const LayerValues& shown, Part& part) {
        std::set<int> seen;
        for (std::vector<int> open{node}; !open.empty();) {
            const Node& at = graph_.node(open.back());
            open.pop_back();
            for (const int operand : graph_.operands(at)) {
                if (!seen.insert(operand).second) continue;
                if (shown.find(operand) != nullptr || graph_.is_input(operand)) {
                    part.inputs.push_back(operand);
                    continue;
                }
                if (carriers_.emplace(operand, node).second) part.layers.push_back(operand);
                open.push_back(operand);
            }
        }
    }

    GraphView graph_;
    std::map<int, Part> parts_;
    std::map<int, int> carriers_;
};

}  // namespace taxon::app
