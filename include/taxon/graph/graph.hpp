#pragma once
#include <span>
#include <taxon/core/model_error.hpp>
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// A network as a value; node 0 is its input. It owns nothing and has no template arguments: code that reads it is
/// ordinary code.
struct GraphView {
    std::span<const Node> nodes;
    std::span<const int> operand_values;
    std::span<const Parameter> parameters;
    std::string_view characters;

    constexpr const Node& node(int value) const { return nodes[static_cast<std::size_t>(value)]; }
    constexpr int size() const { return static_cast<int>(nodes.size()); }
    constexpr std::string_view name(const Parameter& p) const { return slice(p.name_at, p.name_size); }
    constexpr std::string_view name(const Node& n) const { return slice(n.name_at, n.name_size); }
    constexpr std::span<const int> operands(const Node& n) const {
        return operand_values.subspan(static_cast<std::size_t>(n.operands_at),
                                      static_cast<std::size_t>(n.operand_count));
    }
    constexpr int operand(const Node& n, int number) const { return operands(n)[static_cast<std::size_t>(number)]; }

    constexpr Shape output_shape() const { return nodes.back().out; }
    /// Of one sample; of `length` tokens if that is given, else of the maximum length.
    constexpr long flops(int length = none) const {
        long sum = 0;
        for (Node node : nodes) {
            if (length != none && node.out.sequence) node.out.width = length;
            sum += node.flops();
        }
        return sum;
    }
    /// Trained parameters only, as papers count.
    constexpr long parameter_count() const {
        long sum = 0;
        for (const Parameter& p : parameters) sum += p.role == Role::trained ? p.count() : 0;
        return sum;
    }

  private:
    constexpr std::string_view slice(int at, int size) const {
        return characters.substr(static_cast<std::size_t>(at), static_cast<std::size_t>(size));
    }
};

namespace detail {

struct FirstWalk {
    Tracer::Counts counts{};
    Text<224> problem{};
};

template <Architecture A, Shape Input>
inline constexpr FirstWalk first_walk = [] {
    Tracer tracer(Input);
    A::trace(tracer);
    return FirstWalk{tracer.counts(), tracer.problem()};
}();

template <Architecture A, Shape Input>
inline constexpr Text<224> shape_problem = first_walk<A, Input>.problem;

constexpr std::size_t size(int count) { return static_cast<std::size_t>(count); }

template <std::size_t Nodes, std::size_t Operands, std::size_t Parameters, std::size_t Characters>
struct GraphArrays {
    std::array<Node, Nodes> nodes{};
    std::array<int, Operands> operands{};
    std::array<Parameter, Parameters> parameters{};
    std::array<char, Characters> characters{};
};

// Inline, here and below: GCC 12 lets constants of other files' classes point into what it thinks is this file's own.
template <Architecture A, Shape Input>
inline constexpr auto graph = [] {
    // not a requires-clause: it would only add lines to the message
    static_assert(no_problem<shape_problem<A, Input>>());
    constexpr Tracer::Counts counts = first_walk<A, Input>.counts;
    GraphArrays<size(counts.nodes), size(counts.operands), size(counts.parameters), size(counts.characters)> graph;
    Tracer tracer(Input, {graph.nodes.data(), graph.operands.data(), graph.parameters.data(), graph.characters.data()});
    A::trace(tracer);
    return graph;
}();

}  // namespace detail

/// The graph of an architecture at an input shape, with its names and shapes checked.
template <Architecture A, Shape Input = A::input>
inline constexpr GraphView graph_of{
    detail::graph<A, Input>.nodes,
    detail::graph<A, Input>.operands,
    detail::graph<A, Input>.parameters,
    {detail::graph<A, Input>.characters.data(), detail::graph<A, Input>.characters.size()}};

}  // namespace taxon
