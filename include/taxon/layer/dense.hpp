#pragma once
#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <taxon/layer/call.hpp>

/// Dense values: numbers in a row, without axes of their own. An operation states the axes that it loops over and, for
/// each operand, how far one number is from the next along each of them, as NumPy's strides do but in numbers. So a
/// reshape, transposition, slice or broadcast is no operation, only another way to read a value. Each function adds
/// one node called `name` and returns its value.
namespace taxon::dense {

using Sizes = std::initializer_list<int>;

/// A dense value of `count` numbers.
constexpr Shape numbers(int count) { return Shape::rows(count, 1); }

/// The numbers of a value along the axes of a loop nest.
struct Operand {
    Value value;
    Strides strides{};
    bool in_order = true;  ///< row-major over all axes: no strides are given

    constexpr Operand(Value of) : value(of) {}
    constexpr Operand(Value of, Sizes by, int first = 0) : value(of), in_order(false) {
        strides.first = first;
        std::copy(by.begin(), by.end(), strides.by.begin());
    }
};

namespace detail {

constexpr LoopNest nest_of(Sizes sizes, int inner = 0) {
    LoopNest nest{.rank = static_cast<int>(sizes.size()), .inner = inner};
    std::copy(sizes.begin(), sizes.end(), nest.sizes.begin());
    return nest;
}

/// Row-major strides over the first `rank` axes.
constexpr Strides in_order(const LoopNest& nest, int rank) {
    Strides strides;
    for (int i = rank, stride = 1; i-- > 0; stride *= nest.sizes[static_cast<std::size_t>(i)])
        strides.by[static_cast<std::size_t>(i)] = stride;
    return strides;
}

/// Requires that all numbers which strides lead to are among the `count` that there are.
constexpr void require_inside(Tracer& tracer, const LoopNest& nest, const Strides& strides, int count) {
    std::int64_t lowest = strides.first, highest = strides.first;
    bool empty = false;
    for (std::size_t i = 0; i < static_cast<std::size_t>(nest.rank); ++i) {
        const std::int64_t reach = static_cast<std::int64_t>(strides.by[i]) * (nest.sizes[i] - 1);
        (reach < 0 ? lowest : highest) += reach;
        empty |= nest.sizes[i] < 1;
    }
    tracer.expect(!empty && lowest >= 0 && highest < count, "wants numbers ", static_cast<int>(lowest), " to ",
                  static_cast<int>(highest), " of a value that has ", count);
}

/// The strides of a fourth operand are those of the first one in a second nest.
constexpr Value add(Tracer& tracer, Name name, Op op, LoopNest nest, Shape out,
                    std::initializer_list<Operand> operands) {
    std::array<Value, 4> values{};
    tracer.scope(name, [&](Tracer& inner) {
        std::size_t count = 0;
        LoopNest more{.rank = nest.rank, .inner = nest.inner, .sizes = nest.sizes};
        for (const Operand& operand : operands) {
            inner.current = operand.value;
            Strides& strides = count < 3 ? nest.operands[count] : more.operands[0];
            if (op != Op::recurrent) strides = operand.in_order ? in_order(nest, nest.rank) : operand.strides;
            // of a gather, scatter or recurrent cell, operands have axes of their own
            if (op != Op::gather && op != Op::scatter && op != Op::recurrent && (op != Op::row || count == 0))
                require_inside(inner, nest, strides, operand.value.shape.size());
            values[count++] = operand.value;
        }
        nest.result_count = out.size(), nest.operand_count = static_cast<int>(count);
        const int first = inner.nest(nest), nests = count > 3 ? 2 : 1;
        if (nests == 2) inner.nest(more);
        inner.node({.op = op, .nest = first, .nest_count = nests}, out, values.data(), static_cast<int>(count));
    });
    return tracer.current;
}

}  // namespace detail

/// A parameter of the state dict, called `name`, as a dense value.
template <class... Dimensions>
constexpr Value constant(Tracer& tracer, Name name, Dimensions... dimensions) {
    tracer.scope(name, [&](Tracer& inner) {
        const int parameter = inner.parameter("", Role::trained, dimensions...);
        inner.node({.op = Op::constant, .parameter = parameter}, numbers((1 * ... * dimensions)), {});
    });
    return tracer.current;
}

/// function(a, b, c) for each element: a value of the product of `sizes` numbers, in order.
constexpr Value map(Tracer& tracer, Name name, MapFunction function, Sizes sizes,
                    std::initializer_list<Operand> operands, Activation activation = {}) {
    LoopNest nest = detail::nest_of(sizes);
    nest.map = function, nest.activation = activation;
    nest.out = detail::in_order(nest, nest.rank);
    tracer.scope(name, [&](Tracer& inner) {
        inner.expect(static_cast<int>(operands.size()) == operands_of(function), "wants ", operands_of(function),
                     " operands");
    });
    return detail::add(tracer, name, Op::map, nest, numbers(nest.outer_count()), operands);
}

/// The numbers of a value in the order of the axes.
constexpr Value move(Tracer& tracer, Name name, Sizes sizes, Operand operand) {
    return map(tracer, name, MapFunction::copy, sizes, {operand});
}

/// An operand of an assembly: its axes, and where in the result its numbers lie.
struct Piece {
    Operand operand;
    Sizes sizes;
    Strides to{};
    constexpr Piece(Operand from, Sizes axes, Sizes by, int first = 0) : operand(from), sizes(axes) {
        to.first = first;
        std::copy(by.begin(), by.end(), to.by.begin());
    }
};

/// A value of `count` numbers made of pieces, which must not overlap, and of `otherwise` where there is none.
constexpr Value assemble(Tracer& tracer, Name name, int count, std::initializer_list<Piece> pieces,
                         Real otherwise = 0) {
    tracer.scope(name, [&](Tracer& inner) {
        constexpr std::size_t most = 64;
        std::array<Value, most> values{};
        std::size_t number = 0;
        inner.expect(pieces.size() <= most, "wants at most 64 pieces");
        int first = none;
        for (const Piece& piece : pieces) {
            if (number == most) break;
            LoopNest nest = detail::nest_of(piece.sizes);
            nest.first = otherwise, nest.out = piece.to, nest.result_count = count, nest.operand_count = 1;
            nest.operands[0] = piece.operand.in_order ? detail::in_order(nest, nest.rank) : piece.operand.strides;
            inner.current = piece.operand.value;
            detail::require_inside(inner, nest, nest.operands[0], piece.operand.value.shape.size());
            detail::require_inside(inner, nest, nest.out, count);
            const int at = inner.nest(nest);
            if (first == none) first = at;
            values[number++] = piece.operand.value;
        }
        inner.node({.op = Op::assemble, .nest = first, .nest_count = static_cast<int>(number)}, numbers(count),
                   values.data(), static_cast<int>(number));
    });
    return tracer.current;
}

/// One number for each element of the outer axes, from those along the last `inner` ones.
constexpr Value reduce(Tracer& tracer, Name name, Reduction reduction, Sizes sizes, int inner, Operand operand,
                       bool last = false) {
    LoopNest nest = detail::nest_of(sizes, inner);
    nest.reduction = reduction, nest.last = last;
    nest.out = detail::in_order(nest, nest.rank - inner);
    return detail::add(tracer, name, Op::reduce, nest, numbers(nest.outer_count()), {operand});
}

/// A function of each row of numbers, along the last axis; the result lies as `to` says, or in order. `first`,
/// `exclusive` and `reverse`: see LoopNest. Further operands have the row's axis alone.
constexpr Value row(Tracer& tracer, Name name, RowFunction function, Sizes sizes,
                    std::initializer_list<Operand> operands, Sizes to = {}, Real first = 0, bool exclusive = false,
                    bool reverse = false) {
    LoopNest nest = detail::nest_of(sizes, 1);
    nest.row = function, nest.first = first, nest.last = exclusive, nest.reverse = reverse;
    nest.out = detail::in_order(nest, nest.rank);
    if (to.size() > 0) std::copy(to.begin(), to.end(), nest.out.by.begin());
    const int count = nest.outer_count() * nest.inner_count();
    tracer.scope(name, [&](Tracer& inner) { detail::require_inside(inner, nest, nest.out, count); });
    return detail::add(tracer, name, Op::row, nest, numbers(count), operands);
}

/// `factor` times the sums over the last `inner` axes of a · b. An axis that only a varies along is of rows, one that
/// only b varies along of columns, and one that both do of a batch. The result lies as `to` says, or in order.
constexpr Value matrix_product(Tracer& tracer, Name name, Sizes sizes, int inner, Operand a, Operand b, Sizes to = {},
                               Real factor = 1) {
    LoopNest nest = detail::nest_of(sizes, inner);
    nest.first = factor;
    nest.out = detail::in_order(nest, nest.rank - inner);
    if (to.size() > 0) std::copy(to.begin(), to.end(), nest.out.by.begin());
    const int count = nest.outer_count();
    LoopNest outer = nest;
    outer.rank -= inner;
    tracer.scope(name, [&](Tracer& layer) { detail::require_inside(layer, outer, nest.out, count); });
    return detail::add(tracer, name, Op::matrix_product, nest, numbers(count), {a, b});
}

/// Attention (Vaswani et al. 2017, section 3.2.1): the softmax over keys of `factor` · q · k + bias, times v. `sizes`:
/// up to three axes of a batch, then queries, features of v, keys, features of q and k. Operands are q, k, v and, if
/// there is one, the bias, with strides along all axes: 0 along those that they lack. The result, whose axes are those
/// before keys, lies as `to` says, or in order. A query that has only keys with a bias of −∞ gets NaN.
constexpr Value scaled_dot_product(Tracer& tracer, Name name, Sizes sizes, std::initializer_list<Operand> operands,
                                   Real factor, Sizes to = {}) {
    LoopNest nest = detail::nest_of(sizes, 2);
    nest.first = factor;
    nest.out = detail::in_order(nest, nest.rank - 2);
    if (to.size() > 0) std::copy(to.begin(), to.end(), nest.out.by.begin());
    const int count = nest.outer_count();
    LoopNest outer = nest;
    outer.rank -= 2;
    tracer.scope(name, [&](Tracer& layer) {
        layer.expect(nest.rank >= 4 && nest.rank <= 7 && (operands.size() == 3 || operands.size() == 4),
                     "wants up to three axes of a batch, and three or four operands");
        detail::require_inside(layer, outer, nest.out, count);
    });
    return detail::add(tracer, name, Op::scaled_dot_product, nest, numbers(count), operands);
}

/// The element of `from` at its strides, plus `step` times the index, for each element. Negative indices, from −limit
/// on, count from the end; others outside the axis are clamped to it if they are computed; read straight from an input
/// of a batch, they throw Fault::value.
constexpr Value gather(Tracer& tracer, Name name, Sizes sizes, Operand from, Operand indices, int limit, int step) {
    LoopNest nest = detail::nest_of(sizes);
    nest.limit = limit, nest.step = step;
    nest.out = detail::in_order(nest, nest.rank);
    return detail::add(tracer, name, Op::gather, nest, numbers(nest.outer_count()), {from, indices});
}

/// `to` with the elements of `updates` at `place` of each, plus `step` times the index; indices as those of a gather.
/// Updates of the same element are applied in order.
constexpr Value scatter(Tracer& tracer, Name name, Scatter what, Sizes sizes, Value to, Operand indices,
                        Operand updates, Sizes place, int limit, int step) {
    LoopNest nest = detail::nest_of(sizes);
    nest.scatter = what, nest.limit = limit, nest.step = step;
    std::copy(place.begin(), place.end(), nest.out.by.begin());
    return detail::add(tracer, name, Op::scatter, nest, to.shape, {Operand(to), indices, updates});
}

/// The first `count` of each row in ascending or descending order, or their places in it; equal ones in the order in
/// which they stand.
constexpr Value sort(Tracer& tracer, Name name, Sizes sizes, Operand operand, int count, bool descending, bool places) {
    LoopNest nest = detail::nest_of(sizes, 1);
    nest.limit = count, nest.last = descending, nest.reverse = places;
    nest.out = detail::in_order(nest, nest.rank);
    return detail::add(tracer, name, Op::sort, nest, numbers(nest.outer_count() * count), {operand});
}

/// A recurrent layer over x, (steps, samples, inputs) in order. `weights`: W (gates · outputs, inputs), R (gates ·
/// outputs, outputs), the biases of W, those of R, and of peepholes the weights of i, o and f, one after the other.
/// `state`: h and of an LSTM c, (samples, outputs) each. The result: h of every step (steps, samples, outputs), the
/// last h, and of an LSTM the last c.
constexpr Value recurrent(Tracer& tracer, Name name, Cell cell, int steps, int samples, int inputs, int outputs,
                          Value x, Value weights, Value state, bool reverse = false) {
    LoopNest nest = detail::nest_of({steps, samples, inputs, outputs});
    nest.cell = cell, nest.reverse = reverse;
    const int states = states_of(cell);
    tracer.scope(name, [&](Tracer& inner) {
        inner.expect(x.shape.size() == steps * samples * inputs &&
                         weights.shape.size() == weights_of(cell, inputs, outputs) &&
                         state.shape.size() == states * samples * outputs,
                     "wants inputs, weights and a state of its sizes");
    });
    return detail::add(tracer, name, Op::recurrent, nest, numbers((steps + states) * samples * outputs),
                       {x, weights, state});
}

/// A picture's numbers, (H, W, C) in order, or (C, H, W) unless channels are last.
constexpr Value flatten(Tracer& tracer, Name name, Value picture, bool channels_last = true) {
    tracer.scope(name, [&](Tracer& inner) {
        inner.current = picture;
        inner.node({.op = Op::flatten, .channels_last = channels_last}, numbers(picture.shape.size()));
    });
    return tracer.current;
}

/// The reverse: a picture of (C, H, W).
constexpr Value picture(Tracer& tracer, Name name, Value numbers, Shape shape, bool channels_last = true) {
    tracer.scope(name, [&](Tracer& inner) {
        inner.current = numbers;
        inner.expect(numbers.shape.size() == shape.size(), "wants ", shape.size(), " numbers");
        inner.node({.op = Op::picture, .channels_last = channels_last}, shape);
    });
    return tracer.current;
}

}  // namespace taxon::dense
