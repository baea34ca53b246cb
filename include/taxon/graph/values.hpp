#pragma once
#include <taxon/graph/plan.hpp>

namespace taxon::detail {

/// What is known of a graph's values before there are steps: who reads them, in which concatenation they are born, and which stay floats
/// whatever `storage` says.
template <std::size_t Nodes>
class Values {
  public:
    constexpr Values(GraphView graph, Storage storage) : graph_(graph), storage_(storage) {
        parent.fill(none);
        count_uses();
        choose_slices();
        find_floats();
    }

    std::array<int, Nodes> uses{}, last_user{};   ///< the network's output is read once more, after all nodes
    std::array<int, Nodes> parent{}, channel{};   ///< the concatenation that a value is a slice of, or none; its first channel there
    std::array<bool, Nodes> stays_float{};        ///< said of the whole of a concatenation, not of its slices

    /// Whether a layer is to multiply floats, though it need not.
    constexpr bool keeps(const Node& node) const { return node.op == Op::convolution && node.groups == 1 && storage_.kept.include(graph_.name(node)); }

    /// Whether a value is a picture of few channels of which windows are all that is read: rows of pixels without padding suit them.
    constexpr bool read_by_convolutions_only(int value) const {
        for (int i = 0; i < node_count; ++i)
            for (const int operand : graph_.operands(graph_.node(i)))
                if (operand == value && (graph_.node(i).op != Op::convolution || graph_.node(i).groups > 1)) return false;
        return graph_.node(value).out.channels < 8 && graph_.node(value).out.pixels() > 1;
    }

  private:
    static constexpr int node_count = static_cast<int>(Nodes);

    constexpr void count_uses() {
        for (int i = 0; i < node_count; ++i)
            for (const int value : graph_.operands(graph_.node(i))) ++uses[size(value)], last_user[size(value)] = i;
        ++uses[Nodes - 1], last_user[Nodes - 1] = node_count;
    }

    /// A value that a concatenation reads is born in its place there, if its kernel's blocks of channels (32 for a product's vector,
    /// else 8) start and end with it, so that it does not overwrite the channels after it. Others are copied.
    constexpr void choose_slices() {
        for (int i = 0; i < node_count; ++i) {
            if (graph_.node(i).op != Op::concat) continue;
            int at = 0;
            for (const int value : graph_.operands(graph_.node(i))) {
                const Shape shape = graph_.node(value).out;
                const int channels = shape.channels, block = shape.pixels() == 1 ? 32 : 8;
                const bool last = at + channels == graph_.node(i).out.channels;
                if (value > 0 && parent[size(value)] == none && at % block == 0 && (last || channels % block == 0))
                    parent[size(value)] = i, channel[size(value)] = at;
                at += channels;
            }
        }
    }

    /// The network's output is floats, and a layer that is kept reads floats; so all of the buffer that such a value is in stays floats: the
    /// values of a whole concatenation, if it is that or one of its slices. Other convolutions of those values are then computed in floats
    /// as well, for there is one copy of a value.
    constexpr void find_floats() {
        keep_floats(node_count - 1);
        for (int i = 0; i < node_count && !storage_.kept.empty(); ++i)
            if (keeps(graph_.node(i))) keep_floats(graph_.operand(graph_.node(i), 0));
    }
    constexpr void keep_floats(int value) {
        while (parent[size(value)] != none) value = parent[size(value)];
        stays_float[size(value)] = true;
    }

    GraphView graph_;
    Storage storage_;
};

}  // namespace taxon::detail
