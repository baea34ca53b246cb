#pragma once
#include <algorithm>
#include <cmath>
#include <taxon/backend/reference/kernel/value.hpp>
#include <taxon/graph/pool_range.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xview.hpp>

namespace taxon::reference {

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
            const bool padded = node.pooling == Pooling::padded_mean;
            const PoolRange rows = pool_range(node.window.y, padded, i, node.in.height, node.out.height),
                            columns = pool_range(node.window.x, padded, j, node.in.width, node.out.width);
            const auto pixels = [](const PoolRange& range) { return xt::range(range.first, range.last, range.step); };
            const auto window = xt::view(x, xt::all(), pixels(rows), pixels(columns));
            auto output = xt::view(y, xt::all(), i, j);
            if (node.pooling == Pooling::max) output = greatest(window);
            else output = xt::sum(window, {1, 2}) / static_cast<double>(rows.count * columns.count);
        }
    return y;
}

/// The mean of the first `valid` tokens, (C, 1, N) to (C, 1, 1).
inline Value mean_tokens(const Value& x, std::size_t valid) {
    return xt::mean(xt::view(x, xt::all(), xt::all(), xt::range(std::size_t{0}, valid)), {2}, xt::keep_dims);
}

}  // namespace taxon::reference
