#pragma once
#include <algorithm>
#include <array>
#include <taxon/backend/cpu/row_window.hpp>

// How the steps of one sample are run: chains band by band.
namespace taxon::cpu {

template <class Watch>
void Executable::compute_all(int first, int last, const Job& job, const Share& share) const {
    auto chain = std::find_if(chains_.begin(), chains_.end(), [&](const StepChain& one) { return one.first >= first; });
    for (int i = first; i < last;) {
        while (chain != chains_.end() && chain->first < i) ++chain;
        if (chain != chains_.end() && chain->first == i && chain->last <= last &&
            shares_chain(plan_, *chain, share.parts)) {
            compute_chain<Watch>(*chain, job, share);
            i = chain->last;
            continue;
        }
        Watch::time(Jobs(&job, 1), share.member, i,
                    [&] { compute(plan_.steps[detail::size(i)], job, share.part, share.parts); });
        ++i;
    }
}

template <class Watch>
void Executable::compute_chain(const StepChain& chain, const Job& job, const Share& share) const {
    using detail::size;
    const detail::ChainFinder finder(plan_);
    const int count = chain.last - chain.first;
    std::array<RowWindow, detail::ChainFinder::most_steps> windows;  // of the values between
    for (int i = 0; i < count - 1; ++i) {
        const int number = chain.first + i;
        const Buffer& buffer = finder.value_of(number);
        windows[size(i)] =
            RowWindow(address(finder.step(number).target, job) - sizeof(float) * size(buffer.origin()), buffer.view,
                      detail::first_row_of_part(buffer, share.part, share.parts), finder.rows_between(chain, number));
    }
    const Step& last = finder.step(chain.last - 1);
    const int height = last.geometry.out.shape.height, end = height * (share.part + 1) / share.parts;
    if (share.part == 0) clear_halo_of(last, job);
    for (int top = height * share.part / share.parts, bottom = 0; top < end; top = bottom) {
        bottom = end - top < chain.band + 2 ? end : top + chain.band;
        std::array<RowRange, detail::ChainFinder::most_steps> rows;
        rows[size(count - 1)] = {top, bottom};
        for (int i = count - 1; i > 0; --i)
            rows[size(i - 1)] = detail::rows_read(finder.step(chain.first + i).geometry, rows[size(i)]);
        for (int i = 0; i < count; ++i) {
            const int number = chain.first + i;
            const Step& step = finder.step(number);
            Operands mine = operands(step, job, 0, 1);
            mine.rows = i < count - 1 ? windows[size(i)].make_room(rows[size(i)]) : rows[size(i)];
            if (mine.rows.count() == 0) continue;
            if (i > 0) mine.in = windows[size(i - 1)].origin();
            if (i < count - 1) mine.out = windows[size(i)].origin();
            Watch::time(Jobs(&job, 1), share.member, number,
                        [&] { kernels_.calls[size(number)](step.geometry, mine); });
        }
    }
}

}  // namespace taxon::cpu
