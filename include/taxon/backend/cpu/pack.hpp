#pragma once
#include <taxon/backend/cpu/memory.hpp>
#include <taxon/graph/parameters.hpp>
#include <taxon/graph/weights.hpp>

namespace taxon::cpu {

/// A network's weights in the order and layout in which the kernels read them: the same for all instruction sets.
template <class Weight>
struct Packed {
    std::vector<Weight, CacheLineAllocator<Weight>> weights;
    std::vector<float, CacheLineAllocator<float>> biases;
};

/// Lays one step's matrix (Out, In, k, k) out in panels: [panel][tap][input][output of the panel], folded with a normalisation.
template <class Weight>
void pack_matrix(const Node& node, const Geometry& geometry, const Affine& norm, const std::vector<float>& from, Weight* to) {
    const std::size_t outputs = detail::size(node.out.channels), inputs = detail::size(node.in.channels / node.groups), taps = detail::size(node.kernel * node.kernel);
    const std::size_t panel_width = detail::size(geometry.panel), depth = detail::size(geometry.depth);
    const std::size_t columns = detail::size(round_up(node.out.channels, geometry.kernel == Kernel::product ? 32 : 8)), tap_inputs = depth / taps;
    for (std::size_t n = 0; n < outputs; ++n) {
        const std::size_t panel = n / panel_width * panel_width, width = std::min(panel_width, columns - panel);
        Weight* column = to + panel * depth + n - panel;
        for (std::size_t c = 0; c < inputs; ++c)
            for (std::size_t tap = 0; tap < taps; ++tap)
                column[(tap * tap_inputs + c) * width] = static_cast<Weight>(from[(n * inputs + c) * taps + tap] * norm.scale[n]);
    }
}

/// A column of a 3x3 window at the points of Winograd's F(4x4, 3x3), whose other halves are in kernel/winograd.inl.
inline std::array<double, 6> at_points(double a, double b, double c) {
    const double odd = std::sqrt(2.0) * b;
    return {a, -(2 * a + odd + c) / 3, -(2 * a - odd + c) / 3, (a + odd + 2 * c) / 6, (a - odd + 2 * c) / 6, c};
}

/// Lays one step's 3x3 windows out as Winograd's products want them: [panel][point][input][output of the panel]. The outputs go
/// innermost, so that the 36 places written to stay in the first cache.
template <class Weight>
void pack_winograd(const Node& node, const Geometry& geometry, const Affine& norm, const std::vector<float>& from, Weight* to) {
    const std::size_t outputs = detail::size(node.out.channels), inputs = detail::size(node.in.channels), columns = detail::size(round_up(node.out.channels, 8));
    const std::size_t panel_width = detail::size(geometry.panel), depth = detail::size(geometry.depth);
    for (std::size_t panel = 0; panel < outputs; panel += panel_width) {
        const std::size_t width = std::min(panel_width, columns - panel), used = std::min(panel_width, outputs - panel);
        for (std::size_t c = 0; c < inputs; ++c)
            for (std::size_t n = 0; n < used; ++n) {
                const float* window = from.data() + ((panel + n) * inputs + c) * 9;
                const double scale = norm.scale[panel + n];
                std::array<std::array<double, 6>, 3> rows;
                for (std::size_t x = 0; x < 3; ++x) rows[x] = at_points(scale * window[x], scale * window[3 + x], scale * window[6 + x]);
                Weight* column = to + panel * depth + c * width + n;
                for (std::size_t y = 0; y < 6; ++y)
                    for (const double value : at_points(rows[0][y], rows[1][y], rows[2][y])) *column = static_cast<Weight>(value), column += inputs * width;
            }
    }
}

/// Folds the normalisations into the convolutions and lays all numbers out as the plan says.
template <class Weight>
Packed<Weight> pack(GraphView graph, PlanView plan, const Parameters& parameters) {
    Packed<Weight> packed;
    packed.weights.resize(detail::size(plan.weight_count));
    packed.biases.resize(detail::size(plan.bias_count));
    for (const Step& step : plan.steps) {
        const Node& node = graph.node(step.first);
        const std::size_t outputs = detail::size(node.out.channels), half = detail::size(round_up(node.out.channels, 32));
        float* biases = packed.biases.data() + step.bias_at;
        if (node.op == Op::convolution) {
            Affine norm{std::vector<double>(outputs, 1), std::vector<double>(outputs, 0)};
            if (step.norm != none) norm = affine(graph.node(step.norm), parameters);
            const std::vector<float> own = node.bias == none ? std::vector<float>(outputs) : parameters[node.bias];
            for (std::size_t n = 0; n < outputs; ++n) biases[n] = static_cast<float>(own[n] * norm.scale[n] + norm.shift[n]);
            const auto lay_out = step.geometry.kernel == Kernel::winograd ? pack_winograd<Weight> : pack_matrix<Weight>;
            lay_out(node, step.geometry, norm, parameters[node.parameter], packed.weights.data() + step.weights_at);
        } else if (node.op == Op::batch_norm) {
            const Affine norm = affine(node, parameters);
            for (std::size_t n = 0; n < outputs; ++n) biases[n] = static_cast<float>(norm.scale[n]), biases[half + n] = static_cast<float>(norm.shift[n]);
        } else if (node.op == Op::layer_norm) {
            const auto gamma = parameters[node.parameter], beta = parameters[node.parameter + 1];
            std::copy(gamma.begin(), gamma.end(), biases);
            std::copy(beta.begin(), beta.end(), biases + half);
        }
    }
    return packed;
}

}  // namespace taxon::cpu
