#pragma once
#include <cstdint>
#include <taxon/plan/operation/operation.hpp>

namespace taxon::detail {

/// A parameter that dense operations read where it is packed.
template <>
struct Operation<Op::constant> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        step.geometry.kernel = Kernel::constant;
        step.source = fuser.slot_of(value);
        return true;
    }
};

/// True if the loops of a step take several times as long as a barrier, and can be split: numbers that are read and
/// written, those of functions counting several times. Scatters and sorts are one thread's; products and cells count
/// otherwise.
constexpr bool loops_are_worth_sharing(Kernel kernel, const LoopNest& nest) {
    if (kernel == Kernel::scatter || kernel == Kernel::sort || kernel == Kernel::matrix_product ||
        kernel == Kernel::scaled_dot_product || kernel == Kernel::recurrent)
        return false;
    const bool is_approximated = nest.map == MapFunction::activation || nest.map == MapFunction::exponential ||
                                 nest.map == MapFunction::logarithm || nest.map == MapFunction::error_function,
               is_called = nest.map == MapFunction::power || nest.map == MapFunction::remainder ||
                           (nest.map >= MapFunction::sine && nest.map <= MapFunction::inverse_hyperbolic_tangent);
    const std::int64_t times = kernel == Kernel::row ? 6
                               : is_called           ? 30
                               : is_approximated     ? 4
                                                     : nest.operand_count + std::int64_t{1};
    return times * nest.count(0, nest.rank) > moves_worth_sharing;
}

/// What dense operations have in common: up to four operands, and loops.
constexpr void plan_dense(auto& fuser, Step& step, int value, Kernel kernel, unsigned char function) {
    const Node& node = fuser.graph().node(value);
    step.geometry.kernel = kernel, step.geometry.function = function;
    step.nest = node.nest;
    step.shared = loops_are_worth_sharing(kernel, fuser.graph().nest(node));
    int* const slots[] = {&step.source, &step.operand, &step.third, &step.fourth};
    for (int i = 0; i < node.operand_count; ++i) *slots[i] = fuser.read(fuser.graph().operand(node, i));
}

template <>
struct Operation<Op::map> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        const LoopNest& nest = fuser.graph().nest(fuser.graph().node(value));
        plan_dense(fuser, step, value, Kernel::map, static_cast<unsigned char>(nest.map));
        step.geometry.activation = nest.activation;
        return true;
    }
};

/// A step for each operand, and one before them, whose function is 1, that fills a value which they do not fill.
template <>
struct Operation<Op::assemble> {
    static constexpr bool plan(auto& fuser, Step&, int& value) {
        const GraphView graph = fuser.graph();
        const Node& node = graph.node(value);
        int written = 0;
        for (int i = 0; i < node.operand_count; ++i) written += graph.nest(node, i).outer_count();
        const int target = fuser.slot_of(value);
        const auto add = [&](int source, int number, unsigned char function) {
            Step step{.geometry = {.kernel = Kernel::assemble, .function = function},
                      .source = source,
                      .nest = node.nest + number,
                      .first = value,
                      .last = value,
                      .shared = function == 0 ? loops_are_worth_sharing(Kernel::assemble, graph.nest(node, number))
                                              : node.out.size() > moves_worth_sharing};
            fuser.finish(step, target);
        };
        if (written < node.out.size()) add(target, 0, 1);
        for (int i = 0; i < node.operand_count; ++i) add(fuser.read(graph.operand(node, i)), i, 0);
        return false;
    }
};

template <>
struct Operation<Op::reduce> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        const LoopNest& nest = fuser.graph().nest(fuser.graph().node(value));
        plan_dense(fuser, step, value, Kernel::reduce, static_cast<unsigned char>(nest.reduction));
        return true;
    }
};

template <>
struct Operation<Op::row> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        const LoopNest& nest = fuser.graph().nest(fuser.graph().node(value));
        plan_dense(fuser, step, value, Kernel::row, static_cast<unsigned char>(nest.row));
        return true;
    }
};

template <>
struct Operation<Op::matrix_product> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        plan_dense(fuser, step, value, Kernel::matrix_product, 0);
        const GraphView graph = fuser.graph();
        step.shared = graph.flops(graph.node(value)) / 2 > tiles_worth_sharing;
        return true;
    }
};

template <>
struct Operation<Op::gather> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        plan_dense(fuser, step, value, Kernel::gather, 0);
        return true;
    }
};

template <>
struct Operation<Op::scatter> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        const LoopNest& nest = fuser.graph().nest(fuser.graph().node(value));
        plan_dense(fuser, step, value, Kernel::scatter, static_cast<unsigned char>(nest.scatter));
        return true;
    }
};

/// Scratch memory: a row's numbers and their places, before and after a merge.
template <>
struct Operation<Op::sort> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        const LoopNest& nest = fuser.graph().nest(fuser.graph().node(value));
        plan_dense(fuser, step, value, Kernel::sort, 0);
        step.scratch = fuser.new_scratch(4 * nest.inner_count());
        return true;
    }
};

/// Up to so many samples, recurrent weights are read as they lie; those of more are transposed.
inline constexpr int most_samples_of_dots = 4;

/// Scratch memory: the inputs' part of all gates, the state's of one step, and transposed weights.
template <>
struct Operation<Op::recurrent> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        const LoopNest& nest = fuser.graph().nest(fuser.graph().node(value));
        plan_dense(fuser, step, value, Kernel::recurrent, static_cast<unsigned char>(nest.cell));
        const int steps = nest.sizes[0], samples = nest.sizes[1], outputs = nest.sizes[3];
        const int rows = gates_of(nest.cell) * outputs,
                  transposed = samples > most_samples_of_dots ? rows * outputs : 0;
        step.scratch = fuser.new_scratch((steps + 1) * samples * rows + samples * outputs + transposed);
        return true;
    }
};

template <>
struct Operation<Op::scaled_dot_product> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        plan_dense(fuser, step, value, Kernel::scaled_dot_product, 0);
        const GraphView graph = fuser.graph();
        step.shared = graph.flops(graph.node(value)) > 100'000;  // an exponential costs as much as 30 products
        return true;
    }
};

/// Both are copies where the memory of the one cannot be that of the other; see Values::is_alias.
template <>
struct Operation<Op::flatten> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        step.geometry.kernel = Kernel::flatten;
        step.geometry.function = fuser.graph().node(value).channels_last;
        return true;
    }
};
template <>
struct Operation<Op::picture> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        step.geometry.kernel = Kernel::picture;
        step.geometry.function = fuser.graph().node(value).channels_last;
        return true;
    }
};

inline constexpr KernelTraits constant_traits{Kernel::constant, "constant", [](PlanView, const Step& step) {
                                                  return PackedSize{.floats = step.geometry.out.shape.size()};
                                              }};
inline constexpr KernelTraits map_traits{Kernel::map, "map"};
inline constexpr KernelTraits assemble_traits{Kernel::assemble, "assemble"};
inline constexpr KernelTraits reduce_traits{Kernel::reduce, "reduce"};
inline constexpr KernelTraits row_traits{Kernel::row, "row"};
inline constexpr KernelTraits matrix_product_traits{Kernel::matrix_product, "matrix_product"};
inline constexpr KernelTraits gather_traits{Kernel::gather, "gather"};
inline constexpr KernelTraits scatter_traits{Kernel::scatter, "scatter"};
inline constexpr KernelTraits sort_traits{Kernel::sort, "sort"};
inline constexpr KernelTraits recurrent_traits{Kernel::recurrent, "recurrent"};
inline constexpr KernelTraits scaled_dot_product_traits{Kernel::scaled_dot_product, "scaled_dot_product"};
inline constexpr KernelTraits flatten_traits{Kernel::flatten, "flatten"};
inline constexpr KernelTraits picture_traits{Kernel::picture, "picture"};

}  // namespace taxon::detail
