#pragma once
#include <cstdint>
#include <span>
#include <taxon/core/model_error.hpp>
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// A network as a value; its first nodes are its inputs. It owns nothing and has no template arguments: code that reads
/// it is ordinary code.
struct GraphView {
    std::span<const Node> nodes;
    std::span<const int> operand_values;
    std::span<const Parameter> parameters;
    std::string_view characters;
    std::span<const Port> inputs, outputs;
    std::span<const LoopNest> nests{};

    constexpr const Node& node(int value) const { return nodes[static_cast<std::size_t>(value)]; }
    constexpr int size() const { return static_cast<int>(nodes.size()); }
    constexpr std::string_view name(const Parameter& p) const { return slice(p.name_at, p.name_size); }
    constexpr std::string_view name(const Node& n) const { return slice(n.name_at, n.name_size); }
    constexpr std::span<const int> operands(const Node& n) const {
        return operand_values.subspan(static_cast<std::size_t>(n.operands_at),
                                      static_cast<std::size_t>(n.operand_count));
    }
    constexpr const LoopNest& nest(const Node& n, int number = 0) const {
        return nests[static_cast<std::size_t>(n.nest + number)];
    }
    constexpr int operand(const Node& n, int number) const { return operands(n)[static_cast<std::size_t>(number)]; }

    /// The value that a rounded copy is made of; any other value itself.
    constexpr int unrounded(int value) const {
        while (node(value).rounds()) value = operand(node(value), 0);
        return value;
    }

    constexpr bool is_input(int value) const { return node(value).op == Op::input; }
    constexpr Shape output_shape() const { return outputs.front().shape; }  ///< of the first one
    /// The tokens of a sample of that many numbers, all inputs together; without sequences, the first input's width.
    constexpr int length_of(std::size_t numbers) const {
        const std::size_t others = sample_size(inputs, 0), of_token = sample_size(inputs, 1) - others;
        return of_token == 0      ? inputs.front().shape.width
               : numbers < others ? 0
                                  : static_cast<int>((numbers - others) / of_token);
    }
    /// Of a node, also of a dense one.
    constexpr std::int64_t flops(const Node& node) const {
        if (node.op == Op::matrix_product) return std::int64_t{2} * nest(node).outer_count() * nest(node).inner_count();
        if (node.op == Op::recurrent) {  // sizes: steps, samples, inputs, outputs
            const auto& sizes = nest(node).sizes;
            return std::int64_t{2} * sizes[0] * sizes[1] * gates_of(nest(node).cell) * sizes[3] * (sizes[2] + sizes[3]);
        }
        if (node.op == Op::scaled_dot_product) {  // the last sizes: features of values, keys, features
            const LoopNest& loops = nest(node);
            const auto rank = static_cast<std::size_t>(loops.rank);
            const std::int64_t pairs =
                loops.count(0, loops.rank - 3) * static_cast<std::int64_t>(loops.sizes[rank - 2]);
            return 2 * pairs * (loops.sizes[rank - 3] + loops.sizes[rank - 1]);
        }
        return node.flops();
    }
    /// Of one sample; of `length` tokens if that is given, else of the maximum length.
    constexpr std::int64_t flops(int length = none) const {
        std::int64_t sum = 0;
        for (Node node : nodes) {
            if (length != none && node.out.sequence) node.out.width = length;
            sum += flops(node);
        }
        return sum;
    }
    /// Trained parameters only, as papers count.
    constexpr std::int64_t parameter_count() const {
        std::int64_t sum = 0;
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
    Tracer tracer(inputs_of<A, Input>);
    A::trace(tracer);
    tracer.finish();
    return FirstWalk{tracer.counts(), tracer.problem()};
}();

template <Architecture A, Shape Input>
inline constexpr Text<224> shape_problem = first_walk<A, Input>.problem;

template <std::size_t Nodes, std::size_t Operands, std::size_t Parameters, std::size_t Characters, std::size_t Outputs,
          std::size_t Nests>
struct GraphArrays {
    std::array<Node, Nodes> nodes{};
    std::array<int, Operands> operands{};
    std::array<Parameter, Parameters> parameters{};
    std::array<char, Characters> characters{};
    std::array<Port, Outputs> outputs{};
    std::array<LoopNest, Nests> nests{};
};

// Inline, here and below: GCC 12 lets constants of other files' classes point into what it thinks is this file's own.
template <Architecture A, Shape Input>
inline constexpr auto graph = [] {
    // not a requires-clause: it would only add lines to the message
    static_assert(no_problem<shape_problem<A, Input>>());
    constexpr Tracer::Counts counts = first_walk<A, Input>.counts;
    GraphArrays<size(counts.nodes), size(counts.operands), size(counts.parameters), size(counts.characters),
                size(counts.outputs), size(counts.nests)>
        graph;
    Tracer tracer(inputs_of<A, Input>, {graph.nodes.data(), graph.operands.data(), graph.parameters.data(),
                                        graph.characters.data(), graph.nests.data()});
    A::trace(tracer);
    tracer.finish();
    std::copy_n(tracer.outputs().begin(), counts.outputs, graph.outputs.begin());
    return graph;
}();

}  // namespace detail

/// The graph of an architecture at an input shape, with its names and shapes checked.
template <Architecture A, Shape Input = first_input<A>>
inline constexpr GraphView graph_of{
    detail::graph<A, Input>.nodes,
    detail::graph<A, Input>.operands,
    detail::graph<A, Input>.parameters,
    {detail::graph<A, Input>.characters.data(), detail::graph<A, Input>.characters.size()},
    inputs_of<A, Input>,
    detail::graph<A, Input>.outputs,
    detail::graph<A, Input>.nests};

}  // namespace taxon
