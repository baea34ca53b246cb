#pragma once
#include <algorithm>
#include <cmath>
#include <taxon/backend/reference/kernel/value.hpp>
#include <xtensor/xmath.hpp>

namespace taxon::reference {

/// The window of output `number` along an axis, and the divisor of a mean.
struct PoolRange {
    int first, last, count;
    auto pixels() const { return xt::range(first, last); }
};

/// PyTorch's rules: a window is clipped at the padding's end, then at the picture's; adaptive windows (kernel 0)
/// partition the picture.
inline PoolRange pool_range(const Node& node, int number, int pixels, int outputs) {
    if (node.kernel == 0) {
        const int first = number * pixels / outputs, last = ((number + 1) * pixels + outputs - 1) / outputs;
        return {first, last, last - first};
    }
    const int begin = number * node.stride - node.padding, end = std::min(begin + node.kernel, pixels + node.padding);
    const int first = std::max(begin, 0), last = std::min(end, pixels);
    return {first, last, node.pooling == Pooling::padded_mean ? end - begin : last - first};
}

/// The greatest number of each channel; NaN if one is, which xt::amax would pass over.
template <class Window>
Value greatest(const Window& window) {
    Value most = xt::view(window, xt::all(), 0, 0);
    for (std::size_t i = 0; i < window.shape(1); ++i)
        for (std::size_t j = 0; j < window.shape(2); ++j)
            for (std::size_t c = 0; c < window.shape(0); ++c)
                if (const double number = window(c, i, j); number > most(c) || std::isnan(number)) most(c) = number;
    return most;
}

/// (C, H, W) to (C, H', W'): the maximum or the mean of each window.
inline Value pool(const Node& node, const Value& x) {
    Value y = xt::zeros<double>({size(node.out.channels), size(node.out.height), size(node.out.width)});
    for (int i = 0; i < node.out.height; ++i)
        for (int j = 0; j < node.out.width; ++j) {
            const PoolRange rows = pool_range(node, i, node.in.height, node.out.height),
                            columns = pool_range(node, j, node.in.width, node.out.width);
            const auto window = xt::view(x, xt::all(), rows.pixels(), columns.pixels());
            auto output = xt::view(y, xt::all(), i, j);
            if (node.pooling == Pooling::max) output = greatest(window);
            else output = xt::sum(window, {1, 2}) / static_cast<double>(rows.count * columns.count);
        }
    return y;
}

}  // namespace taxon::reference
