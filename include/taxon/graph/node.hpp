#pragma once
#include <array>
#include <cstdint>
#include <taxon/core/shape.hpp>
#include <taxon/graph/activation.hpp>
#include <taxon/graph/resizing.hpp>
#include <taxon/graph/window.hpp>

namespace taxon {

/// Primitive operations, as a network's author writes them. Backends fuse them.
enum class Op : unsigned char {
    input,
    convolution,
    batch_norm,
    layer_norm,
    activation,
    add,
    multiply,
    concat,
    slice,
    pool,
    upsample,
    attention,
    embedding,
    first_token,
    boxes,
    prelu,
    parameter,
    outlook_attention,
    class_attention,
    group_norm,
    resize,
    shuffle,
    softmax,
    prepend,
    mean_tokens,
    l2_normalize,
    // Of dense values, with a LoopNest; see layer/dense.hpp.
    constant,        ///< a parameter; takes no time
    map,             ///< element by element
    assemble,        ///< operands side by side, and `first` where there is none
    reduce,          ///< over the inner axes
    row,             ///< of numbers along the last axis
    matrix_product,  ///< the sum of products over the inner axes, times `first`
    gather,          ///< the elements of the first operand at the places that the second one gives
    scatter,         ///< the first operand, with the third one's elements at the places that the second one gives
    sort,            ///< the last axis: numbers, or with `reverse` places
    recurrent,
    scaled_dot_product,  ///< attention: the softmax over keys of `first` · q · k + bias, times v
    flatten,             ///< a picture as a dense value, channels last or first
    picture              ///< the reverse
};
inline constexpr std::size_t op_count = static_cast<std::size_t>(Op::picture) + 1;

/// Pooling reduction: the mean of a window's pixels, the mean with padding counted as zeros, or the maximum.
enum class Pooling : unsigned char { mean, padded_mean, max };

/// A shuffle: of channels among themselves; of squares of channels to squares of pixels; the reverse.
enum class Shuffle : unsigned char { channels, to_pixels, to_channels };

/// Decoding of a box's four numbers t to centre and size, σ being the sigmoid: (2σ(t) − 0.5 + cell) · stride and
/// (2σ(t))² · anchor in YOLOv5, (σ(t) + cell) · stride and e^t · anchor in Darknet (Redmon and Farhadi 2018, section
/// 2.1).
enum class BoxCode : unsigned char { yolov5, darknet };

/// Kinds of parameters: a weight; a running statistic; one in the published file that is not needed; one known to the
/// type that a file may override.
enum class Role : unsigned char { trained, statistic, ignored, preset };

inline constexpr int none = -1;  ///< no parameter, no value, no buffer

/// A tensor of the published state dict; its name is a slice of the graph's characters.
struct Parameter {
    int name_at = 0, name_size = 0, rank = 0;
    std::array<int, 4> shape{};
    Role role = Role::trained;
    constexpr std::int64_t count() const {
        std::int64_t product = 1;
        for (int i = 0; i < rank; ++i) product *= shape[static_cast<std::size_t>(i)];
        return product;
    }
};

/// One operation before any fusion. A value is identified by the number of the node that produces it.
struct Node {
    Op op{};
    Activation activation = Activation::none;
    Pooling pooling = Pooling::mean;
    Shape in{}, out{};  ///< of the first operand; of the result
    Window window{};    ///< of a convolution or pool
    Shuffle shuffle{};
    Resizing resizing{};
    int stride = 1;  ///< of boxes: input pixels per cell; of upsampling and shuffles of pixels: the factor
    int groups = 1;  ///< of a convolution, group normalisation or shuffle of channels; of boxes: anchors
    /// of a convolution: output i · stride − before + t · dilation sums input i times tap t
    bool transposed = false;
    int heads = 1;  ///< of attention of any kind
    /// of a convolution or batch normalisation: several parameters side by side, each with its bias and its own outputs
    int parts = 1;
    int channel = 0;  ///< of a slice: the first channel
    BoxCode code{};
    int head = 0;  ///< of boxes: the index of its anchors in the parameter
    /// width and height of up to three anchors, in pixels of the input
    std::array<int, 6> anchors{};
    int words = 0, positions = 0, types = 0;  ///< rows of the embedding tables
    std::int64_t inverse_epsilon = 0;         ///< of a normalisation; clang 14 takes no float as a template argument
    bool channels_last = false;               ///< of flatten and picture
    int operands_at = 0, operand_count = 0;
    int nest = none, nest_count = 0;    ///< of a dense operation: its first LoopNest; of assemble: one per operand
    int parameter = none, bias = none;  ///< its first parameter, and its bias if it has one
    int name_at = 0, name_size = 0;     ///< the layer's path, as the state dict spells it

    /// True of a convolution with one filter per channel.
    constexpr bool depthwise() const {
        return !transposed && groups > 1 && groups == in.channels && groups == out.channels;
    }

    /// True of a slice of all channels: integer precisions make it a rounded copy (layer/rounded.hpp).
    constexpr bool rounds() const { return op == Op::slice && out == in; }

    /// 2 per multiplication of convolutions, linear layers and attention, as papers count.
    constexpr std::int64_t flops() const {
        if (op == Op::convolution && transposed)
            return std::int64_t{2} * in.size() * (out.channels / groups) * window.taps();
        if (op == Op::convolution) return std::int64_t{2} * out.size() * (in.channels / groups) * window.taps();
        if (op == Op::attention) return std::int64_t{4} * out.size() * out.pixels();
        // as many windows as a quarter of the pixels, with nine outputs of nine inputs each
        if (op == Op::outlook_attention)
            return std::int64_t{2} * 9 * 9 * out.channels * ((out.height + 1) / 2) * ((out.width + 1) / 2);
        if (op == Op::class_attention) return std::int64_t{4} * out.size() * (in.pixels() + 1);
        return 0;
    }
    constexpr bool operator==(const Node&) const = default;
};

}  // namespace taxon
