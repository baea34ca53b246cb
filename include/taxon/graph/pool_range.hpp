#pragma once
#include <algorithm>
#include <taxon/graph/window.hpp>

namespace taxon {

/// The pixels of the picture that a pool's window reads along one axis: every `step`th from `first` to before `last`.
/// `count`: the divisor of a mean.
struct PoolRange {
    int first, last, step, count;
};

/// PyTorch's rules for output `number` of `outputs` along an axis of `pixels`: a window is clipped at the end of the
/// padding, which counts in a `padded` mean, then at the picture's. Adaptive windows overlap if they have to.
constexpr PoolRange pool_range(const WindowAxis& window, bool padded, int number, int pixels, int outputs) {
    if (window.size == 0) {
        const int first = number * pixels / outputs, last = ((number + 1) * pixels + outputs - 1) / outputs;
        return {first, last, 1, last - first};
    }
    const int step = window.dilation, begin = number * window.stride - window.before, end = begin + window.reach(),
              first = begin < 0 ? begin + (step - 1 - begin) / step * step : begin, last = std::min(end, pixels);
    const auto taps = [&](int from, int to) { return from < to ? (to - from + step - 1) / step : 0; };
    return {first, last, step, padded ? taps(begin, std::min(end, pixels + window.after)) : taps(first, last)};
}

}  // namespace taxon
