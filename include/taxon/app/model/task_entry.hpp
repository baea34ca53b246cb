#pragma once
#include <memory>
#include <string_view>
#include <taxon/app/model/entry_definition.hpp>
#include <taxon/preprocess/none.hpp>

namespace taxon::app {

/// A network that was an .onnx file, over tensors: even where its input is a picture in the file, a row of numbers may
/// be what it reads.
template <class Network>
struct TensorVariant : Variant<Network, preprocess::None> {
    using Modes = detail::ShapeMode<Variant<Network, preprocess::None>>;
    using M = Model<Network, backend::Cpu, precision::Float32, execution::Fused, Modes>;
};

/// The row of a network that was an .onnx file, behind the input and the result of a task. `Task`: `Network`,
/// `Preprocess`, the ports `input` and `result`, and `wrap`, which makes the task's model of the network's.
template <class Task>
ModelEntry task_entry(std::string_view variant) {
    using Tensors = TensorVariant<typename Task::Network>;
    using Loader = ModelLoader<typename Tensors::M>;
    ModelEntry entry = Entry<Tensors, precision::Float32, execution::Fused>::entry(variant);
    entry.preprocess = Task::Preprocess::name;
    entry.network_input_types = entry.input_types, entry.network_output_types = entry.output_types;
    entry.input_types = {}, entry.output_types = {};  // of tensors, which are none here
    entry.network = entry.graph;
    entry.input = Task::input.shape, entry.output = Task::result.shape;
    entry.graph.inputs = {&Task::input, 1}, entry.graph.outputs = {&Task::result, 1};
    entry.load = [](const WeightSource& weights, const quantize::Ranges& ranges, const Settings& settings) {
        return Task::wrap(Loader::load(weights, ranges, settings));
    };
    entry.open = [](std::shared_ptr<const io::OfflineFile> file, const Settings& settings) {
        return Task::wrap(Loader::open(std::move(file), settings));
    };
    return entry;
}

}  // namespace taxon::app
