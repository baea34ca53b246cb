#pragma once
#include <algorithm>
#include <span>
#include <taxon/app/diff/difference.hpp>
#include <taxon/app/diff/layer_values.hpp>
#include <taxon/app/diff/tolerance.hpp>
#include <vector>

namespace taxon::app {

/// A layer that both sides show.
struct ComparedLayer {
    int node;
    Shape shape;  ///< of the first sample
    double tolerance;
    Difference difference{};
    std::vector<int> fused{};  ///< layers that the other side shows and this one computes as a part of it

    /// The first NaN or infinity, else the largest difference.
    const Difference::Place& fault() const {
        return difference.nonfinite() > 0 ? difference.first_nonfinite() : difference.largest_at();
    }

    bool within() const { return difference.nonfinite() == 0 && difference.relative() <= tolerance; }
};

/// A layer that only one side shows, or of which the other side has another number of values.
struct UncomparedLayer {
    int node;
    bool found;   ///< this side shows it
    int carrier;  ///< the layer of the side that does not, as a part of which it is computed there; else none
};

/// A network's layers in two runs, this side's and the right one, over samples.
class LayerComparison {
  public:
    LayerComparison(GraphView graph, LayerTolerance tolerance) : graph_(graph), tolerance_(tolerance) {}

    /// Adds a sample; all have the same layers.
    void add(std::size_t sample, const LayerValues& found, const LayerValues& right) {
        if (sample == 0) start(found, right);
        for (ComparedLayer& layer : layers_)
            layer.difference.add(sample, found.find(layer.node)->numbers, right.find(layer.node)->numbers);
    }

    GraphView graph() const { return graph_; }
    const LayerTolerance& tolerance() const { return tolerance_; }

    /// In the order of this side's run.
    std::span<const ComparedLayer> layers() const { return layers_; }
    std::span<const UncomparedLayer> uncompared() const { return uncompared_; }

    /// The first layer that is not within its tolerance, or not finite; null if there is none.
    const ComparedLayer* first_beyond() const {
        const auto beyond =
            std::find_if(layers_.begin(), layers_.end(), [](const ComparedLayer& layer) { return !layer.within(); });
        return beyond == layers_.end() ? nullptr : &*beyond;
    }

  private:
    void start(const LayerValues& found, const LayerValues& right) {
        const FusedLayers here(graph_, found), there(graph_, right);
        std::size_t depth = 0;
        for (const auto& value : found.all()) {
            if (graph_.is_input(value.node)) continue;
            ++depth;
            if (comparable(value, right.find(value.node)))
                layers_.push_back({value.node, value.shape, tolerance_.of_layer(depth)});
            else uncompared_.push_back({value.node, true, carrier(there, right, value.node)});
        }
        for (const auto& value : right.all()) {
            if (graph_.is_input(value.node) || found.find(value.node) != nullptr) continue;
            const int carrier = here.carrier_of(value.node);
            const auto layer = std::find_if(layers_.begin(), layers_.end(),
                                            [&](const ComparedLayer& other) { return other.node == carrier; });
            if (layer != layers_.end()) layer->fused.push_back(value.node);
            uncompared_.push_back({value.node, false, carrier});
        }
    }

    static int carrier(const FusedLayers& fused, const LayerValues& shown, int node) {
        return shown.find(node) != nullptr ? none : fused.carrier_of(node);
    }

    /// Where only the first token is read later, one side may compute that alone.
    static bool comparable(const LayerValues::Value& found, const LayerValues::Value* right) {
        return right != nullptr && (found.numbers.size() == right->numbers.size() ||
                                    (found.shape.sequence && found.shape.channels == right->shape.channels));
    }

    GraphView graph_;
    LayerTolerance tolerance_;
    std::vector<ComparedLayer> layers_;
    std::vector<UncomparedLayer> uncompared_;
};

}  // namespace taxon::app
