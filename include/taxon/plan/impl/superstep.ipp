#pragma once
#include <taxon/plan/superstep.hpp>

#include <algorithm>
#include <taxon/plan/allocate.hpp>
#include <taxon/plan/chain.hpp>
#include <taxon/plan/row_shares.hpp>

namespace taxon {
namespace detail {

/// A value that a step reads or writes: each part only its own rows of the picture, as `Operands` shares them, or any
/// of its numbers.
struct Access {
    int slot = none;
    bool writes = false, own = false;
};

/// Where a step stands in the chain that the parts share.
enum class ChainPlace { none, inside, last };

/// What a step's parts touch in a plan.
class StepAccesses {
  public:
    /// Of a step of a chain only the rows of the last output are a part's own.
    StepAccesses(PlanView plan, const Step& step, ChainPlace place, int parts, bool matrix_tiles)
        : plan_(plan), shape_(plan.slot(step.target).shape) {
        const bool by_tiles = matrix_tiles && step.geometry.weights != Element::float32,
                   alone = place == ChainPlace::none;
        const bool cut =
            alone ? cuts_rows(step.geometry, parts) && !step.first_token_only && !by_tiles : place == ChainPlace::last;
        add(step.target, true, cut);
        add(step.source, false, cut && alone && reads_own_rows(step.geometry));
        add(step.operand, false, cut && (step.geometry.residual || step.geometry.kernel == Kernel::add));
        add(step.third, false, false), add(step.fourth, false, false);
        add(step.sums, true, false), add(step.scratch, true, false);
    }

    /// True if a part of one step may touch what another part of the other one writes.
    bool conflict_with(const StepAccesses& other) const {
        for (int i = 0; i < count_; ++i)
            for (int j = 0; j < other.count_; ++j) {
                const Access &a = all_[i], &b = other.all_[j];
                if ((a.writes || b.writes) && overlap(a.slot, b.slot) && !(a.own && b.own && same_buffer(a, b)))
                    return true;
            }
        return false;
    }

  private:
    /// True if parts share the rows of what a step computes, or the pixels of the only one.
    static bool cuts_rows(const Geometry& g, int parts) {
        switch (g.kernel) {
            case Kernel::activation:
            case Kernel::add:
            case Kernel::affine:
            case Kernel::copy:
            case Kernel::embedding:
            case Kernel::l2_normalize:
            case Kernel::layer_norm:
            case Kernel::parameter:
            case Kernel::prelu:
            case Kernel::scale:
            case Kernel::softmax: return true;
            case Kernel::resize: return g.out.shape.height > 1;
            case Kernel::shuffle: return g.shuffle == Shuffle::channels;
            default: return shares_rows(g, parts);
        }
    }
    /// True if each part of such a step reads only the rows of its source that it writes.
    static bool reads_own_rows(const Geometry& g) {
        return g.kernel == Kernel::convolution ? g.window.is_pixel()
                                               : g.kernel != Kernel::depthwise && g.kernel != Kernel::pool &&
                                                     g.kernel != Kernel::resize && g.kernel != Kernel::embedding;
    }

    void add(int slot, bool writes, bool own) {
        if (slot == none || plan_.slot(slot).constant != none) return;
        const Shape shape = plan_.slot(slot).shape;
        const bool same = shape.height == shape_.height && shape.width == shape_.width &&
                          shape.sequence == shape_.sequence && !shape.table && !plan_.slot(slot).renamed;
        all_[count_++] = {slot, writes, own && same};
    }

    bool same_buffer(const Access& a, const Access& b) const {
        return plan_.slot(a.slot).buffer == plan_.slot(b.slot).buffer;
    }

    /// True if two values share memory: whole buffers, or slices of one that have channels in common.
    bool overlap(int one, int another) const {
        const TensorSlot &a = plan_.slot(one), &b = plan_.slot(another);
        if (a.buffer == b.buffer && !a.renamed && !b.renamed) return a.channel < end_of(b) && b.channel < end_of(a);
        const Buffer &first = plan_.buffer(a), &second = plan_.buffer(b);
        return first.at < second.at + bytes_of(second) && second.at < first.at + bytes_of(first);
    }
    /// The channel after a slice, in whole vectors, which kernels write; of a table the number after it.
    static int end_of(const TensorSlot& slot) {
        const Shape shape = slot.shape;
        return slot.channel + (shape.table ? shape.size() : round_up(shape.channels, shape.pixels() == 1 ? 32 : 8));
    }

    PlanView plan_;
    Shape shape_;
    Access all_[7];
    int count_ = 0;
};

}  // namespace detail

TAXON_DECL std::vector<Superstep> supersteps_of(PlanView plan, int parts, bool matrix_tiles) {
    const int count = static_cast<int>(plan.steps.size());
    std::vector<int> end_of_unit(detail::size(count));  // the step after a step, or after a chain that starts with it
    for (int i = 0; i < count; ++i) end_of_unit[detail::size(i)] = i + 1;
    std::vector<detail::ChainPlace> places(detail::size(count), detail::ChainPlace::none);
    for (const StepChain& chain : chains_of(plan)) {
        if (!shares_chain(plan, chain, parts)) continue;
        end_of_unit[detail::size(chain.first)] = chain.last;
        for (int i = chain.first; i < chain.last; ++i)
            places[detail::size(i)] = i + 1 < chain.last ? detail::ChainPlace::inside : detail::ChainPlace::last;
    }
    std::vector<detail::StepAccesses> accesses;
    for (std::size_t i = 0; i < plan.steps.size(); ++i)
        accesses.emplace_back(plan, plan.steps[i], places[i], parts, matrix_tiles);

    std::vector<Superstep> supersteps(1);
    for (int i = 0, end = 0; i < count; i = end) {
        end = end_of_unit[detail::size(i)];
        Superstep& superstep = supersteps.back();
        const auto conflicts = [&](int step) {
            for (int mine = i; mine < end; ++mine)
                if (accesses[detail::size(step)].conflict_with(accesses[detail::size(mine)])) return true;
            return false;
        };
        const Step& step = plan.steps[detail::size(i)];
        const bool open = superstep.first < superstep.last, is_constant = step.geometry.kernel == Kernel::constant;
        bool joins = open;
        for (int other = superstep.first; other < superstep.last && joins && !is_constant; ++other)
            joins = !conflicts(other);
        if (joins) superstep.last = end;
        else {
            // a small step is shared with the one that follows, if they do not have to meet in between
            const bool shared =
                step.shared || (!is_constant && end < count && plan.steps[detail::size(end)].shared && !conflicts(end));
            const int alone = open ? i : superstep.alone, first = shared ? i : end;
            if (open) supersteps.emplace_back();
            supersteps.back() = {alone, first, end};
        }
    }
    return supersteps;
}

}  // namespace taxon
