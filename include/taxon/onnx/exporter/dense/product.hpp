#pragma once
#include <taxon/onnx/exporter/dense/arranged.hpp>

namespace taxon::onnx {

namespace detail {

/// The axes of a product by the operands that vary along them.
struct ProductAxes {
    std::vector<int> batch{}, rows{}, columns{}, inner{};

    explicit ProductAxes(const LoopNest& nest) {
        for (int axis = 0; axis < nest.rank; ++axis) {
            const auto a = Exporter::index(axis);
            const bool of_a = nest.operands[0].by[a] != 0, of_b = nest.operands[1].by[a] != 0;
            (axis >= nest.rank - nest.inner ? inner
             : nest.sizes[a] == 1           ? rows
             : of_a && of_b                 ? batch
             : of_b                         ? columns
                                            : rows)
                .push_back(axis);
        }
    }
    /// Of a matrix for each element of the batch.
    Integers matrices(const LoopNest& nest, const std::vector<int>& down, const std::vector<int>& across) const {
        Integers sizes;
        for (const int axis : batch) sizes.push_back(nest.sizes[Exporter::index(axis)]);
        for (const std::vector<int>* axes : {&down, &across}) {
            sizes.push_back(1);
            for (const int axis : *axes) sizes.back() *= nest.sizes[Exporter::index(axis)];
        }
        return sizes;
    }
};

/// An operand as matrices. Those of a constant have no leading axes of one number.
inline std::string matrices(Exporter& exporter, std::string_view path, const ValueRef& x, const Reading& reading,
                            const Integers& sizes, bool shortens) {
    if (!x->numbers || !shortens || reading.repeats()) return read_whole(exporter, path, x, reading, sizes);
    const auto from = std::find_if(sizes.begin(), sizes.end() - 2, [](std::int64_t size) { return size != 1; });
    return read_constant(exporter, x, reading, Integers(from, sizes.end()));
}

inline std::string times(Exporter& exporter, std::string_view path, const std::string& x, Real factor) {
    if (static_cast<double>(factor) == 1) return x;
    return exporter.to.node(path, "Mul", {x, exporter.to.real(static_cast<double>(factor))});
}

}  // namespace detail

/// A MatMul of (N, batch, rows, inner) and (N, batch, inner, columns).
inline ValueRef export_matrix_product(Exporter& exporter, const Node& node) {
    const std::string_view path = exporter.graph.name(node);
    const LoopNest& nest = exporter.graph.nest(node);
    const ValueRef &a = exporter.operand(node, 0), &b = exporter.operand(node, 1);
    const detail::ProductAxes axes(nest);
    const bool constant = a->constant && b->constant;
    const auto operand = [&](const ValueRef& x, std::size_t i, const std::vector<int>& down,
                             const std::vector<int>& across) {
        const detail::Reading reading(nest, nest.operands[i], detail::joined(axes.batch, down, across));
        return detail::matrices(exporter, path, x, reading, axes.matrices(nest, down, across), !constant);
    };
    std::string y = exporter.to.node(path, "MatMul",
                                     {operand(a, 0, axes.rows, axes.inner), operand(b, 1, axes.inner, axes.columns)});
    y = detail::times(exporter, path, y, nest.first);
    const detail::Reading out(nest, nest.out, detail::joined(axes.batch, axes.rows, axes.columns));
    Integers shape{constant ? 1 : exporter.batch()};
    shape.insert(shape.end(), out.sizes.begin(), out.sizes.end());
    if (axes.rows.size() != 1 || axes.columns.size() != 1) {
        Integers from{shape.front()};
        const Integers matrices = axes.matrices(nest, axes.rows, axes.columns);
        from.insert(from.end(), matrices.begin(), matrices.end());
        y = detail::reshaped(exporter, path, y, from, shape);
    }
    return detail::arranged(exporter, node, y, out, constant);
}

/// softmax(factor · Q·K + bias)·V of (N, batch, queries, d), (N, batch, d, keys) and (N, batch, keys, features).
inline ValueRef export_scaled_dot_product(Exporter& exporter, const Node& node) {
    const std::string_view path = exporter.graph.name(node);
    const LoopNest& nest = exporter.graph.nest(node);
    GraphWriter& to = exporter.to;
    const int queries = nest.rank - 4, features = queries + 1, keys = queries + 2, inner = queries + 3;
    std::vector<int> batch;
    for (int axis = 0; axis < queries; ++axis)
        if (nest.sizes[Exporter::index(axis)] != 1) batch.push_back(axis);
    const auto operand = [&](int i, const Strides& strides, int down, int across) {
        const ValueRef& x = exporter.operand(node, i);
        const detail::Reading reading(nest, strides, detail::joined(batch, {down, across}));
        const Integers own = reading.own_sizes();
        const std::size_t matrix = batch.size();
        const std::string read = detail::read(exporter, path, x, reading);
        const bool repeats = own[matrix] != reading.sizes[matrix] || own[matrix + 1] != reading.sizes[matrix + 1];
        return repeats ? detail::widened(exporter, path, read, reading.sizes) : read;
    };
    const std::string q = operand(0, nest.operands[0], queries, inner), k = operand(1, nest.operands[1], inner, keys),
                      v = operand(2, nest.operands[2], keys, features);
    std::string scores = detail::times(exporter, path, to.node(path, "MatMul", {q, k}), nest.first);
    if (node.operand_count > 3)
        scores = to.node(path, "Add", {scores, operand(3, exporter.graph.nest(node, 1).operands[0], queries, keys)});
    std::string y = to.node(path, "MatMul", {to.node(path, "Softmax", {scores}, {{"axis", std::int64_t{-1}}}), v});
    bool constant = true, repeats = false;
    for (int i = 0; i < node.operand_count; ++i) constant &= exporter.operand(node, i)->constant;
    for (const int axis : batch) {
        bool varies = false;
        for (int i = 0; i < node.operand_count; ++i)
            varies |= (i < 3 ? nest.operands[Exporter::index(i)] : exporter.graph.nest(node, 1).operands[0])
                          .by[Exporter::index(axis)] != 0;
        repeats |= !varies;
    }
    const detail::Reading out(nest, nest.out, detail::joined(batch, {queries, features}));
    if (repeats) y = detail::widened(exporter, path, y, out.sizes);
    return detail::arranged(exporter, node, y, out, constant);
}

}  // namespace taxon::onnx
