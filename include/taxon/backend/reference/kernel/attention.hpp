#pragma once
#include <cmath>

#include <taxon/backend/reference/kernel/value.hpp>
#include <xtensor/xmath.hpp>

namespace taxon::reference {

/// softmax(Q·Kᵀ / √d)·V per head over the first `valid` keys. x: (3 · heads · d, 1, tokens), the queries, keys and
/// values concatenated.
inline Value attention(const Node& node, const Value& x, std::size_t valid) {
    const std::size_t features = x.shape(0) / 3, tokens = x.shape(2), d = features / size(node.heads);
    Value y = xt::zeros<double>({features, std::size_t{1}, tokens});
    for (std::size_t head = 0; head < features; head += d) {
        const Value q = xt::view(x, xt::range(head, head + d), 0),
                    k = xt::view(x, xt::range(features + head, features + head + d), 0, xt::range(0, valid)),
                    v = xt::view(x, xt::range(2 * features + head, 2 * features + head + d), 0, xt::range(0, valid));
        for (std::size_t t = 0; t < tokens; ++t) {
            const Value scores =
                xt::sum(k * xt::view(q, xt::all(), xt::range(t, t + 1)), {0}) / std::sqrt(static_cast<double>(d));
            const Value weights = xt::exp(scores - xt::amax(scores)());
            xt::view(y, xt::range(head, head + d), 0, t) = xt::sum(v * weights, {1}) / xt::sum(weights)();
        }
    }
    return y;
}

}  // namespace taxon::reference
