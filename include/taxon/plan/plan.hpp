#pragma once
#include <span>
#include <taxon/number/element.hpp>
#include <taxon/graph/graph.hpp>
#include <taxon/policy/precision.hpp>

namespace taxon {

/// A tensor as a kernel sees it: (H, W, C), `pitch` elements from pixel to pixel, `halo` pixels of padding on every
/// side. Pointers that go with a view point at pixel (0, 0), so the halo has negative coordinates.
struct View {
    Shape shape{};
    int pitch = 0, halo = 0;
    Element element = Element::float32;
    constexpr int row() const { return (shape.width + 2 * halo) * pitch; }
    constexpr int pixel(int y, int x) const { return y * row() + x * pitch; }
    constexpr bool operator==(const View&) const = default;
};

/// Memory that some value, or the values of a concatenation side by side, live in; and the steps between which it is
/// theirs.
struct Buffer {
    View view{};  ///< of all channels
    int live_from = 0, live_to = 0;
    int at = 0;  ///< bytes from the arena's start
    /// A run of few channels is read up to what is multiplied at once, so a buffer of such ends with as many more.
    constexpr int elements() const {
        return (view.shape.height + 2 * view.halo) * view.row() +
               (view.element != Element::float32 && view.pitch < 8 ? 4 : 0);
    }
    constexpr int origin() const { return view.halo * (view.row() + view.pitch); }  ///< elements before pixel (0, 0)
};

/// Where a value lives: some channels of a buffer, all of them but in a concatenation; of a table some rows, `channel`
/// being the number of its first number.
struct TensorSlot {
    int buffer = none, channel = 0;
    Shape shape{};
};

enum class Kernel : unsigned char {
    convolution,  ///< all channels with all: an implicit matrix product, 1x1 and tokens included
    winograd,     ///< the same for 3x3 windows side by side, with a quarter of the multiplications
    depthwise,    ///< every channel with itself
    product,      ///< a matrix and a vector: linear layers and gates
    affine,       ///< every channel times a number, plus a number: a normalisation that nothing could take up
    layer_norm,
    attention,
    activation,
    add,
    scale,  ///< every channel times its gate; in place where the old value is not wanted any more
    /// the greatest number or the mean of windows; means of whole pictures where no kernel could add them up on the way
    pool,
    copy,       ///< into its place in a concatenation; of a sequence's first token only
    embedding,  ///< rows of tables by the tokens' ids, added up, and normalised if a normalisation follows
    upsample,   ///< every pixel several times
    boxes       ///< a detector's map to rows of a table
};

/// All that a kernel is compiled for: a template argument, the same for equal layers wherever they stand, in whatever
/// model.
struct Geometry {
    Kernel kernel{};
    Activation activation = Activation::none;
    bool residual = false, activation_last = false;  ///< the activation comes after the residual is added, not before
    bool in_place = false;                           ///< the residual lies where the result goes
    bool sums = false;                               ///< leaves the mean of every channel as well
    Pooling pooling = Pooling::mean;
    int size = 1, stride = 1, padding = 0, heads = 1;
    int groups = 1;  ///< of boxes: anchors
    BoxCode code{};
    int words = 0, positions = 0, types = 0;  ///< rows of an embedding's tables
    long inverse_epsilon = 0;
    bool exact = false;  ///< sums in an order that all instruction sets share
    Element weights = Element::float32;
    /// output channels packed side by side (of a copy: zeros after them); weights for each of them
    int panel = 0, depth = 0;
    View in{}, out{}, operand{};  ///< operand: the residual, the other summand or the gate
};

/// One kernel call: a node with all that was fused into it. Numbers index places, or the graph's nodes.
struct Step {
    Geometry geometry{};
    int source = none, target = none, operand = none, sums = none, scratch = none;  ///< places
    /// nodes: it computes; it folds; whose value it makes
    int first = none, norm = none, last = none;
    /// the first to write its buffer: it zeroes the halo
    bool clears = false;
    /// of a sequence, the first token is all that is read
    bool first_token_only = false;
    /// enough work to be shared between threads
    bool shared = false;
    /// bytes from the start of the packed weights; floats from that of the biases
    int weights_at = 0, bias_at = 0;
};

/// What will run, and where everything lies: constants of a type, read as ordinary data.
struct PlanView {
    std::span<const Step> steps;
    std::span<const TensorSlot> slots;
    std::span<const Buffer> buffers;
    int input = none, output = none;  ///< places
    int arena_bytes = 0, weight_bytes = 0, bias_count = 0;

    constexpr const TensorSlot& slot(int index) const { return slots[static_cast<std::size_t>(index)]; }
    constexpr const Buffer& buffer(const TensorSlot& slot) const {
        return buffers[static_cast<std::size_t>(slot.buffer)];
    }
    /// The view of one place: its own channels, its buffer's pitch and halo.
    constexpr View view(int index) const {
        const TensorSlot& p = slot(index);
        return {p.shape, buffer(p).view.pitch, buffer(p).view.halo, buffer(p).view.element};
    }
    /// Bytes from the arena's start to pixel (0, 0) of a place.
    constexpr int offset(int index) const {
        const TensorSlot& p = slot(index);
        return buffer(p).at + static_cast<int>(size_of(buffer(p).view.element)) * (buffer(p).origin() + p.channel);
    }
};

namespace detail {

/// A plan in the making: a node makes at most one value and a scratch, a copy into a concatenation has one more place.
template <std::size_t Nodes, std::size_t Operands>
struct Plan {
    static constexpr std::size_t capacity = 2 * Nodes + Operands;
    std::array<Step, Nodes + Operands> steps{};
    std::array<TensorSlot, capacity> slots{};
    std::array<Buffer, capacity> buffers{};
    int step_count = 0, slot_count = 0, buffer_count = 0, input = none, output = none;
    int arena_bytes = 0, weight_bytes = 0, bias_count = 0;
    Text<224> problem{};

    constexpr Step& step(int i) { return steps[size(i)]; }
    constexpr TensorSlot& slot(int i) { return slots[size(i)]; }
    constexpr Buffer& buffer_of(int slot_index) { return buffers[size(slot(slot_index).buffer)]; }
    constexpr PlanView view() const {
        return {std::span(steps).first(size(step_count)),
                std::span(slots).first(size(slot_count)),
                std::span(buffers).first(size(buffer_count)),
                input,
                output,
                arena_bytes,
                weight_bytes,
                bias_count};
    }
};

}  // namespace detail
}  // namespace taxon
