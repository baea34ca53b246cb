#pragma once
#include <taxon/backend/cpu/packed.hpp>
#include <taxon/backend/cpu/packing/number.hpp>
#include <taxon/number/weight_rows.hpp>
#include <taxon/plan/phase.hpp>
#include <taxon/weights/parameters.hpp>

namespace taxon::cpu::packing {

using taxon::detail::size;

/// A convolution's matrix (Out, In / groups, kH, kW), or one phase of a transposed one, folded with its normalisation.
struct Matrix {
    const Node& node;
    const Geometry& geometry;  ///< of the phase
    const taxon::detail::Phase& phase;
    const Affine& norm;
    const std::vector<float>& from;
    std::span<const float> input_factors;  ///< that the inputs were divided by, or none
    bool seven_bits;                       ///< of int8 weights
    bool by_strips;                        ///< of floats: see Packed

    std::size_t outputs() const { return size(node.out.channels); }
    std::size_t depth() const { return size(geometry.depth); }
    /// Outputs, padded to whole registers.
    std::size_t columns() const {
        return size(round_up(node.out.channels, geometry.kernel == Kernel::product ? 32 : 8));
    }

    /// All weights of one output in the order of multiplication: by tap, then by input, with zeros where inputs are
    /// padded or those of another group merged with its own.
    void row(std::size_t n, std::vector<double>& to) const {
        const auto& [rows, taps] = geometry.window;
        const bool runs =
            geometry.kernel == Kernel::convolution && taxon::detail::rows_are_runs(geometry, geometry.window);
        to.assign(depth(), 0);
        if (rows.size * taps.size == 0) return;
        const int line = geometry.depth / rows.size, tap = runs ? geometry.in.pitch : line / taps.size,
                  inputs = node.in.channels / node.groups,
                  group = static_cast<int>(n) / (node.out.channels / node.groups),
                  first = group % (node.groups / geometry.groups) * inputs;
        const float* weights = from.data() + n * size(inputs * node.window.taps());
        for (int c = 0; c < inputs; ++c, weights += node.window.taps()) {
            const double factor = norm.scale[n] * (input_factors.empty() ? 1 : input_factors[size(c)]);
            for (int y = 0; y < rows.size; ++y)
                for (int x = 0; x < taps.size; ++x) {
                    const int kernel_y = phase.y.first_tap + y * phase.y.tap_step,
                              kernel_x = phase.x.first_tap + x * phase.x.tap_step;
                    to[size(y * line + x * tap + first + c)] =
                        weights[kernel_y * node.window.x.size + kernel_x] * factor;
                }
        }
    }
};

/// Packs a matrix into panels of outputs: [panel][depth / fold][output of the panel][fold], or by strips
/// [panel][strip][depth][output of the strip]. Integers: `values` are the inputs' quantization parameters; writes the
/// scale of each accumulator to `steps`, and subtracts from `biases` the share of the inputs' zero point in every sum.
template <Element E>
void pack_matrix(const Matrix& matrix, QuantizationParameters values, std::byte* bytes, float* biases,
                 [[maybe_unused]] float* steps) {
    auto* to = reinterpret_cast<Number<E>*>(bytes);
    const Geometry& g = matrix.geometry;
    const std::size_t panel_width = size(g.panel), depth = matrix.depth(),
                      group_width = g.groups > 1 && g.kernel == Kernel::convolution
                                        ? size(taxon::detail::outputs_of_group(g))
                                        : matrix.columns();
    const std::size_t fold = g.kernel == Kernel::product || g.kernel == Kernel::depthwise ? 1 : size(fold_of(E));
    const bool by_strips = E == Element::float32 && g.kernel == Kernel::convolution && matrix.by_strips;
    std::vector<double> row;
    for (std::size_t n = 0; n < matrix.outputs(); ++n) {
        const std::size_t in_group = n % group_width, panel = in_group / panel_width * panel_width,
                          width = std::min(panel_width, group_width - panel);
        const StripOfPanel strip = by_strips ? strip_of(static_cast<int>(in_group - panel), static_cast<int>(width))
                                             : StripOfPanel{0, static_cast<int>(width)};
        const std::size_t line = size(strip.width);
        Number<E>* column =
            to + (n - in_group + panel + size(strip.from)) * depth + (in_group - panel - size(strip.from)) * fold;
        const auto place = [&](std::size_t k) -> Number<E>& { return column[k / fold * line * fold + k % fold]; };
        matrix.row(n, row);
        if constexpr (is_integer(E)) {
            const auto [step, sum, integers] = quantize::quantize_row<Number<E>>(
                std::span<const double>(row),
                matrix.seven_bits ? quantize::most_of_seven_bits : quantize::most_weight<Number<E>>);
            const double worth = static_cast<double>(step) * values.scale;
            for (std::size_t k = 0; k < depth; ++k) place(k) = integers[k];
            steps[n] = static_cast<float>(worth);
            biases[n] = static_cast<float>(biases[n] - values.zero_point * worth * sum);
        } else
            for (std::size_t k = 0; k < depth; ++k) place(k) = packed_number<Number<E>>(row[k]);
    }
}

}  // namespace taxon::cpu::packing
