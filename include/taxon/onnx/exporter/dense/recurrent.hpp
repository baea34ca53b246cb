#pragma once
#include <taxon/onnx/exporter/dense/arranged.hpp>

namespace taxon::onnx {

/// LSTM, GRU or RNN over (steps, samples, inputs), the batch's among the samples; and all its results in a row.
inline ValueRef export_recurrent(Exporter& exporter, const Node& node) {
    const std::string_view path = exporter.graph.name(node);
    const LoopNest& nest = exporter.graph.nest(node);
    const ValueRef &x = exporter.operand(node, 0), &weights = exporter.operand(node, 1),
                   &state = exporter.operand(node, 2);
    GraphWriter& to = exporter.to;
    if (!weights->numbers)
        detail::refuse(exporter, node, "weights that are computed", "a recurrent layer with constant weights");
    const std::int64_t steps = nest.sizes[0], samples = nest.sizes[1], inputs = nest.sizes[2], outputs = nest.sizes[3],
                       gates = gates_of(nest.cell), states = states_of(nest.cell), n = exporter.batch();
    const bool alone = n == 1;
    // (N, rows, samples, features) as (rows, N · samples, features)
    const auto rows_first = [&](const ValueRef& of, std::int64_t rows, std::int64_t features) {
        detail::Reading all;
        all.sizes = {rows, samples, features}, all.by = {samples * features, features, 1};
        std::string rows_of = detail::for_samples(exporter, path, of, detail::read(exporter, path, of, all), all.sizes);
        if (!alone) rows_of = exporter.transposed(path, rows_of, {1, 0, 2, 3});
        return exporter.reshaped(path, rows_of, {rows, alone ? samples : -1, features});
    };
    std::size_t at = 0;
    const auto part = [&](const char* what, Dimensions shape) {
        const auto count = static_cast<std::size_t>(detail::product(shape));
        const std::string made = exporter.once(weights->path + what, [&] {
            const auto from = weights->numbers->begin() + static_cast<std::ptrdiff_t>(at);
            return std::pair(shape, std::vector<float>(from, from + static_cast<std::ptrdiff_t>(count)));
        });
        at += count;
        return made;
    };
    // OpenVINO 2026.4 mixes up two of them that read one tensor, as both directions of a layer do
    bool reverses = false;
    for (const int reader : exporter.readers(exporter.graph.operand(node, 0)))
        reverses |= nest.reverse && reader != exporter.number(node) && exporter.graph.node(reader).op == Op::recurrent;
    const auto backwards = [&](const std::string& rows) {
        return !reverses
                   ? rows
                   : to.node(path, "Slice",
                             {rows, to.integers({-1}), to.integers({-steps - 1}), to.integers({0}), to.integers({-1})});
    };
    Names operands{backwards(rows_first(x, steps, inputs))};
    operands.push_back(part(".W", {1, gates * outputs, inputs}));
    operands.push_back(part(".R", {1, gates * outputs, outputs}));
    operands.push_back(part(".B", {1, 2 * gates * outputs}));
    const bool zero = state->numbers && std::all_of(state->numbers->begin(), state->numbers->end(),
                                                    [](float number) { return number == 0; });
    const bool peepholes = nest.cell == Cell::lstm_with_peepholes;
    if (!zero || peepholes) operands.push_back("");
    if (!zero) {
        const std::string whole = rows_first(state, states, outputs);
        for (std::int64_t i = 0; i < states; ++i)
            operands.push_back(states == 1 ? whole : exporter.sliced(path, whole, 0, i, i + 1));
    } else if (peepholes) operands.insert(operands.end(), {"", ""});
    if (peepholes) operands.push_back(part(".P", {1, 3 * outputs}));
    const bool gru = nest.cell == Cell::gru || nest.cell == Cell::gru_reset_after;
    Attributes attributes{{"direction", std::string(nest.reverse && !reverses ? "reverse" : "forward")},
                          {"hidden_size", outputs}};
    if (gru) attributes.push_back({"linear_before_reset", std::int64_t{nest.cell == Cell::gru_reset_after}});
    const Names results = to.results(path,
                                     states == 2 ? "LSTM"
                                     : gru       ? "GRU"
                                                 : "RNN",
                                     operands, attributes, static_cast<int>(states) + 1);
    // (steps, 1, samples, outputs), and (1, samples, outputs) of the last states
    Names all{backwards(exporter.reshaped(path, results[0], {steps, alone ? samples : -1, outputs}))};
    all.insert(all.end(), results.begin() + 1, results.end());
    std::string y = to.node(path, "Concat", all, {{"axis", std::int64_t{0}}});
    const std::int64_t rows = steps + states;
    y = exporter.reshaped(path, y, alone ? Integers{1, rows, samples, outputs} : Integers{rows, -1, samples, outputs});
    if (!alone) y = exporter.transposed(path, y, {1, 0, 2, 3});
    return detail::dense_value(exporter, node, y, {rows, samples, outputs});
}

}  // namespace taxon::onnx
