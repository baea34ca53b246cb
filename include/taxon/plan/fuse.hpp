#pragma once
#include <taxon/plan/values.hpp>
#include <taxon/plan/winograd.hpp>

namespace taxon::detail {

/// First stage of the planner: fuses nodes into steps and assigns every remaining value a slot in a buffer. Without
/// `fuses` every node is a step of its own and every value stays visible. A value is stored as `storage` says where a
/// convolution that multiplies such numbers reads it, and as float32 elsewhere. Layers that `storage` keeps in float
/// multiply floats.
template <std::size_t Nodes, std::size_t Operands>
class Fuser {
  public:
    constexpr Fuser(GraphView graph, bool fuses, DataTypes data_types)
        : graph_(graph), fuses_(fuses), data_types_(data_types), values_(graph, fuses, data_types) {
        slot_of_.fill(none);
        plan_.input = slot_of(0);
        for (int value = 1; value < node_count; ++value)
            if (values_.is_alias(value)) slot_of(value);
            else if (!fused_[size(value)]) add_step(value);
        pass_on_elements();
        part_pitches();
        plan_.output = slot_of_[Nodes - 1];
        find_first_only();
        plan_.buffer_of(plan_.output).live_to = plan_.step_count;
        for (int i = 0; i < plan_.buffer_count && !fuses_; ++i) plan_.buffers[size(i)].live_to = plan_.step_count;
    }
    constexpr const Plan<Nodes, Operands>& plan() const { return plan_; }

  private:
    static constexpr int node_count = static_cast<int>(Nodes);

    // ── Values ───────────────────────────────────────────────────────────────────────────────────────────────────────
    constexpr int new_slot(Shape shape, int buffer, int channel) {
        plan_.slot(plan_.slot_count) = {buffer, channel, shape};
        return plan_.slot_count++;
    }

    /// A buffer of its own. Vectors are padded to the 32 outputs that a product computes at once, pixels to eight
    /// channels; the input of a first layer is not padded, so that a window's row is contiguous, and neither is a
    /// table.
    constexpr int new_buffer(Shape shape, bool dense = false) {
        const int pitch =
            dense || shape.table ? shape.channels : round_up(shape.channels, shape.pixels() == 1 ? 32 : 8);
        plan_.buffers[size(plan_.buffer_count)] = {{shape, pitch}, plan_.step_count, plan_.step_count};
        return new_slot(shape, plan_.buffer_count++, 0);
    }

    /// Scratch memory for the length of one step. If all values are kept, so that no memory is shared, steps share
    /// this.
    constexpr int new_scratch(int floats) {
        if (fuses_ || scratch_ == none) return scratch_ = new_buffer({floats});
        View& view = plan_.buffer_of(scratch_).view;
        view.shape.channels = std::max(view.shape.channels, floats), view.pitch = round_up(view.shape.channels, 32);
        return scratch_;
    }

    /// The slot of a value, assigned on first use, which is its first write.
    constexpr int slot_of(int value) {
        int& slot = slot_of_[size(value)];
        if (slot != none) return slot;
        const Shape shape = graph_.node(value).out;
        if (const int parent = values_.parent[size(value)]; parent != none) {
            const TensorSlot whole = plan_.slot(slot_of(parent));
            slot = new_slot(shape, whole.buffer, whole.channel + values_.channel[size(value)]);
        } else if (values_.is_alias(value)) {
            const Node& node = graph_.node(value);
            const TensorSlot whole = plan_.slot(slot_of(graph_.operand(node, 0)));
            slot = new_slot(shape, whole.buffer, whole.channel + node.channel);
        } else {
            slot = new_buffer(shape, value == 0 && values_.read_by_convolutions_only(0));
            buffer_stays_float_[size(plan_.slot(slot).buffer)] = values_.stays_float[size(value)];
        }
        return slot;
    }

    /// Extends the live range of a value that the next step reads, with a halo if the kernel reads beyond the edge.
    constexpr int read(int value, int padding = 0) {
        const int slot = slot_of(value);
        Buffer& buffer = plan_.buffer_of(slot);
        buffer.live_to = plan_.step_count;
        buffer.view.halo = std::max(buffer.view.halo, padding);
        return slot;
    }

    // ── Steps ────────────────────────────────────────────────────────────────────────────────────────────────────────
    /// The only reader of `value`, if it has this operation.
    constexpr int follower(int value, Op op) const {
        const int user = values_.last_user[size(value)];
        return fuses_ && values_.uses[size(value)] == 1 && user < node_count && graph_.node(user).op == op ? user
                                                                                                           : none;
    }
    /// Makes the step that produced `value` produce the value of `next` instead.
    constexpr bool fuse(int& value, int next) {
        if (next == none) return false;
        fused_[size(next)] = true, value = next;
        return true;
    }
    constexpr void fuse_activation(Step& step, int& value) {
        if (step.geometry.activation == Activation::none && fuse(value, follower(value, Op::activation)))
            step.geometry.activation = graph_.node(value).activation;
    }

    constexpr void add_step(int first) {
        const Node& node = graph_.node(first);
        if (node.op == Op::concat) return add_copies(first);
        Step step{
            .geometry = {.size = node.kernel, .stride = node.stride, .padding = node.padding, .heads = node.heads},
            .first = first};
        Geometry& geometry = step.geometry;
        int value = first;
        switch (node.op) {
            case Op::convolution: add_convolution(step, value); break;
            case Op::batch_norm:
                geometry.kernel = Kernel::affine;
                step.norm = first;
                fuse_activation(step, value);
                break;
            case Op::layer_norm:
                geometry.kernel = Kernel::layer_norm;
                geometry.inverse_epsilon = node.inverse_epsilon;
                break;
            case Op::activation:
                geometry.kernel = Kernel::activation;
                geometry.activation = node.activation;
                break;
            case Op::add:
                geometry.kernel = Kernel::add;
                step.operand = read(graph_.operand(node, 1));
                fuse_activation(step, value);
                break;
            case Op::multiply:
                geometry.kernel = Kernel::scale;
                step.operand = read(graph_.operand(node, 1));
                fuse_activation(step, value);
                break;
            case Op::pool:
                if (add_sums(first)) return;
                geometry.kernel = Kernel::pool;
                geometry.pooling = node.pooling;
                break;
            case Op::upsample: geometry.kernel = Kernel::upsample; break;
            case Op::slice: {  // when every value is kept
                geometry.kernel = Kernel::copy;
                const TensorSlot whole = plan_.slot(read(graph_.operand(node, 0)));
                step.source = new_slot(node.out, whole.buffer, whole.channel + node.channel);
                break;
            }
            case Op::boxes:
                geometry.kernel = Kernel::boxes;
                geometry.groups = node.groups, geometry.code = node.code;
                break;
            case Op::attention: geometry.kernel = Kernel::attention; break;
            case Op::embedding:
                geometry.kernel = Kernel::embedding;
                geometry.weights = data_types_.others;
                geometry.words = node.words, geometry.positions = node.positions, geometry.types = node.types;
                if (fuse(value, follower(value, Op::layer_norm)))
                    step.norm = value, geometry.inverse_epsilon = graph_.node(value).inverse_epsilon;
                break;
            case Op::first_token: geometry.kernel = Kernel::copy; break;
            case Op::input:
            case Op::concat: break;
        }
        if (step.source == none) step.source = read(graph_.operand(node, 0));
        if (geometry.kernel == Kernel::scale && can_overwrite(first, value)) slot_of_[size(value)] = step.source;
        step.last = value;
        const TensorSlot target = plan_.slot(slot_of(value));
        if (geometry.residual)
            geometry.in_place =
                plan_.slot(step.operand).buffer == target.buffer && plan_.slot(step.operand).channel == target.channel;
        finish(step, slot_of(value));
    }

    /// The old value must have no further readers, nor any concatenation that contains it; the new one must not have a
    /// slot in a concatenation. Both are float: a value stored otherwise must not share the old one's steps.
    constexpr bool can_overwrite(int first, int value) const {
        const int source = graph_.operand(graph_.node(first), 0);
        const Op op = graph_.node(source).op;
        const bool has_own_buffer = source > 0 && op != Op::concat && op != Op::slice,
                   is_last_read = values_.last_user[size(source)] == first,
                   in_concatenation = values_.parent[size(source)] != none || values_.parent[size(value)] != none;
        return fuses_ && data_types_.values == Element::float32 && has_own_buffer && is_last_read && !in_concatenation;
    }

    constexpr void add_convolution(Step& step, int& value) {
        const Node& node = graph_.node(value);
        Geometry& geometry = step.geometry;
        const bool one_pixel = node.in.pixels() == 1 && node.out.pixels() == 1,
                   vector = one_pixel && node.kernel == 1 && !node.in.sequence,
                   by_channel = node.groups == node.in.channels && node.groups == node.out.channels;
        if (node.groups == 1) geometry.kernel = vector ? Kernel::product : Kernel::convolution;
        else if (by_channel) geometry.kernel = Kernel::depthwise;
        else refuse(node, "has no kernel for a convolution in groups of several channels yet");
        const int source = graph_.operand(node, 0);
        const bool narrows =
            geometry.kernel == Kernel::convolution && data_types_.values != Element::float32 && can_narrow(source);
        if (geometry.kernel == Kernel::convolution && !narrows && suits_winograd(node)) {
            geometry.kernel = Kernel::winograd;
            step.scratch = new_scratch(winograd(node.in).scratch_size());
        }
        step.source = read(source, node.padding);
        if (narrows) plan_.buffer_of(step.source).view.element = data_types_.values;
        if (narrows || (geometry.kernel == Kernel::product && !values_.keeps(node)))
            geometry.weights = data_types_.matrices;
        else if (geometry.kernel != Kernel::depthwise) geometry.weights = data_types_.others;
        if (fuse(value, follower(value, Op::batch_norm))) step.norm = value;
        fuse_activation(step, value);
        if (node.groups == 1 && !vector) fuse_residual(step, value);
    }

    /// True if a value can be stored as something other than float32. A single pixel is a product's, which reads and
    /// writes float; an input must be a picture of few channels; Values names other cases.
    constexpr bool can_narrow(int value) {
        const Shape shape = graph_.node(value).out;
        const bool is_vector = shape.pixels() == 1 && !shape.sequence;
        if (is_vector || (value == 0 && (shape.sequence || !values_.read_by_convolutions_only(0)))) return false;
        return !buffer_stays_float_[size(plan_.slot(slot_of(value)).buffer)];
    }

    /// A max pool's input is stored like its result: bytes are a quarter of the traffic of floats.
    constexpr void pass_on_elements() {
        for (int i = plan_.step_count - 1; i >= 0; --i) {
            const Step& step = plan_.step(i);
            const Element element = plan_.buffer_of(step.target).view.element;
            const bool hands_on = step.geometry.kernel == Kernel::pool && step.geometry.pooling == Pooling::max;
            const bool floats = step.source == plan_.input || buffer_stays_float_[size(plan_.slot(step.source).buffer)];
            if (hands_on && element != Element::float32 && !floats) plan_.buffer_of(step.source).view.element = element;
        }
    }

    /// A pitch of whole pages would map all rows of a tile to the same cache sets (12x2 tiles fall to 78 % of peak), so
    /// it gets one cache line more.
    constexpr void part_pitches() {
        for (int i = 0; i < plan_.buffer_count; ++i)
            if (View& view = plan_.buffers[size(i)].view;
                view.pitch % 1024 == 0 && view.shape.pixels() > 1 && !view.shape.table)
                view.pitch += 64 / static_cast<int>(size_of(view.element));
    }

    /// Where only the first token's row of a value is read, only that row is computed: most of the last layer of a text
    /// classifier. Attention reads all keys whatever the queries; everything else works row by row.
    constexpr void find_first_only() {
        std::array<bool, Plan<Nodes, Operands>::capacity> whole{};
        whole[size(plan_.slot(plan_.output).buffer)] = true;
        for (int i = plan_.step_count - 1; i >= 0; --i) {
            Step& step = plan_.step(i);
            step.first_token_only =
                fuses_ && plan_.slot(step.target).shape.sequence && !whole[size(plan_.slot(step.target).buffer)];
            if (graph_.node(step.first).op == Op::first_token ||
                (step.first_token_only && step.geometry.kernel != Kernel::attention))
                continue;
            whole[size(plan_.slot(step.source).buffer)] = true;
            if (step.operand != none) whole[size(plan_.slot(step.operand).buffer)] = true;
        }
    }

    /// Adds a residual that exists before the convolution runs. The activation comes before or after, as in the
    /// network.
    constexpr void fuse_residual(Step& step, int& value) {
        const int sum = follower(value, Op::add);
        if (sum == none) return;
        const Node& add = graph_.node(sum);
        const int shortcut = graph_.operand(add, graph_.operand(add, 0) == value ? 1 : 0);
        if (shortcut >= step.first || slot_of_[size(shortcut)] == none) return;
        fuse(value, sum);
        step.operand = read(shortcut);
        if (plan_.buffer_of(step.source).view.element != Element::float32 && can_narrow(shortcut))
            plan_.buffer_of(step.operand).view.element = data_types_.values;
        step.geometry.residual = true;
        const bool before = step.geometry.activation != Activation::none;
        fuse_activation(step, value);
        step.geometry.activation_last = !before && step.geometry.activation != Activation::none;
    }

    /// Accumulates the mean of a depthwise convolution's output while it is computed.
    constexpr bool add_sums(int value) {
        const Node& node = graph_.node(value);
        if (!fuses_ || plan_.step_count == 0) return false;
        Step& before = plan_.step(plan_.step_count - 1);
        const bool global = node.kernel == 0 && node.out.pixels() == 1,
                   of_depthwise = before.geometry.kernel == Kernel::depthwise && before.last == graph_.operand(node, 0);
        if (!global || !of_depthwise || values_.parent[size(value)] != none) return false;
        before.geometry.sums = true, before.geometry.exact = data_types_.quantized();
        before.sums = slot_of_[size(value)] = new_buffer(node.out);
        plan_.buffer_of(before.sums).live_from = plan_.step_count - 1;
        return true;
    }

    /// Copies into their slices those operands of a concatenation that could not be written there directly.
    constexpr void add_copies(int value) {
        const TensorSlot whole = plan_.slot(slot_of(value));
        int channel = 0;
        for (const int operand : graph_.operands(graph_.node(value))) {
            const Shape shape = graph_.node(operand).out;
            const bool lies_there = values_.parent[size(operand)] == value && values_.channel[size(operand)] == channel;
            if (!lies_there) {
                if (shape.table)
                    return refuse(graph_.node(value), "makes each table of a concatenation for that one alone");
                Step step{.geometry = {.kernel = Kernel::copy}, .source = read(operand), .first = value, .last = value};
                finish(step, new_slot(shape, whole.buffer, whole.channel + channel));
            }
            channel += shape.table ? shape.size() : shape.channels;
        }
    }

    constexpr void finish(Step& step, int target) {
        step.target = target;
        Buffer& buffer = plan_.buffer_of(target);
        step.clears = !written_[size(plan_.slot(target).buffer)];
        written_[size(plan_.slot(target).buffer)] = true;
        buffer.live_to = std::max(buffer.live_to, plan_.step_count);
        plan_.step(plan_.step_count++) = step;
    }

    constexpr void refuse(const Node& node, std::string_view why) {
        if (plan_.problem.size == 0) plan_.problem << "layer '" << graph_.name(node) << "': the Cpu backend " << why;
    }

    GraphView graph_;
    bool fuses_;
    DataTypes data_types_;
    int scratch_ = none;
    Values<Nodes> values_;
    std::array<int, Nodes> slot_of_{};
    std::array<bool, Nodes> fused_{};
    std::array<bool, Plan<Nodes, Operands>::capacity> written_{}, buffer_stays_float_{};
    Plan<Nodes, Operands> plan_{};
};

}  // namespace taxon::detail
