#pragma once
#include <cmath>
#include <taxon/onnx/exporter/exporter.hpp>

namespace taxon::onnx {

namespace detail {

/// The scale of a Resize along an axis: ONNX makes ⌊pixels · scale⌋ of them, in single precision or in double.
inline float resize_scale(Real step, int pixels, int outputs, bool aligns_corners) {
    float scale =
        aligns_corners ? static_cast<float>(outputs) / static_cast<float>(pixels) : 1 / static_cast<float>(step);
    const auto made = [&] { return static_cast<double>(pixels) * static_cast<double>(scale); };
    while (made() < outputs) scale = std::nextafter(scale, static_cast<float>(outputs) + 1);
    while (made() >= outputs + 1) scale = std::nextafter(scale, 0.f);
    return scale;
}

/// True if Resize takes the pixels that PyTorch takes, although both divide in single precision.
inline bool takes_the_same(const Resizing& how, Real step, float scale, int pixels, int outputs) {
    for (int i = 0; i < outputs; ++i) {
        const auto at = static_cast<float>(i);
        const float place = how.interpolation == Interpolation::nearest
                                ? std::floor(at / scale)
                                : std::round(std::max(0.f, (at + 0.5f) / scale - 0.5f));
        if (std::min(static_cast<int>(place), pixels - 1) != how.neighbours(step, i, pixels).first) return false;
    }
    return true;
}

inline std::string resize_node(Exporter& exporter, std::string_view path, const std::string& x, float y_scale,
                               float x_scale, Interpolation mode, bool aligns_corners) {
    const bool bilinear = mode == Interpolation::bilinear;
    const std::string place = aligns_corners                   ? "align_corners"
                              : mode == Interpolation::nearest ? "asymmetric"
                                                               : "half_pixel";
    Attributes attributes{{"coordinate_transformation_mode", place},
                          {"mode", std::string(bilinear ? "linear" : "nearest")}};
    if (!bilinear)
        attributes.push_back(
            {"nearest_mode", std::string(mode == Interpolation::nearest ? "floor" : "round_prefer_ceil")});
    const std::string scales = exporter.to.reals({1, 1, y_scale, x_scale});
    return exporter.to.node(path, "Resize", {x, "", scales}, attributes);
}

/// Reorders channels (a, b, pixels) to (b, a, pixels).
inline std::string channels_swapped(Exporter& exporter, std::string_view path, const std::string& x, const Shape& shape,
                                    int a) {
    const std::int64_t n = exporter.batch(), b = shape.channels / a;
    const std::string apart = exporter.reshaped(path, x, {n, a, b, shape.pixels()}),
                      swapped = exporter.transposed(path, apart, {0, 2, 1, 3});
    return exporter.reshaped(path, swapped, exporter.sizes(shape, Layout::planes));
}

}  // namespace detail

inline ValueRef export_upsample(Exporter& exporter, const Node& node) {
    const auto scale = static_cast<float>(node.stride);
    return exporter.value(node, Layout::planes,
                          detail::resize_node(exporter, exporter.graph.name(node),
                                              exporter.as(exporter.operand(node, 0), Layout::planes), scale, scale,
                                              Interpolation::nearest, false));
}

/// A Resize; where its nearest pixels would be others than PyTorch's, a Gather of these for each axis.
inline ValueRef export_resize(Exporter& exporter, const Node& node) {
    const Resizing& how = node.resizing;
    const std::string_view path = exporter.graph.name(node);
    std::string x = exporter.as(exporter.operand(node, 0), Layout::planes);
    const float y_scale = detail::resize_scale(how.y_step, node.in.height, node.out.height, how.aligns_corners),
                x_scale = detail::resize_scale(how.x_step, node.in.width, node.out.width, how.aligns_corners);
    if (how.interpolation == Interpolation::bilinear ||
        (detail::takes_the_same(how, how.y_step, y_scale, node.in.height, node.out.height) &&
         detail::takes_the_same(how, how.x_step, x_scale, node.in.width, node.out.width)))
        return exporter.value(
            node, Layout::planes,
            detail::resize_node(exporter, path, x, y_scale, x_scale, how.interpolation, how.aligns_corners));
    for (const auto& [axis, step, pixels, outputs] :
         {std::tuple{std::int64_t{2}, how.y_step, node.in.height, node.out.height},
          std::tuple{std::int64_t{3}, how.x_step, node.in.width, node.out.width}}) {
        Integers places;
        for (int i = 0; i < outputs; ++i) places.push_back(how.neighbours(step, i, pixels).first);
        x = exporter.to.node(path, "Gather", {x, exporter.to.integers(places)}, {{"axis", axis}});
    }
    return exporter.value(node, Layout::planes, x);
}

inline ValueRef export_shuffle(Exporter& exporter, const Node& node) {
    const std::string_view path = exporter.graph.name(node);
    const std::string x = exporter.as(exporter.operand(node, 0), Layout::planes);
    const std::int64_t factor = node.stride;
    switch (node.shuffle) {
        case Shuffle::channels:
            return exporter.value(node, Layout::planes,
                                  detail::channels_swapped(exporter, path, x, node.out, node.groups));
        case Shuffle::to_pixels:
            return exporter.value(
                node, Layout::planes,
                exporter.to.node(path, "DepthToSpace", {x}, {{"blocksize", factor}, {"mode", std::string("CRD")}}));
        case Shuffle::to_channels: break;  // ONNX has the square's pixels before the channels
    }
    return exporter.value(node, Layout::planes,
                          detail::channels_swapped(exporter, path,
                                                   exporter.to.node(path, "SpaceToDepth", {x}, {{"blocksize", factor}}),
                                                   node.out, static_cast<int>(factor * factor)));
}

/// Values side by side, which become a tensor where one is needed.
inline ValueRef export_concat(Exporter& exporter, const Node& node) {
    auto all = std::make_shared<ExportedValue>(
        ExportedValue{std::string(exporter.graph.name(node)), exporter.fixed(node.out)});
    for (int i = 0; i < node.operand_count; ++i) all->parts.push_back(exporter.operand(node, i));
    Layout layout = Exporter::layout_of(all->parts.front());
    for (const ValueRef& part : all->parts)
        if (Exporter::layout_of(part) == Layout::planes) layout = Layout::planes;
    if (node.out.pixels() > 1 || node.out.table || node.out.sequence) exporter.as(all, layout);
    return all;
}

/// Channels: parts of the value where it has such, else a Slice.
inline ValueRef export_slice(Exporter& exporter, const Node& node) {
    const ValueRef& x = exporter.operand(node, 0);
    if (node.out == node.in) return x;
    int first = 0;
    for (const ValueRef& part : x->parts) {
        if (first == node.channel && part->shape.channels == node.out.channels) return part;
        first += part->shape.channels;
    }
    const Layout layout = Exporter::layout_of(x);
    return exporter.value(node, layout,
                          exporter.sliced(exporter.graph.name(node), exporter.as(x, layout), axis_of(layout),
                                          node.channel, node.channel + node.out.channels));
}

}  // namespace taxon::onnx
