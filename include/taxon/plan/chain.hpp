#pragma once
#include <algorithm>
#include <cstdint>
#include <taxon/plan/allocate.hpp>
#include <taxon/plan/rows.hpp>
#include <vector>

namespace taxon {

/// Steps each of which reads what the one before it writes, and nobody else does. They run band by band: each computes
/// the rows that the next one needs for a few rows of the last one's output, so that the values between them stay in
/// the second cache, and in a part of their buffers. MobileNetV2's 96 channels of 112x112 pixels, 4.8 MB, are never
/// written to memory.
struct StepChain {
    int first = 0, last = 0;  ///< steps: the first, and the one after the last
    int band = 0;             ///< rows of the last one's output at a time
    int spare = 0;            ///< bands that a buffer has room for before rows needed twice are moved
    bool operator==(const StepChain&) const = default;
};

namespace detail {

/// The smallest second cache that most processors have at least; what a chain's values between steps, and its weights,
/// may take of it.
inline constexpr std::int64_t chain_cache = 512 * 1024, chain_values = 384 * 1024, chain_weights = 128 * 1024;

/// A plan's chains, found from its steps alone.
class ChainFinder {
  public:
    static constexpr int most_steps = 16;  ///< of a chain

    constexpr explicit ChainFinder(PlanView plan) : plan_(plan) {}

    /// Calls `visit` with each chain, in order: of each run of steps that could be one, those parts that keep most
    /// bytes in the cache.
    template <class Visit>
    constexpr void for_each(Visit visit) const {
        for (int first = 0; first < count();) {
            int last = first + 1;
            while (last - first < most_steps && last < count() && goes_on(last - 1)) ++last;
            if (last - first > 1) visit_best(first, last, visit);
            first = last;
        }
    }

    /// Rows of the value between a chain's step and the next one that its buffer has room for: those that a band needs,
    /// of which the last one may have a row more, and those of spare bands if some are needed twice.
    constexpr int rows_between(const StepChain& chain, int number) const {
        RowRange rows{0, chain.band + 1};
        int step_rows = chain.band;
        for (int i = chain.last - 1; i > number; --i) {
            rows = rows_read(step(i).geometry, rows);
            step_rows *= step(i).geometry.window.y.stride;
        }
        const WindowAxis& next = step(number + 1).geometry.window.y;
        return rows.count() + (next.reach() > next.stride ? chain.spare * step_rows : 0);
    }

    constexpr const Step& step(int number) const { return plan_.steps[size(number)]; }
    /// The value that a step computes.
    constexpr const Buffer& value_of(int number) const { return plan_.buffer(plan_.slot(step(number).target)); }

  private:
    constexpr int count() const { return static_cast<int>(plan_.steps.size()); }

    /// From the last step of a run to the first: the most bytes that the steps from there on can save.
    template <class Visit>
    constexpr void visit_best(int first, int last, Visit visit) const {
        std::int64_t saved[most_steps + 1] = {};
        StepChain best[most_steps] = {};
        for (int i = last - 1; i >= first; --i) {
            best[i - first] = {i, i + 1};
            saved[i - first] = saved[i - first + 1];
            std::int64_t between = 0;
            for (int end = i + 2; end <= last; ++end) {
                between += bytes_of(value_of(end - 2));
                const StepChain chain = banded({i, end});
                if (chain.band == 0 || between + saved[end - first] <= saved[i - first]) continue;
                saved[i - first] = between + saved[end - first];
                best[i - first] = chain;
            }
        }
        for (int i = first; i < last; i = best[i - first].last)
            if (best[i - first].band > 0) visit(best[i - first]);
    }

    /// The same with bands as large as the cache allows; of none if there is no room for two rows, or the weights of
    /// all steps. Bands begin with even rows, as a depthwise kernel's pairs do.
    constexpr StepChain banded(const StepChain& steps) const {
        std::int64_t weights = 0;
        for (int i = steps.first; i < steps.last; ++i) weights += weight_bytes(step(i).geometry);
        const int most = step(steps.last - 1).geometry.out.shape.height - 2;
        const auto fits = [&](int band, int spare) {
            return bytes_between({steps.first, steps.last, band, spare}) <= chain_values;
        };
        StepChain chain = steps;
        if (weights > chain_weights || most < 2 || !fits(2, 0)) return chain;
        for (chain.band = 2; chain.band + 2 <= most && fits(chain.band + 2, 1);) chain.band += 2;
        while (chain.spare < 3 && fits(chain.band, chain.spare + 1)) ++chain.spare;
        return chain;
    }

    constexpr std::int64_t bytes_between(const StepChain& chain) const {
        std::int64_t bytes = 0;
        for (int i = chain.first; i < chain.last - 1; ++i)
            bytes += std::int64_t{4} * rows_between(chain, i) * value_of(i).view.row();
        return bytes;
    }
    static constexpr std::int64_t weight_bytes(const Geometry& g) {
        return g.kernel == Kernel::convolution ? std::int64_t{4} * g.depth * g.groups * outputs_of_group(g) : 0;
    }

    /// True if a step and the next one may be in one chain, and should: what is between them leaves the cache.
    constexpr bool goes_on(int number) const {
        const Step &one = step(number), &next = step(number + 1);
        if (!one.shared || !next.shared || one.geometry.sums || next.source != one.target ||
            !computes_rows(one.geometry) || !computes_rows(next.geometry))
            return false;
        const TensorSlot& slot = plan_.slot(one.target);
        const Buffer& buffer = plan_.buffer(slot);
        // a whole buffer, and no value that is kept to the end
        if (slot.channel != 0 || slot.renamed || buffer.view.shape != slot.shape || buffer.live_to >= count() ||
            bytes_of(buffer) <= chain_cache)
            return false;
        // its only reader and writer
        const auto is_it = [&](int other) { return other != none && plan_.slot(other).buffer == slot.buffer; };
        for (int i = buffer.live_from; i <= buffer.live_to; ++i) {
            const Step& other = step(i);
            if (is_it(other.operand) || is_it(other.third) || is_it(other.fourth) ||
                (is_it(other.source) && i != number + 1) || (is_it(other.target) && i != number))
                return false;
        }
        return true;
    }

    PlanView plan_;
};

/// All of a chain's values are in use until its last band: none may take another one's memory.
template <class Plan>
constexpr void keep_for_chains(Plan& plan) {
    const auto keep = [&](int slot, const StepChain& chain) {
        if (slot == none || plan.slot(slot).constant != none) return;
        Buffer& buffer = plan.buffer_of(slot);
        buffer.live_from = std::min(buffer.live_from, chain.first);
        buffer.live_to = std::max(buffer.live_to, chain.last - 1);
    };
    ChainFinder(plan.view()).for_each([&](const StepChain& chain) {
        for (int i = chain.first; i < chain.last; ++i)
            for (const int slot : {plan.step(i).source, plan.step(i).operand, plan.step(i).target, plan.step(i).sums})
                keep(slot, chain);
    });
}

/// The row of a buffer, halo included, from which on a part has its place.
constexpr int first_row_of_part(const Buffer& buffer, int part, int parts) {
    return (buffer.view.shape.height + 2 * buffer.view.halo.y) * part / parts;
}

}  // namespace detail

/// True if that many parts can share a chain, each with rows of the last output: every part needs its own place for the
/// values between.
constexpr bool shares_chain(PlanView plan, const StepChain& chain, int parts) {
    const detail::ChainFinder finder(plan);
    const Geometry& last = finder.step(chain.last - 1).geometry;
    if (parts == 1) return true;
    if (last.sums || last.out.shape.height / parts < 2 * chain.band) return false;
    for (int i = chain.first; i < chain.last - 1; ++i)
        if (finder.rows_between(chain, i) > detail::first_row_of_part(finder.value_of(i), 1, parts)) return false;
    return true;
}

/// The chains of a plan, in order.
inline std::vector<StepChain> chains_of(PlanView plan) {
    std::vector<StepChain> chains;
    detail::ChainFinder(plan).for_each([&](const StepChain& chain) { chains.push_back(chain); });
    return chains;
}

}  // namespace taxon
