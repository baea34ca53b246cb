#pragma once
#include <algorithm>
#include <string>
#include <taxon/app/describe/layers.hpp>
#include <taxon/app/describe/steps.hpp>
#include <taxon/app/profile/kernel_choice.hpp>
#include <taxon/app/profile/profile.hpp>
#include <taxon/backend/cpu/tile_shape.hpp>
#include <taxon/plan/chain.hpp>
#include <taxon/profile/step_layers.hpp>
#include <vector>

namespace taxon::app {

namespace detail {

inline ProfiledValue value_of(PlanView plan, int slot, int length) {
    if (slot == none) return {};
    const View view = plan.view(slot);
    ProfiledValue value{view.shape, view.element, {1, view.row(), view.pitch}, 0};
    if (view.shape.sequence) value.shape.width = length;
    value.bytes = static_cast<double>(size_of(view.element)) * value.shape.size();
    return value;
}

/// Bytes of the word, position and type embeddings that a sample reads.
inline double bytes_of_embeddings(const Geometry& g, int length) {
    return 3. * length * g.out.shape.channels * static_cast<double>(size_of(g.weights));
}

}  // namespace detail

/// What is known of a plan's steps before they are timed: all but the times. `length`: of texts.
inline std::vector<ProfileRow> step_facts(GraphView graph, PlanView plan, const Machine& machine, int batch,
                                          int length) {
    const auto steps = step_rows(graph, plan);
    const double all_weights = plan.weight_bytes + static_cast<double>(sizeof(float)) * plan.bias_count;
    const std::vector<StepChain> chains = chains_of(plan);
    const int parts = batch >= machine.threads ? 1 : machine.threads;  // of a sample
    std::vector<ProfileRow> rows;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const Step& step = plan.steps[i];
        const Geometry& g = step.geometry;
        ProfileRow row{.step = static_cast<int>(i), .layer = steps[i].layer};
        for (const int node : nodes_of(graph, step))
            if (std::string name(graph.name(graph.node(node)));
                !name.empty() && (row.layers.empty() || row.layers.back() != name))
                row.layers.push_back(std::move(name));
        row.fused = steps[i].fused, row.kind = steps[i].kernel;
        row.operation = detail::operation_of(graph.node(step.first != none ? step.first : step.last));
        row.why = why(step, cpu::name_of(machine.isa));
        for (const StepChain& chain : chains)
            if (row.step >= chain.first && row.step < chain.last && shares_chain(plan, chain, parts)) row.chain = chain;
        if (const auto [pixels, channels] = cpu::tile_shape(machine.isa, g); pixels > 0)
            row.tile = fmt::format("{}x{}", pixels, channels);
        row.input = detail::value_of(plan, step.source, length),
        row.output = detail::value_of(plan, step.target, length);
        row.operand = detail::value_of(plan, step.operand, length);
        row.weights = g.weights, row.weight_bytes = static_cast<double>(steps[i].weight_bytes);
        row.flops = static_cast<double>(step_flops(graph, step, length)) * batch;
        row.kernel_flops = g.kernel == Kernel::winograd ? row.flops / 4 : row.flops;
        const double values = row.input.bytes + row.output.bytes + row.operand.bytes,
                     weights = g.kernel == Kernel::embedding
                                   ? std::min(detail::bytes_of_embeddings(g, length), row.weight_bytes)
                                   : row.weight_bytes;
        row.moved_bytes = batch * (values + weights);
        row.compute_seconds = machine.compute_seconds(row.kernel_flops, g.weights);
        // a step's values were just written, in a chain a few rows of them; its weights were read a whole run ago
        const double in_use = row.chain.band > 0 ? std::min(values, double{taxon::detail::chain_values}) : values;
        row.memory_seconds = batch * (machine.memory_seconds(values, in_use) +
                                      machine.memory_seconds(weights, all_weights + plan.arena_bytes));
        row.buffer = steps[i].buffer;
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace taxon::app
