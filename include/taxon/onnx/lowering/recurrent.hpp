#pragma once
#include <taxon/onnx/lowering/movement.hpp>
#include <taxon/onnx/operator/recurrent.hpp>

/// LSTM, GRU and RNN: a layer for each direction, of which all outputs are views.
namespace taxon::onnx::lowering {

inline Cell cell_of(const Operation& o) {
    const std::string& name = o.call().node->operation;
    std::vector<std::string> usual{"Tanh"};
    if (name != "RNN") usual.insert(usual.begin(), "Sigmoid");
    if (name == "LSTM") usual.push_back("Tanh");
    const std::vector<std::string> given = o.call().texts("activations");
    for (std::size_t i = 0; i < given.size(); ++i)
        if (given[i] != usual[i % usual.size()]) o.refuse("activation '" + given[i] + "'", usual[i % usual.size()]);
    if (name == "LSTM") {
        const auto same = o.given(7) ? o.scalar(7) : 0;  // none, if all are 0
        return same && *same == 0 ? Cell::lstm : Cell::lstm_with_peepholes;
    }
    if (name == "RNN") return Cell::tanh;
    return o.call().integer("linear_before_reset", 0) != 0 ? Cell::gru_reset_after : Cell::gru;
}

/// Of direction d: W, R, both biases and peepholes, one after the other.
inline Tensor recurrent_weights(const Operation& o, Cell cell, std::size_t d) {
    std::vector<Tensor> parts{o.require_constant(1, "weights"), o.require_constant(2, "weights")};
    const std::int64_t directions = parts[0].shape()[0], gates = parts[0].shape()[1];
    parts.push_back(o.given(3) ? o.require_constant(3, "biases") : Tensor(DataType::float32, {directions, 2 * gates}));
    if (cell == Cell::lstm_with_peepholes) parts.push_back(o.require_constant(7, "peepholes"));
    int depth = 0;
    std::int64_t count = 0;
    for (const Tensor& part : parts)
        depth = std::max(depth, part.depth()), count += static_cast<std::int64_t>(part.size()) / directions;
    return Lowering::late_floats({count}, depth, [parts, directions, d](std::span<float> to) {
        float* next = to.data();
        for (const Tensor& part : parts) {
            const std::size_t size = part.size() / static_cast<std::size_t>(directions);
            for (std::size_t i = 0; i < size; ++i) *next++ = static_cast<float>(part.real(d * size + i));
        }
    });
}

inline void lower_recurrent(const Operation& o) {
    const onnx::recurrent::Cells cells(o.call());
    const Cell cell = cell_of(o);
    const auto steps = static_cast<std::int64_t>(cells.steps), samples = static_cast<std::int64_t>(cells.samples),
               width = static_cast<std::int64_t>(cells.width), hidden = static_cast<std::int64_t>(cells.hidden),
               states = std::int64_t{states_of(cell)};
    const std::string name = o.module(1);
    const std::size_t direction_axis = cells.batch_first ? 1 : 0;
    View x = o.operand(0);
    if (cells.batch_first) x = x.transposed({1, 0, 2});
    const int source = o.to.in_order(x, name);
    // of each direction: (steps, samples, hidden), and the last states (samples, hidden)
    std::vector<View> all;
    std::vector<std::vector<View>> last(2);
    for (std::size_t d = 0; d < cells.directions; ++d) {
        const std::string own = cells.directions == 1 ? name : name + (d == 0 ? ".forward" : ".backward");
        std::vector<View> initial;
        bool any = false;
        for (std::size_t i = 0; i < static_cast<std::size_t>(states); ++i) {
            any = any || o.given(5 + i);
            if (o.given(5 + i))
                initial.push_back(o.operand(5 + i)
                                      .sliced(direction_axis, static_cast<std::int64_t>(d), 1, 1)
                                      .without_axis(direction_axis));
            else initial.push_back(o.to.constant_view(0, own + ".zero").broadcast({samples, hidden}));
        }
        const View state =
            any ? chained(o, own + ".state", initial)
                : o.to.constant_view(Tensor(DataType::float32, {states * samples * hidden}), own + ".state");
        const View weights = o.to.constant_view(recurrent_weights(o, cell, d), own + ".weights");
        LoopNest nest{.rank = 4, .cell = cell, .reverse = cells.reverse || d == 1};
        nest.sizes = {int_of(steps), int_of(samples), int_of(width), int_of(hidden)};
        const int value = o.to.add_dense(own, Op::recurrent, nest, (steps + states) * samples * hidden,
                                         {source, weights.value, state.value}, o.shape());
        all.push_back(View::in_order(value, {steps, samples, hidden}));
        for (std::int64_t i = 0; i < states; ++i) {
            View view = View::in_order(value, {samples, hidden});
            view.first = (steps + i) * samples * hidden;
            last[static_cast<std::size_t>(i)].push_back(view);
        }
    }
    // directions stand before the samples, or behind them
    const auto stacked_at = [&](const std::string& what, const std::vector<View>& views, std::size_t axis) {
        Dimensions shape = views[0].shape;
        shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(axis), static_cast<std::int64_t>(views.size()));
        if (views.size() == 1) return *views[0].reshaped(shape);
        const View whole = View::in_order(0, shape);
        std::vector<std::pair<View, View>> pieces;
        for (std::size_t d = 0; d < views.size(); ++d)
            pieces.emplace_back(views[d], whole.sliced(axis, static_cast<std::int64_t>(d), 1, 1).without_axis(axis));
        return View::in_order(assembled(o, what, shape, pieces), shape);
    };
    if (o.wants(0)) {
        for (View& view : all)
            if (cells.batch_first) view = view.transposed({1, 0, 2});
        o.define(stacked_at(name + ".all", all, cells.batch_first ? 2 : 1), 0);
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(states); ++i)
        if (o.wants(1 + i)) o.define(stacked_at(name + (i == 0 ? ".hidden" : ".cell"), last[i], direction_axis), 1 + i);
}

}  // namespace taxon::onnx::lowering
