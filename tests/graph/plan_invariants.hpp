#pragma once
#include <taxon/plan/plan.hpp>
#include <utility>
#include <vector>

#include "catch.hpp"

/// Follows a plan step by step and holds it to what the kernels rely on: every number that a step reads is the one that
/// the graph means, written before, and not overwritten since by anything that shares its bytes.
class PlanInvariants {
  public:
    PlanInvariants(taxon::GraphView graph, taxon::PlanView plan)
        : graph_(graph), plan_(plan), contents_(plan.buffers.size()), cleared_(plan.buffers.size()) {
        for (std::size_t i = 0; i < contents_.size(); ++i)
            contents_[i].resize(static_cast<std::size_t>(count(plan.buffers[i].view.shape)), nothing);
    }

    void check() {
        buffers_lie_apart();
        weights_lie_apart();
        for (int input = 0; input < plan_.inputs; ++input)
            write(input, graph_.inputs[static_cast<std::size_t>(input)].node, 0);
        CHECK(plan_.inputs == static_cast<int>(graph_.inputs.size()));
        for (int i = 0; i < static_cast<int>(plan_.steps.size()); ++i)
            follow(plan_.steps[static_cast<std::size_t>(i)], i);
        REQUIRE(plan_.outputs.size() == graph_.outputs.size());
        for (std::size_t i = 0; i < plan_.outputs.size(); ++i) CHECK(holds(plan_.outputs[i], graph_.outputs[i].node));
    }

  private:
    /// A channel of a value that some operation made, or a number of a table.
    using Channel = std::pair<int, int>;
    static constexpr Channel nothing{-1, -1};

    static int count(const taxon::Shape& shape) { return shape.table ? shape.size() : shape.channels; }
    static int bytes(const taxon::Buffer& b) { return static_cast<int>(taxon::size_of(b.view.element)) * b.elements(); }
    static bool share_bytes(const taxon::Buffer& a, const taxon::Buffer& b) {
        return a.at < b.at + bytes(b) && b.at < a.at + bytes(a);
    }

    void buffers_lie_apart() const {
        int overlaps = 0;
        for (const taxon::Buffer& a : plan_.buffers) {
            CHECK(a.at % 64 == 0);
            CHECK(a.at + bytes(a) <= plan_.arena_bytes);
            CHECK(a.live_from <= a.live_to);
            for (const taxon::Buffer& b : plan_.buffers)
                overlaps += &a < &b && a.live_from <= b.live_to && b.live_from <= a.live_to && share_bytes(a, b);
        }
        CHECK(overlaps == 0);
    }

    /// Each step's weights and biases start after those of the step before.
    void weights_lie_apart() const {
        long weights = 0, biases = 0;
        for (const taxon::Step& step : plan_.steps) {
            const taxon::Node& node = graph_.node(step.first);
            CHECK(step.weights_at >= weights);
            CHECK(step.bias_at >= biases);
            const bool matrix = node.op == taxon::Op::convolution, boxes = node.op == taxon::Op::boxes;
            weights =
                step.weights_at + (matrix ? graph_.parameters[static_cast<std::size_t>(node.parameter)].count() *
                                                node.parts * static_cast<long>(taxon::size_of(step.geometry.weights))
                                          : 0);
            biases = step.bias_at + (boxes ? 2 * node.groups
                                           : (matrix                          ? 1
                                              : node.parameter == taxon::none ? 0
                                                                              : 2) *
                                                 node.out.channels);
        }
        CHECK(plan_.weight_bytes >= weights);
        CHECK(plan_.bias_count >= biases);
    }

    void follow(const taxon::Step& step, int i) {
        INFO("step " << i << ", layer '" << graph_.name(graph_.node(step.last)) << "'");
        for (const int slot : {step.source, step.operand, step.target, step.sums, step.scratch}) {
            if (slot == taxon::none) continue;
            const taxon::Buffer& buffer = plan_.buffer(plan_.slot(slot));
            CHECK((buffer.live_from <= i && i <= buffer.live_to));
            CHECK((slot == step.target || plan_.slot(slot).buffer != plan_.slot(step.target).buffer ||
                   works_in_place(step, slot)));
        }
        const taxon::Buffer& source = plan_.buffer(plan_.slot(step.source));
        if (graph_.node(step.first).op == taxon::Op::convolution) {
            const auto& [y, x] = step.geometry.window;
            CHECK(source.view.halo.y >= std::max(y.before, y.after));
            CHECK(source.view.halo.x >= std::max(x.before, x.after));
        }

        const bool copies =
            graph_.node(step.first).op == taxon::Op::concat || graph_.node(step.first).op == taxon::Op::slice;
        if (graph_.node(step.first).op == taxon::Op::slice) CHECK(holds(step.source, step.first));
        else if (!copies) CHECK(holds(step.source, graph_.operand(graph_.node(step.first), 0)));
        if (step.operand != taxon::none) CHECK(holds(step.operand, other_operand(step)));

        const auto target = static_cast<std::size_t>(plan_.slot(step.target).buffer);
        CHECK(step.clears == !cleared_[target]);
        cleared_[target] = true;
        if (step.scratch != taxon::none) spoil(plan_.slot(step.scratch).buffer);
        if (copies) copy(step.source, step.target);
        else write(step.target, step.last, 0);
        if (step.sums != taxon::none) write(step.sums, pool_of(step.last), 0);
    }

    /// A gate overwrites what it reads, and a residual can be overwritten; other kernels may at most read other
    /// channels of the buffer that they write to.
    bool works_in_place(const taxon::Step& step, int slot) const {
        const taxon::TensorSlot &a = plan_.slot(slot), &b = plan_.slot(step.target);
        const bool apart = a.channel + count(a.shape) <= b.channel || b.channel + count(b.shape) <= a.channel;
        const bool same = a.channel == b.channel && a.shape == b.shape;
        if (slot == step.operand && same && (step.geometry.in_place || step.geometry.kernel == taxon::Kernel::add))
            return true;
        return apart || (slot == step.source && step.geometry.kernel == taxon::Kernel::scale);
    }

    /// The value that the graph adds to, or multiplies with, the result of the step's first operation.
    int other_operand(const taxon::Step& step) const {
        const taxon::Node& node = graph_.node(step.first);
        if (node.op == taxon::Op::add || node.op == taxon::Op::multiply) return graph_.operand(node, 1);
        int value = step.first;
        for (int i = step.first + 1; i <= step.last; ++i) {
            const taxon::Node& next = graph_.node(i);
            const auto operands = graph_.operands(next);
            if (std::find(operands.begin(), operands.end(), value) == operands.end()) continue;
            if (next.op == taxon::Op::add) return operands[0] == value ? operands[1] : operands[0];
            value = i;
        }
        return taxon::none;
    }

    int pool_of(int value) const {
        for (int i = 0; i < graph_.size(); ++i)
            if (graph_.node(i).op == taxon::Op::pool && graph_.operand(graph_.node(i), 0) == value) return i;
        return taxon::none;
    }

    /// A concatenation's channels are those of its operands.
    Channel origin(int value, int channel) const {
        while (graph_.node(value).op == taxon::Op::concat || graph_.node(value).op == taxon::Op::slice)
            for (const int operand : graph_.operands(graph_.node(value))) {
                if (graph_.node(value).op == taxon::Op::slice) channel += graph_.node(value).channel;
                const int channels = count(graph_.node(operand).out);
                if (channel < channels) {
                    value = operand;
                    break;
                }
                channel -= channels;
            }
        return {value, channel};
    }

    bool holds(int slot, int value) const {
        const taxon::TensorSlot& p = plan_.slot(slot);
        if (value == taxon::none || p.shape != graph_.node(value).out) return false;
        for (int c = 0; c < count(p.shape); ++c)
            if (contents_[static_cast<std::size_t>(p.buffer)][static_cast<std::size_t>(p.channel + c)] !=
                origin(value, c))
                return false;
        return true;
    }

    /// Everything that shares bytes with this buffer is lost.
    void spoil(int buffer) {
        for (std::size_t i = 0; i < contents_.size(); ++i)
            if (static_cast<int>(i) != buffer &&
                share_bytes(plan_.buffers[i], plan_.buffers[static_cast<std::size_t>(buffer)]))
                contents_[i].assign(contents_[i].size(), nothing);
    }

    void write(int slot, int value, int channel) {
        const taxon::TensorSlot& p = plan_.slot(slot);
        spoil(p.buffer);
        for (int c = 0; c < count(p.shape); ++c)
            contents_[static_cast<std::size_t>(p.buffer)][static_cast<std::size_t>(p.channel + c)] =
                origin(value, channel + c);
    }

    void copy(int from, int to) {
        const taxon::TensorSlot a = plan_.slot(from), b = plan_.slot(to);
        spoil(b.buffer);
        for (int c = 0; c < count(b.shape); ++c)
            contents_[static_cast<std::size_t>(b.buffer)][static_cast<std::size_t>(b.channel + c)] =
                contents_[static_cast<std::size_t>(a.buffer)][static_cast<std::size_t>(a.channel + c)];
    }

    taxon::GraphView graph_;
    taxon::PlanView plan_;
    std::vector<std::vector<Channel>> contents_;
    std::vector<bool> cleared_;
};
