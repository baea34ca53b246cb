#pragma once
#include <array>
#include <cstddef>
#include <taxon/graph/activation.hpp>

namespace taxon {

/// What a `map` computes for each element of its result, from one to three operands a, b and c. Whole numbers and truth
/// values (0 and 1) are floats that hold them exactly.
enum class MapFunction : unsigned char {
    copy,  ///< a; with it, any movement
    activation,
    absolute,
    negative,
    exponential,
    logarithm,
    square_root,
    reciprocal,
    floor,
    ceiling,
    round,  ///< halves to even
    truncate,
    error_function,
    sign,
    sine,
    cosine,
    tangent,
    arc_sine,
    arc_cosine,
    arc_tangent,
    hyperbolic_sine,
    hyperbolic_cosine,
    inverse_hyperbolic_sine,
    inverse_hyperbolic_cosine,
    inverse_hyperbolic_tangent,
    logical_not,
    is_nan,
    is_infinite,
    add,
    subtract,
    multiply,
    divide,
    divide_whole,  ///< the quotient cut towards 0
    power,
    minimum,
    maximum,
    modulo,     ///< of the divisor's sign
    remainder,  ///< of the dividend's sign
    prelu,      ///< a, or below zero b · a
    equal,
    less,
    less_or_equal,
    logical_and,
    logical_or,
    logical_xor,
    bitwise_and,  ///< of whole numbers, negative ones in two's complement
    bitwise_or,
    bitwise_xor,
    where,  ///< b if a is not 0, else c
    clamp   ///< min(max(a, b), c)
};
inline constexpr std::size_t map_function_count = static_cast<std::size_t>(MapFunction::clamp) + 1;

/// The number of its operands.
constexpr int operands_of(MapFunction function) {
    return function >= MapFunction::where ? 3 : function >= MapFunction::add ? 2 : 1;
}

/// What a `reduce` makes of the numbers along its inner axes. The arguments are the place of the first, or with
/// LoopNest::last the last, extreme number, counted along one inner axis.
enum class Reduction : unsigned char { sum, mean, product, minimum, maximum, argument_of_minimum, argument_of_maximum };
inline constexpr std::size_t reduction_count = static_cast<std::size_t>(Reduction::argument_of_maximum) + 1;

/// What is computed of each row of numbers, which lie along the last axis. `standardise` subtracts the mean and divides
/// by the square root of the variance plus LoopNest::first (Ba et al. 2016, section 3); a gain and a shift for each
/// column may be further operands.
enum class RowFunction : unsigned char { softmax, log_softmax, hard_maximum, standardise, cumulative_sum };
inline constexpr std::size_t row_function_count = static_cast<std::size_t>(RowFunction::cumulative_sum) + 1;

/// What a `scatter` does with a number that it finds at an update's place.
enum class Scatter : unsigned char { replace, add, multiply, minimum, maximum };
inline constexpr std::size_t scatter_count = static_cast<std::size_t>(Scatter::maximum) + 1;

/// Cells of recurrent networks, with the gates' order of ONNX: LSTM i, o, f, c (Hochreiter and Schmidhuber 1997, with
/// forget gates), whose gates i, o and f may see its cell too (Gers and Schmidhuber 2000); GRU z, r, h (Cho et al.
/// 2014), its reset gate before or after the recurrent product; a plain tanh.
enum class Cell : unsigned char { lstm, gru, gru_reset_after, tanh, lstm_with_peepholes };
inline constexpr std::size_t cell_count = static_cast<std::size_t>(Cell::lstm_with_peepholes) + 1;

/// h, and of an LSTM c.
constexpr int states_of(Cell cell) { return cell == Cell::lstm || cell == Cell::lstm_with_peepholes ? 2 : 1; }
constexpr int gates_of(Cell cell) { return states_of(cell) == 2 ? 4 : cell == Cell::tanh ? 1 : 3; }
/// Weights of inputs and of outputs, biases of both, and peepholes.
constexpr int weights_of(Cell cell, int inputs, int outputs) {
    return gates_of(cell) * outputs * (inputs + outputs + 2) + (cell == Cell::lstm_with_peepholes ? 3 * outputs : 0);
}

/// Where the numbers of a value lie: the first one, and the distance from one to the next along each axis. 0 repeats a
/// number, a negative distance goes backwards, and axes may overlap.
struct Strides {
    static constexpr int most_axes = 8;
    int first = 0;
    std::array<int, most_axes> by{};
    constexpr bool operator==(const Strides&) const = default;
};

/// The loops of an operation on dense values, which are numbers in a row: their axes are stated here alone, so a value
/// can be read with other axes by each reader, and changing its shape costs nothing.
struct LoopNest {
    static constexpr int most_axes = Strides::most_axes;
    int rank = 0;
    int inner = 0;  ///< the last axes: those that are reduced, multiplied and summed, or sorted
    std::array<int, most_axes> sizes{};
    std::array<Strides, 3> operands{};
    Strides out{};

    MapFunction map{};
    Activation activation{};  ///< of the map of that name
    Reduction reduction{};
    RowFunction row{};
    Scatter scatter{};
    Cell cell{};
    Real first{};  ///< a number, as the operation states
    /// of an argument: the last of equal numbers; of a sort: descending; of a cumulative sum: without the own number
    bool last = false;
    bool reverse = false;  ///< from the end; of a sort: places instead of numbers
    /// of gather and scatter: the size of the axis that is indexed; of a sort: the results of each row
    int limit = 0;
    int step = 0;                             ///< of gather and scatter: the stride of the axis that is indexed
    int operand_count = 0, result_count = 0;  ///< the number of operands; of the results numbers

    /// The product of the sizes of axes.
    constexpr int count(int from, int to) const {
        int product = 1;
        for (int i = from; i < to; ++i) product *= sizes[static_cast<std::size_t>(i)];
        return product;
    }
    /// Calls visit(i, offsets) for axes [from, to) in row-major order: i counts the calls, and offsets are those of the
    /// given strides, their first numbers included.
    template <std::size_t Count, class Visit>
    constexpr void walk(int from, int to, const std::array<Strides, Count>& strides, const Visit& visit) const {
        std::array<int, Count> offsets{};
        for (std::size_t k = 0; k < Count; ++k) offsets[k] = strides[k].first;
        std::array<int, most_axes> at{};
        const int all = count(from, to);
        for (int i = 0; i < all; ++i) {
            visit(i, offsets);
            for (int axis = to; axis-- > from;) {
                const auto a = static_cast<std::size_t>(axis);
                for (std::size_t k = 0; k < Count; ++k) offsets[k] += strides[k].by[a];
                if (++at[a] < sizes[a]) break;
                for (std::size_t k = 0; k < Count; ++k) offsets[k] -= strides[k].by[a] * sizes[a];
                at[a] = 0;
            }
        }
    }
    constexpr int outer_count() const { return count(0, rank - inner); }
    constexpr int inner_count() const { return count(rank - inner, rank); }
    constexpr bool operator==(const LoopNest&) const = default;
};

}  // namespace taxon
