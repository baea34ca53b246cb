#pragma once
#include <taxon/backend/cpu/onnx_model.hpp>

#include <algorithm>
#include <taxon/backend/cpu/run_time_network.hpp>
#include <taxon/onnx/whole_numbers.hpp>
#include <taxon/onnx/lower.hpp>
#include <taxon/onnx/read_model.hpp>

namespace taxon {

/// In the order in which each refers to those before it.
struct OnnxModel::Bound {
    onnx::Network network;
    TracedGraph traced;
    cpu::RunTimeNetwork bound;

    Bound(onnx::Network layers, const cpu::Options& options)
        : network(std::move(layers)), traced(network.traced()),
          bound(checked(traced), onnx::NetworkWeights(network), options) {}

    static GraphView checked(const TracedGraph& traced) {
        if (!traced.problem().empty()) throw Error(Fault::unsupported, {.place = "network", .found = traced.problem()});
        return traced.graph();
    }
};

namespace onnx {

/// An input's numbers as floats. Throws Fault::value for a whole number that is too large; see whole_numbers.hpp.
inline std::vector<float> floats_of(const Tensor& tensor, const std::string& place) {
    std::vector<float> numbers(tensor.size());
    visit_type(tensor.type(), [&]<class T>(T) {
        std::ranges::transform(tensor.numbers<T>(), numbers.begin(), [&](T x) {
            if constexpr (std::is_same_v<T, std::int64_t>)
                if (x < -largest_given || x > largest_given)
                    throw Error(Fault::value, {.place = place,
                                               .found = std::to_string(x),
                                               .wanted = "whole numbers up to 2^22, whose results float32 holds"});
            return static_cast<float>(x);
        });
    });
    return numbers;
}

inline Tensor tensor_of_floats(DataType type, const Dimensions& shape, std::span<const float> numbers) {
    Tensor tensor(type, shape);
    visit_type(type, [&]<class T>(T) {
        std::ranges::transform(numbers, tensor.writable<T>().begin(), [](float x) {
            if constexpr (std::is_same_v<T, std::int64_t>) return whole(static_cast<double>(x));
            else return static_cast<T>(x);
        });
    });
    tensor.round();
    return tensor;
}

/// What `import_onnx check` accepts.
inline Program importable(Folded folded) {
    if (!folded.coverage.reason.empty())
        throw Error(Fault::unsupported, {.place = "file", .found = folded.coverage.reason});
    return std::move(folded.program);
}

}  // namespace onnx

TAXON_DECL OnnxModel::OnnxModel(const std::filesystem::path& file, const onnx::InputShapes& shapes,
                                const cpu::Options& options) {
    auto model = std::make_shared<const onnx::ModelProto>(onnx::read_model(file));
    try {
        *this = OnnxModel(onnx::importable(onnx::fold(std::move(model), shapes)), options);
    } catch (const Error& error) {
        if (error.fault() == Fault::usage) throw;
        throw error.in_file(file.string());
    }
}

TAXON_DECL OnnxModel::OnnxModel(const onnx::SharedBytes& file, const onnx::InputShapes& shapes,
                                const cpu::Options& options)
    : OnnxModel(onnx::importable(onnx::fold(std::make_shared<const onnx::ModelProto>(onnx::read_model(file)), shapes)),
                options) {}

TAXON_DECL OnnxModel::OnnxModel(const onnx::Program& program, const cpu::Options& options)
    : bound_(std::make_shared<const Bound>(onnx::lower(program), options)) {}

TAXON_DECL const onnx::Network& OnnxModel::network() const { return bound_->network; }
TAXON_DECL GraphView OnnxModel::graph() const { return bound_->traced.graph(); }
TAXON_DECL PlanView OnnxModel::plan() const { return bound_->bound.plan(); }
TAXON_DECL const cpu::Executable& OnnxModel::executable() const { return bound_->bound.executable(); }

TAXON_DECL std::vector<onnx::Tensor> OnnxModel::run(const std::vector<onnx::Tensor>& inputs,
                                                    Workspace& workspace) const {
    const auto& ports = network().inputs;
    if (inputs.size() != ports.size())
        throw Error(Fault::shape, {.place = "inputs",
                                   .found = std::to_string(inputs.size()) + " tensors",
                                   .wanted = std::to_string(ports.size())});
    std::vector<std::vector<float>> numbers;
    std::vector<InputNumbers> from;
    for (std::size_t i = 0; i < ports.size(); ++i) {
        const onnx::Tensor& input = inputs[i];
        const auto text = [](onnx::DataType type, const Dimensions& shape) {
            return std::string(onnx::name_of(type)) + " " + io::to_string(shape);
        };
        const bool absent = input.type() == onnx::DataType::undefined;
        if (!absent && (input.type() != ports[i].type || input.shape() != ports[i].dimensions))
            throw Error(Fault::shape, {.place = "input '" + ports[i].name + "'",
                                       .found = text(input.type(), input.shape()),
                                       .wanted = text(ports[i].type, ports[i].dimensions)});
        const auto read = graph().operand_values;
        if (absent && std::ranges::find(read, static_cast<int>(i)) != read.end())
            throw Error(Fault::missing, {.place = "input '" + ports[i].name + "'", .found = "no tensor"});
        numbers.push_back(absent ? std::vector<float>(static_cast<std::size_t>(ports[i].shape.size()))
                                 : onnx::floats_of(input, "input '" + ports[i].name + "'"));
        from.push_back({numbers.back().data(), numbers.back().size()});
    }
    const int length = graph().inputs.empty() ? 0 : graph().inputs.front().shape.width;
    auto results = outputs_for(graph().outputs, 1, length);
    std::vector<OutputNumbers> to;
    for (auto& result : results) to.push_back({result.data(), result.size()});
    executable().run(from, to, 1, length, workspace);
    std::vector<onnx::Tensor> outputs;
    for (std::size_t i = 0; i < results.size(); ++i) {
        const onnx::Network::Port& port = network().outputs[i];
        outputs.push_back(onnx::tensor_of_floats(port.type, port.dimensions, results[i]));
    }
    return outputs;
}

TAXON_DECL std::vector<onnx::Tensor> OnnxModel::run(const std::vector<onnx::Tensor>& inputs) const {
    static thread_local Workspace workspace;
    return run(inputs, workspace);
}

TAXON_DECL std::map<std::string, onnx::Tensor> OnnxModel::operator()(
    const std::map<std::string, onnx::Tensor>& inputs) const {
    std::vector<onnx::Tensor> in_order(network().inputs.size());
    for (const auto& [name, tensor] : inputs) {
        const auto at = std::ranges::find(network().inputs, name, &onnx::Network::Port::name);
        if (at == network().inputs.end()) {
            std::string names;
            for (const auto& port : network().inputs) names += (names.empty() ? "" : ", ") + port.name;
            throw Error(Fault::missing,
                        {.place = "inputs", .found = "'" + name + "'", .wanted = "those of the file: " + names});
        }
        in_order[static_cast<std::size_t>(at - network().inputs.begin())] = tensor;
    }
    const std::vector<onnx::Tensor> results = run(in_order);
    std::map<std::string, onnx::Tensor> outputs;
    for (std::size_t i = 0; i < results.size(); ++i) outputs.emplace(network().outputs[i].name, results[i]);
    return outputs;
}

}  // namespace taxon
