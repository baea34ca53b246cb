#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <taxon/app/console/json.hpp>
#include <taxon/app/describe/layers.hpp>
#include <taxon/plan/operations.hpp>
#include <taxon/plan/allocate.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

/// A kernel call of a plan.
struct StepRow {
    std::string layer;               ///< the layer it computes
    std::string kernel;              ///< name_of(Kernel)
    std::vector<std::string> fused;  ///< fused operations in order: "batch_norm", "add", "relu", "mean"
    Shape output{};
    Element numbers{}, weights{};
    std::int64_t weight_bytes = 0;  ///< packed, with biases and scales
    int buffer = none;              ///< the buffer it writes
};

namespace detail {

inline std::vector<std::string> fused_into(const Step& step) {
    const Geometry& g = step.geometry;
    std::vector<std::string> fused;
    const auto activation = [&] {
        if (g.activation != Activation::none && g.kernel != Kernel::activation)
            fused.emplace_back(name_of(g.activation));
    };
    if (step.norm != none && g.kernel != Kernel::affine)
        fused.emplace_back(g.kernel == Kernel::embedding ? "layer_norm" : "batch_norm");
    if (!g.activation_last) activation();
    if (g.residual) fused.emplace_back("add");
    if (g.activation_last) activation();
    if (g.sums) fused.emplace_back("mean");
    if (g.by_channel) fused.emplace_back("factors");
    return fused;
}

}  // namespace detail

inline std::vector<StepRow> step_rows(GraphView graph, PlanView plan) {
    std::vector<StepRow> rows;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
        const Step& step = plan.steps[i];
        const bool last = i + 1 == plan.steps.size();
        const std::int64_t bytes = (last ? plan.weight_bytes : plan.steps[i + 1].weights_at) - step.weights_at,
                           biases = (last ? plan.bias_count : plan.steps[i + 1].bias_at) - step.bias_at;
        const TensorSlot& target = plan.slot(step.target);
        rows.push_back({.layer = std::string(graph.name(graph.node(step.first != none ? step.first : step.last))),
                        .kernel = std::string(name_of(step.geometry.kernel)),
                        .fused = detail::fused_into(step),
                        .output = target.shape,
                        .numbers = plan.buffer(target).view.element,
                        .weights = step.geometry.weights,
                        .weight_bytes = bytes + biases * static_cast<std::int64_t>(sizeof(float)),
                        .buffer = target.buffer});
    }
    return rows;
}

inline Json json_of(const std::vector<StepRow>& rows) {
    Json list = Json::array();
    for (const StepRow& row : rows)
        list.push_back(json_object({{"layer", row.layer},
                                    {"kernel", row.kernel},
                                    {"fused", row.fused},
                                    {"output", json_of(row.output)},
                                    {"dtype", name_of(row.numbers)},
                                    {"weights_dtype", name_of(row.weights)},
                                    {"weights_bytes", row.weight_bytes},
                                    {"buffer", row.buffer}}));
    return list;
}

/// The arena offset of each buffer, and its live range in steps.
inline Json json_of_buffers(PlanView plan) {
    Json list = Json::array();
    for (const Buffer& buffer : plan.buffers)
        list.push_back(json_object({{"offset", buffer.at},
                                    {"bytes", taxon::detail::bytes_of(buffer)},
                                    {"dtype", name_of(buffer.view.element)},
                                    {"live_from", buffer.live_from},
                                    {"live_to", buffer.live_to}}));
    return list;
}

inline std::string readable(const std::vector<StepRow>& rows) {
    std::size_t layer = 5, with = 4, output = 6;
    const auto joined = [](const StepRow& row) {
        std::string text;
        for (const auto& part : row.fused) text.append(text.empty() ? "" : ", ").append(part);
        return text;
    };
    for (const StepRow& row : rows) {
        layer = std::max(layer, row.layer.size());
        with = std::max(with, joined(row).size());
        output = std::max(output, readable(row.output).size());
    }
    std::string text = fmt::format("{:>4}  {:<11}  {:<{}}  {:<{}}  {:<{}}  {:<8}  {:>12}  {:>6}\n", "step", "kernel",
                                   "layer", layer, "with", with, "output", output, "dtype", "weights", "buffer");
    for (std::size_t i = 0; i < rows.size(); ++i)
        text += fmt::format("{:>4}  {:<11}  {:<{}}  {:<{}}  {:<{}}  {:<8}  {:>12}  {:>6}\n", i, rows[i].kernel,
                            rows[i].layer, layer, joined(rows[i]), with, readable(rows[i].output), output,
                            name_of(rows[i].numbers), rows[i].weight_bytes, rows[i].buffer);
    return text;
}

inline std::string readable_buffers(PlanView plan) {
    std::string text = fmt::format("{:>6}  {:>12}  {:>12}  {:<8}  {}\n", "buffer", "offset", "bytes", "dtype", "steps");
    for (std::size_t i = 0; i < plan.buffers.size(); ++i) {
        const Buffer& buffer = plan.buffers[i];
        text += fmt::format("{:>6}  {:>12}  {:>12}  {:<8}  {} to {}\n", i, buffer.at, taxon::detail::bytes_of(buffer),
                            name_of(buffer.view.element), buffer.live_from, buffer.live_to);
    }
    return text;
}

}  // namespace taxon::app
