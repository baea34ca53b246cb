#pragma once
#include <taxon/onnx/exporter/exporter.hpp>

namespace taxon::onnx {

/// A detector's map to rows of a centre, a size, and scores, decoded by BoxCode with the anchors of the weights. Scores
/// are probabilities, as everyone's decoders of such rows expect and as `infer --output` writes them.
inline ValueRef export_boxes(Exporter& exporter, const Node& node) {
    const std::string_view path = exporter.graph.name(node);
    GraphWriter& to = exporter.to;
    const std::int64_t n = exporter.batch(), anchors = node.groups, columns = node.out.channels,
                       cells = node.in.pixels(), count = node.out.height;
    const bool darknet = node.code == BoxCode::darknet;
    const double stride = node.stride;
    const std::vector<float> sizes = exporter.parameters.anchors(node);
    std::vector<float> places, extents;
    for (std::size_t a = 0; a < static_cast<std::size_t>(anchors); ++a)
        for (int y = 0; y < node.in.height; ++y)
            for (int x = 0; x < node.in.width; ++x) {
                for (const int cell : {x, y})
                    places.push_back(static_cast<float>((cell - (darknet ? 0 : 0.5)) * stride));
                for (std::size_t side = 0; side < 2; ++side)
                    extents.push_back(sizes[2 * a + side] * (darknet ? 1.f : 4.f));
            }
    const auto constant = [&](const char* name, std::vector<float> numbers) {
        return to.initializer(std::string(path) + "/" + name, {1, count, 2}, std::move(numbers));
    };
    const std::string cell_places = constant("places", std::move(places)),
                      anchor_sizes = constant("extents", std::move(extents));
    std::string rows = exporter.as(exporter.operand(node, 0), Layout::planes);
    rows = exporter.transposed(path, exporter.reshaped(path, rows, {n, anchors, columns, cells}), {0, 1, 3, 2});
    rows = exporter.reshaped(path, rows, {n, count, columns});
    const Names parts =
        to.results(path, "Split", {rows, to.integers({2, 2, columns - 4})}, {{"axis", std::int64_t{2}}}, 3);
    const auto sigmoid = [&](int part) { return to.node(path, "Sigmoid", {parts[Exporter::index(part)]}); };
    const std::string within = to.node(path, "Mul", {sigmoid(0), to.real(darknet ? stride : 2 * stride)}),
                      centre = to.node(path, "Add", {within, cell_places});
    std::string size;
    if (darknet) size = to.node(path, "Exp", {parts[1]});
    else {
        const std::string half = sigmoid(1);
        size = to.node(path, "Mul", {half, half});
    }
    size = to.node(path, "Mul", {size, anchor_sizes});
    return exporter.value(node, Layout::table,
                          to.node(path, "Concat", {centre, size, sigmoid(2)}, {{"axis", std::int64_t{2}}}));
}

}  // namespace taxon::onnx
