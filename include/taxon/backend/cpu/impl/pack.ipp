#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <taxon/number/weight_rows.hpp>
#include <taxon/plan/packed_layout.hpp>
#include <taxon/plan/quantization.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace taxon::cpu {

namespace packing {

using taxon::detail::size;

/// Throws Fault::overflow for a number beyond half precision.
template <class T>
T packed_number(double number) {
    if constexpr (std::is_same_v<T, half>) {
        if (std::abs(number) >= 65520)
            throw Error(Fault::overflow, {.place = "weights",
                                          .found = std::to_string(number),
                                          .wanted = "at most 65504, the greatest half",
                                          .remedy = "choose force_bfloat16 or force_float32"});
        return to_half(static_cast<float>(number));
    } else if constexpr (std::is_same_v<T, bfloat16>) return to_bfloat16(static_cast<float>(number));
    else return static_cast<T>(number);
}

/// A convolution's matrix (Out, In, k, k), folded with its normalisation, and its destination.
struct Matrix {
    const Node& node;
    const Geometry& geometry;
    const Affine& norm;
    const std::vector<float>& from;

    std::size_t outputs() const { return size(node.out.channels); }
    std::size_t depth() const { return size(geometry.depth); }
    /// Outputs, padded to whole registers.
    std::size_t columns() const {
        return size(round_up(node.out.channels, geometry.kernel == Kernel::product ? 32 : 8));
    }

    /// All weights of one output in the order of multiplication: by tap, then by input, with zeros where inputs are
    /// padded.
    void row(std::size_t n, std::vector<double>& to) const {
        const std::size_t inputs = size(node.in.channels / node.groups), window = size(node.kernel);
        const bool runs =
            geometry.kernel == Kernel::convolution && taxon::detail::rows_are_runs(geometry.in, node.kernel);
        const std::size_t tap = runs ? size(geometry.in.pitch) : depth() / (window * window),
                          line = runs ? depth() / window : window * tap;
        to.assign(depth(), 0);
        const float* weights = from.data() + n * inputs * window * window;
        for (std::size_t c = 0; c < inputs; ++c)
            for (std::size_t y = 0; y < window; ++y)
                for (std::size_t x = 0; x < window; ++x) to[y * line + x * tap + c] = *weights++ * norm.scale[n];
    }
};

/// Packs a matrix into panels of outputs: [panel][depth / fold][output of the panel][fold]. Integers: `values` are the
/// inputs' quantization parameters; writes the scale of each accumulator to `steps`, and subtracts from `biases` the
/// share of the inputs' zero point in every sum.
template <Element E>
void pack_matrix(const Matrix& matrix, QuantizationParameters values, std::byte* bytes, float* biases,
                 [[maybe_unused]] float* steps) {
    auto* to = reinterpret_cast<Number<E>*>(bytes);
    const std::size_t panel_width = size(matrix.geometry.panel), depth = matrix.depth(), columns = matrix.columns();
    const std::size_t fold =
        matrix.geometry.kernel == Kernel::product || matrix.geometry.kernel == Kernel::depthwise ? 1 : size(fold_of(E));
    std::vector<double> row;
    for (std::size_t n = 0; n < matrix.outputs(); ++n) {
        const std::size_t panel = n / panel_width * panel_width, width = std::min(panel_width, columns - panel);
        Number<E>* column = to + panel * depth + (n - panel) * fold;
        const auto place = [&](std::size_t k) -> Number<E>& { return column[k / fold * width * fold + k % fold]; };
        matrix.row(n, row);
        if constexpr (is_integer(E)) {
            const auto [step, sum, integers] = quantize::quantize_row<Number<E>>(std::span<const double>(row));
            const double worth = static_cast<double>(step) * values.scale;
            for (std::size_t k = 0; k < depth; ++k) place(k) = integers[k];
            steps[n] = static_cast<float>(worth);
            biases[n] = static_cast<float>(biases[n] - values.zero_point * worth * sum);
        } else
            for (std::size_t k = 0; k < depth; ++k) place(k) = packed_number<Number<E>>(row[k]);
    }
}

/// Transforms a column of a 3x3 window to the points of Winograd's F(4x4, 3x3), whose other halves are in
/// kernel/winograd.inl.
inline std::array<double, 6> at_points(double a, double b, double c) {
    const double odd = std::sqrt(2.0) * b;
    return {a, -(2 * a + odd + c) / 3, -(2 * a - odd + c) / 3, (a + odd + 2 * c) / 6, (a - odd + 2 * c) / 6, c};
}

/// Packs 3x3 windows for Winograd's products: [panel][point][input][output of the panel]. Outputs are the inner loop,
/// so that the 36 destinations stay in L1.
template <Element E>
void pack_winograd(const Matrix& matrix, std::byte* bytes) {
    auto* to = reinterpret_cast<Number<E>*>(bytes);
    const std::size_t outputs = matrix.outputs(), inputs = size(matrix.node.in.channels), columns = matrix.columns();
    const std::size_t panel_width = size(matrix.geometry.panel), depth = matrix.depth();
    for (std::size_t panel = 0; panel < outputs; panel += panel_width) {
        const std::size_t width = std::min(panel_width, columns - panel), used = std::min(panel_width, outputs - panel);
        for (std::size_t c = 0; c < inputs; ++c)
            for (std::size_t n = 0; n < used; ++n) {
                const float* window = matrix.from.data() + ((panel + n) * inputs + c) * 9;
                const double scale = matrix.norm.scale[panel + n];
                std::array<std::array<double, 6>, 3> rows;
                for (std::size_t x = 0; x < 3; ++x)
                    rows[x] = at_points(scale * window[x], scale * window[3 + x], scale * window[6 + x]);
                Number<E>* column = to + panel * depth + c * width + n;
                for (std::size_t y = 0; y < 6; ++y)
                    for (const double value : at_points(rows[0][y], rows[1][y], rows[2][y]))
                        *column = packed_number<Number<E>>(value), column += inputs * width;
            }
    }
}

inline void pack_convolution(const Matrix& matrix, QuantizationParameters values, std::byte* weights, float* biases) {
    float* steps = biases + round_up(matrix.node.out.channels, 32);
    const bool winograd = matrix.geometry.kernel == Kernel::winograd;
    switch (matrix.geometry.weights) {
        case Element::int8: return pack_matrix<Element::int8>(matrix, values, weights, biases, steps);
        case Element::int16: return pack_matrix<Element::int16>(matrix, values, weights, biases, steps);
        case Element::bfloat16: return pack_matrix<Element::bfloat16>(matrix, values, weights, biases, steps);
        case Element::float16:
            return winograd ? pack_winograd<Element::float16>(matrix, weights)
                            : pack_matrix<Element::float16>(matrix, values, weights, biases, steps);
        default:
            return winograd ? pack_winograd<Element::float32>(matrix, weights)
                            : pack_matrix<Element::float32>(matrix, values, weights, biases, steps);
    }
}

/// Rows of the word embeddings, then of the positions' and the types', each padded to whole registers.
inline void pack_embedding(const Node& node, Element element, const Parameters& parameters, std::byte* bytes) {
    const std::size_t channels = size(node.out.channels), columns = size(round_up(node.out.channels, 8));
    const auto rows = [&]<class T>(T* to) {
        for (int table = 0; table < 3; ++table) {
            const std::vector<float> numbers = parameters[node.parameter + table];
            for (auto from = numbers.begin(); from != numbers.end(); from += node.out.channels, to += columns)
                for (std::size_t c = 0; c < channels; ++c)
                    to[c] = packed_number<T>(from[static_cast<std::ptrdiff_t>(c)]);
        }
    };
    element == Element::float16 ? rows(reinterpret_cast<half*>(bytes)) : rows(reinterpret_cast<float*>(bytes));
}

}  // namespace packing

TAXON_DECL Packed pack(GraphView graph, PlanView plan, const Parameters& parameters, const quantize::Ranges& ranges) {
    const auto memory = std::make_shared<OwnPackedMemory>();
    memory->weights.resize(detail::size(plan.weight_bytes) + cache_line);  // matrix tiles read whole lines
    memory->biases.resize(detail::size(plan.bias_count));
    const auto quantization = quantization_of(graph, plan, ranges);
    for (const Step& step : plan.steps) {
        const Node& node = graph.node(step.first);
        const std::size_t outputs = detail::size(node.out.channels),
                          half = detail::size(round_up(node.out.channels, 32));
        float* biases = memory->biases.data() + step.bias_at;
        if (node.op == Op::convolution) {
            Affine norm{std::vector<double>(outputs, 1), std::vector<double>(outputs, 0)};
            if (step.norm != none) norm = affine(graph.node(step.norm), parameters);
            const std::vector<float> own = parameters.biases(node);
            for (std::size_t n = 0; n < outputs; ++n)
                biases[n] = static_cast<float>(own[n] * norm.scale[n] + norm.shift[n]);
            try {
                packing::pack_convolution({node, step.geometry, norm, parameters.weights(node)},
                                          quantization[detail::size(plan.slot(step.source).buffer)],
                                          memory->weights.data() + step.weights_at, biases);
            } catch (const Error& error) {
                auto facts = error.facts();
                facts.place = "layer '" + std::string(graph.name(node)) + "'";
                throw Error(error.fault(), std::move(facts));
            }
        } else if (node.op == Op::batch_norm) {
            const Affine norm = affine(node, parameters);
            for (std::size_t n = 0; n < outputs; ++n)
                biases[n] = static_cast<float>(norm.scale[n]), biases[half + n] = static_cast<float>(norm.shift[n]);
        } else if (node.op == Op::boxes) {
            const auto anchors = parameters.anchors(node);
            std::copy(anchors.begin(), anchors.end(), biases);
        } else if (node.op == Op::embedding)
            packing::pack_embedding(node, step.geometry.weights, parameters, memory->weights.data() + step.weights_at);
        if (const int norm = node.op == Op::layer_norm  ? step.first
                             : node.op == Op::embedding ? step.norm
                                                        : none;
            norm != none) {
            const auto gamma = parameters[graph.node(norm).parameter],
                       beta = parameters[graph.node(norm).parameter + 1];
            std::copy(gamma.begin(), gamma.end(), biases);
            std::copy(beta.begin(), beta.end(), biases + half);
        }
    }
    return {std::span(memory->weights).first(detail::size(plan.weight_bytes)), memory->biases, quantization, memory};
}

}  // namespace taxon::cpu
