#pragma once
#include <functional>
#include <memory>
#include <taxon/graph/layer_visitor.hpp>
#include <taxon/plan/owned_plan.hpp>
#include <taxon/core/weight_source.hpp>

namespace taxon::quantize {

/// Runs one sample in float, (C, H, W) or tokens of features (several inputs or outputs one after the other), while
/// `edit` modifies each step's output before the next
/// step reads it.
using EditedRun = std::function<void(std::span<const float> sample, std::span<float> answer, const LayerEditor& edit)>;

/// A network to be quantized, as data and two functions: code that inspects it is compiled once for all networks, and
/// its float kernels once for all precisions.
struct QuantizableNetwork {
    GraphView graph{};
    Shape input{}, output{};                        ///< of one sample
    DataTypes data_types{};                         ///< the quantized precision's, with no layers kept in float
    OwnedPlan (*plan)(const DataTypes&) = nullptr;  ///< the planner's result for any data types
    /// binds weights; runs of different bindings may be concurrent
    std::function<EditedRun(const WeightSource&)> floats;
};

/// The QuantizableNetwork of a Model with a quantized Precision. Instantiates the network's float kernels as well.
template <class M>
QuantizableNetwork quantizable_network_of(typename M::Options options = {.threads = 1}) {
    using Floats = typename M::Backend::template Engine<typename M::Architecture, M::input_shape, precision::Float32,
                                                        typename M::Execution>;
    struct Bound {
        Floats network;
        typename M::Workspace workspace{};
    };
    return {M::graph,
            M::input_shape,
            M::output_shape,
            M::Precision::data_types,
            &owned_plan_of<typename M::Architecture, M::input_shape, M::Execution::fuses>,
            [options](const WeightSource& source) -> EditedRun {
                return [bound = std::make_shared<Bound>(Bound{Floats(source, options)})](
                           std::span<const float> sample, std::span<float> answer, const LayerEditor& edit) {
                    const int length = M::graph.length_of(sample.size());
                    bound->network.load_input(sample, length, bound->workspace);
                    bound->network.run_edited(answer, length, bound->workspace, edit);
                };
            }};
}

}  // namespace taxon::quantize
