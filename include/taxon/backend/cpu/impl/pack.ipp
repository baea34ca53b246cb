#pragma once
#include <memory>
#include <taxon/backend/cpu/pack.hpp>
#include <taxon/backend/cpu/packing/step.hpp>
#include <taxon/plan/quantization.hpp>

namespace taxon::cpu {

TAXON_DECL Packed pack(GraphView graph, PlanView plan, const Parameters& parameters, const quantize::Ranges& ranges,
                       bool by_strips) {
    const auto memory = std::make_shared<OwnPackedMemory>();
    memory->weights.resize(detail::size(plan.weight_bytes) + cache_line);  // matrix tiles read whole lines
    memory->biases.resize(detail::size(plan.bias_count));
    const auto quantization = quantization_of(graph, plan, ranges);
    const auto factors = channel_factors_of(graph, plan, ranges);
    const auto buffer = [&](int slot) { return detail::size(plan.slot(slot).buffer); };
    for (const Step& step : plan.steps) {
        try {
            const packing::StepPacking to{graph,
                                          step,
                                          parameters,
                                          quantization[buffer(step.source)],
                                          quantization[buffer(step.target)],
                                          factors[buffer(step.source)],
                                          factors[buffer(step.target)],
                                          memory->weights.data() + step.weights_at,
                                          memory->biases.data() + step.bias_at,
                                          by_strips};
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
    return {std::span(memory->weights).first(detail::size(plan.weight_bytes)),
            memory->biases,
            quantization,
            memory,
            memory->more_words,
            by_strips};
}

TAXON_DECL Packed in_panels(PlanView plan, const Packed& packed) {
    if (!packed.by_strips) return packed;
    const auto memory = std::make_shared<OwnPackedMemory>();
    memory->weights.resize(packed.weights.size() + cache_line);
    std::copy(packed.weights.begin(), packed.weights.end(), memory->weights.begin());
    for (const Step& step : plan.steps) {
        const Geometry& g = step.geometry;
        if (g.kernel != Kernel::convolution || g.weights != Element::float32) continue;
        const auto panels = [&](const Geometry& of_phase, int weights_before) {
            const int outputs = taxon::detail::outputs_of_group(g), depth = of_phase.depth;
            std::size_t at = detail::size(step.weights_at) + sizeof(float) * detail::size(weights_before) *
                                                                 detail::size(round_up(g.out.shape.channels, 8));
            for (int group = 0; group < g.groups; ++group)
                for (int channel = 0; channel < outputs; channel += g.panel) {
                    const int width = std::min(g.panel, outputs - channel);
                    auto* to = reinterpret_cast<float*>(memory->weights.data() + at);
                    const auto* from = reinterpret_cast<const float*>(packed.weights.data() + at);
                    for (int n = 0; n < width;) {
                        const StripOfPanel strip = strip_of(n, width);
                        for (int k = 0; k < depth; ++k, from += strip.width)
                            std::copy_n(from, strip.width, to + k * width + strip.from);
                        n += strip.width;
                    }
                    at += sizeof(float) * detail::size(width * depth);
                }
        };
        if (!g.transposed) panels(g, 0);
        else
            taxon::detail::for_each_phase(g, [&](const taxon::detail::Phase& phase) {
                panels(taxon::detail::geometry_of(g, phase), phase.weights_before);
            });
    }
    memory->biases.assign(packed.biases.begin(), packed.biases.end());
    memory->more_words.assign(packed.more_words.begin(), packed.more_words.end());
    return {std::span(memory->weights).first(packed.weights.size()), memory->biases, packed.quantization, memory,
            memory->more_words};
}

}  // namespace taxon::cpu
