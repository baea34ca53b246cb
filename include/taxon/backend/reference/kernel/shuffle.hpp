#pragma once
#include <taxon/backend/reference/kernel/value.hpp>

namespace taxon::reference {

/// A transposition of axes: channels (groups, C / groups) are transposed; (C, f, f, H, W) becomes (C, H, f, W, f), or
/// the reverse.
inline Value shuffle(const Node& node, const Value& x) {
    const std::size_t channels = x.shape(0), height = x.shape(1), width = x.shape(2), groups = size(node.groups),
                      f = size(node.stride);
    Value y = x;
    switch (node.shuffle) {
        case Shuffle::channels:
            y.reshape({groups, channels / groups, height, width});
            y = Value(xt::transpose(y, {1, 0, 2, 3}));
            break;
        case Shuffle::to_pixels:
            y.reshape({channels / (f * f), f, f, height, width});
            y = Value(xt::transpose(y, {0, 3, 1, 4, 2}));
            break;
        case Shuffle::to_channels:
            y.reshape({channels, height / f, f, width / f, f});
            y = Value(xt::transpose(y, {0, 2, 4, 1, 3}));
            break;
    }
    y.reshape({size(node.out.channels), size(node.out.height), size(node.out.width)});
    return y;
}

}  // namespace taxon::reference
