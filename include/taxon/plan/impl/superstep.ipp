#pragma once
#include <taxon/plan/superstep.hpp>

#include <algorithm>
#include <taxon/plan/allocate.hpp>
#include <taxon/plan/row_shares.hpp>

namespace taxon {
namespace detail {

/// A value that a step reads or writes: each part only its own rows of the picture, as `Operands` shares them, or any
/// of its numbers.
struct Access {
    int slot = none;
    bool writes = false, own = false;
};

/// What a step's parts touch in a plan.
class StepAccesses {
  public:
    StepAccesses(PlanView plan, const Step& step, int parts, bool matrix_tiles)
        : plan_(plan), shape_(plan.slot(step.target).shape) {
        const bool by_tiles = matrix_tiles && step.geometry.weights != Element::float32;
        const bool cut = cuts_rows(step.geometry, parts) && !step.first_token_only && !by_tiles;
        add(step.target, true, cut);
        add(step.source, false, cut && reads_own_rows(step.geometry));
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
    std::vector<detail::StepAccesses> accesses;
    for (const Step& step : plan.steps) accesses.emplace_back(plan, step, parts, matrix_tiles);
    std::vector<Superstep> supersteps(1);
    const int count = static_cast<int>(plan.steps.size());
    for (int i = 0; i < count; ++i) {
        Superstep& superstep = supersteps.back();
        const auto conflicts = [&](int step) {
            return accesses[detail::size(step)].conflict_with(accesses[detail::size(i)]);
        };
        const Step& step = plan.steps[detail::size(i)];
        const bool open = superstep.first < superstep.last, is_constant = step.geometry.kernel == Kernel::constant;
        bool joins = open;
        for (int other = superstep.first; other < superstep.last && joins && !is_constant; ++other)
            joins = !conflicts(other);
        if (joins) superstep.last = i + 1;
        else {
            // a small step is shared with the one that follows, if they do not have to meet in between
            const bool shared = step.shared || (!is_constant && i + 1 < count &&
                                                plan.steps[detail::size(i + 1)].shared && !conflicts(i + 1));
            const int alone = open ? i : superstep.alone, first = shared ? i : i + 1;
            if (open) supersteps.emplace_back();
            supersteps.back() = {alone, first, i + 1};
        }
    }
    return supersteps;
}

}  // namespace taxon
