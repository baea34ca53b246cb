#pragma once
#include <taxon/plan/operations.hpp>
#include <taxon/plan/refine.hpp>
#include <taxon/plan/values.hpp>

namespace taxon::detail {

/// First stage of the planner: fuses nodes into steps and assigns every remaining value a slot in a buffer. Without
/// `fuses` every node is a step of its own and every value stays visible. A value is stored as `storage` says where a
/// convolution that multiplies such numbers reads it, and as float32 elsewhere. Layers that `storage` keeps in float
/// multiply floats. `Nodes` and `Operands`: of the graph, or at_run_time.
template <std::size_t Nodes, std::size_t Operands>
class Fuser {
  public:
    constexpr Fuser(GraphView graph, bool fuses, DataTypes data_types)
        : graph_(graph), fuses_(fuses), data_types_(data_types), values_(graph, fuses, data_types), plan_(graph) {
        make_room(graph.nodes.size(), slot_of_, fused_);
        make_room(plan_.buffers.size(), written_, buffer_stays_float_, buffer_is_contiguous_);
        std::fill(slot_of_.begin(), slot_of_.end(), none);
        for (const Port& input : graph_.inputs) slot_of(input.node);
        plan_.inputs = plan_.slot_count;
        for (int value = plan_.inputs; value < node_count; ++value)
            if (values_.is_alias(value)) slot_of(value);
            else if (!fused_[size(value)]) add_step(value);
        for (const Port& output : graph_.outputs)
            plan_.outputs[size(plan_.output_count++)] = slot_of_[size(output.node)];
        pass_on_elements(plan_, buffer_stays_float_);
        part_pitches(plan_, buffer_is_contiguous_);
        if (fuses_) find_first_only(plan_, graph_);
        if (fuses_) find_factors_by_channel(plan_, graph_);
        for (int i = 0; i < plan_.output_count; ++i) plan_.buffer_of(plan_.outputs[size(i)]).live_to = plan_.step_count;
        for (int i = 0; i < plan_.buffer_count && !fuses_; ++i) plan_.buffers[size(i)].live_to = plan_.step_count;
    }
    constexpr const Plan<Nodes, Operands>& plan() const { return plan_; }

    // ── For operations: facts ────────────────────────────────────────────────────────────────────────────────────────
    constexpr GraphView graph() const { return graph_; }
    constexpr const DataTypes& data_types() const { return data_types_; }
    constexpr const Values<Nodes, Operands>& values() const { return values_; }
    constexpr const TensorSlot& slot(int index) { return plan_.slot(index); }
    constexpr bool has_slot(int value) const { return slot_of_[size(value)] != none; }
    constexpr bool is_narrow(int slot) { return plan_.buffer_of(slot).view.element != Element::float32; }

    // ── For operations: values ───────────────────────────────────────────────────────────────────────────────────────
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
        if (graph_.node(value).op == Op::constant) return slot = new_slot(shape, constants(), 0);
        if (const int parent = values_.parent[size(value)]; parent != none) {
            const TensorSlot whole = plan_.slot(slot_of(parent));
            slot = new_slot(shape, whole.buffer, whole.channel + values_.channel[size(value)]);
        } else if (values_.is_alias(value)) {
            const Node& node = graph_.node(value);
            const TensorSlot whole = plan_.slot(slot_of(graph_.operand(node, 0)));
            slot = new_slot(shape, whole.buffer, whole.channel + node.channel);
            if (node.op != Op::slice) plan_.slot(slot).renamed = buffer_is_contiguous_[size(whole.buffer)] = true;
        } else {
            slot = new_buffer(shape, graph_.is_input(value) && values_.read_by_convolutions_only(value));
            buffer_stays_float_[size(plan_.slot(slot).buffer)] = values_.stays_float[size(value)];
        }
        return slot;
    }

    /// The empty buffer of all constants, which are read where they are packed.
    constexpr int constants() {
        if (constants_ == none) constants_ = plan_.slot(new_buffer(Shape::rows(0, 0))).buffer;
        return constants_;
    }

    /// Extends the live range of a value that the next step reads, with a halo if the kernel reads beyond the edge.
    constexpr int read(int value, Halo halo = {}) {
        const int slot = slot_of(value);
        Buffer& buffer = plan_.buffer_of(slot);
        buffer.live_to = plan_.step_count;
        Halo& all = buffer.view.halo;
        all = {std::max(all.y, halo.y), std::max(all.x, halo.x)};
        return slot;
    }

    /// Stores a value in the type that matrix products read.
    constexpr void narrow(int slot) { plan_.buffer_of(slot).view.element = data_types_.values; }

    /// Lets a value take the memory of another.
    constexpr void overwrite(int slot, int value) { slot_of_[size(value)] = slot; }

    // ── For operations: steps ────────────────────────────────────────────────────────────────────────────────────────
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

    /// The old value must have no further readers, nor any concatenation that contains it; the new one must not have a
    /// slot in a concatenation. Both are float: a value stored otherwise must not share the old one's steps.
    constexpr bool can_overwrite(int first, int value) const {
        const int source = graph_.operand(graph_.node(first), 0);
        const Op op = graph_.node(source).op;
        const bool has_own_buffer = op != Op::input && op != Op::concat && op != Op::slice && op != Op::constant &&
                                    op != Op::flatten && op != Op::picture,
                   is_last_read = values_.last_read(source) == first,
                   in_concatenation = values_.parent[size(source)] != none || values_.parent[size(value)] != none;
        return fuses_ && data_types_.values == Element::float32 && has_own_buffer && is_last_read && !in_concatenation;
    }

    /// True if a value can be stored as something other than float32. A single pixel is a product's, which reads and
    /// writes float; an input must be a picture of few channels; Values names other cases.
    constexpr bool can_narrow(int value) {
        const Shape shape = graph_.node(value).out;
        const bool is_vector = shape.pixels() == 1 && !shape.sequence;
        while (values_.is_alias(value)) value = graph_.operand(graph_.node(value), 0);
        if (data_types_.values == Element::float32 || is_vector ||
            (graph_.is_input(value) && (shape.sequence || !values_.read_by_convolutions_only(value))))
            return false;
        return !buffer_stays_float_[size(plan_.slot(slot_of(value)).buffer)];
    }

    /// The step before this one may compute more than its own value.
    constexpr bool has_previous_step() const { return fuses_ && plan_.step_count > 0; }
    constexpr Step& previous_step() { return plan_.step(plan_.step_count - 1); }

    /// The slot of a value that the previous step computes beside its own.
    constexpr int new_result_of_previous(int value) {
        const int slot = slot_of_[size(value)] = new_buffer(graph_.node(value).out);
        plan_.buffer_of(slot).live_from = plan_.step_count - 1;
        return slot;
    }

    /// Adds the step that computes `target`.
    constexpr void finish(Step& step, int target) {
        step.target = target;
        Buffer& buffer = plan_.buffer_of(target);
        step.clears = !written_[size(plan_.slot(target).buffer)];
        written_[size(plan_.slot(target).buffer)] = true;
        buffer.live_to = std::max(buffer.live_to, plan_.step_count);
        plan_.step(plan_.step_count++) = step;
    }

    /// Records that the Cpu backend cannot run a layer: 'the Cpu backend ' + why.
    constexpr void refuse(const Node& node, std::string_view why) {
        if (plan_.problem.size == 0) plan_.problem << "layer '" << graph_.name(node) << "': the Cpu backend " << why;
    }

  private:
    constexpr void add_step(int first) {
        const Node& node = graph_.node(first);
        Step step{.geometry = {.window = node.window, .stride = node.stride, .heads = node.heads}, .first = first};
        int value = first;
        if (!plan_operation(*this, node.op, step, value)) return;
        if (step.source == none) step.source = read(graph_.operand(node, 0));
        step.last = value;
        const TensorSlot target = plan_.slot(slot_of(value));
        if (step.geometry.residual)
            step.geometry.in_place =
                plan_.slot(step.operand).buffer == target.buffer && plan_.slot(step.operand).channel == target.channel;
        finish(step, slot_of(value));
    }

    GraphView graph_;
    int node_count = graph_.size();
    bool fuses_;
    DataTypes data_types_;
    int scratch_ = none, constants_ = none;
    Values<Nodes, Operands> values_;
    Array<int, Nodes> slot_of_{};
    Array<bool, Nodes> fused_{};
    Array<bool, Plan<Nodes, Operands>::capacity> written_{}, buffer_stays_float_{}, buffer_is_contiguous_{};
    Plan<Nodes, Operands> plan_;
};

}  // namespace taxon::detail
