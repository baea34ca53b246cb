#pragma once
#include <array>
#include <taxon/core/shape.hpp>

namespace taxon {

/// The operations a network's author can write. What a backend fuses is made of these.
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
    boxes
};

/// `leaky_relu` has the slope of Darknet's networks, 0.1.
enum class Activation : unsigned char {
    none,
    relu,
    relu6,
    leaky_relu,
    hard_sigmoid,
    hard_swish,
    sigmoid,
    silu,
    gelu,
    tanh
};

/// What a window of a pool comes to: the mean of its pixels, the mean with those beyond the picture counted as zeros,
/// or the greatest.
enum class Pooling : unsigned char { mean, padded_mean, max };

/// How a detector's four numbers t of a box stand for its centre and size, σ being the sigmoid: (2σ(t) − 0.5 + cell) ·
/// stride and (2σ(t))² · anchor as YOLOv5 has it, (σ(t) + cell) · stride and e^t · anchor as Darknet has it (Redmon and
/// Farhadi 2018, section 2.1).
enum class BoxCode : unsigned char { yolov5, darknet };

/// What a parameter is for: a weight; a running statistic; in the published file, but not needed; known to the type,
/// but a file that holds it goes before.
enum class Role : unsigned char { trained, statistic, ignored, preset };

inline constexpr int none = -1;  ///< no parameter, no value, no buffer

/// A tensor that the published state dict holds; its name is a slice of the graph's characters.
struct Parameter {
    int name_at = 0, name_size = 0, rank = 0;
    std::array<int, 4> shape{};
    Role role = Role::trained;
    constexpr long count() const {
        long product = 1;
        for (int i = 0; i < rank; ++i) product *= shape[static_cast<std::size_t>(i)];
        return product;
    }
};

/// One operation as the network's author wrote it, before any fusion. A value is named by the number of the node that
/// makes it.
struct Node {
    Op op{};
    Activation activation = Activation::none;
    Pooling pooling = Pooling::mean;
    Shape in{}, out{};  ///< of the first operand; of the value it makes
    /// kernel 0: a pool cuts the picture into as many windows as it has outputs
    int kernel = 1, stride = 1, padding = 0, groups = 1;
    int heads = 1;  ///< of attention
    /// of a convolution or batch normalisation: several parameters side by side, each with its bias, for as many
    /// outputs each
    int parts = 1;
    int channel = 0;  ///< of a slice: the first
    /// of boxes, which come in `groups`, one for each anchor; `stride`: the input's pixels from cell to cell
    BoxCode code{};
    int head = 0;  ///< of boxes: the place of its anchors in the parameter
    /// a width and a height for each of up to three anchors, in pixels of the input
    std::array<int, 6> anchors{};
    int words = 0, positions = 0, types = 0;  ///< rows of an embedding's tables
    long inverse_epsilon = 0;                 ///< of a normalisation; clang 14 takes no float as a template argument
    int operands_at = 0, operand_count = 0;
    int parameter = none, bias = none;  ///< its first parameter, and its bias if it has one
    int name_at = 0, name_size = 0;     ///< the path of its layer, as the state dict spells it

    /// 2 per multiplication of convolutions, linear layers and attention, as papers count.
    constexpr long flops() const {
        if (op == Op::convolution) return 2L * out.size() * (in.channels / groups) * kernel * kernel;
        if (op == Op::attention) return 4L * out.size() * out.width;
        return 0;
    }
};

}  // namespace taxon
