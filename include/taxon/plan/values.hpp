#pragma once
#include <algorithm>
#include <taxon/number/number.hpp>
#include <taxon/plan/plan.hpp>

namespace taxon::detail {

/// Facts about a graph's values that precede the steps: their readers, the concatenation they are a slice of, and
/// whether they stay float whatever `storage` says. `Nodes` and `Operands`: of the graph, or at_run_time. Everything is
/// found along the list of a value's readers: constant expressions may take a limited number of steps, and a network
/// may have a thousand nodes.
template <std::size_t Nodes, std::size_t Operands>
class Values {
  public:
    constexpr Values(GraphView graph, bool fuses, DataTypes data_types)
        : graph_(graph), fuses_(fuses), data_types_(data_types) {
        make_room(graph.nodes.size(), uses, last_user, parent, channel, stays_float, unrounded);
        make_room(graph.nodes.size(), first_read_);
        make_room(graph.operand_values.size(), reader_, next_read_);
        std::fill(parent.begin(), parent.end(), none);
        std::fill(first_read_.begin(), first_read_.end(), none);
        count_uses();
        choose_slices();
        find_floats();
    }

    Array<int, Nodes> uses{}, last_user{};  ///< an output of the network is read once more, after all nodes
    /// the concatenation that a value is a slice of, or none; its first channel there
    Array<int, Nodes> parent{}, channel{};
    Array<bool, Nodes> stays_float{};  ///< set for a whole concatenation, not for its slices
    /// a layer normalisation reads the value, or products read a rounded copy of it: as a residual it stays float
    Array<bool, Nodes> unrounded{};

    /// True if a value is a channel slice of another and can be read in place, being whole blocks of channels; or if it
    /// is a picture as a dense value, or the reverse, in the same order of numbers. Others are copied, and so are all
    /// if every value is kept.
    constexpr bool is_alias(int value) const {
        const Node& node = graph_.node(value);
        if (node.op == Op::flatten || node.op == Op::picture) return is_renamed(node, value);
        const int block = block_of(node.out);
        return fuses_ && node.op == Op::slice && !rounds(value) && node.channel % block == 0 &&
               (node.out.channels % block == 0 || node.channel + node.out.channels == node.in.channels);
    }

    /// The last node that reads a value or, in place, a slice of it.
    constexpr int last_read(int value) const {
        int last = last_user[size(value)];
        for (int read = first_read_[size(value)]; read != none; read = next_read_[size(read)])
            if (const int i = reader_[size(read)]; can_alias(graph_.node(i).op) && is_alias(i))
                last = std::max(last, last_read(i));
        return last;
    }

    /// True if a layer must multiply floats although it could multiply integers.
    constexpr bool keeps(const Node& node) const {
        return node.op == Op::convolution && !node.depthwise() && data_types_.float_layers.include(graph_.name(node));
    }

    /// True if a value is a picture of few channels that is read only through windows: unpadded rows of pixels suit it.
    constexpr bool read_by_convolutions_only(int value) const {
        for (int read = first_read_[size(value)]; read != none; read = next_read_[size(read)])
            if (const Node& node = graph_.node(reader_[size(read)]); node.op != Op::convolution || node.groups > 1)
                return false;
        return graph_.node(value).out.channels < 8 && graph_.node(value).out.pixels() > 1;
    }

  private:
    /// True of a rounded copy that needs memory of its own: layers multiply it as integers, and it is of a value that a
    /// step makes, so that calibration sees that.
    constexpr bool rounds(int value) const {
        const Node& node = graph_.node(value);
        if (!node.rounds() || !cpu::is_integer(data_types_.values) || node.out.table ||
            (node.out.pixels() == 1 && !node.out.sequence))
            return false;
        const Op made_by = graph_.node(graph_.operand(node, 0)).op;
        if (made_by == Op::concat || made_by == Op::constant || can_alias(made_by)) return false;
        for (int read = first_read_[size(value)]; read != none; read = next_read_[size(read)])
            if (keeps(graph_.node(reader_[size(read)]))) return false;
        return true;
    }

    static constexpr bool can_alias(Op op) { return op == Op::slice || op == Op::flatten || op == Op::picture; }

    /// True if the memory of a picture is that of the dense value: its pixels lie side by side, without padding or
    /// halo, in a buffer of their own.
    constexpr bool is_renamed(const Node& node, int value) const {
        const int source = graph_.operand(node, 0);
        const bool flattens = node.op == Op::flatten;
        const int picture = flattens ? source : value;
        const Shape shape = graph_.node(picture).out;
        const bool same_order = node.channels_last || shape.channels == 1 || shape.pixels() == 1,
                   // a vector's kernels write 32 channels at once, beyond the end of a dense value
            unpadded = shape.channels % (shape.pixels() == 1 ? 32 : 8) == 0;
        const Op made_by = graph_.node(source).op;
        return fuses_ && same_order && unpadded && made_by != Op::constant && made_by != Op::concat &&
               made_by != Op::slice && parent[size(source)] == none && !is_read_beyond(picture);
    }
    /// True if a kernel may read a picture's halo, or a slice of it.
    constexpr bool is_read_beyond(int picture) const {
        for (int read = first_read_[size(picture)]; read != none; read = next_read_[size(read)])
            if (const Node& node = graph_.node(reader_[size(read)]); node.op == Op::outlook_attention ||
                                                                     node.op == Op::slice || node.op == Op::concat ||
                                                                     (node.op == Op::convolution && !is_one_tap(node)))
                return true;
        return false;
    }
    static constexpr bool is_one_tap(const Node& node) {
        const auto& [y, x] = node.window;
        return !node.transposed && node.window.taps() == 1 && y.before + y.after + x.before + x.after == 0;
    }

    constexpr void count_uses() {
        for (int i = node_count; i-- > 0;) {
            const Node& node = graph_.node(i);
            for (int read = node.operands_at + node.operand_count; read-- > node.operands_at;) {
                const std::size_t value = size(graph_.operand_values[size(read)]);
                if (uses[value]++ == 0) last_user[value] = i;
                reader_[size(read)] = i, next_read_[size(read)] = first_read_[value], first_read_[value] = read;
                if (node.op == Op::layer_norm || rounds(i)) unrounded[value] = true;
            }
        }
        for (const Port& output : graph_.outputs) ++uses[size(output.node)], last_user[size(output.node)] = node_count;
    }

    /// Channels that a kernel writes at once: of a vector, a product's.
    static constexpr int block_of(Shape shape) { return shape.table ? 1 : shape.pixels() == 1 ? 32 : 8; }

    /// An operand of a concatenation is written directly into its slice if its kernel's blocks of channels start and
    /// end with it, so that it does not overwrite the channels after it. Others are copied. Rows of a table may start
    /// anywhere.
    constexpr void choose_slices() {
        for (int i = 0; i < node_count; ++i) {
            const Node& whole = graph_.node(i);
            if (whole.op != Op::concat) continue;
            if (const int halves = split_for(i); halves != none)
                assign_slice(halves, i, 0), assign_slice(graph_.operand(whole, 1), i, whole.out.channels / 2);
            int at = 0;
            for (const int value : graph_.operands(whole)) {
                const Shape shape = graph_.node(value).out;
                const int channels = shape.table ? shape.size() : shape.channels, block = block_of(shape);
                const bool last = at + channels == (shape.table ? whole.out.size() : whole.out.channels);
                if (!graph_.is_input(value) && parent[size(value)] == none && !is_alias(value) && at % block == 0 &&
                    (last || channels % block == 0))
                    assign_slice(value, i, at);
                at += channels;
            }
        }
    }
    constexpr void assign_slice(int value, int concat, int at) {
        parent[size(value)] = concat, channel[size(value)] = at;
    }

    /// The value whose two halves a concatenation consists of: its second half unchanged, and something computed from
    /// its first half, which has no further reader by then. It is written into the concatenation, where the result
    /// overwrites its first half. None if there is no such value.
    constexpr int split_for(int concat) const {
        const Node& whole = graph_.node(concat);
        const int made = graph_.operand(whole, 0), second = graph_.operand(whole, 1), width = whole.out.channels / 2;
        if (whole.operand_count != 2 || !is_alias(second) || graph_.is_input(made) || is_alias(made) ||
            parent[size(made)] != none)
            return none;
        const int halves = graph_.operand(graph_.node(second), 0);
        const bool fits = graph_.node(made).out.channels == width && graph_.node(second).channel == width &&
                          graph_.node(halves).out == whole.out && width % block_of(whole.out) == 0;
        if (!fits || graph_.is_input(halves) || is_alias(halves) || parent[size(halves)] != none ||
            last_user[size(halves)] == node_count)
            return none;
        for (int read = first_read_[size(halves)]; read != none; read = next_read_[size(read)]) {
            const int half = reader_[size(read)];
            const Node& node = graph_.node(half);
            const bool is_first = node.channel == 0;
            if (!is_alias(half) || node.out.channels != width || node.channel % width != 0 ||
                (is_first && last_user[size(half)] == node_count))
                return none;
            for (int of_half = first_read_[size(half)]; is_first && of_half != none;
                 of_half = next_read_[size(of_half)])
                if (const int i = reader_[size(of_half)]; is_alias(i) || !comes_before(i, made)) return none;
        }
        return halves;
    }

    /// True if `reader` is done with its input when the last step of a chain up to `made` writes: as part of an earlier
    /// step, or element by element in that step or before it, as residuals are.
    constexpr bool comes_before(int reader, int made) const {
        int value = made;
        for (; graph_.node(value).op == Op::activation || graph_.node(value).op == Op::add ||
               graph_.node(value).op == Op::batch_norm;
             value = graph_.operand(graph_.node(value), 0))
            if (value == reader) return graph_.node(value).op == Op::add;
        return reader < value;
    }

    /// The network's outputs are float, and a layer kept in float reads floats, as do outlook and class attention; so
    /// the whole buffer of such a value stays float: all values of a concatenation, if it is that or one of its slices.
    /// Other convolutions of those values then compute in float as well, because there is one copy of a value.
    constexpr void find_floats() {
        for (const Port& output : graph_.outputs) keep_floats(output.node);
        for (int i = 0; i < node_count; ++i)
            if (const Op op = graph_.node(i).op;
                op == Op::outlook_attention || op == Op::class_attention || op == Op::flatten)
                for (const int operand : graph_.operands(graph_.node(i))) keep_floats(operand);
        // dense values are float, and a picture may be one of them by another name
        for (int i = 0; i < node_count; ++i)
            if (graph_.node(i).op == Op::picture) keep_floats(i);
        for (int i = 0; i < node_count && !data_types_.float_layers.empty(); ++i)
            if (keeps(graph_.node(i))) keep_floats(graph_.operand(graph_.node(i), 0));
    }
    constexpr void keep_floats(int value) {
        while (parent[size(value)] != none || is_alias(value))
            value = parent[size(value)] != none ? parent[size(value)] : graph_.operand(graph_.node(value), 0);
        stays_float[size(value)] = true;
    }

    Array<int, Nodes> first_read_{};               ///< of a value: its first reader's operand in the graph's list
    Array<int, Operands> reader_{}, next_read_{};  ///< of an operand: the node, and the next operand of that value
    GraphView graph_;
    int node_count = graph_.size();
    bool fuses_;
    DataTypes data_types_;
};

}  // namespace taxon::detail
