#pragma once
#include <functional>
#include <memory>
#include <taxon/graph/layer_visitor.hpp>
#include <taxon/plan/owned_plan.hpp>
#include <taxon/core/weight_source.hpp>

namespace taxon::quantize {

/// Answers one sample in floats, (C, H, W) or tokens of features, while `edit` changes what each step makes before the
/// next reads it.
using EditedRun = std::function<void(std::span<const float> sample, std::span<float> answer, const LayerEditor& edit)>;

/// A network that is to be quantized, as data and two functions: what looks into it is compiled once for all networks,
/// and the kernels of its floats once for all precisions.
struct QuantizableNetwork {
    GraphView graph{};
    Shape input{}, output{};                        ///< of one sample
    DataTypes data_types{};                         ///< the quantized precision's; it keeps no layers
    OwnedPlan (*plan)(const DataTypes&) = nullptr;  ///< as the compiler makes it; of every storage
    /// binds weights. Runs of different bindings may go on side by side
    std::function<EditedRun(const WeightSource&)> floats;
};

/// The blueprint of a Model with a quantized Precision. Compiles the network's kernels in floats as well.
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
                    const int length = M::input_shape.sequence
                                           ? static_cast<int>(sample.size()) / M::input_shape.channels
                                           : M::input_shape.width;
                    bound->network.load_input(sample, length, bound->workspace);
                    bound->network.run_edited(answer, length, bound->workspace, edit);
                };
            }};
}

}  // namespace taxon::quantize
