#pragma once
#include <cstdint>
#include <string>
#include <taxon/core/fnv1a.hpp>
#include <taxon/graph/port_numbers.hpp>
#include <taxon/plan/plan.hpp>

namespace taxon {
namespace detail {

/// Hashes integers as eight bytes each.
class Fingerprint {
  public:
    template <class... Numbers>
    constexpr void add(Numbers... numbers) {
        (add_number(static_cast<std::uint64_t>(static_cast<std::int64_t>(numbers))), ...);
    }
    constexpr void add(std::string_view text) {
        hash_.add(text);
        add(text.size());
    }
    /// Omits `table`, which follows from the step's kernel and shape.
    constexpr void add(const Shape& all) {
        const auto& [channels, height, width, sequence, table] = all;
        static_cast<void>(table);
        add(channels, height, width, sequence);
    }
    constexpr void add(const View& view) {
        const auto& [shape, pitch, halo, element] = view;
        add(shape);
        add(pitch, halo.y, halo.x, element);
    }
    constexpr void add(const Window& window) {
        for (const auto& [taps, stride, dilation, before, after] : {window.y, window.x})
            add(taps, stride, dilation, before, after);
    }
    constexpr void add(const Strides& strides) {
        add(strides.first);
        for (const int stride : strides.by) add(stride);
    }
    /// The functions are those of the step.
    constexpr void add(const LoopNest& nest) {
        add(nest.rank, nest.inner, nest.first.bits, nest.last, nest.reverse, nest.limit, nest.step);
        for (const int axis : nest.sizes) add(axis);
        for (const Strides& operand : nest.operands) add(operand);
        add(nest.out);
    }
    template <class... Numbers>
    constexpr void add(const std::tuple<Numbers...>& numbers) {
        std::apply([this](auto... number) { this->add(number...); }, numbers);
    }
    constexpr std::uint64_t value() const { return hash_.value(); }

  private:
    constexpr void add_number(std::uint64_t number) {
        for (int shift = 0; shift < 64; shift += 8) hash_.add(static_cast<unsigned char>(number >> shift));
    }

    Fnv1a hash_;
};

}  // namespace detail

/// Identifies a network's packed weights: equal only for equal parameters, steps and layout.
constexpr std::uint64_t fingerprint_of(GraphView graph, PlanView plan) {
    constexpr int layout = 1;  // of the packed weights: raise it whenever the same plan comes to mean other bytes
    detail::Fingerprint print;
    print.add(layout, plan.weight_bytes, plan.bias_count, plan.buffers.size());
    for (const Parameter& parameter : graph.parameters) print.add(graph.name(parameter));
    for (const Step& step : plan.steps) {
        const auto fields = fields_of(step.geometry);
        print.add(fields.numbers);
        print.add(fields.window);
        print.add(step.source, step.target, step.operand, step.first, step.norm, step.last, step.weights_at,
                  step.bias_at);
        for (const View& view : fields.views) print.add(view);
        if (step.geometry.kernel == Kernel::boxes) print.add(fields.of_boxes);
        if (step.geometry.kernel == Kernel::shuffle) print.add(fields.of_shuffle);
        if (step.geometry.kernel == Kernel::resize) print.add(fields.of_resizing);
        if (step.nest != none) print.add(graph.nests[detail::size(step.nest)]), print.add(step.third);
        if (step.fourth != none) print.add(graph.nests[detail::size(step.nest + 1)]), print.add(step.fourth);
        if (step.geometry.kernel >= Kernel::constant) print.add(fields.of_dense);
        if (fields.of_activation != decltype(fields.of_activation){}) print.add(fields.of_activation);
        if (step.seven_bits) print.add(step.seven_bits);
        if (step.geometry.by_channel) print.add(fields.of_channels);
        const Node& node = graph.node(step.first);
        // folded into the weights
        print.add(node.parameter, node.bias, node.groups, node.parts,
                  step.norm == none ? 0 : graph.node(step.norm).inverse_epsilon);
    }
    for (const TensorSlot& slot : plan.slots) print.add(slot.buffer, slot.channel);
    for (const Port& input : graph.inputs)
        if (!input.name.empty()) print.add(input.name);
    for (std::size_t i = 0; i < graph.outputs.size(); ++i)
        if (!graph.outputs[i].name.empty()) print.add(graph.outputs[i].name), print.add(plan.outputs[i]);
    return print.value();
}

/// A readable summary of the same: "3 x 224 x 224 to 1000 x 1 x 1, 2542856 parameters, 66 steps, values of uint8,
/// 2712832 bytes of weights".
inline std::string summary_of(GraphView graph, PlanView plan) {
    Element values = Element::float32;
    bool seven_bits = false;
    for (const Step& step : plan.steps) seven_bits |= step.seven_bits;
    for (const Buffer& buffer : plan.buffers)
        if (buffer.view.element != Element::float32) values = buffer.view.element;
    return text_of(graph.inputs) + " to " + text_of(graph.outputs) + ", " + std::to_string(graph.parameter_count()) +
           " parameters, " + std::to_string(plan.steps.size()) + " steps, values of " + std::string(name_of(values)) +
           (seven_bits ? " and weights of 7 bits" : "") + ", " + std::to_string(plan.weight_bytes) +
           " bytes of weights";
}

}  // namespace taxon
