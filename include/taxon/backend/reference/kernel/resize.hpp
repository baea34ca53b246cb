#pragma once
#include <taxon/backend/reference/kernel/value.hpp>

namespace taxon::reference {

/// (C, H, W) to (C, H', W'): each pixel is a mix of its two neighbours in each direction, which may be the same.
inline Value resize(const Node& node, const Value& x) {
    const Resizing& how = node.resizing;
    Value y = xt::zeros<double>({size(node.out.channels), size(node.out.height), size(node.out.width)});
    for (int i = 0; i < node.out.height; ++i)
        for (int j = 0; j < node.out.width; ++j) {
            const Neighbours rows = how.neighbours(how.y_step, i, node.in.height),
                             columns = how.neighbours(how.x_step, j, node.in.width);
            const double down = static_cast<double>(rows.share), across = static_cast<double>(columns.share);
            const auto pixel = [&](int row, int column) { return Value(xt::view(x, xt::all(), row, column)); };
            const auto mixed = [&](int row) {
                return Value((1 - across) * pixel(row, columns.first) + across * pixel(row, columns.second));
            };
            xt::view(y, xt::all(), i, j) = (1 - down) * mixed(rows.first) + down * mixed(rows.second);
        }
    return y;
}

}  // namespace taxon::reference
