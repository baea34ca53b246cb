#pragma once
#include <memory>
#include <string_view>
#include <taxon/app/model/entry_definition.hpp>
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

/// The row of a network over pictures that was an .onnx file, and whose outputs are decoded to one result.
template <class Network, class Preprocess, Shape Result, task::Decode Decode>
ModelEntry decoded_entry(std::string_view variant) {
    // tensors for the network: even where its input is a picture in the file, a row of numbers may be what it reads
    struct Tensors : Variant<Network, preprocess::None> {};
    static constexpr Shape input = picture_of<Network>();
    static_assert(Preprocess::height == input.height && Preprocess::width == input.width,
                  "PREPROCESS: produces another picture size than the network's input");
    using M = Model<Network, backend::Cpu, precision::Float32, execution::Fused, detail::ShapeMode<Tensors>>;
    static constexpr Port result{.shape = Result, .node = M::graph.outputs[0].node};
    static const auto decoded = [](std::unique_ptr<AnyModel> network) -> std::unique_ptr<AnyModel> {
        const auto policies = input_policies_of<typename M::ShapeMode, Preprocess>(input);
        return std::make_unique<task::DecodedModel>(std::move(network),
                                                    task::DecodedModel::Facts{input, Result, policies, Decode});
    };

    ModelEntry entry = Entry<Tensors, precision::Float32, execution::Fused>::entry(variant);
    entry.preprocess = Preprocess::name;
    if constexpr (LetterboxPreprocess<Preprocess>)
        entry.letterbox = [](int height, int width) { return Preprocess::fit(height, width); };
    entry.input_types = {}, entry.output_types = {};  // of tensors, which are none here
    entry.input = input, entry.output = Result;
    entry.graph.outputs = {&result, 1};
    entry.load = [](const WeightSource& weights, const quantize::Ranges& ranges, const Settings& settings) {
        return decoded(ModelLoader<M>::load(weights, ranges, settings));
    };
    entry.open = [](std::shared_ptr<const io::OfflineFile> file, const Settings& settings) {
        return decoded(ModelLoader<M>::open(std::move(file), settings));
    };
    return entry;
}

}  // namespace taxon::app
