#pragma once
#include <taxon/number/weight_rows.hpp>
#include <taxon/onnx/exporter/exporter.hpp>

namespace taxon::onnx::detail {

/// The batch normalisation that is multiplied into a convolution's weights: its only reader.
inline const Node* folded_norm(const Exporter& exporter, const Node& convolution) {
    const int number = exporter.number(convolution);
    const auto readers = exporter.readers(number);
    if (readers.size() != 1 || exporter.is_output(number)) return nullptr;
    const Node& norm = exporter.graph.node(readers.front());
    return norm.op == Op::batch_norm && norm.parts == convolution.parts ? &norm : nullptr;
}

/// One of a convolution's parts: its parameters, and the channels of the whole that it makes.
struct ConvolutionPart {
    int weight, bias;  ///< parameters; none
    int first, channels;
};

inline ConvolutionPart part_of(const Node& node, int part) {
    const int step = part * (node.bias == none ? 1 : 2), channels = node.out.channels / node.parts;
    return {node.parameter + step, node.bias == none ? none : node.bias + step, part * channels, channels};
}

/// The output of a part that its i-th weight belongs to: weights are (outputs, inputs of a group, taps) or, transposed,
/// (inputs, outputs of a group, taps).
inline std::size_t output_of(const Node& node, const ConvolutionPart& part, std::size_t i) {
    const std::size_t taps = static_cast<std::size_t>(node.window.taps()),
                      group = static_cast<std::size_t>(part.channels / node.groups),
                      inputs = static_cast<std::size_t>(node.in.channels / node.groups);
    return node.transposed ? i / taps / group / inputs * group + i / taps % group : i / taps / inputs;
}

/// That the channels of a layer's input were divided by, or none.
inline std::span<const float> factors_of_input(const Exporter& exporter, const Node& node) {
    return exporter.rounding.factors_of(exporter.rounding.stored(exporter.graph, exporter.graph.operand(node, 0)));
}

/// Weights of a layer times the normalisation's factor of each output, and the factor that the channel of each input
/// was divided by.
inline std::vector<double> scaled_weights(const Exporter& exporter, const Node& node, const ConvolutionPart& part,
                                          const std::optional<Affine>& norm) {
    const std::vector<float> plain = exporter.parameters[part.weight];
    std::vector<double> weights(plain.begin(), plain.end());
    for (std::size_t i = 0; norm && i < weights.size(); ++i)
        weights[i] *= norm->scale[static_cast<std::size_t>(part.first) + output_of(node, part, i)];
    const auto factors = factors_of_input(exporter, node);
    for (std::size_t i = 0; i < weights.size() && !factors.empty(); ++i)
        weights[i] *= factors[i / static_cast<std::size_t>(node.window.taps()) % factors.size()];
    return weights;
}

/// The numbers of the weights that are rounded together, to multiples of one step: an output's, and of a transposed
/// convolution only those that meet in the same places between pixels, which are a convolution of their own.
inline std::vector<std::vector<std::size_t>> rows_of(const Node& node, const ConvolutionPart& part, std::size_t count) {
    const auto size = [](int number) { return static_cast<std::size_t>(number); };
    const WindowAxis &y = node.window.y, &x = node.window.x;
    const auto place = [](const WindowAxis& axis, int tap) {
        const int shifted = (tap * axis.dilation - axis.before) % axis.stride;
        return shifted < 0 ? shifted + axis.stride : shifted;
    };
    const int places = node.transposed ? y.stride * x.stride : 1;
    std::vector<std::vector<std::size_t>> rows(size(part.channels * places));
    for (std::size_t i = 0; i < count; ++i) {
        const int tap = static_cast<int>(i % size(node.window.taps()));
        const int at = node.transposed ? place(y, tap / x.size) * x.stride + place(x, tap % x.size) : 0;
        rows[output_of(node, part, i) * size(places) + size(at)].push_back(i);
    }
    return rows;
}

/// Weights of integers, as they are packed: int8 with a scale for each output, dequantized. Those of a transposed
/// convolution have more scales than that, so they are float32, rounded.
inline std::string integer_weights(Exporter& exporter, const Node& node, const ConvolutionPart& part,
                                   const std::optional<Affine>& norm) {
    const std::string name(exporter.name_of(part.weight));
    const std::vector<double> weights = scaled_weights(exporter, node, part, norm);
    std::vector<std::int8_t> integers(weights.size());
    std::vector<float> rounded(weights.size()), steps;
    for (const std::vector<std::size_t>& row : rows_of(node, part, weights.size())) {
        std::vector<double> numbers;
        for (const std::size_t i : row) numbers.push_back(weights[i]);
        const auto quantized = quantize::quantize_row<std::int8_t>(
            std::span<const double>(numbers),
            exporter.rounding.seven_bits ? quantize::most_of_seven_bits : quantize::most_weight<std::int8_t>);
        for (std::size_t k = 0; k < row.size(); ++k) {
            integers[row[k]] = quantized.weights[k];
            rounded[row[k]] = quantized.step * static_cast<float>(quantized.weights[k]);
        }
        steps.push_back(quantized.step);
    }
    GraphWriter& to = exporter.to;
    if (node.transposed) return to.initializer(name, exporter.shape_of(part.weight), std::move(rounded));
    const Dimensions channels{part.channels};
    return to.node(
        name, "DequantizeLinear",
        {to.raw(name, DataType::int8, exporter.shape_of(part.weight), std::span<const std::int8_t>(integers)),
         to.initializer(name + "/scale", channels, std::move(steps)), to.bytes(std::int8_t{0}, channels)},
        {{"axis", std::int64_t{0}}});
}

/// The tensor of a layer's weights, which it may share with others.
inline std::string weights_of(Exporter& exporter, const Node& node, const ConvolutionPart& part,
                              const std::optional<Affine>& norm) {
    const std::string name(exporter.name_of(part.weight));
    if (exporter.rounding.weights.contains(exporter.number(node))) {
        const std::string factors = factors_of_input(exporter, node).empty()
                                        ? ""
                                        : " for value " + std::to_string(exporter.graph.operand(node, 0));
        return exporter.made_once(name + ", integers" + factors,
                                  [&] { return integer_weights(exporter, node, part, norm); });
    }
    return exporter.once(name, [&] {
        const std::vector<double> weights = scaled_weights(exporter, node, part, norm);
        return std::pair(exporter.shape_of(part.weight), std::vector<float>(weights.begin(), weights.end()));
    });
}

/// A layer's biases with those of the normalisation; called like the state dict's, which may not have any.
inline std::string bias_of(Exporter& exporter, const ConvolutionPart& part, const std::optional<Affine>& norm) {
    if (!norm) return exporter.parameter(part.bias);
    constexpr std::string_view weight = "weight";
    std::string name(exporter.name_of(part.bias == none ? part.weight : part.bias));
    if (part.bias == none && name.ends_with(weight)) name.replace(name.size() - weight.size(), weight.size(), "bias");
    return exporter.once(name, [&] {
        std::vector<float> numbers(static_cast<std::size_t>(part.channels));
        if (part.bias != none) numbers = exporter.parameters[part.bias];
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            const std::size_t output = static_cast<std::size_t>(part.first) + i;
            numbers[i] = static_cast<float>(numbers[i] * norm->scale[output] + norm->shift[output]);
        }
        return std::pair(Dimensions{part.channels}, std::move(numbers));
    });
}

}  // namespace taxon::onnx::detail
