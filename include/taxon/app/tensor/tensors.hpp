#pragma once
#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <taxon/app/model/generated_sample.hpp>
#include <taxon/app/run/input_tensor.hpp>
#include <taxon/app/run/samples_file.hpp>
#include <taxon/app/tensor/typed_file.hpp>
#include <taxon/io/npy.hpp>
#include <utility>
#include <vector>

namespace taxon::app {

/// Samples for every input of a network, each (count, …), apart.
struct Tensors {
    std::size_t count = 0;
    int length = 0;  ///< tokens of its sequences
    std::vector<std::vector<float>> inputs{};

    /// Sample i, its inputs one after the other.
    std::vector<float> sample(std::size_t i) const {
        std::vector<float> all;
        for (const auto& input : inputs) {
            const auto size = static_cast<std::ptrdiff_t>(input.size() / count),
                       at = static_cast<std::ptrdiff_t>(i) * size;
            all.insert(all.end(), input.begin() + at, input.begin() + at + size);
        }
        return all;
    }
};

/// True for a network that was an .onnx file: its files have that one's types and shapes, the batch included.
inline bool was_onnx(const ModelEntry& entry) { return !entry.output_types.empty(); }

/// What --help says of an option that names an input's tensor.
inline std::string tensor_help(const Family& family) {
    return "An input: " +
           std::string(was_onnx(family.entries.front())
                           ? "a tensor in the type and shape of the .onnx file"
                           : "float32 of shape (N, C, H, W) or (C, H, W), vectors (N, C)") +
           "; once for each. If there is only one, the file is enough";
}

namespace detail {

/// True for each node that an output depends on.
inline std::vector<bool> nodes_in_use(GraphView graph) {
    std::vector<bool> used(graph.nodes.size());
    for (const Port& output : graph.outputs) used[static_cast<std::size_t>(output.node)] = true;
    for (std::size_t i = graph.nodes.size(); i-- > 0;)
        for (const int operand : graph.operands(graph.nodes[i]))
            if (used[i]) used[static_cast<std::size_t>(operand)] = true;
    return used;
}

/// The inputs of a network for people: "near 3 x 16 x 22", or "tokens int64 (2, 15)".
inline std::string inputs_of(const ModelEntry& entry) {
    if (!was_onnx(entry)) return taxon::text_of(entry.graph.inputs);
    std::string text;
    for (std::size_t i = 0; i < entry.input_types.size(); ++i)
        text.append(i == 0 ? "" : ", ")
            .append(entry.graph.inputs[i].name)
            .append(" ")
            .append(text_of(entry.input_types[i].type(), entry.input_types[i].shape()));
    return text;
}

/// An option's NAME=FILE, split at the last '='; FILE alone is the only input's. Throws Fault::missing, as the file's
/// fault, for a name that the network does not have.
inline std::pair<std::size_t, std::string> named_input(const std::string& text, const ModelEntry& entry,
                                                       const std::string& option) {
    const std::span<const Port> inputs = entry.graph.inputs;
    const auto equals = text.rfind('=');
    std::error_code ignored;
    if (inputs.size() == 1 && (equals == text.npos || std::filesystem::exists(text, ignored))) return {0, text};
    if (equals == text.npos)
        throw Error(Fault::usage, {.place = option,
                                   .found = "'" + text + "'",
                                   .wanted = "NAME=FILE.npy, for the inputs " + inputs_of(entry)});
    const std::string name = text.substr(0, equals), file = text.substr(equals + 1);
    for (std::size_t i = 0; i < inputs.size(); ++i)
        if (name_of(inputs[i], "input") == name) return {i, file};
    throw Error(Fault::missing, {.file = file,
                                 .place = option,
                                 .found = "an input '" + name + "'",
                                 .wanted = "one of the network's: " + inputs_of(entry)});
}

/// The number of samples in a tensor for a port, and their tokens. Throws Fault::shape.
inline std::pair<std::size_t, int> samples_in(const io::FloatTensor& tensor, const Port& port,
                                              const std::string& file) {
    const Dimensions wanted = sizes_of(port.shape), &found = tensor.shape;
    const std::size_t batched = found.size() == wanted.size() + 1 ? 1 : 0;
    bool fits = found.size() == wanted.size() + batched && !tensor.numbers.empty();
    for (std::size_t i = 0; fits && i < wanted.size(); ++i)
        fits = port.shape.sequence && i == 0 ? found[i + batched] <= wanted[i] : found[i + batched] == wanted[i];
    if (!fits)
        throw Error(Fault::shape, {.file = file,
                                   .place = "shape, for input " + name_of(port, "input"),
                                   .found = io::to_string(found),
                                   .wanted = "(N, " + io::to_string(wanted).substr(1) +
                                             (port.shape.sequence ? ", or fewer tokens" : "")});
    return {batched == 1 ? static_cast<std::size_t>(found[0]) : 1,
            port.shape.sequence ? static_cast<int>(found[batched]) : 0};
}

}  // namespace detail

/// The tensors that `option` names, for every input of the network that an output depends on: of a network that was an
/// .onnx file one sample, in the file's types. Throws Fault::missing for an unknown or absent input, Fault::shape for
/// a tensor that does not fit its input, or the others' count or tokens; Fault::value for NaN and infinity unless they
/// are allowed.
inline Tensors tensors_of_files(const std::vector<std::string>& texts, const ModelEntry& entry,
                                const std::string& option, bool allow_nonfinite) {
    const std::span<const Port> ports = entry.graph.inputs;
    Tensors tensors{.inputs = std::vector<std::vector<float>>(ports.size())};
    for (const std::string& text : texts) {
        const auto [input, file] = detail::named_input(text, entry, option);
        if (!tensors.inputs[input].empty())
            throw Error(
                Fault::usage,
                {.place = option, .found = "input " + name_of(ports[input], "input") + " twice", .wanted = "once"});
        const bool typed = was_onnx(entry);
        io::FloatTensor tensor =
            typed ? read_typed(file, entry.input_types[input], name_of(ports[input], "input")) : io::read_npy(file);
        const auto [count, length] =
            typed ? std::pair(std::size_t{1}, 0) : detail::samples_in(tensor, ports[input], file);
        if ((tensors.count != 0 && count != tensors.count) ||
            (length != 0 && tensors.length != 0 && length != tensors.length))
            throw Error(Fault::shape, {.file = file,
                                       .place = "shape, for input " + name_of(ports[input], "input"),
                                       .found = io::to_string(tensor.shape),
                                       .wanted = "as many samples and tokens as in the tensor before"});
        if (!allow_nonfinite) require_finite(tensor, file);
        tensors.count = count;
        if (length != 0) tensors.length = length;
        tensors.inputs[input] = std::move(tensor.numbers);
    }
    if (tensors.length == 0) tensors.length = entry.input.width;
    tensors.count = std::max(tensors.count, std::size_t{1});
    const auto used = detail::nodes_in_use(entry.graph);
    for (std::size_t i = 0; i < ports.size(); ++i) {
        if (!tensors.inputs[i].empty()) continue;
        if (used[i])
            throw Error(Fault::usage, {.place = option,
                                       .found = "none for input " + name_of(ports[i], "input"),
                                       .wanted = "one each for " + detail::inputs_of(entry)});
        tensors.inputs[i].resize(tensors.count * ports[i].shape.size_of(tensors.length));
    }
    return tensors;
}

/// True if any output depends on an input.
inline bool reads_inputs(const ModelEntry& entry) {
    const auto used = detail::nodes_in_use(entry.graph);
    return std::any_of(used.begin(), used.begin() + static_cast<std::ptrdiff_t>(entry.graph.inputs.size()),
                       std::identity());
}

/// Generated samples; see generated_samples. `source`: synthetic[:SALT].
inline Tensors generated_tensors(std::string_view source, const ModelEntry& entry, std::size_t count) {
    Tensors tensors{count, entry.input.width, {}};
    const auto all = generated_samples(salt_of(source), entry, count, tensors.length);
    for (std::size_t at = 0, stride = all.size() / count; const Port& port : entry.graph.inputs) {
        std::vector<float>& numbers = tensors.inputs.emplace_back();
        const std::size_t size = port.shape.size_of(tensors.length);
        for (std::size_t i = 0; i < count; ++i)
            numbers.insert(numbers.end(), all.begin() + static_cast<std::ptrdiff_t>(i * stride + at),
                           all.begin() + static_cast<std::ptrdiff_t>(i * stride + at + size));
        at += size;
    }
    return tensors;
}

}  // namespace taxon::app
