#pragma once
#include <cmath>

#include <taxon/backend/reference/kernel/value.hpp>
#include <xtensor/xmath.hpp>

namespace taxon::reference {

/// softmax(Q·Kᵀ / √d)·V per head over the first `valid` keys of a sequence, over all of a picture. picture: (3 · heads
/// · d, H, W), the queries, keys and values concatenated; of tokens H is 1.
inline Value attention(const Node& node, const Value& picture, std::size_t valid) {
    const std::size_t features = picture.shape(0) / 3, tokens = picture.shape(1) * picture.shape(2),
                      d = features / size(node.heads);
    Value x = picture, y = xt::zeros<double>({features, std::size_t{1}, tokens});
    x.reshape({3 * features, std::size_t{1}, tokens});
    if (!node.out.sequence) valid = tokens;
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
    y.reshape({features, picture.shape(1), picture.shape(2)});
    return y;
}

/// The same for one query. pixels: (2 · heads · d, H, W), keys and values; token: (3 · heads · d, 1, 1), the query, and
/// the key and the value that come before those of the pixels.
inline Value class_attention(const Node& node, const Value& pixels, const Value& token) {
    const std::size_t features = token.shape(0) / 3, d = features / size(node.heads);
    Value all = pixels, own = xt::view(token, xt::range(features, 3 * features), xt::all(), 0);
    all.reshape({2 * features, pixels.shape(1) * pixels.shape(2)});
    all = Value(xt::concatenate(xt::xtuple(own, all), 1));
    Value y = xt::zeros<double>({features, std::size_t{1}, std::size_t{1}});
    for (std::size_t head = 0; head < features; head += d) {
        const Value query = xt::view(token, xt::range(head, head + d), xt::all(), 0),
                    keys = xt::view(all, xt::range(head, head + d)),
                    values = xt::view(all, xt::range(features + head, features + head + d)),
                    scores = xt::sum(keys * query, {0}) / std::sqrt(static_cast<double>(d)),
                    weights = xt::exp(scores - xt::amax(scores)());
        xt::view(y, xt::range(head, head + d), 0, 0) = xt::sum(values * weights, {1}) / xt::sum(weights)();
    }
    return y;
}

/// Windows of 3x3 pixels, two apart: pixel p of each receives the sum of its nine values times the softmax over q of
/// logits(head, p, q) / √d. values: (heads · d, H, W); logits: (heads · 9 · 9, ⌈H / 2⌉, ⌈W / 2⌉).
inline Value outlook_attention(const Node& node, const Value& values, const Value& logits) {
    const std::size_t d = values.shape(0) / size(node.heads);
    const int height = static_cast<int>(values.shape(1)), width = static_cast<int>(values.shape(2));
    Value y = xt::zeros_like(values);
    const auto each_pixel = [&](std::size_t i, std::size_t j, auto use) {
        for (std::size_t p = 0; p < 9; ++p) {
            const int row = static_cast<int>(2 * i + p / 3) - 1, column = static_cast<int>(2 * j + p % 3) - 1;
            if (row >= 0 && row < height && column >= 0 && column < width) use(p, size(row), size(column));
        }
    };
    for (std::size_t head = 0; head < size(node.heads); ++head) {
        const std::size_t begin = head * d, end = begin + d;
        for (std::size_t i = 0; i < logits.shape(1); ++i)
            for (std::size_t j = 0; j < logits.shape(2); ++j)
                each_pixel(i, j, [&](std::size_t p, std::size_t row, std::size_t column) {
                    const std::size_t first = (head * 9 + p) * 9;
                    const Value scores = xt::view(logits, xt::range(first, first + 9), i, j) /
                                         std::sqrt(static_cast<double>(d)),
                                weights = xt::exp(scores - xt::amax(scores)());
                    const double sum = xt::sum(weights)();
                    each_pixel(i, j, [&](std::size_t q, std::size_t y0, std::size_t x0) {
                        xt::view(y, xt::range(begin, end), row, column) +=
                            xt::view(values, xt::range(begin, end), y0, x0) * (weights(q) / sum);
                    });
                });
    }
    return y;
}

}  // namespace taxon::reference
