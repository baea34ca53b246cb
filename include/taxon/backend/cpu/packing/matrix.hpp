#pragma once
#include <taxon/backend/cpu/packing/number.hpp>
#include <taxon/number/weight_rows.hpp>
#include <taxon/plan/panel.hpp>
#include <taxon/weights/parameters.hpp>

namespace taxon::cpu::packing {

using taxon::detail::size;

/// A convolution's matrix (Out, In, kH, kW), folded with its normalisation, and its destination.
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
        const std::size_t inputs = size(node.in.channels / node.groups), rows = size(node.window.y.size),
                          taps = size(node.window.x.size);
        const bool runs =
            geometry.kernel == Kernel::convolution && taxon::detail::rows_are_runs(geometry.in, node.window);
        const std::size_t line = depth() / rows, tap = runs ? size(geometry.in.pitch) : line / taps;
        to.assign(depth(), 0);
        const float* weights = from.data() + n * inputs * rows * taps;
        for (std::size_t c = 0; c < inputs; ++c)
            for (std::size_t y = 0; y < rows; ++y)
                for (std::size_t x = 0; x < taps; ++x) to[y * line + x * tap + c] = *weights++ * norm.scale[n];
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

}  // namespace taxon::cpu::packing
