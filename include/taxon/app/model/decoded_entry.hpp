#pragma once
#include <memory>
#include <string_view>
#include <taxon/app/model/labels_file.hpp>
#include <taxon/app/model/task_entry.hpp>
#include <taxon/core/model_error.hpp>
#include <taxon/task/decoded_model.hpp>

namespace taxon::app {

/// The picture that the only input of an .onnx file is.
template <class Network>
constexpr Shape picture_of() {
    static_assert(Network::input_types.size() == 1, "TASK: wants a network of one input, a picture");
    constexpr auto shape = Network::input_types[0].shape();
    static_assert(shape.size() == 4 && shape[0] == 1 && shape[1] == 3, "TASK: wants an input of shape (1, 3, H, W)");
    return {3, static_cast<int>(shape[2]), static_cast<int>(shape[3])};
}

/// Pictures to one result, decoded from the network's outputs.
template <class Imported, class PicturePolicy, Shape Result, task::Decode Decode>
struct DecodedTask {
    using Network = Imported;
    using Preprocess = PicturePolicy;
    static constexpr GraphView graph = graph_of<Network>;
    static constexpr Port input{graph.inputs[0].name, picture_of<Network>()};
    static constexpr Port result{.shape = Result, .node = graph.outputs[0].node};
    static_assert(Preprocess::height == input.shape.height && Preprocess::width == input.shape.width,
                  "PREPROCESS: produces another picture size than the network's input");

    static std::unique_ptr<AnyModel> wrap(std::unique_ptr<AnyModel> network) {
        const auto policies = input_policies_of<typename TensorVariant<Network>::Modes, Preprocess>(input.shape);
        return std::make_unique<task::DecodedModel>(std::move(network), task::TaskModel::Facts{input, result, policies},
                                                    Decode);
    }
};

/// The row of a network over pictures that was an .onnx file, and whose outputs are decoded to one result. `classes`:
/// of these.
template <class Network, class Preprocess, class Labels, Shape Result, int classes, task::Decode Decode>
ModelEntry decoded_entry(std::string_view variant) {
    static constexpr auto problem = labels_problem<Labels>(classes);
    static_assert(taxon::detail::no_problem<problem>());
    ModelEntry entry = task_entry<DecodedTask<Network, Preprocess, Result, Decode>>(variant);
    if constexpr (LetterboxPreprocess<Preprocess>)
        entry.letterbox = [](int height, int width) { return Preprocess::fit(height, width); };
    return entry;
}

}  // namespace taxon::app
