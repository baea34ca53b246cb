#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <taxon/number/element.hpp>
#include <taxon/graph/graph.hpp>
#include <taxon/policy/precision.hpp>
#include <tuple>
#include <vector>

namespace taxon {

/// Pixels of padding above and below a picture, and left and right of it.
struct Halo {
    int y = 0, x = 0;
    constexpr bool operator==(const Halo&) const = default;
};

/// A tensor as a kernel sees it: (H, W, C), `pitch` elements from pixel to pixel, with a halo. Pointers that go with a
/// view point at pixel (0, 0), so the halo has negative coordinates.
struct View {
    Shape shape{};
    int pitch = 0;
    Halo halo{};
    Element element = Element::float32;
    constexpr int row() const { return (shape.width + 2 * halo.x) * pitch; }
    constexpr int pixel(int y, int x) const { return y * row() + x * pitch; }
    constexpr bool has_halo() const { return halo.y + halo.x > 0; }
    constexpr bool operator==(const View&) const = default;
};

/// Memory of a value, or of the concatenated values, with its live range in steps.
struct Buffer {
    View view{};  ///< of all channels
    int live_from = 0, live_to = 0;
    int at = 0;  ///< byte offset in the arena
    /// A run of few channels is read up to the fold of a product, so a buffer of such runs ends with that many more.
    constexpr int elements() const {
        return (view.shape.height + 2 * view.halo.y) * view.row() +
               (view.element != Element::float32 && view.pitch < 8 ? 4 : 0);
    }
    /// Elements before pixel (0, 0).
    constexpr int origin() const { return view.halo.y * view.row() + view.halo.x * view.pitch; }
};

/// The location of a value: channels of a buffer, all of them except in a concatenation; for a table some rows,
/// `channel` being the index of its first number.
struct TensorSlot {
    int buffer = none, channel = 0;
    Shape shape{};
    bool renamed = false;  ///< a picture in the memory of a dense value, or the reverse: its numbers lie side by side
    int constant = none;   ///< of a constant: its offset in the packed floats; its buffer is empty
};

enum class Kernel : unsigned char {
    convolution,  ///< dense: an implicit matrix product, 1x1 and tokens included
    winograd,     ///< the same for contiguous 3x3 windows, with a quarter of the multiplications
    depthwise,    ///< one filter per channel
    product,      ///< matrix times vector: linear layers and gates
    affine,       ///< a factor and a term per channel: a normalisation that could not be folded
    layer_norm,
    attention,
    activation,
    add,
    scale,  ///< every channel times its gate; in place if the old value has no further reader
    /// maximum or mean of windows; global means that no kernel could accumulate on the way
    pool,
    copy,       ///< into its slice of a concatenation; of a sequence's first token only
    embedding,  ///< the sum of table rows by token id, normalised if a normalisation follows
    upsample,   ///< nearest neighbour
    boxes,      ///< a detector's map to table rows
    prelu,      ///< a slope per channel below zero
    parameter,  ///< numbers of the state dict as a value
    outlook_attention,
    class_attention,
    group_norm,    ///< a group's channels over all pixels; instances are groups of one
    resize,        ///< nearest or bilinear, to any size
    shuffle,       ///< of channels, or between channels and pixels
    softmax,       ///< over the channels of each pixel
    prepend,       ///< a vector, then a picture's pixels in a row
    mean_tokens,   ///< of a sequence, without padding
    l2_normalize,  ///< over the channels of each pixel
    // of dense values, by a LoopNest
    constant,  ///< numbers of the state dict where they are packed; takes no time
    map,
    assemble,
    reduce,
    row,
    matrix_product,
    gather,
    scatter,
    sort,
    recurrent,
    scaled_dot_product,
    flatten,
    picture
};
inline constexpr std::size_t kernel_count = static_cast<std::size_t>(Kernel::picture) + 1;

/// True for kernels that take the axes of dense values from a LoopNest. Their geometry has no views, so that one
/// compiled kernel serves all shapes.
constexpr bool has_nest(Kernel kernel) { return kernel > Kernel::constant && kernel < Kernel::flatten; }

/// True for those of them whose axes mean nothing but loops, so that they may be collapsed.
constexpr bool may_collapse(Kernel kernel) {
    return has_nest(kernel) && kernel != Kernel::recurrent && kernel != Kernel::scaled_dot_product;
}

/// Everything that a kernel is specialised for: a template argument, equal for equal layers in any place of any model.
struct Geometry {
    Kernel kernel{};
    Activation activation = Activation::none;
    bool residual = false, activation_last = false;  ///< the activation is applied after the residual, not before
    bool in_place = false;                           ///< the residual is overwritten by the result
    bool sums = false;                               ///< also computes the mean of every channel
    bool by_channel = false;  ///< the stored integers have a factor for each channel: see quantize::ChannelFactors
    Pooling pooling = Pooling::mean;
    Window window{};
    Shuffle shuffle{};
    Resizing resizing{};
    int stride = 1;  ///< of boxes: input pixels per cell; of upsampling and shuffles of pixels: the factor
    int heads = 1;
    /// of a convolution: some of the node's merged, see merged_groups; of a group normalisation or shuffle of channels;
    /// of boxes: anchors
    int groups = 1;
    int merged = 1;  ///< of a convolution: the node's groups that are one of them
    bool transposed = false;
    BoxCode code{};
    int words = 0, positions = 0, types = 0;  ///< rows of the embedding tables
    std::int64_t inverse_epsilon = 0;
    /// of a dense kernel: its MapFunction, Reduction, RowFunction, Scatter or Cell; of a flattening and its reverse:
    /// whether channels are last
    unsigned char function = 0;
    bool exact = false;  ///< sums in an order that all instruction sets share
    Element weights = Element::float32;
    /// output channels per panel (of a copy: zeros after them); weights for each of them
    int panel = 0, depth = 0;
    View in{}, out{}, operand{};  ///< operand: the residual, the other summand or the gate
    constexpr bool operator==(const Geometry&) const = default;
};

/// The fields that packed weights depend on: numbers, views, and what only some steps have. Names all fields of
/// Geometry, so that one added there and forgotten here does not compile.
constexpr auto fields_of(const Geometry& geometry) {
    const auto& [kernel, activation, residual, activation_last, in_place, sums, by_channel, pooling, window, shuffle,
                 resizing, stride, heads, groups, merged, transposed, code, words, positions, types, inverse_epsilon,
                 function, exact, weights, panel, depth, in, out, operand] = geometry;
    // they change how a kernel runs, not its weights
    static_cast<void>(in_place), static_cast<void>(exact), static_cast<void>(merged);
    struct Fields {
        std::tuple<Kernel, Activation::Kind, bool, bool, bool, bool, Pooling, int, int, int, int, int, std::int64_t,
                   Element, int, int>
            numbers;
        Window window;
        std::array<View, 3> views;
        std::tuple<BoxCode, int> of_boxes;
        std::tuple<std::uint64_t, std::uint64_t> of_activation;
        std::tuple<Shuffle, int> of_shuffle;
        std::tuple<Interpolation, bool, std::uint64_t, std::uint64_t> of_resizing;
        std::tuple<int> of_dense;
        std::tuple<bool> of_channels;
    };
    return Fields{{kernel, activation.kind, residual, activation_last, sums, transposed, pooling, stride, heads, words,
                   positions, types, inverse_epsilon, weights, panel, depth},
                  window,
                  {in, out, operand},
                  {code, groups},
                  {activation.first.bits, activation.second.bits},
                  {shuffle, groups},
                  {resizing.interpolation, resizing.aligns_corners, resizing.y_step.bits, resizing.x_step.bits},
                  {function},
                  {by_channel}};
}

/// One kernel call: a node with everything fused into it. Members index slots, or the graph's nodes.
struct Step {
    Geometry geometry{};
    int source = none, target = none, operand = none, sums = none, scratch = none;  ///< slots
    int third = none, fourth = none;  ///< slots: more operands of a dense operation
    int nest = none;                  ///< the loops of a dense operation: an index into those of the graph
    /// nodes: computed; folded; the one whose value results
    int first = none, norm = none, last = none;
    /// the first writer of its buffer, which zeroes the halo
    bool clears = false;
    /// only the first token of a sequence is read
    bool first_token_only = false;
    /// enough work to share between threads
    bool shared = false;
    bool seven_bits = false;  ///< the int8 weights are −63 … 63
    /// byte offset in the packed weights; float offset in the biases
    int weights_at = 0, bias_at = 0;
};

/// The plan of a run: steps, slots and buffers, constants of a type read as ordinary data.
struct PlanView {
    std::span<const Step> steps;
    std::span<const TensorSlot> slots;
    std::span<const Buffer> buffers;
    int inputs = 0;                ///< those in the first slots, in the graph's order
    std::span<const int> outputs;  ///< slots, likewise
    int arena_bytes = 0, weight_bytes = 0, bias_count = 0;

    constexpr const TensorSlot& slot(int index) const { return slots[static_cast<std::size_t>(index)]; }
    constexpr const Buffer& buffer(const TensorSlot& slot) const {
        return buffers[static_cast<std::size_t>(slot.buffer)];
    }
    /// The view of one slot: its own channels, its buffer's pitch and halo.
    constexpr View view(int index) const {
        const TensorSlot& p = slot(index);
        const int pitch = p.renamed || p.constant != none ? p.shape.channels : buffer(p).view.pitch;
        return {p.shape, pitch, buffer(p).view.halo, buffer(p).view.element};
    }
    /// Byte offset in the arena of a slot's pixel (0, 0).
    constexpr int offset(int index) const {
        const TensorSlot& p = slot(index);
        return buffer(p).at + static_cast<int>(size_of(buffer(p).view.element)) * (buffer(p).origin() + p.channel);
    }
};

namespace detail {

/// In place of a number of nodes that the compiler knows: the planner's arrays get their size when the program runs.
inline constexpr std::size_t at_run_time = 0;

template <class T, std::size_t Size>
using Array = std::conditional_t<Size == at_run_time, std::vector<T>, std::array<T, Size>>;

/// Gives arrays that the compiler knows no size of that many elements.
template <class... Arrays>
constexpr void make_room([[maybe_unused]] std::size_t count, Arrays&... arrays) {
    if constexpr ((requires { arrays.resize(count); } && ...)) (arrays.resize(count), ...);
}

/// A plan under construction: a node has at most one value and one scratch, a copy into a concatenation one more slot.
template <std::size_t Nodes, std::size_t Operands>
struct Plan {
    static constexpr std::size_t capacity = Nodes == at_run_time ? at_run_time : 2 * Nodes + Operands;
    template <class T>
    using OfBuffers = Array<T, capacity>;
    Array<Step, Nodes == at_run_time ? at_run_time : Nodes + Operands> steps{};
    OfBuffers<TensorSlot> slots{};
    OfBuffers<Buffer> buffers{};
    std::array<int, Tracer::most_outputs> outputs{};
    int step_count = 0, slot_count = 0, buffer_count = 0, inputs = 0, output_count = 0;
    int arena_bytes = 0, weight_bytes = 0, bias_count = 0;
    Text<224> problem{};

    constexpr explicit Plan(GraphView graph) {
        make_room(graph.nodes.size() + graph.operand_values.size(), steps);
        make_room(2 * graph.nodes.size() + graph.operand_values.size(), slots, buffers);
    }
    constexpr Step& step(int i) { return steps[size(i)]; }
    constexpr TensorSlot& slot(int i) { return slots[size(i)]; }
    constexpr Buffer& buffer_of(int slot_index) { return buffers[size(slot(slot_index).buffer)]; }
    constexpr PlanView view() const {
        return {std::span(steps).first(size(step_count)),
                std::span(slots).first(size(slot_count)),
                std::span(buffers).first(size(buffer_count)),
                inputs,
                std::span(outputs).first(size(output_count)),
                arena_bytes,
                weight_bytes,
                bias_count};
    }
};

}  // namespace detail
}  // namespace taxon
