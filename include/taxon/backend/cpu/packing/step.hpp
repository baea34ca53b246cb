#pragma once
#include <taxon/backend/cpu/packed.hpp>
#include <taxon/backend/cpu/packing/byte_order.hpp>
#include <taxon/backend/cpu/packing/winograd.hpp>
#include <taxon/plan/byte_order.hpp>
#include <taxon/plan/packed_layout.hpp>

namespace taxon::cpu::packing {

/// A step's parameters, and where its weights and floats are packed.
struct StepPacking {
    GraphView graph;
    const Step& step;
    const Parameters& parameters;
    QuantizationParameters source, target;  ///< of the values that the step reads, and of those it makes
    std::span<const float> source_factors, target_factors;  ///< of their channels, or none: see ChannelFactors
    std::byte* weights;
    float* floats;
    bool by_strips;  ///< see Packed

    const Node& node() const { return graph.node(step.first); }
    float target_factor(std::size_t channel) const { return target_factors.empty() ? 1 : target_factors[channel]; }
    /// Factors come first, then terms, each padded to whole registers.
    float* terms() const { return floats + round_up(node().out.channels, 32); }
};

/// Behind a step's weights, the order in which kernels without VNNI multiply them.
inline void pack_byte_order(const Geometry& g, std::byte* bytes) {
    const auto* weights = reinterpret_cast<const std::int8_t*>(bytes);
    auto* order = reinterpret_cast<std::uint16_t*>(bytes + taxon::detail::byte_order_at(g));
    const int columns = round_up(g.out.shape.channels, 8);
    for (int n = 0; n < columns; n += 8, order += taxon::detail::byte_order_length(g)) {
        const int panel = n / g.panel * g.panel, width = std::min(g.panel, columns - panel);
        write_byte_order(weights + panel * g.depth + (n - panel) * 4, size(g.depth / 4), size(width * 4), order);
    }
}

/// Matrices and biases, folded with the normalisation that follows.
inline void pack_convolution(const StepPacking& to) {
    const Node& node = to.node();
    const std::size_t outputs = size(node.out.channels);
    Affine norm{std::vector<double>(outputs, 1), std::vector<double>(outputs, 0)};
    if (to.step.norm != none) norm = affine(to.graph.node(to.step.norm), to.parameters);
    const std::vector<float> biases = to.parameters.biases(node), weights = to.parameters.weights(node);
    const auto pack = [&](const Geometry& g, const taxon::detail::Phase& phase) {
        float* floats = to.floats + phase.floats_before;
        std::byte* bytes =
            to.weights + size_of(g.weights) * size(phase.weights_before) * size(round_up(node.out.channels, 8));
        for (std::size_t n = 0; n < outputs; ++n)
            floats[n] = static_cast<float>(biases[n] * norm.scale[n] + norm.shift[n]);
        const Matrix matrix{node, g, phase, norm, weights, to.source_factors, to.step.seven_bits, to.by_strips};
        const auto as = [&]<Element E> {
            if constexpr (E == Element::float32 || E == Element::float16)
                if (g.kernel == Kernel::winograd) return pack_winograd<E>(matrix, bytes);
            pack_matrix<E>(matrix, to.source, bytes, floats, floats + round_up(node.out.channels, 32));
            if constexpr (E == Element::int8)
                if (taxon::detail::has_byte_order(to.step.geometry)) pack_byte_order(g, bytes);
        };
        switch (g.weights) {
            case Element::int8: return as.template operator()<Element::int8>();
            case Element::int16: return as.template operator()<Element::int16>();
            case Element::bfloat16: return as.template operator()<Element::bfloat16>();
            case Element::float16: return as.template operator()<Element::float16>();
            default: return as.template operator()<Element::float32>();
        }
    };
    const Geometry& g = to.step.geometry;
    if (!g.transposed) return pack(g, {});
    taxon::detail::for_each_phase(
        g, [&](const taxon::detail::Phase& phase) { pack(taxon::detail::geometry_of(g, phase), phase); });
}

/// What kernels multiply a number by to get its steps, of each channel.
inline void pack_factors(const StepPacking& to) {
    const int channels = to.node().out.channels;
    float* factors = to.floats + taxon::detail::factors_at(channels);
    for (std::size_t c = 0; c < size(channels); ++c) factors[c] = to.target.inverse_scale / to.target_factor(c);
}

/// Floats that are divided by the factors, as they are rounded.
inline void pack_rounding(const StepPacking& to) {
    for (std::size_t c = 0; c < size(to.node().out.channels); ++c) to.floats[c] = 1 / to.target_factor(c);
}

inline void pack_affine(const StepPacking& to) {
    if (to.step.geometry.by_channel) return pack_rounding(to);
    const Affine norm = affine(to.node(), to.parameters);
    for (std::size_t n = 0; n < norm.scale.size(); ++n)
        to.floats[n] = static_cast<float>(norm.scale[n]), to.terms()[n] = static_cast<float>(norm.shift[n]);
}

inline void pack_layer_norm(const StepPacking& to, int norm) {
    const Node& node = to.graph.node(norm);
    const auto gamma = to.parameters[node.parameter], beta = to.parameters[node.parameter + 1];
    for (std::size_t c = 0; c < gamma.size(); ++c)
        to.floats[c] = gamma[c] / to.target_factor(c), to.terms()[c] = beta[c] / to.target_factor(c);
}
inline void pack_layer_norm(const StepPacking& to) { pack_layer_norm(to, to.step.first); }

inline void pack_slopes(const StepPacking& to) {
    const auto slopes = to.parameters[to.node().parameter];
    for (std::size_t c = 0; c < size(to.node().out.channels); ++c) to.floats[c] = slopes[c % slopes.size()];
}

/// The numbers of each pixel, padded to whole registers.
inline void pack_parameter(const StepPacking& to) {
    const std::vector<float> numbers = to.parameters[to.node().parameter];
    const std::size_t channels = size(to.node().out.channels), pitch = size(round_up(to.node().out.channels, 8));
    for (std::size_t i = 0; i < numbers.size(); ++i) to.floats[i / channels * pitch + i % channels] = numbers[i];
}

inline void pack_constant(const StepPacking& to) {
    const std::vector<float> numbers = to.parameters[to.node().parameter];
    std::copy(numbers.begin(), numbers.end(), to.floats);
}

/// Ones and zeros if the normalisation has no parameters.
inline void pack_group_norm(const StepPacking& to) {
    if (to.node().parameter != none) return pack_layer_norm(to);
    std::fill_n(to.floats, to.node().out.channels, 1.f);
    std::fill_n(to.terms(), to.node().out.channels, 0.f);
}

/// Rows of an embedding table, each padded to whole registers. Returns the end.
inline std::byte* pack_rows(const StepPacking& to, std::span<const float> numbers, std::byte* at) {
    const std::size_t channels = size(to.node().out.channels), columns = size(round_up(to.node().out.channels, 8));
    const auto rows = [&]<class T>(T* row) {
        for (; !numbers.empty(); numbers = numbers.subspan(channels), row += columns)
            for (std::size_t c = 0; c < channels; ++c) row[c] = packed_number<T>(numbers[c]);
        return reinterpret_cast<std::byte*>(row);
    };
    return to.step.geometry.weights == Element::float16 ? rows(reinterpret_cast<half*>(at))
                                                        : rows(reinterpret_cast<float*>(at));
}

/// Rows of the word embeddings, then of the positions' and the types'; and the normalisation that follows.
inline void pack_embedding(const StepPacking& to) {
    std::byte* at = to.weights;
    for (int table = 0; table < 3; ++table) at = pack_rows(to, to.parameters[to.node().parameter + table], at);
    if (to.step.norm != none) pack_layer_norm(to, to.step.norm);
}

/// Rows of word embeddings that the plan has no place for.
inline void pack_more_words(const StepPacking& to, OwnPackedMemory& memory) {
    const std::vector<float> numbers = to.parameters.more_words(to.node());
    memory.more_words.resize(numbers.size() / size(to.node().out.channels) * embedding_row_bytes(to.step.geometry));
    pack_rows(to, numbers, memory.more_words.data());
}

inline void pack_anchors(const StepPacking& to) {
    const auto anchors = to.parameters.anchors(to.node());
    std::copy(anchors.begin(), anchors.end(), to.floats);
}

/// Packs what a kernel reads beside its values.
inline void pack_step(const StepPacking& to) {
    if (to.step.geometry.by_channel) pack_factors(to);
    switch (to.step.geometry.kernel) {
        case Kernel::convolution:
        case Kernel::winograd:
        case Kernel::depthwise:
        case Kernel::product: return pack_convolution(to);
        case Kernel::affine: return pack_affine(to);
        case Kernel::layer_norm: return pack_layer_norm(to);
        case Kernel::group_norm: return pack_group_norm(to);
        case Kernel::embedding: return pack_embedding(to);
        case Kernel::boxes: return pack_anchors(to);
        case Kernel::prelu: return pack_slopes(to);
        case Kernel::parameter: return pack_parameter(to);
        case Kernel::constant: return pack_constant(to);
        case Kernel::attention:
        case Kernel::outlook_attention:
        case Kernel::class_attention:
        case Kernel::activation:
        case Kernel::add:
        case Kernel::scale:
        case Kernel::pool:
        case Kernel::copy:
        case Kernel::resize:
        case Kernel::shuffle:
        case Kernel::softmax:
        case Kernel::prepend:
        case Kernel::mean_tokens:
        case Kernel::l2_normalize:
        case Kernel::upsample:
        case Kernel::map:
        case Kernel::assemble:
        case Kernel::reduce:
        case Kernel::row:
        case Kernel::matrix_product:
        case Kernel::gather:
        case Kernel::scatter:
        case Kernel::sort:
        case Kernel::recurrent:
        case Kernel::scaled_dot_product:
        case Kernel::flatten:
        case Kernel::picture: return;
    }
}

}  // namespace taxon::cpu::packing
