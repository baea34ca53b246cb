#pragma once
#include <cmath>
#include <taxon/onnx/exporter/exporter.hpp>

namespace taxon::onnx {

namespace detail {

/// Tensors of a value's channels cut into equal parts: its own where it has such.
inline Names cut(Exporter& exporter, std::string_view path, const ValueRef& x, std::size_t count, Layout layout) {
    bool has_parts = x->parts.size() == count;
    for (const ValueRef& part : x->parts)
        has_parts &= part->shape.channels * static_cast<int>(count) == x->shape.channels;
    if (has_parts) {
        Names parts;
        for (const ValueRef& part : x->parts) parts.push_back(exporter.as(part, layout));
        return parts;
    }
    const Integers sizes(count, x->shape.channels / static_cast<std::int64_t>(count));
    return exporter.to.results(path, "Split", {exporter.as(x, layout), exporter.to.integers(sizes)},
                               {{"axis", axis_of(layout)}}, static_cast<int>(count));
}

/// softmax(Q·K / √d + mask)·V. query (N, heads, T, d), keys (N, heads, d, T), values (N, heads, T, d).
inline std::string attended(Exporter& exporter, std::string_view path, const std::string& query,
                            const std::string& keys, const std::string& values, int d, const std::string& mask) {
    GraphWriter& to = exporter.to;
    std::string scores =
        to.node(path, "Mul", {to.node(path, "MatMul", {query, keys}), to.real(1 / std::sqrt(static_cast<double>(d)))});
    if (!mask.empty()) scores = to.node(path, "Add", {scores, mask});
    return to.node(path, "MatMul", {to.node(path, "Softmax", {scores}, {{"axis", std::int64_t{-1}}}), values});
}

}  // namespace detail

inline ValueRef export_attention(Exporter& exporter, const Node& node) {
    const std::string_view path = exporter.graph.name(node);
    const ValueRef& x = exporter.operand(node, 0);
    const Layout layout = Exporter::features_last(x->shape);
    const std::int64_t n = exporter.batch(), tokens = exporter.fixed(node.out).pixels(), heads = node.heads,
                       d = node.out.channels / node.heads;
    const Names parts = detail::cut(exporter, path, x, 3, layout);
    const auto of_heads = [&](const std::string& part, Integers order) {
        return exporter.transposed(path, exporter.reshaped(path, part, {n, tokens, heads, d}, layout),
                                   std::move(order));
    };
    const std::string query = of_heads(parts[0], {0, 2, 1, 3}), keys = of_heads(parts[1], {0, 2, 3, 1}),
                      values = of_heads(parts[2], {0, 2, 1, 3}),
                      y = detail::attended(exporter, path, query, keys, values, static_cast<int>(d),
                                           node.out.sequence ? exporter.mask : std::string());
    return exporter.value(node, layout,
                          exporter.reshaped(path, exporter.transposed(path, y, {0, 2, 1, 3}),
                                            exporter.sizes(exporter.fixed(node.out), layout)));
}

/// One query: of the token, whose own key and value stand before those of the pixels.
inline ValueRef export_class_attention(Exporter& exporter, const Node& node) {
    const std::string_view path = exporter.graph.name(node);
    const ValueRef &pixels = exporter.operand(node, 0), &token = exporter.operand(node, 1);
    GraphWriter& to = exporter.to;
    const std::int64_t n = exporter.batch(), features = node.out.channels, heads = node.heads, d = features / heads,
                       keys = pixels->shape.pixels() + 1;
    const bool apart = token->parts.size() == 2 && token->parts.front()->shape.channels == features;
    std::string query, own;
    if (apart) {
        query = exporter.as(token->parts[0], Layout::vector), own = exporter.as(token->parts[1], Layout::tokens);
    } else {
        const Names both =
            to.results(path, "Split", {exporter.as(token, Layout::tokens), to.integers({features, 2 * features})},
                       {{"axis", std::int64_t{2}}}, 2);
        query = both[0], own = both[1];
    }
    const std::string all =
        to.node(path, "Concat", {own, exporter.as(pixels, Layout::tokens)}, {{"axis", std::int64_t{1}}});
    const Names parts =
        to.results(path, "Split", {all, to.integers({features, features})}, {{"axis", std::int64_t{2}}}, 2);
    const auto of_heads = [&](const std::string& part, std::int64_t tokens, Integers order) {
        return exporter.transposed(path, exporter.reshaped(path, part, {n, tokens, heads, d}), std::move(order));
    };
    const std::string y =
        detail::attended(exporter, path, of_heads(query, 1, {0, 2, 1, 3}), of_heads(parts[0], keys, {0, 2, 3, 1}),
                         of_heads(parts[1], keys, {0, 2, 1, 3}), static_cast<int>(d), {});
    return exporter.value(node, Layout::vector, exporter.reshaped(path, y, exporter.sizes(node.out, Layout::vector)));
}

/// Windows of 3x3 pixels are made by a convolution whose filters copy one pixel each, and are summed where they overlap
/// by the transposed convolution of the same filters, which takes no more than 4 dimensions and no Col2Im.
inline ValueRef export_outlook_attention(Exporter& exporter, const Node& node) {
    const std::string_view path = exporter.graph.name(node);
    const ValueRef &values = exporter.operand(node, 0), &logits = exporter.operand(node, 1);
    GraphWriter& to = exporter.to;
    const std::int64_t n = exporter.batch(), features = node.out.channels, heads = node.heads, d = features / heads,
                       rows = logits->shape.height, columns = logits->shape.width, windows = rows * columns;
    constexpr std::int64_t taps = 9;
    std::vector<float> filters(static_cast<std::size_t>(features * taps * taps));
    for (std::size_t i = 0; i < filters.size(); i += taps + 1) {
        filters[i] = 1;
        if (i % (taps * taps) == taps * taps - 1) i -= taps;  // the next channel's first tap
    }
    const std::string copies = to.shared_initializer("constant/windows_" + std::to_string(features),
                                                     {features * taps, 1, 3, 3}, std::move(filters));
    const Attributes window{{"dilations", Integers{1, 1}},
                            {"group", features},
                            {"kernel_shape", Integers{3, 3}},
                            {"pads", Integers{1, 1, 1, 1}},
                            {"strides", Integers{2, 2}}};
    // (N, heads · windows, d, 9 of the window)
    std::string v = to.node(path, "Conv", {exporter.as(values, Layout::planes), copies}, window);
    v = exporter.transposed(path, exporter.reshaped(path, v, {n, heads, d * taps, windows}), {0, 1, 3, 2});
    v = exporter.reshaped(path, v, {n, heads * windows, d, taps});
    // (N, heads · windows, 9 that are read, 9 that receive)
    std::string a =
        exporter.reshaped(path, exporter.as(logits, Layout::matrix), {n, windows, heads, taps * taps}, Layout::matrix);
    a = exporter.reshaped(path, exporter.transposed(path, a, {0, 2, 1, 3}), {n, heads * windows, taps, taps});
    a = to.node(path, "Mul", {a, to.real(1 / std::sqrt(static_cast<double>(d)))});
    a = exporter.transposed(path, to.node(path, "Softmax", {a}, {{"axis", std::int64_t{-1}}}), {0, 1, 3, 2});
    std::string y = exporter.reshaped(path, to.node(path, "MatMul", {v, a}), {n, heads, windows, d * taps});
    y = exporter.reshaped(path, exporter.transposed(path, y, {0, 1, 3, 2}), {n, features * taps, rows, columns});
    Attributes back = window;
    back.insert(back.begin() + 3,
                {"output_padding", Integers{node.out.height - 2 * rows + 1, node.out.width - 2 * columns + 1}});
    return exporter.value(node, Layout::planes, to.node(path, "ConvTranspose", {y, copies}, back));
}

}  // namespace taxon::onnx
