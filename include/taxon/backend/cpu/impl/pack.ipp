#pragma once
#include <memory>
#include <taxon/backend/cpu/pack.hpp>
#include <taxon/backend/cpu/packing/step.hpp>
#include <taxon/plan/quantization.hpp>

namespace taxon::cpu {

TAXON_DECL Packed pack(GraphView graph, PlanView plan, const Parameters& parameters, const quantize::Ranges& ranges) {
    const auto memory = std::make_shared<OwnPackedMemory>();
    memory->weights.resize(detail::size(plan.weight_bytes) + cache_line);  // matrix tiles read whole lines
    memory->biases.resize(detail::size(plan.bias_count));
    const auto quantization = quantization_of(graph, plan, ranges);
    for (const Step& step : plan.steps) {
        try {
            const packing::StepPacking to{graph,
                                          step,
                                          parameters,
                                          quantization[detail::size(plan.slot(step.source).buffer)],
                                          memory->weights.data() + step.weights_at,
                                          memory->biases.data() + step.bias_at};
            packing::pack_step(to);
            if (step.geometry.kernel == Kernel::embedding) packing::pack_more_words(to, *memory);
        } catch (const Error& error) {
            auto facts = error.facts();
            const std::string layer = "layer '" + std::string(graph.name(graph.node(step.first))) + "'";
            const bool exact = !facts.place.empty() && facts.place != "weights";  // an element of a tensor
            facts.place = exact ? layer + ", " + facts.place : layer;
            throw Error(error.fault(), std::move(facts));
        }
    }
    return {std::span(memory->weights).first(detail::size(plan.weight_bytes)), memory->biases, quantization, memory,
            memory->more_words};
}

}  // namespace taxon::cpu
