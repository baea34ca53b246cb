#pragma once
#include <taxon/onnx/exporter/dense/map.hpp>
#include <taxon/onnx/exporter/dense/read.hpp>

namespace taxon::onnx::detail {

/// The numbers of (N, sizes), stored as a reading of the result says: transposed to the order of its strides.
inline ValueRef arranged(Exporter& exporter, const Node& node, std::string x, const Reading& out, bool constant) {
    Integers order;
    std::int64_t stride = 1;
    const std::vector<std::size_t> axes = out.order();
    for (std::size_t i = axes.size(); i-- > 0; stride *= out.sizes[axes[i]])
        if (out.by[axes[i]] != stride)
            refuse(exporter, node, "results apart from each other", "a result whose numbers lie side by side");
    if (stride != node.out.size() || out.first != 0 || stride != product(out.sizes))
        refuse(exporter, node, "a result of other numbers, too", "one whose numbers are all computed");
    if (std::is_sorted(axes.begin(), axes.end())) return dense_value(exporter, node, std::move(x), out.sizes, constant);
    Integers shape{constant ? 1 : exporter.batch()}, wanted = shape;
    shape.insert(shape.end(), out.sizes.begin(), out.sizes.end());
    for (const std::size_t axis : axes)
        order.push_back(static_cast<std::int64_t>(axis) + 1), wanted.push_back(out.sizes[axis]);
    const std::string y = permuted(exporter, exporter.graph.name(node), x, shape, order, wanted);
    return dense_value(exporter, node, y, Integers(wanted.begin() + 1, wanted.end()), constant);
}

}  // namespace taxon::onnx::detail
