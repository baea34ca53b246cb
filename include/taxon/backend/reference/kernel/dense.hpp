#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <taxon/backend/reference/kernel/elementwise.hpp>
#include <taxon/graph/loop_nest.hpp>
#include <vector>

namespace taxon::reference {

/// Dense values have one axis; see taxon/layer/dense.hpp.
inline Value dense(int count, double number = 0) { return Value(std::vector<std::size_t>{size(count), 1, 1}, number); }

inline double map_one(const LoopNest& nest, double a, double b, double c) {
    const auto whole = [](double number) { return static_cast<std::int64_t>(number); };
    switch (nest.map) {
        case MapFunction::copy: return a;
        case MapFunction::activation: return activate(nest.activation, Value(std::vector<std::size_t>{1}, a))(0);
        case MapFunction::absolute: return std::fabs(a);
        case MapFunction::negative: return -a;
        case MapFunction::exponential: return std::exp(a);
        case MapFunction::logarithm: return std::log(a);
        case MapFunction::square_root: return std::sqrt(a);
        case MapFunction::reciprocal: return 1 / a;
        case MapFunction::floor: return std::floor(a);
        case MapFunction::ceiling: return std::ceil(a);
        case MapFunction::round: return std::nearbyint(a);
        case MapFunction::truncate: return std::trunc(a);
        case MapFunction::error_function: return std::erf(a);
        case MapFunction::sign: return a > 0 ? 1 : a < 0 ? -1 : a;
        case MapFunction::sine: return std::sin(a);
        case MapFunction::cosine: return std::cos(a);
        case MapFunction::tangent: return std::tan(a);
        case MapFunction::arc_sine: return std::asin(a);
        case MapFunction::arc_cosine: return std::acos(a);
        case MapFunction::arc_tangent: return std::atan(a);
        case MapFunction::hyperbolic_sine: return std::sinh(a);
        case MapFunction::hyperbolic_cosine: return std::cosh(a);
        case MapFunction::inverse_hyperbolic_sine: return std::asinh(a);
        case MapFunction::inverse_hyperbolic_cosine: return std::acosh(a);
        case MapFunction::inverse_hyperbolic_tangent: return std::atanh(a);
        case MapFunction::logical_not: return a == 0;
        case MapFunction::is_nan: return std::isnan(a);
        case MapFunction::is_infinite: return std::isinf(a);
        case MapFunction::add: return a + b;
        case MapFunction::subtract: return a - b;
        case MapFunction::multiply: return a * b;
        case MapFunction::divide: return a / b;
        case MapFunction::divide_whole: return std::trunc(a / b);
        case MapFunction::power: return std::pow(a, b);
        case MapFunction::minimum: return std::isnan(a) || a < b ? a : b;
        case MapFunction::maximum: return std::isnan(a) || a > b ? a : b;
        case MapFunction::modulo: return a - b * std::floor(a / b);
        case MapFunction::remainder: return std::fmod(a, b);
        case MapFunction::prelu: return a < 0 ? b * a : a;
        case MapFunction::equal: return a == b;
        case MapFunction::less: return a < b;
        case MapFunction::less_or_equal: return a <= b;
        case MapFunction::logical_and: return a != 0 && b != 0;
        case MapFunction::logical_or: return a != 0 || b != 0;
        case MapFunction::logical_xor: return (a != 0) != (b != 0);
        case MapFunction::bitwise_and: return static_cast<double>(whole(a) & whole(b));
        case MapFunction::bitwise_or: return static_cast<double>(whole(a) | whole(b));
        case MapFunction::bitwise_xor: return static_cast<double>(whole(a) ^ whole(b));
        case MapFunction::where: return a != 0 ? b : c;
        case MapFunction::clamp: return std::isnan(a) ? a : std::min(std::max(a, b), c);
    }
    return a;
}

inline Value map(const LoopNest& nest, const Value& a, const Value& b, const Value& c) {
    Value y = dense(nest.outer_count());
    nest.walk(0, nest.rank, nest.operands, [&](int i, const auto& at) {
        y.flat(size(i)) = map_one(nest, a.flat(size(at[0])), b.flat(size(at[1])), c.flat(size(at[2])));
    });
    return y;
}

inline void assemble(const LoopNest& nest, const Value& x, Value& y) {
    nest.walk(0, nest.rank, std::array{nest.operands[0], nest.out},
              [&](int, const auto& at) { y.flat(size(at[1])) = x.flat(size(at[0])); });
}

/// Calls each(i, numbers, places) for the outer axes' element i with the numbers along the inner axes and the place of
/// each in the result.
template <class Each>
void for_each_row(const LoopNest& nest, const Value& x, const Each& each) {
    const int outer = nest.rank - nest.inner;
    nest.walk(0, outer, std::array{nest.operands[0], nest.out}, [&](int i, const auto& begin) {
        Strides from = nest.operands[0], to = nest.out;
        from.first = begin[0], to.first = begin[1];
        std::vector<double> numbers;
        std::vector<std::size_t> places;
        nest.walk(outer, nest.rank, std::array{from, to}, [&](int, const auto& at) {
            numbers.push_back(x.flat(size(at[0])));
            places.push_back(size(at[1]));
        });
        each(i, numbers, places);
    });
}

inline double reduce_one(const LoopNest& nest, const std::vector<double>& numbers) {
    const double sum = std::accumulate(numbers.begin(), numbers.end(), 0.0);
    // NaN precedes all numbers, and is equal to itself
    const auto argument = [&](auto precedes) {
        std::size_t best = 0;
        for (std::size_t i = 1; i < numbers.size(); ++i) {
            const double x = numbers[i], y = numbers[best];
            const bool same = x == y || (std::isnan(x) && std::isnan(y));
            if (precedes(x, y) || (std::isnan(x) && !same) || (nest.last && same)) best = i;
        }
        return static_cast<double>(best);
    };
    const auto extreme = [&](double sign) {
        double best = numbers[0];
        for (const double number : numbers)
            if (std::isnan(number) || sign * number > sign * best) best = number;
        return best;
    };
    switch (nest.reduction) {
        case Reduction::sum: return sum;
        case Reduction::mean: return sum / static_cast<double>(numbers.size());
        case Reduction::product: return std::accumulate(numbers.begin(), numbers.end(), 1.0, std::multiplies<>());
        case Reduction::minimum: return extreme(-1);
        case Reduction::maximum: return extreme(1);
        case Reduction::argument_of_minimum: return argument(std::less<>());
        case Reduction::argument_of_maximum: return argument(std::greater<>());
    }
    return 0;
}

inline Value reduce(const LoopNest& nest, const Value& x) {
    Value y = dense(nest.outer_count());
    for_each_row(nest, x, [&](int i, const std::vector<double>& numbers, const std::vector<std::size_t>&) {
        y.flat(size(i)) = reduce_one(nest, numbers);
    });
    return y;
}

/// In place.
inline void row_function(const LoopNest& nest, std::vector<double>& numbers) {
    // NaN is the greatest
    const auto greatest = std::max_element(
        numbers.begin(), numbers.end(), [](double a, double b) { return a < b || (std::isnan(b) && !std::isnan(a)); });
    const double most = *greatest;
    switch (nest.row) {
        case RowFunction::softmax:
        case RowFunction::log_softmax: {
            double sum = 0;
            for (const double x : numbers) sum += std::exp(x - most);
            for (double& x : numbers)
                x = nest.row == RowFunction::softmax ? std::exp(x - most) / sum : x - most - std::log(sum);
            return;
        }
        case RowFunction::hard_maximum: {
            const auto first = greatest - numbers.begin();
            std::fill(numbers.begin(), numbers.end(), 0.0);
            numbers[static_cast<std::size_t>(first)] = 1;
            return;
        }
        case RowFunction::standardise: {
            const double count = static_cast<double>(numbers.size());
            const double mean = std::accumulate(numbers.begin(), numbers.end(), 0.0) / count;
            double variance = 0;
            for (const double x : numbers) variance += (x - mean) * (x - mean) / count;
            for (double& x : numbers) x = (x - mean) / std::sqrt(variance + nest.first);
            return;
        }
        case RowFunction::cumulative_sum: {
            if (nest.reverse) std::reverse(numbers.begin(), numbers.end());
            double sum = 0;
            for (double& x : numbers) {
                const double own = x;
                x = nest.last ? sum : sum + own;
                sum += own;
            }
            if (nest.reverse) std::reverse(numbers.begin(), numbers.end());
            return;
        }
    }
}

/// `gain` and `shift`: null if there are none.
inline Value row(const LoopNest& nest, const Value& x, const Value* gain, const Value* shift) {
    Value y = dense(nest.outer_count() * nest.inner_count());
    for_each_row(nest, x, [&](int, std::vector<double>& numbers, const std::vector<std::size_t>& places) {
        row_function(nest, numbers);
        for (std::size_t i = 0; i < numbers.size(); ++i)
            y.flat(places[i]) =
                numbers[i] * (gain != nullptr ? gain->flat(i) : 1.0) + (shift != nullptr ? shift->flat(i) : 0.0);
    });
    return y;
}

inline Value matrix_product(const LoopNest& nest, const Value& a, const Value& b) {
    Value y = dense(nest.outer_count());
    const int outer = nest.rank - nest.inner;
    nest.walk(0, outer, std::array{nest.operands[0], nest.operands[1], nest.out}, [&](int, const auto& begin) {
        Strides of_a = nest.operands[0], of_b = nest.operands[1];
        of_a.first = begin[0], of_b.first = begin[1];
        double sum = 0;
        nest.walk(outer, nest.rank, std::array{of_a, of_b},
                  [&](int, const auto& at) { sum += a.flat(size(at[0])) * b.flat(size(at[1])); });
        y.flat(size(begin[2])) = static_cast<double>(nest.first) * sum;
    });
    return y;
}

/// The place of an index along its axis: negative ones count from the end, others are clamped.
inline int place_of(const LoopNest& nest, double index) {
    const double place = index < 0 ? index + nest.limit : index;
    return static_cast<int>(std::clamp(place, 0.0, static_cast<double>(nest.limit - 1))) * nest.step;
}

inline Value gather(const LoopNest& nest, const Value& from, const Value& indices) {
    Value y = dense(nest.outer_count());
    nest.walk(0, nest.rank, std::array{nest.operands[0], nest.operands[1]}, [&](int i, const auto& at) {
        y.flat(size(i)) = from.flat(size(at[0] + place_of(nest, indices.flat(size(at[1])))));
    });
    return y;
}

inline Value scatter(const LoopNest& nest, Value y, const Value& indices, const Value& updates) {
    nest.walk(0, nest.rank, std::array{nest.out, nest.operands[1], nest.operands[2]}, [&](int, const auto& at) {
        double& old = y.flat(size(at[0] + place_of(nest, indices.flat(size(at[1])))));
        const double update = updates.flat(size(at[2]));
        switch (nest.scatter) {
            case Scatter::replace: old = update; break;
            case Scatter::add: old += update; break;
            case Scatter::multiply: old *= update; break;
            case Scatter::minimum: old = std::min(old, update); break;
            case Scatter::maximum: old = std::max(old, update); break;
        }
    });
    return y;
}

inline Value sort(const LoopNest& nest, const Value& x) {
    Value y = dense(nest.outer_count() * nest.limit);
    for_each_row(nest, x, [&](int i, const std::vector<double>& numbers, const std::vector<std::size_t>&) {
        std::vector<std::size_t> order(numbers.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return nest.last ? numbers[a] > numbers[b] : numbers[a] < numbers[b];
        });
        for (int k = 0; k < nest.limit; ++k)
            y.flat(size(i * nest.limit + k)) =
                nest.reverse ? static_cast<double>(order[size(k)]) : numbers[order[size(k)]];
    });
    return y;
}

/// The equations of ONNX's operators LSTM, GRU and RNN.
inline Value recurrent(const LoopNest& nest, const Value& x, const Value& weights, const Value& state) {
    const std::size_t steps = size(nest.sizes[0]), samples = size(nest.sizes[1]), inputs = size(nest.sizes[2]),
                      outputs = size(nest.sizes[3]), gates = size(gates_of(nest.cell)), whole = samples * outputs;
    const std::size_t recurrent_at = gates * outputs * inputs, biases_at = recurrent_at + gates * outputs * outputs;
    const bool has_cells = states_of(nest.cell) == 2;
    Value y = dense(static_cast<int>((steps + (has_cells ? 2 : 1)) * whole));
    std::vector<double> h(whole), c(whole);
    for (std::size_t i = 0; i < whole; ++i) h[i] = state.flat(i), c[i] = has_cells ? state.flat(whole + i) : 0;
    const auto sigmoid = [](double number) { return 1 / (1 + std::exp(-number)); };
    for (std::size_t k = 0; k < steps; ++k) {
        const std::size_t t = nest.reverse ? steps - 1 - k : k;
        const std::vector<double> before = h;
        for (std::size_t n = 0; n < samples; ++n) {
            const auto of_input = [&](std::size_t row) {
                double sum = weights.flat(biases_at + row);
                for (std::size_t i = 0; i < inputs; ++i)
                    sum += weights.flat(row * inputs + i) * x.flat((t * samples + n) * inputs + i);
                return sum;
            };
            const auto of_state = [&](std::size_t row, const auto& hidden) {
                double sum = weights.flat(biases_at + gates * outputs + row);
                for (std::size_t j = 0; j < outputs; ++j)
                    sum += weights.flat(recurrent_at + row * outputs + j) * hidden(j);
                return sum;
            };
            const auto plain = [&](std::size_t j) { return before[n * outputs + j]; };
            std::vector<double> reset(outputs);
            for (std::size_t j = 0; j < outputs && nest.cell == Cell::gru; ++j)
                reset[j] = plain(j) * sigmoid(of_input(outputs + j) + of_state(outputs + j, plain));
            for (std::size_t j = 0; j < outputs; ++j) {
                const auto gate = [&](std::size_t number) {
                    const std::size_t row = number * outputs + j;
                    return of_input(row) + of_state(row, plain);
                };
                double& now = h[n * outputs + j];
                double& cell = c[n * outputs + j];
                switch (nest.cell) {
                    case Cell::lstm_with_peepholes: {
                        const auto peephole = [&](std::size_t number) {
                            return weights.flat(biases_at + (2 * gates + number) * outputs + j);
                        };
                        const double input = sigmoid(gate(0) + peephole(0) * cell);
                        cell = sigmoid(gate(2) + peephole(2) * cell) * cell + input * std::tanh(gate(3));
                        now = sigmoid(gate(1) + peephole(1) * cell) * std::tanh(cell);
                        break;
                    }
                    case Cell::lstm:
                        cell = sigmoid(gate(2)) * cell + sigmoid(gate(0)) * std::tanh(gate(3));
                        now = sigmoid(gate(1)) * std::tanh(cell);
                        break;
                    case Cell::gru:
                    case Cell::gru_reset_after: {
                        const std::size_t row = 2 * outputs + j;
                        const double proposal =
                            nest.cell == Cell::gru
                                ? of_input(row) + of_state(row, [&](std::size_t i) { return reset[i]; })
                                : of_input(row) + sigmoid(gate(1)) * of_state(row, plain);
                        const double update = sigmoid(gate(0));
                        now = (1 - update) * std::tanh(proposal) + update * now;
                        break;
                    }
                    case Cell::tanh: now = std::tanh(gate(0)); break;
                }
            }
        }
        for (std::size_t i = 0; i < whole; ++i) y.flat(t * whole + i) = h[i];
    }
    for (std::size_t i = 0; i < whole; ++i) {
        y.flat(steps * whole + i) = h[i];
        if (has_cells) y.flat((steps + 1) * whole + i) = c[i];
    }
    return y;
}

/// Axes: a batch, queries, features of the values; keys, features. The bias has strides of its own; null if there is
/// none.
inline Value scaled_dot_product(const LoopNest& nest, const Value& q, const Value& k, const Value& v,
                                const LoopNest* of_bias, const Value* bias) {
    Value y = dense(nest.outer_count());
    const int outer = nest.rank - 2, keys = outer, features = outer + 1;
    Strides none{}, to_bias = of_bias != nullptr ? of_bias->operands[0] : none;
    nest.walk(0, outer, std::array{nest.operands[0], nest.operands[1], nest.operands[2], to_bias, nest.out},
              [&](int, const auto& begin) {
                  const auto from = [&](const Strides& strides, std::size_t i) {
                      Strides moved = strides;
                      moved.first = begin[i];
                      return moved;
                  };
                  const auto of_key = std::array{from(nest.operands[0], 0), from(nest.operands[1], 1),
                                                 from(nest.operands[2], 2), from(to_bias, 3)};
                  std::vector<double> scores, numbers;
                  nest.walk(keys, features, of_key, [&](int, const auto& at) {
                      Strides of_q = nest.operands[0], of_k = nest.operands[1];
                      of_q.first = at[0], of_k.first = at[1];
                      double sum = 0;
                      nest.walk(features, nest.rank, std::array{of_q, of_k}, [&](int, const auto& place) {
                          sum += q.flat(size(place[0])) * k.flat(size(place[1]));
                      });
                      scores.push_back(static_cast<double>(nest.first) * sum +
                                       (bias != nullptr ? bias->flat(size(at[3])) : 0.0));
                      numbers.push_back(v.flat(size(at[2])));
                  });
                  LoopNest softmax;
                  softmax.row = RowFunction::softmax;
                  row_function(softmax, scores);
                  y.flat(size(begin[4])) = std::inner_product(scores.begin(), scores.end(), numbers.begin(), 0.0);
              });
    return y;
}

/// The numbers of a picture in a row, and back.
inline Value flatten(const Node& node, const Value& x) {
    Value y = node.channels_last ? Value(xt::transpose(x, {1, 2, 0})) : x;
    y.reshape({x.size(), std::size_t{1}, std::size_t{1}});
    return y;
}
inline Value picture(const Node& node, const Value& x) {
    Value y = x;
    const std::size_t channels = size(node.out.channels), height = size(node.out.height), width = size(node.out.width);
    if (!node.channels_last) {
        y.reshape({channels, height, width});
        return y;
    }
    y.reshape({height, width, channels});
    return xt::transpose(y, {2, 0, 1});
}

}  // namespace taxon::reference
