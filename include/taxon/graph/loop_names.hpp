#pragma once
#include <iterator>
#include <string_view>
#include <taxon/graph/loop_nest.hpp>

namespace taxon {

constexpr std::string_view name_of(MapFunction function) {
    constexpr std::string_view names[] = {"copy",
                                          "activation",
                                          "absolute",
                                          "negative",
                                          "exponential",
                                          "logarithm",
                                          "square_root",
                                          "reciprocal",
                                          "floor",
                                          "ceiling",
                                          "round",
                                          "truncate",
                                          "error_function",
                                          "sign",
                                          "sine",
                                          "cosine",
                                          "tangent",
                                          "arc_sine",
                                          "arc_cosine",
                                          "arc_tangent",
                                          "hyperbolic_sine",
                                          "hyperbolic_cosine",
                                          "inverse_hyperbolic_sine",
                                          "inverse_hyperbolic_cosine",
                                          "inverse_hyperbolic_tangent",
                                          "logical_not",
                                          "is_nan",
                                          "is_infinite",
                                          "add",
                                          "subtract",
                                          "multiply",
                                          "divide",
                                          "divide_whole",
                                          "power",
                                          "minimum",
                                          "maximum",
                                          "modulo",
                                          "remainder",
                                          "prelu",
                                          "equal",
                                          "less",
                                          "less_or_equal",
                                          "logical_and",
                                          "logical_or",
                                          "logical_xor",
                                          "bitwise_and",
                                          "bitwise_or",
                                          "bitwise_xor",
                                          "where",
                                          "clamp"};
    static_assert(std::size(names) == map_function_count);
    return names[static_cast<std::size_t>(function)];
}

constexpr std::string_view name_of(Reduction reduction) {
    constexpr std::string_view names[] = {
        "sum", "mean", "product", "minimum", "maximum", "argument_of_minimum", "argument_of_maximum"};
    return names[static_cast<std::size_t>(reduction)];
}

constexpr std::string_view name_of(RowFunction function) {
    constexpr std::string_view names[] = {"softmax", "log_softmax", "hard_maximum", "standardise", "cumulative_sum"};
    return names[static_cast<std::size_t>(function)];
}

constexpr std::string_view name_of(Scatter scatter) {
    constexpr std::string_view names[] = {"replace", "add", "multiply", "minimum", "maximum"};
    return names[static_cast<std::size_t>(scatter)];
}

constexpr std::string_view name_of(Cell cell) {
    constexpr std::string_view names[] = {"lstm", "gru", "gru_reset_after", "tanh", "lstm_with_peepholes"};
    return names[static_cast<std::size_t>(cell)];
}

}  // namespace taxon
