#pragma once
#include <cmath>
#include <taxon/backend/reference/kernel/value.hpp>
#include <vector>

namespace taxon::reference {

/// Decodes a map (anchors · columns, H, W) to a table (columns, rows, 1) by BoxCode; anchors: a width and a height
/// each, in pixels.
inline Value boxes(const Node& node, const Value& x, const std::vector<float>& anchors) {
    const std::size_t columns = size(node.out.channels), height = x.shape(1), width = x.shape(2);
    const double stride = node.stride;
    const auto sigmoid = [](double t) { return 1 / (1 + std::exp(-t)); };
    const auto centre = [&](double t, std::size_t cell) {
        const double within = node.code == BoxCode::darknet ? sigmoid(t) : 2 * sigmoid(t) - 0.5;
        return (within + static_cast<double>(cell)) * stride;
    };
    const auto extent = [&](double t, double anchor) {
        return (node.code == BoxCode::darknet ? std::exp(t) : std::pow(2 * sigmoid(t), 2)) * anchor;
    };
    Value table = xt::zeros<double>({columns, size(node.out.height), std::size_t{1}});
    std::size_t row = 0;
    for (std::size_t a = 0; a < size(node.groups); ++a)
        for (std::size_t i = 0; i < height; ++i)
            for (std::size_t j = 0; j < width; ++j, ++row) {
                for (std::size_t c = 0; c < columns; ++c) table(c, row, 0) = x(a * columns + c, i, j);
                table(0, row, 0) = centre(table(0, row, 0), j), table(1, row, 0) = centre(table(1, row, 0), i);
                for (std::size_t side = 0; side < 2; ++side)
                    table(2 + side, row, 0) = extent(table(2 + side, row, 0), anchors[2 * a + side]);
            }
    return table;
}

}  // namespace taxon::reference
