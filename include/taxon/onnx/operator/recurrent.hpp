#pragma once
#include <algorithm>
#include <cmath>
#include <string>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/elementwise.hpp>
#include <taxon/onnx/places.hpp>
#include <vector>

/// RNN, GRU and LSTM, in one direction or both. Sums are computed in double.
namespace taxon::onnx::recurrent {

using elementwise::require_type;
using Int = std::int64_t;

/// Inputs: x, w, r, b, sequence_lens, initial_h, and of LSTM initial_c and p (peepholes).
struct Cells {
    std::size_t steps, samples, width, hidden, directions, gates;
    bool batch_first, reverse;

    explicit Cells(const Call& call) : batch_first(call.integer("layout", 0) == 1) {
        const std::string& name = call.node->operation;
        gates = name == "LSTM" ? 4 : name == "GRU" ? 3 : 1;
        const std::string direction = call.text("direction", "forward");
        call.require(direction == "forward" || direction == "reverse" || direction == "bidirectional",
                     Fault::unsupported, "direction '" + direction + "'", "forward, reverse or bidirectional");
        directions = direction == "bidirectional" ? 2 : 1;
        reverse = direction == "reverse";
        const Dimensions &x = call.shape(0), &w = call.shape(1), &r = call.shape(2);
        call.require(x.size() == 3 && w.size() == 3 && r.size() == 3, Fault::shape,
                     io::to_string(x) + ", " + io::to_string(w) + " and " + io::to_string(r), "three dimensions each");
        steps = static_cast<std::size_t>(x[batch_first ? 1 : 0]),
        samples = static_cast<std::size_t>(x[batch_first ? 0 : 1]), width = static_cast<std::size_t>(x[2]);
        hidden = static_cast<std::size_t>(r[2]);
        const auto d = static_cast<Int>(directions), h = r[2], all = static_cast<Int>(gates) * h,
                   n = static_cast<Int>(samples);
        call.require(call.integer("hidden_size", h) == h && w == Dimensions{d, all, x[2]} && r == Dimensions{d, all, h},
                     Fault::shape, io::to_string(w) + " and " + io::to_string(r) + " of weights",
                     "those of " + io::to_string(x));
        const Dimensions state = batch_first ? Dimensions{n, d, h} : Dimensions{d, n, h};
        const Dimensions wanted[] = {{d, 2 * all}, {n}, state, state, {d, 3 * h}};
        for (std::size_t i = 3; i < 8; ++i)
            call.require(!call.given(i) || call.shape(i) == wanted[i - 3], Fault::shape,
                         io::to_string(call.given(i) ? call.shape(i) : Dimensions()) + " of input " + std::to_string(i),
                         io::to_string(wanted[i - 3]));
        if (call.given(4))
            for (const Int length : call.constants(4))
                call.require(length == static_cast<Int>(steps), Fault::unsupported, "sequences of different lengths",
                             "all of " + std::to_string(steps) + " steps");
        call.require(call.integer("input_forget", 0) == 0, Fault::unsupported, "input_forget", "gates of their own");
    }

    /// Sums that a gate or a state passes through, in each direction one after the other.
    std::vector<double (*)(double)> activations(const Call& call) const {
        const std::vector<std::string> standard = gates == 4   ? std::vector<std::string>{"Sigmoid", "Tanh", "Tanh"}
                                                  : gates == 3 ? std::vector<std::string>{"Sigmoid", "Tanh"}
                                                               : std::vector<std::string>{"Tanh"};
        std::vector<std::string> names = call.texts("activations");
        if (names.empty())
            for (std::size_t i = 0; i < directions; ++i) names.insert(names.end(), standard.begin(), standard.end());
        call.require(names.size() == directions * standard.size(), Fault::mismatch,
                     std::to_string(names.size()) + " activations", std::to_string(directions * standard.size()));
        std::vector<double (*)(double)> all;
        for (const std::string& name : names) {
            if (name == "Sigmoid") all.push_back(elementwise::sigmoid);
            else if (name == "Tanh") all.push_back([](double x) { return std::tanh(x); });
            else if (name == "Relu") all.push_back([](double x) { return std::fmax(x, 0); });
            else call.fail(Fault::unsupported, "activation '" + name + "'", "Sigmoid, Tanh or Relu");
        }
        return all;
    }
};

inline void infer_recurrent(Call& call) {
    require_type(call, is_floating(call.type(0)));
    for (std::size_t i = 1; i < call.inputs.size(); ++i)
        call.require(!call.given(i) || i == 4 || call.type(i) == call.type(0), Fault::type, "inputs of different types",
                     "one type");
    const Cells cells(call);
    cells.activations(call);
    const auto s = static_cast<Int>(cells.steps), d = static_cast<Int>(cells.directions),
               n = static_cast<Int>(cells.samples), h = static_cast<Int>(cells.hidden);
    call.flops = 2.0 * static_cast<double>(s * n * d * static_cast<Int>(cells.gates) * h) *
                 static_cast<double>(cells.width + cells.hidden);
    call.work = 32.0 * static_cast<double>(s) * static_cast<double>(d) * static_cast<double>(n);
    const Dimensions state = cells.batch_first ? Dimensions{n, d, h} : Dimensions{d, n, h};
    call.output(call.type(0), cells.batch_first ? Dimensions{n, s, d, h} : Dimensions{s, d, n, h});
    call.output(call.type(0), state);
    if (cells.gates == 4) call.output(call.type(0), state);
}

/// One step of one sample. `x` and `h` are W x and R h without biases, `bias` both biases, gates one after the other;
/// `state` is h, which it replaces, and `cell` is c of LSTM.
using Sums = std::vector<double>;
struct Step {
    const Cells& cells;
    std::vector<double (*)(double)> f;  ///< of this direction
    Sums bias_x, bias_h, peepholes;
    bool linear_before_reset = false;

    void rnn(const Sums& x, const Sums& h, Sums& state) const {
        for (std::size_t i = 0; i < cells.hidden; ++i) state[i] = f[0](x[i] + bias_x[i] + h[i] + bias_h[i]);
    }
    /// Gates i, o, f, c.
    void lstm(const Sums& x, const Sums& h, Sums& state, Sums& cell) const {
        const std::size_t n = cells.hidden;
        const auto sum = [&](std::size_t gate, std::size_t i) {
            return x[gate * n + i] + bias_x[gate * n + i] + h[gate * n + i] + bias_h[gate * n + i];
        };
        for (std::size_t i = 0; i < n; ++i) {
            const double in = f[0](sum(0, i) + peepholes[i] * cell[i]),
                         forget = f[0](sum(2, i) + peepholes[2 * n + i] * cell[i]);
            cell[i] = forget * cell[i] + in * f[1](sum(3, i));
            state[i] = f[0](sum(1, i) + peepholes[n + i] * cell[i]) * f[2](cell[i]);
        }
    }
    /// Gates z, r, h. `turned` makes R h of the last gate from a state.
    template <class Turn>
    void gru(const Sums& x, const Sums& h, Sums& state, Turn&& turned) const {
        const std::size_t n = cells.hidden;
        const auto sum = [&](std::size_t gate, std::size_t i) {
            return x[gate * n + i] + bias_x[gate * n + i] + h[gate * n + i] + bias_h[gate * n + i];
        };
        Sums reset(n), held(n);
        for (std::size_t i = 0; i < n; ++i) reset[i] = f[0](sum(1, i)), held[i] = reset[i] * state[i];
        const Sums part = linear_before_reset ? Sums() : turned(held);
        for (std::size_t i = 0; i < n; ++i) {
            const std::size_t at = 2 * n + i;
            const double from_state = linear_before_reset ? reset[i] * (h[at] + bias_h[at]) : part[i] + bias_h[at];
            const double z = f[0](sum(0, i)), next = f[1](x[at] + bias_x[at] + from_state);
            state[i] = (1 - z) * next + z * state[i];
        }
    }
};

template <class T>
void compute(Call& call) {
    const Cells cells(call);
    const std::size_t n = cells.hidden, rows = cells.gates * n,
                      per_direction = cells.activations(call).size() / cells.directions;
    const T *x = call.operands[0].numbers<T>().data(), *w = call.operands[1].numbers<T>().data(),
            *r = call.operands[2].numbers<T>().data();
    // rows [first, last) of a matrix times a vector
    const auto times = [](const T* matrix, const auto* vector, std::size_t first, std::size_t last,
                          std::size_t columns) {
        Sums sums;
        for (std::size_t row = first; row < last; ++row) {
            double sum = 0;
            for (std::size_t i = 0; i < columns; ++i)
                sum += static_cast<double>(matrix[row * columns + i]) * static_cast<double>(vector[i]);
            sums.push_back(sum);
        }
        return sums;
    };
    const auto copy = [&](std::size_t input, std::size_t first, std::size_t count) {
        Sums numbers(count);
        for (std::size_t i = 0; call.given(input) && i < count; ++i) numbers[i] = call.operands[input].real(first + i);
        return numbers;
    };
    for (std::size_t d = 0; d < cells.directions; ++d) {
        const auto all = cells.activations(call);
        const Step step{cells,
                        {all.begin() + static_cast<std::ptrdiff_t>(d * per_direction),
                         all.begin() + static_cast<std::ptrdiff_t>((d + 1) * per_direction)},
                        copy(3, 2 * d * rows, rows),
                        copy(3, (2 * d + 1) * rows, rows),
                        copy(7, 3 * d * n, 3 * n),
                        call.integer("linear_before_reset", 0) != 0};
        const T *own_w = w + d * rows * cells.width, *own_r = r + d * rows * n;
        for (std::size_t sample = 0; sample < cells.samples; ++sample) {
            const std::size_t place =
                (cells.batch_first ? sample * cells.directions + d : d * cells.samples + sample) * n;
            Sums state = copy(5, place, n), cell = copy(6, place, n);
            for (std::size_t i = 0; i < cells.steps; ++i) {
                const std::size_t t = cells.reverse || d == 1 ? cells.steps - 1 - i : i;
                const Sums from_x =
                               times(own_w,
                                     x + (cells.batch_first ? sample * cells.steps + t : t * cells.samples + sample) *
                                             cells.width,
                                     0, rows, cells.width),
                           from_h = times(own_r, state.data(), 0, rows, n);
                if (cells.gates == 4) step.lstm(from_x, from_h, state, cell);
                else if (cells.gates == 3)
                    step.gru(from_x, from_h, state,
                             [&](const Sums& held) { return times(own_r, held.data(), 2 * n, rows, n); });
                else step.rnn(from_x, from_h, state);
                const std::size_t to = (cells.batch_first ? (sample * cells.steps + t) * cells.directions + d
                                                          : (t * cells.directions + d) * cells.samples + sample) *
                                       n;
                for (std::size_t j = 0; j < n; ++j) {
                    state[j] = static_cast<double>(static_cast<T>(state[j]));
                    call.results[0].writable<T>()[to + j] = static_cast<T>(state[j]);
                }
            }
            for (std::size_t j = 0; j < n; ++j) {
                call.results[1].writable<T>()[place + j] = static_cast<T>(state[j]);
                if (cells.gates == 4) call.results[2].writable<T>()[place + j] = static_cast<T>(cell[j]);
            }
        }
    }
}
inline void compute_recurrent(Call& call) {
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        if constexpr (!std::is_same_v<T, Int>) compute<T>(call);
    });
}

inline void add_to(std::vector<Operator>& table) {
    const Operator all[] = {
        {"RNN", 3, 6, "activations direction hidden_size layout", infer_recurrent, compute_recurrent},
        {"GRU", 3, 6, "activations direction hidden_size layout linear_before_reset", infer_recurrent,
         compute_recurrent},
        {"LSTM", 3, 8, "activations direction hidden_size input_forget layout", infer_recurrent, compute_recurrent},
    };
    table.insert(table.end(), std::begin(all), std::end(all));
}

}  // namespace taxon::onnx::recurrent
